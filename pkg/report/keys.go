package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/charmbracelet/lipgloss"

	"github.com/llmctl/llmctl/pkg/check"
	"github.com/llmctl/llmctl/pkg/fault"
	"github.com/llmctl/llmctl/pkg/resolve"
)

// KeysList prints one row a deployment: which key, of which kind, from where,
// what it hides, and where it goes. A narrow page leaves out model and kind; a
// column in which nobody has anything is left out everywhere.
func KeysList(w io.Writer, k Keys, s Style) error {
	p := newInk(w, s)
	if len(k.Deployments) == 0 {
		p.line("no deployments: there is no config, and no provider's variable is set")
		return p.flush(w)
	}
	wide := p.width >= 110
	plain := p.faint.UnsetFaint()
	header := []string{"NAME", "KEY", "FROM", "HIDES", "BASE", "MODEL", "KIND"}
	var rows [][]cell
	for _, d := range k.Deployments {
		key, from := p.keyCells(d)
		kind := ""
		if d.APIKey != nil {
			kind = d.APIKey.Kind
		}
		rows = append(rows, []cell{
			{p.say(d.ModelName), plain}, key, from, {p.hidden(d, wide), p.warn}, {p.base(d), p.faint},
			{p.say(modelWords(d)), p.faint}, {kind, p.faint},
		})
	}
	for i := len(header) - 1; i > 2; i-- {
		if i > 4 && !wide || empty(rows, i) {
			header = slices.Delete(header, i, i+1)
			for j := range rows {
				rows[j] = slices.Delete(rows[j], i, i+1)
			}
		}
	}
	p.table(0, header, rows, 1, 2)
	return p.flush(w)
}

// keyCells is the key and where it stands, or why there is none.
func (p *ink) keyCells(d Deployment) (key, from cell) {
	switch {
	case d.APIKey != nil:
		return cell{d.APIKey.Fingerprint, p.name}, cell{p.say(originShort(d.APIKey.Origin)), p.faint.UnsetFaint()}
	case !d.Callable:
		return cell{"-", p.faint}, cell{p.g.outcome[check.Error] + " " + string(d.Code), p.bad}
	}
	return cell{"-", p.faint}, cell{"no key needed", p.faint}
}

func empty(rows [][]cell, column int) bool {
	for _, r := range rows {
		if r[column].text != "" {
			return false
		}
	}
	return true
}

// hidden says how many other, different keys stand behind the one in use.
func (p *ink) hidden(d Deployment, wide bool) string {
	var list []string
	for _, c := range d.Candidates["api_key"] {
		if c.State == resolve.Shadowed && c.Differs != nil && *c.Differs {
			list = append(list, originShort(c.Origin))
		}
	}
	switch {
	case len(list) == 0:
		return ""
	case wide:
		return p.g.outcome[check.Warning] + " " + p.say(strings.Join(list, ", "))
	}
	return fmt.Sprintf("%s %d other", p.g.outcome[check.Warning], len(list))
}

func (p *ink) base(d Deployment) string {
	if d.APIBase == nil {
		return "-"
	}
	return p.say(strings.TrimPrefix(d.APIBase.Value, "https://"))
}

// KeysWhy prints how each setting of each deployment was found: the numbered
// candidates, the loser too, then what another policy would choose, then the
// address that is called.
func KeysWhy(w io.Writer, k Keys, s Style) error {
	p := newInk(w, s)
	for i, d := range k.Deployments {
		if i > 0 {
			p.line()
		}
		p.why(d)
	}
	return p.flush(w)
}

func (p *ink) why(d Deployment) {
	title := p.head.Render(p.say(d.ModelName))
	about := []string{p.say(modelWords(d))}
	if at := placeOf(d.Location); at != "" {
		about = append(about, p.say(at))
	}
	about = append(about, "policy "+string(d.Policy))
	p.line(title, "  ", p.faint.Render(strings.Join(about, " "+p.g.dot+" ")))
	for _, name := range settingNames(d) {
		p.setting(d, name)
	}
	p.line()
	for _, o := range d.OtherPolicies {
		if o.Differs {
			p.labelled(2, "with", fmt.Sprintf("--policy %s: %s", o.Policy, p.choice(o)))
		}
	}
	switch {
	case d.Callable:
		p.labelled(2, "call", p.say(d.URL))
	default:
		row, _ := fault.Lookup(d.Code)
		p.labelled(2, p.g.outcome[check.Error], "cannot be called: "+string(d.Code)+" ("+row.Title+")")
	}
}

// settingNames is key and base first, then what else has more than a default.
func settingNames(d Deployment) []string {
	names := []string{"api_key", "api_base"}
	for _, n := range sortedKeys(d.Candidates) {
		if n == "api_key" || n == "api_base" {
			continue
		}
		for _, c := range d.Candidates[n] {
			if c.State == resolve.Used || c.State == resolve.Unresolved {
				names = append(names, n)
				break
			}
		}
	}
	return names
}

func (p *ink) setting(d Deployment, name string) {
	p.line()
	p.line("  ", p.name.Render(name), "  ", p.current(d, name))
	p.trace(d.Candidates[name])
}

// trace prints numbered candidates. Nothing in it is cut short: the end of an
// origin is what a person looks for.
func (p *ink) trace(list []Candidate) {
	values, state, value := make([]string, len(list)), 0, 0
	for i, c := range list {
		switch {
		case c.Fingerprint != nil:
			values[i] = *c.Fingerprint
		case c.Value != nil:
			values[i] = p.say(*c.Value)
		}
		state, value = max(state, len(c.State)), max(value, lipgloss.Width(values[i]))
	}
	for i, c := range list {
		o := outcomeOf(c)
		text := p.say(c.Origin.String())
		if r := remark(c); r != "" {
			text += " (" + p.say(r) + ")"
		}
		lead := fmt.Sprintf("  %2d  %s %-*s  ", c.Rank, p.g.outcome[o], state, c.State)
		gap := lipgloss.Width(lead)
		p.WriteString(p.paint(o).Render(lead))
		if value > 0 && gap+value+2+28 <= p.width {
			p.WriteString(values[i] + strings.Repeat(" ", value-lipgloss.Width(values[i])+2))
			gap += value + 2
		} else if values[i] != "" {
			text = values[i] + "  " + text
		}
		paint := p.faint
		if o != check.Skipped {
			paint = p.faint.UnsetFaint()
		}
		for j, l := range wrap(text, p.width-gap) {
			if j > 0 {
				p.WriteString(strings.Repeat(" ", gap))
			}
			p.line(paint.Render(l))
		}
	}
}

// current is the setting in use, in a few words.
func (p *ink) current(d Deployment, name string) string {
	switch {
	case name == "api_key" && d.APIKey != nil:
		text := d.APIKey.Fingerprint
		if d.APIKey.Kind != "" {
			text += " " + p.g.dot + " " + d.APIKey.Kind
		}
		return text + " " + p.g.dot + " " + plural(d.APIKey.Length, "character")
	case name == "api_base" && d.APIBase != nil:
		return p.say(d.APIBase.Value)
	}
	for _, c := range d.Candidates[name] {
		if c.State == resolve.Used && c.Value != nil {
			return p.say(*c.Value)
		}
	}
	return "none"
}

// outcomeOf gives a candidate's state its sign.
func outcomeOf(c Candidate) check.Outcome {
	switch c.State {
	case resolve.Used:
		return check.OK
	case resolve.Unresolved, resolve.Refused:
		return check.Error
	case resolve.Empty:
		return check.Warning
	case resolve.Shadowed:
		if c.Differs != nil && *c.Differs && c.Origin.Layer != resolve.Default { // every own base differs from the default
			return check.Warning
		}
	case resolve.Unset:
	}
	return check.Skipped
}

// remark is the reason of a candidate, or what shadowing hides.
func remark(c Candidate) string {
	switch {
	case c.Reason != "":
		return c.Reason
	case c.State == resolve.Shadowed && c.Differs != nil && *c.Differs:
		return "different"
	case c.State == resolve.Shadowed && c.Differs != nil:
		return "the same"
	}
	return ""
}

func (p *ink) choice(o OtherPolicy) string {
	var parts []string
	if o.APIKey != nil {
		parts = append(parts, o.APIKey.Fingerprint+" from "+p.say(o.APIKey.Origin.String()))
	} else {
		parts = append(parts, "no key")
	}
	if o.APIBase != nil {
		parts = append(parts, p.say(o.APIBase.Value))
	}
	return strings.Join(parts, " "+p.g.arrow+" ")
}
