package cmd_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/llmctl/llmctl/cmd"
)

// every visits the commands that people see, the root first.
func every(c *cobra.Command, visit func(*cobra.Command)) {
	if c.Hidden || c.Name() == "help" {
		return
	}
	visit(c)
	for _, sub := range c.Commands() {
		every(sub, visit)
	}
}

// Help is written, not filled in: what a command reads, what it contacts, what
// it never does, and how it ends.
func TestHelpIsWritten(t *testing.T) {
	n := 0
	every(cmd.Tree(), func(c *cobra.Command) {
		n++
		path := c.CommandPath()
		if c.Short == "" || len(c.Short) >= 60 || strings.HasSuffix(c.Short, ".") || strings.ToUpper(c.Short[:1]) != c.Short[:1] {
			t.Errorf("%s: Short %q is no verb phrase under 60 columns", path, c.Short)
		}
		for topic, words := range map[string]string{
			"what it reads or takes":           `read|lists|prints|checks|stores|removes|traces|starts`,
			"what it contacts":                 `contact|network|sends|loopback`,
			"what it never does, or leaves be": `never|nobody|nothing|only|not `,
			"its exit codes":                   `Exit codes: 0 ok, `,
		} {
			if !regexp.MustCompile(`(?i)` + words).MatchString(c.Long) {
				t.Errorf("%s: Long does not say %s", path, topic)
			}
		}
		for i, line := range strings.Split(c.Long+"\n"+c.Example, "\n") {
			if len(line) > 104 {
				t.Errorf("%s: line %d of its help is %d columns wide", path, i+1, len(line))
			}
		}
		c.Flags().VisitAll(func(f *pflag.Flag) {
			if f.Usage == "" || strings.HasSuffix(f.Usage, ".") {
				t.Errorf("%s: --%s is not explained, or in a sentence: %q", path, f.Name, f.Usage)
			}
		})
	})
	if n < 12 {
		t.Fatalf("only %d commands were looked at", n)
	}
}

// An example that does not parse is worse than none: each line that calls
// llmctl must lead to a command, with flags it has and arguments it takes.
func TestExamplesCanBePasted(t *testing.T) {
	total := 0
	every(cmd.Tree(), func(c *cobra.Command) {
		n := 0
		for _, line := range strings.Split(c.Example, "\n") {
			for _, args := range calls(t, line) {
				n++
				root := cmd.Tree()
				found, rest, err := root.Find(args)
				if err != nil {
					t.Errorf("%s: %q: %v", c.CommandPath(), line, err)
					continue
				}
				if err := found.ParseFlags(rest); err != nil {
					t.Errorf("%s: %q: %v", c.CommandPath(), line, err)
					continue
				}
				if err := found.ValidateArgs(found.Flags().Args()); err != nil {
					t.Errorf("%s: %q: %v", c.CommandPath(), line, err)
				}
			}
		}
		if n < 3 {
			t.Errorf("%s: %d examples, want three", c.CommandPath(), n)
		}
		total += n
	})
	if total < 36 {
		t.Fatalf("only %d calls were looked at", total)
	}
}

// calls finds the calls of llmctl in a line of shell: behind a pipe, in a
// substitution, after assignments.
func calls(t *testing.T, line string) [][]string {
	t.Helper()
	line = strings.NewReplacer("<(", " ; ", "$(", " ; ", ")", " ; ").Replace(line)
	var out [][]string
	var call []string
	in := false
	for _, w := range shellWords(line) {
		switch {
		case w == "|" || w == "||" || w == "&&" || w == ";" || w == "<" || w == ">" || w == "#":
			if in {
				out = append(out, call)
			}
			in, call = false, nil
			if w == "#" {
				return out
			}
		case in:
			call = append(call, w)
		case w == "llmctl":
			in, call = true, []string{}
		}
	}
	if in {
		out = append(out, call)
	}
	return out
}

// shellWords splits at white space outside quotes.
func shellWords(line string) []string {
	var words []string
	var b strings.Builder
	quote, some := rune(0), false
	for _, r := range line + " " {
		switch {
		case quote != 0 && r == quote:
			quote = 0
		case quote != 0:
			b.WriteRune(r)
		case r == '"' || r == '\'':
			quote, some = r, true
		case r == ' ' || r == '\t':
			if some || b.Len() > 0 {
				words = append(words, b.String())
			}
			b.Reset()
			some = false
		default:
			b.WriteRune(r)
		}
	}
	return words
}
