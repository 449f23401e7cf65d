package report

import (
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/charmbracelet/lipgloss"

	"github.com/llmctl/llmctl/pkg/check"
	"github.com/llmctl/llmctl/pkg/fault"
)

// Findings prints a list of findings, worst first, and a summary line that
// begins with command ("lint: 2 errors").
func Findings(w io.Writer, command string, list []fault.Finding, s Style) error {
	p := newInk(w, s)
	p.findings(list)
	if len(list) > 0 {
		p.line()
	}
	p.line(command, ": ", p.join(counts(list)))
	return p.flush(w)
}

func counts(list []fault.Finding) []string {
	n := map[fault.Severity]int{}
	for _, f := range list {
		if f.Ignored == nil {
			n[f.Severity]++
		}
	}
	out := []string{plural(n[fault.Error], "error"), plural(n[fault.Warning], "warning")}
	if n[fault.Unknown] > 0 {
		out = append(out, fmt.Sprintf("%d unknown", n[fault.Unknown]))
	}
	if n[fault.Info] > 0 {
		out = append(out, fmt.Sprintf("%d info", n[fault.Info]))
	}
	return out
}

// part is a heading over findings of one severity.
type part struct {
	severity fault.Severity
	title    string
}

// findings prints what needs the reader first, each cause once.
func (p *ink) findings(list []fault.Finding) {
	for _, part := range []part{
		{fault.Error, "Needs you"},
		{fault.Unknown, "Could not be established"},
		{fault.Warning, "Worth a look"},
		{fault.Info, "Good to know"},
	} {
		groups := group(list, part.severity)
		if len(groups) == 0 {
			continue
		}
		p.section(part.title)
		for i, g := range groups {
			if part.severity == fault.Info && !p.style.Verbose {
				p.brief(g)
				continue
			}
			if i > 0 {
				p.line()
			}
			p.full(g)
		}
	}
	p.ignored(list)
}

// cause is findings of one code.
type cause struct {
	code     fault.Code
	severity fault.Severity
	title    string
	count    int // findings
	cases    []instance
}

// instance is findings that say the same thing of several deployments or
// places: one rejected key that ten deployments share, one variable that is
// not set and stands in thirty lines.
type instance struct {
	same        string // detail without places: what makes two findings one instance
	detail      string
	deployments []string
	places      []string
	snippet     string // of the only place
	fix         string
	commands    []string
}

func group(list []fault.Finding, severity fault.Severity) []*cause {
	var out []*cause
	byCode := map[fault.Code]*cause{}
	for _, f := range list {
		if f.Severity != severity || f.Ignored != nil {
			continue
		}
		c := byCode[f.Code]
		if c == nil {
			c = &cause{code: f.Code, severity: severity, title: f.Title}
			byCode[f.Code] = c
			out = append(out, c)
		}
		c.add(f)
	}
	return out
}

// placeWords finds " at config.yaml:6" and " in .env:3" in a sentence.
var placeWords = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(` (?:at|in) \S+:\d+`) })

func (c *cause) add(f fault.Finding) {
	c.count++
	same := placeWords().ReplaceAllString(f.Detail, "")
	i := slices.IndexFunc(c.cases, func(x instance) bool { return x.same == same && x.fix == f.Fix.Summary })
	if i < 0 {
		c.cases = append(c.cases, instance{same: same, detail: f.Detail, fix: f.Fix.Summary, commands: f.Fix.Commands})
		i = len(c.cases) - 1
		if f.Location != nil {
			c.cases[i].snippet = f.Location.Snippet
		}
	}
	if c.cases[i].detail != f.Detail { // it holds for all of them without the places, which are listed
		c.cases[i].detail = same
	}
	x := &c.cases[i]
	if f.Deployment != "" && !slices.Contains(x.deployments, f.Deployment) {
		x.deployments = append(x.deployments, f.Deployment)
	}
	if at := placeOf(f.Location); at != "" && !slices.Contains(x.places, at) {
		x.places = append(x.places, at)
	}
}

// full prints a cause: what, for whom, where, why, and what to do.
func (p *ink) full(c *cause) {
	o := check.Outcome(c.severity)
	title := c.title
	if c.count > 5 {
		title += fmt.Sprintf(" (%d %s)", c.count, p.g.x)
	}
	p.heading(o, string(c.severity)+"["+string(c.code)+"]", title)
	if len(c.cases) == 1 {
		p.single(c.cases[0])
		return
	}
	p.several(c.cases)
}

// several prints the cases of one cause one after the other, and what to do
// once when it is the same for all.
func (p *ink) several(cases []instance) {
	sameFix := true
	for _, x := range cases {
		sameFix = sameFix && x.fix == cases[0].fix
	}
	shown := cases
	if !p.style.Verbose && len(shown) > 5 {
		shown = shown[:4]
	}
	rest := cases[len(shown):]
	var commands []string
	for _, x := range shown {
		p.bullet(x)
		if sameFix {
			commands = append(commands, x.commands...)
		} else {
			p.fix(x.fix, x.commands)
		}
	}
	p.rest(rest)
	if sameFix {
		p.fix(cases[0].fix, commands)
	}
}

// rest is what there is beyond the cases that are shown in full: what it says, on
// one line each, because which of ten variables are not set is what people ask.
func (p *ink) rest(cases []instance) {
	const most = 12
	shown := cases
	if len(shown) > most+1 {
		shown = shown[:most]
	}
	for _, x := range shown {
		text := p.say(x.detail)
		if text == "" {
			text = p.names(x.deployments)
		}
		p.line("  ", p.g.dot, " ", clip(text, p.width-4, p.g.cut))
	}
	if n := len(cases) - len(shown); n > 0 {
		p.line("    ", p.faint.Render(fmt.Sprintf("and %d more", n)))
	}
	if len(cases) > 0 {
		p.line("    ", p.faint.Render("(-v shows where)"))
	}
}

// bullet is who and where on one line, and why below it.
func (p *ink) bullet(x instance) {
	who, at := p.names(x.deployments), p.places(x.places)
	if who == "" {
		who, at = at, ""
	}
	if at != "" && lipgloss.Width(who)+lipgloss.Width(at)+6 <= p.width {
		who, at = p.name.Render(who)+"  "+p.faint.Render(at), ""
		p.line("  ", p.g.dot, " ", who)
	} else {
		for i, l := range wrap(who, p.width-4) {
			lead := "  " + p.g.dot + " "
			if i > 0 {
				lead = "    "
			}
			p.line(lead, p.name.Render(l))
		}
	}
	if at != "" {
		p.labelled(4, "at", at)
	}
	if x.detail == "" {
		return
	}
	for _, l := range wrap(p.say(x.detail), p.width-9) {
		p.line("         ", l)
	}
}

func (p *ink) heading(o check.Outcome, tag, title string) {
	glyph := p.g.outcome[o]
	lines := wrap(p.say(title), p.width-4)
	if first := glyph + " " + tag + " " + p.say(title); len(wrap(first, p.width)) == 1 {
		p.line(p.paint(o).Render(glyph+" "+tag), " ", p.head.Render(p.say(title)))
		return
	}
	p.line(p.paint(o).Render(glyph + " " + tag))
	for _, l := range lines {
		p.line("    ", p.head.Render(l))
	}
}

func (p *ink) single(x instance) {
	if who := p.names(x.deployments); who != "" {
		p.labelled(4, "for", who)
	}
	if len(x.places) > 0 {
		at := p.places(x.places)
		p.labelled(4, "at", at)
		if s := strings.TrimSpace(p.say(x.snippet)); s != "" && len(x.places) == 1 {
			p.line("         ", p.faint.Render(clip(p.g.bar+" "+s, p.width-9, p.g.cut)))
		}
	}
	if x.detail != "" {
		p.labelled(4, "why", p.say(x.detail))
	}
	p.fix(x.fix, x.commands)
}

// fix prints what to do. Commands stand on lines of their own and are never
// wrapped: they are there to be copied.
func (p *ink) fix(summary string, commands []string) {
	if summary != "" {
		p.labelled(4, "fix", p.say(summary))
	}
	var shown []string
	for _, c := range commands {
		if !slices.Contains(shown, c) {
			shown = append(shown, c)
		}
	}
	if len(shown) > 3 && !p.style.Verbose {
		shown = shown[:3]
	}
	for _, c := range shown {
		sign := "$"
		if strings.Contains(strings.SplitN(c, " ", 2)[0], ":") { // a line for the config, not for a shell
			sign = p.g.bar
		}
		p.line("         ", p.faint.Render(sign), " ", p.name.Render(p.say(c)))
	}
}

// brief prints a cause that needs nobody on one line, or two.
func (p *ink) brief(c *cause) {
	var who, where []string
	for _, x := range c.cases {
		who, where = append(who, x.deployments...), append(where, x.places...)
	}
	slices.Sort(who)
	who = slices.Compact(who)
	about := p.names(who)
	if about == "" {
		about = p.places(where)
	}
	text := string(c.code) + "  " + p.say(c.title)
	if about != "" {
		text += " (" + about + ")"
	}
	for i, l := range wrap(text, p.width-2) {
		if i == 0 {
			p.line(p.faint.Render(p.g.outcome[check.Info]), " ", l)
			continue
		}
		p.line("  ", l)
	}
}

// ignored prints what somebody chose not to be told about, with who and why.
func (p *ink) ignored(list []fault.Finding) {
	first := true
	for _, f := range list {
		if f.Ignored == nil {
			continue
		}
		if first {
			p.section("Ignored")
			first = false
		}
		text := string(f.Code)
		for _, part := range []string{f.Deployment, placeOf(f.Location)} {
			if part != "" {
				text += "  " + part
			}
		}
		text += "  (" + f.Ignored.By
		if f.Ignored.Reason != "" {
			text += ": " + f.Ignored.Reason
		}
		p.line(p.faint.Render(clip(p.g.outcome[check.Skipped]+" "+p.say(text)+")", p.width, p.g.cut)))
	}
}

// names lists up to five deployments.
func (p *ink) names(list []string) string { return p.some(list, 5) }

// places lists up to four places, and names a file once.
func (p *ink) places(list []string) string {
	short := slices.Clone(list)
	for i := 1; i < len(list); i++ {
		if file, _, ok := strings.Cut(list[i], ":"); ok && strings.HasPrefix(list[i-1], file+":") {
			short[i] = list[i][len(file):]
		}
	}
	return p.some(short, 4)
}

func (p *ink) some(list []string, n int) string {
	rest := ""
	if len(list) > n+1 && !p.style.Verbose {
		rest = fmt.Sprintf(" and %d more", len(list)-n)
		list = list[:n]
	}
	return p.say(strings.Join(list, ", ")) + rest
}

func (p *ink) join(parts []string) string { return strings.Join(parts, " "+p.g.dot+" ") }

func placeOf(l *fault.Location) string {
	switch {
	case l == nil || l.File == "":
		return ""
	case l.Line == 0:
		return l.File
	case l.Column == 0:
		return l.File + ":" + strconv.Itoa(l.Line)
	}
	return l.File + ":" + strconv.Itoa(l.Line) + ":" + strconv.Itoa(l.Column)
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}
