package report

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/llmctl/llmctl/pkg/check"
	"github.com/llmctl/llmctl/pkg/fault"
)

// Checks prints the table of checks for --list-checks.
func Checks(w io.Writer, all []check.Check, s Style) error {
	p := newInk(w, s)
	plain := p.faint.UnsetFaint()
	var rows [][]cell
	for _, c := range all {
		way := "offline"
		if c.Network {
			way = "network"
		}
		rows = append(rows, []cell{{c.ID, p.name}, {string(c.Scope), p.faint}, {way, p.faint}, {string(c.Cost), p.faint}, {c.Title, plain}})
	}
	p.table(0, []string{"CHECK", "ASKED OF", "NEEDS", "COST", "OK MEANS"}, rows)
	return p.flush(w)
}

// ErrorText prints an error in two lines: what went wrong, and what to do.
func ErrorText(w io.Writer, err *fault.Err, s Style) error {
	p := newInk(w, s)
	f := NewFailure(err)
	p.line(p.bad.Render("llmctl:"), " ", p.say(err.Error()))
	if f.Hint != "" {
		p.line(p.faint.Render("hint:"), " ", p.say(f.Hint))
	}
	return p.flush(w)
}

// Progress is one line, without its end, about how far a doctor is. It fits
// the width of the style.
func Progress(g check.Progress, s Style) string {
	p := newInk(io.Discard, s)
	text := fmt.Sprintf("probing %d of %d", g.Done, g.Total)
	names, word := g.Running, "waiting for "
	if len(g.Slow) > 0 {
		names, word = g.Slow, "slow: "
	}
	if len(names) > 0 {
		text += " " + p.g.dot + " " + word + p.some(names, 3)
	}
	return clip(strings.TrimSpace(text), p.width-1, p.g.cut)
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
