package cmd

import (
	"context"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/llmctl/llmctl/pkg/fault"
	"github.com/llmctl/llmctl/pkg/llm"
	"github.com/llmctl/llmctl/pkg/report"
	"github.com/llmctl/llmctl/pkg/resolve"
)

type chatOptions struct {
	system    string
	maxTokens int
	noStream  bool
}

func newChat(a *app) *cobra.Command {
	o := chatOptions{}
	c := &cobra.Command{
		Use:     "chat [PROMPT...]",
		Short:   "Ask a model, and stream the answer",
		GroupID: "call",
		Long: `Sends one prompt and streams the answer to stdout; everything else goes to
stderr. The prompt is the arguments, then a blank line, then standard input.
Standard input is read only when it is a pipe or a file, or when - is given.

It reads the config, .env files, environment and key store, and contacts only
the address of the model: llmctl keys why MODEL shows it beforehand. It never
retries and never follows a redirect. An answer that stops before its end is
reported and ends with 11; one that is silent for five minutes is given up.

` + exitCodes,
		Example: `  llmctl chat -m openai/gpt-4o "why is the sky blue"
  git diff | llmctl chat -m claude -s "write a commit message"
  llmctl chat -m groq/llama-3.3-70b-versatile -o json hello | jq -r .text`,
		RunE: func(c *cobra.Command, args []string) error { return runChat(c.Context(), a, o, args) },
	}
	f := c.Flags()
	f.StringVarP(&o.system, "system", "s", "", "system prompt")
	f.IntVar(&o.maxTokens, "max-tokens", 0, "limit of the answer in tokens (default: the provider's)")
	f.BoolVar(&o.noStream, "no-stream", false, "ask for the answer in one piece")
	c.ValidArgsFunction = cobra.NoFileCompletions
	return c
}

func runChat(ctx context.Context, a *app, o chatOptions, args []string) error {
	prompt, err := a.prompt(args)
	if err != nil {
		return err
	}
	core, r, err := a.aim(ctx)
	if err != nil {
		return err
	}
	if !a.flags.quiet {
		a.sayGuess(r)
	}
	req := llm.Request{MaxTokens: o.maxTokens, Stream: !o.noStream}
	if o.system != "" {
		req.Messages = append(req.Messages, llm.Message{Role: llm.System, Text: o.system})
	}
	req.Messages = append(req.Messages, llm.Message{Role: llm.User, Text: prompt})
	return a.converse(ctx, core, r, req)
}

// converse makes the call and prints it as it arrives.
func (a *app) converse(ctx context.Context, core *core, r *resolve.Resolution, req llm.Request) error {
	if a.flags.offline {
		return &fault.Err{Code: "usage.invalid", Subject: r.ModelName, Message: "chat needs the network, and --offline forbids it"}
	}
	// The call is cancelled whatever ends this function, a closed pipe too:
	// nobody pays for tokens that nobody reads.
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stream, err := a.client().Chat(ctx, r, req)
	if err != nil {
		return ofKey(err, r)
	}
	defer func() { _ = stream.Close() }()
	out := answer{w: a.sys.Stdout, format: core.prefs.v.GetString("output")}
	var failed *fault.Err
	for event, err := range stream.Events() {
		if err != nil {
			failed = asFault(ctx, err)
			break
		}
		if err := out.event(event); err != nil {
			return err
		}
	}
	t := stream.Timing()
	doc := report.NewChat(a.sys.Build.Version, r, stream.Reply(),
		report.Timing{FirstByteMS: t.FirstByteMS, FirstTokenMS: t.FirstTokenMS, TotalMS: t.TotalMS})
	if doc.RequestID == "" {
		doc.RequestID = stream.RequestID
	}
	attempt := report.Attempt{Deployment: r.ModelName, Status: stream.Status, DurationMS: t.TotalMS}
	if failed != nil {
		attempt.Code = failed.Code
	}
	doc.Attempts = append(doc.Attempts, attempt)
	if err := out.end(doc, failed); err != nil || failed == nil {
		return err
	}
	return failed
}

// prompt joins the arguments and standard input. "-" stands for standard input.
func (a *app) prompt(args []string) (string, error) {
	words, dash := []string{}, false
	for _, arg := range args {
		if arg == "-" {
			dash = true
			continue
		}
		words = append(words, arg)
	}
	parts := []string{}
	if len(words) > 0 {
		parts = append(parts, strings.Join(words, " "))
	}
	if (dash || a.sys.StdinWaits) && !a.flags.keyStdin {
		piped, err := io.ReadAll(a.sys.Stdin)
		if err != nil {
			return "", &fault.Err{Code: "usage.invalid", Subject: "stdin", Message: err.Error(), Cause: err}
		}
		if text := strings.TrimRight(string(piped), "\r\n"); text != "" {
			parts = append(parts, text)
		}
	}
	if len(parts) == 0 {
		return "", &fault.Err{Code: "usage.invalid", Message: "there is no prompt",
			Hint: `give it as arguments (llmctl chat "hello") or on standard input (echo hello | llmctl chat)`}
	}
	return strings.Join(parts, "\n\n"), nil
}
