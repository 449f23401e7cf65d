package cmd

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/llmctl/llmctl/pkg/check"
	"github.com/llmctl/llmctl/pkg/provider"
	"github.com/llmctl/llmctl/pkg/resolve"
)

// completeModels offers the model names of the config, or the providers that
// have a key.
func (a *app) completeModels(c *cobra.Command, _ []string, begin string) ([]string, cobra.ShellCompDirective) {
	core, err := a.load(c.Context(), false)
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var out []string
	for _, r := range resolve.Deployments(core.snapshot, core.tables, core.prefs.policy()) {
		if strings.HasPrefix(r.ModelName, begin) && !oneOf(r.ModelName, out) {
			out = append(out, r.ModelName)
		}
	}
	return out, cobra.ShellCompDirectiveNoFileComp
}

func completeChecks(_ *cobra.Command, _ []string, begin string) ([]string, cobra.ShellCompDirective) {
	var out []string
	for _, c := range check.All() {
		if strings.HasPrefix(c.ID, begin) {
			out = append(out, c.ID+"\t"+c.Title)
		}
	}
	return out, cobra.ShellCompDirectiveNoFileComp
}

func completeProviders(_ *cobra.Command, _ []string, begin string) ([]string, cobra.ShellCompDirective) {
	var out []string
	for _, p := range provider.All() {
		if strings.HasPrefix(p.Name, begin) {
			out = append(out, p.Name+"\t"+p.Title)
		}
	}
	return out, cobra.ShellCompDirectiveNoFileComp
}
