package cmd

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/llmctl/llmctl/pkg/provider"
	"github.com/llmctl/llmctl/pkg/sandbox"
)

type sandboxOptions struct{ addr string }

func newSandbox(a *app) *cobra.Command {
	o := sandboxOptions{}
	c := &cobra.Command{
		Use:     "sandbox",
		Short:   "Run providers on this machine, to try a config",
		GroupID: "call",
		Long: `Starts a server on loopback that plays OpenAI-compatible providers, Anthropic
and Gemini: it checks the key in each one's own header, lists models and streams
answers. It prints what to set, serves until Ctrl-C, and contacts nobody.

The only key it accepts is sandbox-key.

` + exitCodes,
		Example: `  llmctl sandbox
  llmctl sandbox --addr 127.0.0.1:8099
  K=sandbox-key llmctl chat -m openai/gpt-4o --api-base http://127.0.0.1:8099/openai/v1 --key-env K hi`,
		Args: noArgs,
		RunE: func(c *cobra.Command, _ []string) error { return runSandbox(c.Context(), a, o) },
	}
	c.Flags().StringVar(&o.addr, "addr", "127.0.0.1:0", "loopback address to listen on; port 0 takes a free one")
	return c
}

func runSandbox(ctx context.Context, a *app, o sandboxOptions) error {
	keys := map[string][]string{}
	for _, p := range provider.All() {
		keys[p.Name] = []string{"sandbox-key"}
	}
	s, err := sandbox.Start(sandbox.Options{Addr: o.addr, Keys: keys, Models: map[string][]string{
		"openai": {"gpt-4o", "gpt-4o-mini"}, "anthropic": {"claude-sonnet-4-5"}, "gemini": {"gemini-2.5-flash"},
	}})
	if err != nil {
		return err
	}
	defer func() { _ = s.Close() }()
	_, err = fmt.Fprintf(a.sys.Stdout, `listening on %[1]s, until Ctrl-C

  export K=sandbox-key
  llmctl chat -m openai/gpt-4o --api-base %[2]s --key-env K hello
  llmctl chat -m anthropic/claude-sonnet-4-5 --api-base %[3]s --key-env K hello
`, s.URL(), s.Base("openai"), s.Base("anthropic"))
	if err != nil {
		return err
	}
	<-ctx.Done()
	return nil
}
