package cmd

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/llmctl/llmctl/pkg/fault"
	"github.com/llmctl/llmctl/pkg/provider"
	"github.com/llmctl/llmctl/pkg/report"
	"github.com/llmctl/llmctl/pkg/resolve"
	"github.com/llmctl/llmctl/pkg/secret"
	"github.com/llmctl/llmctl/pkg/source"
)

func newKeys(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:     "keys",
		Short:   "See which key is used, from where, and what it hides",
		GroupID: "see",
		Long: `Without a subcommand it is keys list. Keys are shown as fingerprints, never as
text. Except for test, nothing is contacted.

` + exitCodes,
		Example: `  llmctl keys
  llmctl keys why claude
  llmctl keys test openai/gpt-4o && echo good`,
		Args: noArgs,
		RunE: func(c *cobra.Command, _ []string) error { return runKeysList(c.Context(), a) },
	}
	c.AddCommand(newKeysList(a), newKeysWhy(a), newKeysTest(a), newKeysLint(a), newKeysSet(a), newKeysRm(a))
	return c
}

func newKeysList(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "One row a deployment: key, source, address",
		Long: `Lists every deployment of the config, or every provider with a key when there
is no config: kind and fingerprint of its key, where the key stands, what it
hides, and the address it goes to. It contacts nobody.

` + exitCodes,
		Example: `  llmctl keys list
  llmctl keys list --policy env-first
  llmctl keys list --json | jq '.deployments[].api_key.origin'`,
		Args: noArgs,
		RunE: func(c *cobra.Command, _ []string) error { return runKeysList(c.Context(), a) },
	}
}

func runKeysList(ctx context.Context, a *app) error {
	core, err := a.load(ctx, false)
	if err != nil {
		return err
	}
	if err := core.broken(); err != nil {
		return err
	}
	all := resolve.Deployments(core.snapshot, core.tables, core.prefs.policy())
	doc := report.NewKeys(a.sys.Build.Version, all)
	if core.json() {
		return report.JSON(a.sys.Stdout, doc)
	}
	return report.KeysList(a.sys.Stdout, doc, a.style(core))
}

func newKeysWhy(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "why MODEL...",
		Short: "Every place a key and a base could come from, in order",
		Long: `Prints the numbered candidates for key and base of each deployment of MODEL:
which one is used, which are hidden and whether they differ, which are empty,
unset, unresolved or refused, each with file and line. Then what the other
policy would choose, and the final URL. It contacts nobody.

It ends with 0 when the deployment can be called, else with the code of what is
in the way.

` + exitCodes,
		Example: `  llmctl keys why claude
  llmctl keys why azure/my-deployment --policy env-first
  llmctl keys why gpt-4o --json | jq '.deployments[0].candidates.api_key'`,
		ValidArgsFunction: a.completeModels,
		RunE:              func(c *cobra.Command, args []string) error { return runKeysWhy(c.Context(), a, args) },
	}
}

func runKeysWhy(ctx context.Context, a *app, models []string) error {
	core, err := a.load(ctx, false)
	if err != nil {
		return err
	}
	if err := core.broken(); err != nil {
		return err
	}
	if len(models) == 0 && a.flags.model == "" {
		return &fault.Err{Code: "usage.invalid", Message: "which model?" + some(resolve.Deployments(core.snapshot, core.tables, core.prefs.policy())),
			Hint: "llmctl keys why MODEL; llmctl keys list shows all of them"}
	}
	all := a.subjects(core, models)
	doc := report.NewKeys(a.sys.Build.Version, all)
	if core.json() {
		err = report.JSON(a.sys.Stdout, doc)
	} else {
		err = report.KeysWhy(a.sys.Stdout, doc, a.style(core))
	}
	if err != nil {
		return err
	}
	for _, r := range all {
		switch e := r.Err(); {
		case e == nil:
		case core.json():
			return ended{e.Row().Exit}
		default:
			return e // the page says that it cannot be called, this says why
		}
	}
	return nil
}

func newKeysTest(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "test [MODEL]",
		Short: "Prove one key with a free live call",
		Long: `Makes the free call of the provider's row that needs a key, and says what the
answer proves. It reads what every command reads, contacts only the address that
the key was resolved for, and never makes a call that costs. The exit code is
the answer: 0 good, 4 no key, 5 rejected, 6 no credit or rate limit, 7 network,
8 provider, 10 when the endpoint proves nothing.

` + exitCodes,
		Example: `  llmctl keys test openai/gpt-4o
  llmctl keys test -m claude --json
  llmctl keys test groq/llama-3.3-70b-versatile || echo "exit $?"`,
		Args:              cobra.MaximumNArgs(1),
		ValidArgsFunction: a.completeModels,
		RunE:              func(c *cobra.Command, args []string) error { return runKeysTest(c.Context(), a, args) },
	}
}

func runKeysTest(ctx context.Context, a *app, args []string) error {
	if len(args) == 1 {
		a.flags.model = args[0]
	}
	if a.flags.offline {
		return usage("keys test needs the network, and --offline forbids it")
	}
	core, r, err := a.aim(ctx)
	if err != nil {
		return err
	}
	return a.testKey(ctx, core, r)
}

func newKeysLint(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "lint [FILE...]",
		Short: "Check .env files for what other programs read differently",
		Long: `Reads each .env file (by default those that every command reads) and reports
what is wrong with it, with line and column: quotes that stay in a value,
comments that one reader cuts and another keeps, duplicates, misspelt names,
line ends, permissions, git. Values are compared with how python-dotenv, node's
dotenv, docker --env-file and a shell read the same line. It contacts nobody.

` + exitCodes,
		Example: `  llmctl keys lint
  llmctl keys lint .env.production
  llmctl keys lint .env --json | jq '.findings[].code'`,
		RunE: func(c *cobra.Command, args []string) error { return runKeysLint(c.Context(), a, args) },
	}
}

func newKeysSet(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "set PROVIDER",
		Short: "Store a provider's key",
		Long: `Stores a key under a provider's name in the operating system's keyring, else
in a file that only you can read, and says which. The key is read from standard
input, or asked for on a terminal; it is never an argument. It contacts nobody
and does not judge the key: keys test does.

` + exitCodes,
		Example: `  llmctl keys set anthropic
  pass show openai | llmctl keys set openai
  llmctl keys set my-gateway < key.txt`,
		Args:              oneArg("PROVIDER"),
		ValidArgsFunction: completeProviders,
		RunE:              func(c *cobra.Command, args []string) error { return runKeysSet(c.Context(), a, args[0]) },
	}
}

func runKeysSet(ctx context.Context, a *app, name string) error {
	name = canonical(name)
	key, err := a.readKey(name)
	if err != nil {
		return err
	}
	clean, lint := key.Clean()
	if clean.IsZero() {
		return usage("the key is empty: nothing was stored")
	}
	if lint.BadRune {
		return &fault.Err{Code: "key.bad-character", Subject: name,
			Message: fmt.Sprintf("character %d is %s; nothing was stored", lint.BadIndex+1, lint.BadName)}
	}
	store := a.files().Keys()
	where, err := store.Set(ctx, name, clean)
	if err != nil {
		return err
	}
	if !a.flags.quiet {
		_, _ = fmt.Fprintf(a.sys.Stderr, "stored %s for %s in %s\n", clean.Fingerprint(), name, place(where, store))
	}
	return nil
}

// readKey reads one line from a pipe or a file, or asks on a terminal.
func (a *app) readKey(name string) (secret.Secret, error) {
	switch {
	case a.sys.StdinWaits:
		b, err := io.ReadAll(io.LimitReader(a.sys.Stdin, 64<<10))
		if err != nil {
			return secret.Secret{}, &fault.Err{Code: "usage.invalid", Subject: "stdin", Message: err.Error(), Cause: err}
		}
		text := strings.TrimSpace(string(b))
		if strings.ContainsAny(text, "\r\n") {
			return secret.Secret{}, usage("standard input holds more than one line: give the key alone")
		}
		return secret.New(text), nil
	case a.sys.StdinTTY && !a.flags.noInput:
		_, _ = fmt.Fprintf(a.sys.Stderr, "key for %s (not shown): ", name)
		text, err := a.sys.ReadPassword()
		_, _ = fmt.Fprintln(a.sys.Stderr)
		if err != nil {
			return secret.Secret{}, &fault.Err{Code: "usage.invalid", Subject: "terminal", Message: err.Error(), Cause: err}
		}
		return secret.New(text), nil
	}
	return secret.Secret{}, &fault.Err{Code: "usage.invalid", Message: "there is no key to store",
		Hint: "pipe it in: llmctl keys set " + name + " < key.txt"}
}

func newKeysRm(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "rm PROVIDER",
		Short: "Remove a stored key",
		Long: `Removes a key from the key store. Variables and files are not touched. It
contacts nobody.

` + exitCodes,
		Example: `  llmctl keys rm anthropic
  llmctl keys rm my-gateway
  llmctl keys list`,
		Args:              oneArg("PROVIDER"),
		ValidArgsFunction: completeProviders,
		RunE:              func(c *cobra.Command, args []string) error { return runKeysRm(c.Context(), a, args[0]) },
	}
}

func runKeysRm(ctx context.Context, a *app, name string) error {
	name = canonical(name)
	store := a.files().Keys()
	where, err := store.Delete(ctx, name)
	if err != nil {
		return err
	}
	if !a.flags.quiet {
		_, _ = fmt.Fprintf(a.sys.Stderr, "removed %s from %s\n", name, place(where, store))
	}
	return nil
}

// canonical is the row's own name for an alias; another name stays as it is.
func canonical(name string) string {
	if p, ok := provider.Lookup(provider.All(), name); ok {
		return p.Name
	}
	return name
}

// place says where the key store keeps a key; a file is plain text, and that is
// said.
func place(in source.Backend, store *source.KeyStore) string {
	if in == source.InFile {
		return "a file that only you can read, below " + store.Folder()
	}
	return "the system's keyring"
}
