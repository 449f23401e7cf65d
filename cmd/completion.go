package cmd

import (
	"github.com/spf13/cobra"
)

func newCompletion(a *app) *cobra.Command {
	return &cobra.Command{
		Use:     "completion bash|zsh|fish|powershell",
		Short:   "Print the completion script of a shell",
		GroupID: "more",
		Long: `Prints a script that completes commands, flags, model names and codes.
It reads no config and contacts nobody; completing a model name later reads the
config and .env files as every command does. The one for bash needs the package
bash-completion, as those of gh and kubectl do.

  bash        llmctl completion bash > /etc/bash_completion.d/llmctl
  zsh         llmctl completion zsh > "${fpath[1]}/_llmctl"
  fish        llmctl completion fish > ~/.config/fish/completions/llmctl.fish
  powershell  llmctl completion powershell | Out-String | Invoke-Expression

` + exitCodes,
		Example: `  source <(llmctl completion bash)
  llmctl completion zsh > "${fpath[1]}/_llmctl"
  llmctl completion fish | source`,
		Args:                  oneArg("shell"),
		ValidArgs:             []string{"bash", "zsh", "fish", "powershell"},
		DisableFlagsInUseLine: true,
		RunE:                  func(c *cobra.Command, args []string) error { return runCompletion(a, c, args[0]) },
	}
}

func runCompletion(a *app, c *cobra.Command, shell string) error {
	root, w := c.Root(), a.sys.Stdout
	switch shell {
	case "bash":
		return root.GenBashCompletionV2(w, true)
	case "zsh":
		return root.GenZshCompletion(w)
	case "fish":
		return root.GenFishCompletion(w, true)
	case "powershell":
		return root.GenPowerShellCompletionWithDesc(w)
	}
	return usage("no completion for \"" + shell + "\": it is one of " + list(c.ValidArgs))
}
