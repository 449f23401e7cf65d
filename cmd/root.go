// Package cmd is the command line: cobra commands that wire the packages
// together. It decides nothing about keys, bases, failures or words.
//
// A command is three parts: newX makes the cobra command, xOptions holds its
// flags, runX does the work with a context, the app and the options.
package cmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/llmctl/llmctl/pkg/fault"
	"github.com/llmctl/llmctl/pkg/report"
	"github.com/llmctl/llmctl/pkg/secret"
	"github.com/llmctl/llmctl/pkg/wire"
)

// Main runs llmctl with args (without the program's name) and returns the exit
// code of the process.
func Main(sys *System, args []string) int {
	ctx, stop := sys.Notify(context.Background())
	defer stop()
	a := &app{sys: sys}
	root := newRoot(a)
	root.SetArgs(args)
	err := a.execute(ctx, root)
	a.close()
	return a.finish(a.context(ctx), err)
}

// execute runs the command. A panic ends here: its value may hold anything, a
// request with its key too, so only where it happened is ever shown.
func (a *app) execute(ctx context.Context, root *cobra.Command) (err error) {
	defer func() {
		if r := recover(); r != nil {
			e := &fault.Err{Code: "run.crashed", Message: "a mistake in llmctl, not in your setup"}
			if a.flags.verbose {
				e.Message += "\n" + string(debug.Stack())
			}
			err = e
		}
	}()
	return root.ExecuteContext(ctx)
}

// Tree is the whole command tree with no system behind it, for the generators
// of completions and documentation.
func Tree() *cobra.Command {
	return newRoot(&app{sys: &System{Stdout: io.Discard, Stderr: io.Discard}})
}

// app is what every command shares. Its core is loaded on demand, so that
// help, completion and doctor work with a broken config.
type app struct {
	sys   *System
	flags globals
	ctx   context.Context //nolint:containedctx // only to ask for the cause once the command has ended
	stop  context.CancelFunc
}

// globals are the flags that every command has.
type globals struct {
	model    string
	output   string
	json     bool
	quiet    bool
	verbose  bool
	config   string
	envFiles []string
	policy   string
	timeout  time.Duration
	offline  bool
	color    string
	noInput  bool
	exec     bool
	apiBase  string
	keyEnv   string
	keyFile  string
	keyStdin bool
}

func newRoot(a *app) *cobra.Command {
	root := &cobra.Command{
		Use:   "llmctl",
		Short: "Call LLM providers, and see why a call does not work",
		Long: `llmctl calls LLM providers and diagnoses why a call does not work.

For every model it says which key, from which file and line, goes to which
address, and proves it with a live probe. It reads LiteLLM's config.yaml and
.env files, and needs neither.

It never changes the environment, never prints a key, and sends nothing
anywhere but the calls you ask for.

` + exitCodes,
		Example: `  llmctl doctor --demo          # see what it does, without keys or network
  llmctl doctor                 # check every model, key and address here
  llmctl keys why gpt-4o        # which key, from where, and what it hides
  echo hello | llmctl chat -m anthropic/claude-sonnet-4-5`,
		SilenceErrors:     true,
		SilenceUsage:      true,
		CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true},
		Args:              noArgs,
		RunE:              func(c *cobra.Command, _ []string) error { return c.Help() },
		PersistentPreRunE: func(c *cobra.Command, args []string) error { return a.begin(c, args) },
	}
	root.Version = "0" // cobra wants one for --version; what it prints is below
	root.SetVersionTemplate(a.sys.Build.line())
	root.Flags().Bool("version", false, "print the version and end")
	root.SetOut(a.sys.Stdout)
	root.SetErr(a.sys.Stderr)
	root.SetIn(a.sys.Stdin)
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return &fault.Err{Code: "usage.invalid", Message: err.Error(), Hint: "see " + c.CommandPath() + " --help", Cause: err}
	})
	a.flags.register(root)
	_ = root.RegisterFlagCompletionFunc("model", a.completeModels) // fails for a flag that is not there
	root.AddGroup(
		&cobra.Group{ID: "see", Title: "See what is wrong:"},
		&cobra.Group{ID: "call", Title: "Call a model:"},
		&cobra.Group{ID: "more", Title: "More:"},
	)
	root.SetHelpCommandGroupID("more")
	root.AddCommand(newDoctor(a), newKeys(a), newChat(a), newSandbox(a), newCompletion(a), newVersion(a))
	return root
}

func (g *globals) register(root *cobra.Command) {
	f := root.PersistentFlags()
	f.SortFlags = false
	f.StringVarP(&g.model, "model", "m", "", "model_name of the config, or provider/model")
	f.StringVarP(&g.output, "output", "o", "", "text, json or jsonl (default text)")
	f.BoolVar(&g.json, "json", false, "same as --output json")
	f.BoolVarP(&g.quiet, "quiet", "q", false, "say only what was asked for")
	f.BoolVarP(&g.verbose, "verbose", "v", false, "say more: every check, timings, what was looked at")
	f.StringVar(&g.config, "config", "", "config file (default: LLMCTL_CONFIG, else the nearest one)")
	f.StringArrayVar(&g.envFiles, "env-file", nil, "also read this .env file (repeatable)")
	f.StringVar(&g.policy, "policy", "", "explicit or env-first (default explicit)")
	f.DurationVar(&g.timeout, "timeout", 0, "time limit for the whole command, as 30s or 2m (default none)")
	f.BoolVar(&g.offline, "offline", false, "touch no network")
	f.StringVar(&g.color, "color", "", "auto, always or never (default auto)")
	f.BoolVar(&g.noInput, "no-input", false, "never ask and never prompt")
	f.BoolVar(&g.exec, "allow-exec", false, "run cmd: references of the config even where nothing is called")
	f.StringVar(&g.apiBase, "api-base", "", "call this address instead of the deployment's")
	f.StringVar(&g.keyEnv, "key-env", "", "take the key from this variable")
	f.StringVar(&g.keyFile, "key-file", "", "take the key from this file")
	f.BoolVar(&g.keyStdin, "key-stdin", false, "take the key from standard input")
}

// begin checks the shared flags and starts the clock of --timeout.
func (a *app) begin(c *cobra.Command, args []string) error {
	if a.flags.json {
		a.flags.output = "json"
	}
	ctx := c.Context()
	if a.flags.timeout < 0 {
		return usage("--timeout must not be negative")
	}
	if a.flags.timeout > 0 {
		ctx, a.stop = wire.Limit(ctx, a.flags.timeout)
		c.SetContext(ctx)
	}
	a.ctx = ctx
	if err := refuseKeys(c, args); err != nil {
		return err
	}
	for _, f := range []struct {
		flag, value string
		allowed     []string
	}{
		{"--output", a.flags.output, []string{"", "text", "json", "jsonl"}},
		{"--policy", a.flags.policy, []string{"", "explicit", "env-first"}},
		{"--color", a.flags.color, []string{"", "auto", "always", "never"}},
	} {
		if !oneOf(f.value, f.allowed) {
			return usage(f.flag + " cannot be \"" + f.value + "\": it is one of " + list(f.allowed[1:]))
		}
	}
	return nil
}

func (a *app) close() {
	if a.stop != nil {
		a.stop()
	}
}

func (a *app) context(fallback context.Context) context.Context {
	if a.ctx != nil {
		return a.ctx
	}
	return fallback
}

// finish prints what a failed command has to say and returns the exit code.
func (a *app) finish(ctx context.Context, err error) int {
	if err == nil {
		return int(fault.ExitOK)
	}
	var end ended
	if errors.As(err, &end) {
		return int(end.exit)
	}
	f := asFault(ctx, err)
	row := f.Row()
	switch {
	case row.Exit == fault.ExitPipe:
		// Nobody reads any more: say nothing.
	case a.flags.output == "json" || a.flags.output == "jsonl" || a.flags.json:
		_ = report.JSON(a.sys.Stderr, report.NewFailure(f))
	default:
		_ = report.ErrorText(a.sys.Stderr, f, a.errStyle())
	}
	return int(row.Exit)
}

// refuseKeys refuses a command line that holds a key: it stands in the shell's
// history and in the list of processes, and it is not repeated here. The words
// of a prompt are the user's own affair.
func refuseKeys(c *cobra.Command, args []string) error {
	found := false
	look := func(text string) { _, ok := secret.New(text).ID(); found = found || !ok }
	if c.Name() != "chat" {
		for _, arg := range args {
			look(arg)
		}
	}
	c.Flags().Visit(func(f *pflag.Flag) { look(f.Value.String()) })
	if !found {
		return nil
	}
	return &fault.Err{Code: "usage.invalid", Message: "an argument looks like a key, and a key is never an argument",
		Hint: "use --key-env NAME, --key-file PATH, --key-stdin or llmctl keys set; replace the key if others can read your history"}
}

// noArgs refuses words after a command that takes none, and says which
// subcommand was meant.
func noArgs(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	e := &fault.Err{Code: "usage.invalid", Message: "unknown command \"" + args[0] + "\" for \"" + c.CommandPath() + "\"", Hint: "see " + c.CommandPath() + " --help"}
	if c.SuggestionsMinimumDistance <= 0 {
		c.SuggestionsMinimumDistance = 2
	}
	if near := c.SuggestionsFor(args[0]); len(near) > 0 {
		e.Hint = "did you mean " + c.CommandPath() + " " + list(near) + "?"
	} else if c.Name() == "llmctl" {
		e.Hint += "; a prompt is asked with llmctl chat"
	}
	return e
}

// oneArg wants exactly one word, and says what.
func oneArg(what string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) == 1 {
			return nil
		}
		return &fault.Err{Code: "usage.invalid", Message: fmt.Sprintf("%s takes one %s, and there are %d", c.CommandPath(), what, len(args)),
			Hint: "see " + c.CommandPath() + " --help"}
	}
}

func usage(message string) error {
	return &fault.Err{Code: "usage.invalid", Message: message}
}

func oneOf(s string, all []string) bool {
	for _, x := range all {
		if x == s {
			return true
		}
	}
	return false
}

func list(words []string) string {
	switch len(words) {
	case 0:
		return ""
	case 1:
		return words[0]
	}
	out := words[0]
	for _, w := range words[1 : len(words)-1] {
		out += ", " + w
	}
	return out + " or " + words[len(words)-1]
}

// exitCodes is on every help page, word for word the same.
const exitCodes = `Exit codes: 0 ok, 1 findings at or above --fail-on, 2 usage, 3 config,
4 no credential, 5 credential rejected, 6 no credit, quota or rate limit,
7 network, DNS, TLS or proxy, 8 provider failed or overloaded, 9 model or
parameter refused, 10 unknown under --fail-on unknown, 11 answer unusable,
12 served by a fallback under --no-fallback-ok, 124 time limit,
130 interrupted, 141 broken pipe.`
