package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/llmctl/llmctl/pkg/check"
	"github.com/llmctl/llmctl/pkg/resolve"
)

// KeysList prints one row a deployment: which key, of which kind, from where,
// what it hides, and where it goes. A narrow page leaves out what the name of
// the model says already.
func KeysList(w io.Writer, k Keys, s Style) error {
	p := newInk(w, s)
	if len(k.Deployments) == 0 {
		p.line("no deployments: there is no config, and no provider's variable is set")
		return p.flush(w)
	}
	wide := p.width >= 110
	header := []string{"NAME", "KEY", "FROM", "HIDES", "BASE"}
	if wide {
		header = []string{"NAME", "MODEL", "PROVIDER", "KEY", "KIND", "FROM", "HIDES", "BASE"}
	}
	plain := p.faint.UnsetFaint()
	var rows [][]cell
	for _, d := range k.Deployments {
		key, from, kind := cell{"-", p.faint}, cell{"no key needed", p.faint}, "-"
		switch {
		case d.APIKey != nil:
			key, from = cell{d.APIKey.Fingerprint, p.name}, cell{p.say(originShort(d.APIKey.Origin)), plain}
			if d.APIKey.Kind != "" {
				kind = d.APIKey.Kind
			}
		case !d.Callable:
			from = cell{p.g.outcome[check.Error] + " " + string(d.Code), p.bad}
		}
		hides := cell{p.hidden(d, wide), p.warn}
		base := cell{p.base(d), p.faint}
		if wide {
			rows = append(rows, []cell{{p.say(d.ModelName), plain}, {p.say(d.Model), plain}, {d.Provider, plain}, key, {kind, p.faint}, from, hides, base})
		} else {
			rows = append(rows, []cell{{p.say(d.ModelName), plain}, key, from, hides, base})
		}
	}
	p.table(0, header, rows)
	return p.flush(w)
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
		return "-"
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
		p.labelled(2, p.g.outcome[check.Error], "cannot be called: "+string(d.Code))
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
	plain := p.faint.UnsetFaint()
	var rows [][]cell
	for _, c := range d.Candidates[name] {
		o := outcomeOf(c)
		value := "-"
		if c.Fingerprint != nil && *c.Fingerprint != "" {
			value = *c.Fingerprint
		} else if c.Value != nil && *c.Value != "" {
			value = p.say(*c.Value)
		}
		paint := plain
		if o == check.Skipped {
			paint = p.faint
		}
		rows = append(rows, []cell{
			{fmt.Sprintf("%2d", c.Rank), p.faint},
			{p.g.outcome[o] + " " + string(c.State), p.paint(o)},
			{value, paint},
			{p.say(c.Origin.String()), paint},
			{p.say(remark(c)), p.paint(o)},
		})
	}
	p.table(2, nil, rows)
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
		if c.Differs != nil && *c.Differs {
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
