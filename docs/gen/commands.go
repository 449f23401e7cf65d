package main

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// completions are the scripts that packages install; `llmctl completion SHELL`
// prints the same.
func completions(s set, root *cobra.Command) error {
	for name, write := range map[string]func(*bytes.Buffer) error{
		"llmctl.bash": func(b *bytes.Buffer) error { return root.GenBashCompletionV2(b, true) },
		"_llmctl":     func(b *bytes.Buffer) error { return root.GenZshCompletion(b) },
		"llmctl.fish": func(b *bytes.Buffer) error { return root.GenFishCompletion(b, true) },
		"llmctl.ps1":  func(b *bytes.Buffer) error { return root.GenPowerShellCompletionWithDesc(b) },
	} {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		s["completions/"+name] = b.Bytes()
	}
	return nil
}

// commands makes a page and a man page for each command that is shown.
func commands(s set, c *cobra.Command) {
	c.InitDefaultHelpFlag()
	name := strings.ReplaceAll(c.CommandPath(), " ", "-")
	s.put("docs/cli/"+name+".md", page(c))
	s.put("docs/man/"+name+".1", man(c))
	for _, sub := range shown(c) {
		commands(s, sub)
	}
}

// shown are the subcommands that a person sees.
func shown(c *cobra.Command) []*cobra.Command {
	var subs []*cobra.Command
	for _, sub := range c.Commands() {
		if sub.IsAvailableCommand() && sub.Name() != "help" {
			subs = append(subs, sub)
		}
	}
	return subs
}

// page is a command's page in Markdown. The long text is laid out by hand, so
// it is kept as it stands.
func page(c *cobra.Command) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n%s\n\n```\n%s\n```\n\n", c.CommandPath(), c.Short, c.UseLine())
	if c.Long != "" {
		fmt.Fprintf(&b, "```text\n%s\n```\n\n", strings.TrimSpace(c.Long))
	}
	if c.Example != "" {
		fmt.Fprintf(&b, "## Examples\n\n```\n%s\n```\n\n", dedent(c.Example))
	}
	if subs := shown(c); len(subs) > 0 {
		b.WriteString("## Commands\n\n")
		for _, sub := range subs {
			fmt.Fprintf(&b, "- [%s](%s.md): %s\n", sub.CommandPath(), strings.ReplaceAll(sub.CommandPath(), " ", "-"), sub.Short)
		}
		b.WriteString("\n")
	}
	for _, part := range flagSets(c) {
		fmt.Fprintf(&b, "## %s\n\n```\n%s\n```\n\n", part.title, strings.TrimRight(part.flags.FlagUsagesWrapped(100), "\n"))
	}
	if c.HasParent() {
		up := c.Parent().CommandPath()
		fmt.Fprintf(&b, "Part of [%s](%s.md).\n", up, strings.ReplaceAll(up, " ", "-"))
	}
	return strings.TrimRight(b.String(), "\n") + "\n"
}

type flags struct {
	title string
	flags *pflag.FlagSet
}

func flagSets(c *cobra.Command) []flags {
	var sets []flags
	for _, f := range []flags{{"Options", c.NonInheritedFlags()}, {"Options of every command", c.InheritedFlags()}} {
		if f.flags.HasAvailableFlags() {
			sets = append(sets, f)
		}
	}
	return sets
}

// dedent takes the common indentation of examples away.
func dedent(text string) string {
	lines := strings.Split(strings.Trim(text, "\n"), "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight(strings.TrimPrefix(l, "  "), " ")
	}
	return strings.Join(lines, "\n")
}
