package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// manDate is printed at the foot of each man page. It is a constant so that the
// same source gives the same bytes; whoever makes a release moves it.
const manDate = "2026-11-21"

// man is a command's page in roff, section 1.
func man(c *cobra.Command) string {
	var b strings.Builder
	name := strings.ReplaceAll(c.CommandPath(), " ", "-")
	fmt.Fprintf(&b, ".TH %q 1 %q llmctl \"llmctl manual\"\n", strings.ToUpper(name), manDate)
	fmt.Fprintf(&b, ".SH NAME\n%s \\- %s\n", roff(name), roff(c.Short))
	fmt.Fprintf(&b, ".SH SYNOPSIS\n.B %s\n", roff(c.UseLine()))
	if c.Long != "" {
		section(&b, "DESCRIPTION", c.Long)
	}
	for _, part := range flagSets(c) {
		fmt.Fprintf(&b, ".SH %s\n", strings.ToUpper(part.title))
		part.flags.VisitAll(func(f *pflag.Flag) { option(&b, f) })
	}
	if c.Example != "" {
		section(&b, "EXAMPLES", dedent(c.Example))
	}
	if also := related(c); len(also) > 0 {
		b.WriteString(".SH SEE ALSO\n")
		for i, n := range also {
			end := ","
			if i == len(also)-1 {
				end = ""
			}
			fmt.Fprintf(&b, ".BR %s (1)%s\n", roff(n), end)
		}
	}
	return b.String()
}

// section keeps the layout of text that is written by hand.
func section(b *strings.Builder, title, text string) {
	fmt.Fprintf(b, ".SH %s\n.nf\n", title)
	for line := range strings.SplitSeq(strings.TrimSpace(text), "\n") {
		b.WriteString(roff(strings.TrimRight(line, " ")) + "\n")
	}
	b.WriteString(".fi\n")
}

func option(b *strings.Builder, f *pflag.Flag) {
	if f.Hidden || f.Deprecated != "" {
		return
	}
	value, usage := pflag.UnquoteUsage(f)
	names := `\fB` + roff("--"+f.Name) + `\fR`
	if f.Shorthand != "" {
		names = `\fB` + roff("-"+f.Shorthand) + `\fR, ` + names
	}
	if value != "" {
		names += ` \fI` + roff(value) + `\fR`
	}
	fmt.Fprintf(b, ".TP\n%s\n%s\n", names, roff(usage))
}

// related are the pages above and below.
func related(c *cobra.Command) []string {
	var names []string
	if c.HasParent() {
		names = append(names, strings.ReplaceAll(c.Parent().CommandPath(), " ", "-"))
	}
	for _, sub := range shown(c) {
		names = append(names, strings.ReplaceAll(sub.CommandPath(), " ", "-"))
	}
	return names
}

// roff escapes a line of text: a backslash, a hyphen that must stay one, and a
// full stop or quote that would begin a request.
func roff(line string) string {
	line = strings.NewReplacer(`\`, `\e`, "-", `\-`).Replace(line)
	if strings.HasPrefix(line, ".") || strings.HasPrefix(line, "'") {
		line = `\&` + line
	}
	return line
}
