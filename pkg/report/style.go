package report

import (
	"io"
	"strings"
	"sync"
	"unicode"

	"github.com/charmbracelet/lipgloss"
	"github.com/muesli/termenv"

	"github.com/llmctl/llmctl/pkg/check"
)

// Style is what a stream can show and what its reader wants. The zero Style is
// plain text, 100 columns wide.
type Style struct {
	Width   int    // columns; 0 = 100
	Color   bool   // colour only repeats what glyphs and words say
	ASCII   bool   // no glyphs outside ASCII
	Verbose bool   // every check, every place, timings
	Home    string // printed as ~; "" = leave paths alone
}

// ink writes one page. It collects it first: a reader that goes away is told
// of once, at the end.
type ink struct {
	strings.Builder
	style Style
	width int
	g     glyphs

	head, faint, name, good, bad, warn, open lipgloss.Style
}

// newInk makes the ink of one stream. The renderer belongs to this stream and
// its colours are given, not asked of the terminal.
func newInk(w io.Writer, s Style) *ink {
	r := lipgloss.NewRenderer(w)
	r.SetColorProfile(termenv.Ascii)
	if s.Color {
		r.SetColorProfile(termenv.ANSI) // the 16 colours that the reader's theme chose
	}
	r.SetHasDarkBackground(true)
	p := &ink{style: s, width: s.Width, g: unicodeGlyphs()}
	if p.width <= 0 {
		p.width = 100
	}
	p.width = max(p.width, 40)
	if s.ASCII {
		p.g = asciiGlyphs()
	}
	plain := r.NewStyle()
	p.head, p.faint, p.name = plain.Bold(true), plain.Faint(true), plain.Foreground(lipgloss.Color("6"))
	p.good, p.bad = plain.Foreground(lipgloss.Color("2")), plain.Foreground(lipgloss.Color("1")).Bold(true)
	p.warn, p.open = plain.Foreground(lipgloss.Color("3")), plain.Foreground(lipgloss.Color("5"))
	return p
}

// flush writes the page.
func (p *ink) flush(w io.Writer) error {
	_, err := io.WriteString(w, p.String())
	return err
}

type glyphs struct {
	outcome                     map[check.Outcome]string
	ok, dot, arrow, bar, cut, x string
}

func unicodeGlyphs() glyphs {
	return glyphs{
		outcome: map[check.Outcome]string{
			check.OK: "✓", check.Info: "i", check.Warning: "!", check.Error: "✗",
			check.Unknown: "?", check.Skipped: "–", check.Crashed: "‼",
		},
		ok: "✓", dot: "·", arrow: "→", bar: "│", cut: "…", x: "×",
	}
}

func asciiGlyphs() glyphs {
	return glyphs{
		outcome: map[check.Outcome]string{
			check.OK: "+", check.Info: "i", check.Warning: "!", check.Error: "x",
			check.Unknown: "?", check.Skipped: "-", check.Crashed: "#",
		},
		ok: "+", dot: "|", arrow: "->", bar: "|", cut: "...", x: "x",
	}
}

// paint is the colour of an outcome.
func (p *ink) paint(o check.Outcome) lipgloss.Style {
	switch o {
	case check.OK:
		return p.good
	case check.Error, check.Crashed:
		return p.bad
	case check.Warning:
		return p.warn
	case check.Unknown:
		return p.open
	case check.Info, check.Skipped:
	}
	return p.faint
}

// say is text fit for a terminal: one line, nothing that steers it, the home
// directory as ~. People paste this page in public.
func (p *ink) say(text string) string {
	if h := p.style.Home; len(h) > 1 {
		text = strings.ReplaceAll(text, h+"/", "~/")
		text = strings.ReplaceAll(text, h+`\`, `~\`)
		if text == h {
			text = "~"
		}
	}
	if p.style.ASCII { // what our own sentences hold; names are the user's
		text = asciiWords().Replace(text)
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t' || r == '\r':
			return ' '
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r): // escapes, and what turns the writing round
			return '\uFFFD'
		}
		return r
	}, text)
}

var asciiWords = sync.OnceValue(func() *strings.Replacer { return strings.NewReplacer("…", "...", "→", "->") })

func (p *ink) line(parts ...string) {
	p.WriteString(strings.TrimRight(strings.Join(parts, ""), " "))
	p.WriteByte('\n')
}

// section begins a part of the page.
func (p *ink) section(title string) {
	if p.Len() > 0 {
		p.line()
	}
	p.line(p.head.Render(title))
}

// labelled writes "    for  text", wrapped under its own beginning.
func (p *ink) labelled(indent int, label, text string) {
	gap := indent + 5
	for i, l := range wrap(text, p.width-gap) {
		if i == 0 {
			p.line(strings.Repeat(" ", indent), p.faint.Render(label), strings.Repeat(" ", max(1, 5-len(label))), l)
			continue
		}
		p.line(strings.Repeat(" ", gap), l)
	}
}

// wrap breaks text at spaces into lines of at most width columns. A word that
// is longer stays whole: a broken URL cannot be copied.
func wrap(text string, width int) []string {
	var lines []string
	var b strings.Builder
	used := 0
	for _, word := range strings.Fields(text) {
		w := lipgloss.Width(word)
		if used > 0 && used+1+w > width {
			lines = append(lines, b.String())
			b.Reset()
			used = 0
		}
		if used > 0 {
			b.WriteByte(' ')
			used++
		}
		b.WriteString(word)
		used += w
	}
	return append(lines, b.String())
}

// clip cuts text to width columns and marks the cut.
func clip(text string, width int, mark string) string {
	if lipgloss.Width(text) <= width {
		return text
	}
	room := width - lipgloss.Width(mark)
	var b strings.Builder
	for _, r := range text {
		w := lipgloss.Width(string(r))
		if room < w {
			break
		}
		b.WriteRune(r)
		room -= w
	}
	return b.String() + mark
}
