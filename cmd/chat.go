package cmd

import (
	"context"
	"errors"
	"fmt"
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
	core, err := a.load(ctx, true)
	if err != nil {
		return err
	}
	r, err := a.target(core)
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

// ofKey completes an error about a key with the key's place: "the source named
// here" is what a person has to look at. A key that stayed at home is named too.
func ofKey(err error, r *resolve.Resolution) error {
	var f *fault.Err
	if !errors.As(err, &f) {
		return err
	}
	row := f.Row()
	switch {
	case row.Key != fault.Bad && row.Exit != fault.ExitRejected:
		return err
	case !r.Key.IsZero():
		e := *f
		e.Message = strings.TrimSuffix(e.Message, ".") + "; the key is " + r.Key.Fingerprint() + " from " + r.KeyOrigin.String()
		if page := r.Provider.KeyPage; page != "" {
			e.Hint = e.Advice() + " (" + page + ")"
		}
		return &e
	}
	for _, n := range r.Notes {
		if n.Code == "binding.loopback" || n.Code == "binding.foreign-host" {
			e := *f
			e.Hint = n.Detail + "; name a key beside the base, or with --key-env"
			return &e
		}
	}
	return err
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

// target is the deployment to call: the one that -m or the preferences name,
// else the only one there is.
func (a *app) target(core *core) (*resolve.Resolution, error) {
	if err := core.broken(); err != nil {
		return nil, err // a model of a file that cannot be read may mean anything
	}
	name := core.prefs.v.GetString("model")
	var all []*resolve.Resolution
	if name != "" {
		all = resolve.Resolve(core.snapshot, core.tables, core.prefs.policy(), name)
	} else if all = resolve.Deployments(core.snapshot, core.tables, core.prefs.policy()); !oneGroup(all) {
		return nil, &fault.Err{Code: "usage.invalid", Message: "which model?" + some(all),
			Hint: "name one with -m, or set LLMCTL_MODEL, or model: under llmctl: in the config"}
	}
	for _, r := range all {
		if r.Err() == nil {
			return r, nil
		}
	}
	if len(all) > 0 {
		return nil, all[0].Err()
	}
	return nil, &fault.Err{Code: "key.missing", Message: "no model, and no provider's key was found",
		Hint: "set a provider's variable, as OPENAI_API_KEY, and name a model with -m; llmctl doctor shows what was looked at"}
}

func oneGroup(all []*resolve.Resolution) bool {
	for _, r := range all {
		if r.ModelName != all[0].ModelName || r.Upstream == "" {
			return false
		}
	}
	return true
}

func some(all []*resolve.Resolution) string {
	if len(all) == 0 {
		return ""
	}
	names, more := []string{}, ""
	for _, r := range all {
		switch name := r.ModelName; {
		case oneOf(name, names):
		case len(names) < 5:
			names = append(names, name)
		default:
			more = " and others"
		}
	}
	return " There is " + strings.Join(names, ", ") + more
}

// sayGuess tells on stderr what was guessed about a bare model name.
func (a *app) sayGuess(r *resolve.Resolution) {
	for _, n := range r.Notes {
		if n.Code == "model.bare" {
			_, _ = fmt.Fprintln(a.sys.Stderr, "llmctl: "+n.Detail)
		}
	}
}
