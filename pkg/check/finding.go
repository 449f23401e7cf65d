package check

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/llmctl/llmctl/pkg/fault"
	"github.com/llmctl/llmctl/pkg/resolve"
)

// found is a finding with what the runner knows about it.
type found struct {
	fault.Finding
	at   int  // index of the deployment; -1 = the project
	note bool // made by resolution, so it is about the call itself
}

// collect brings together what was found before any check ran. The config's
// lint and a resolution look at the same lines with different eyes; where they
// say the same, one finding is left.
func (r *run) collect() []*found {
	var p pile
	for i, res := range r.in.Resolutions {
		for _, n := range notes(res) {
			p.add(&found{n, i, true})
		}
	}
	for _, list := range [][]fault.Finding{r.in.ConfigFindings, r.in.EnvFindings} {
		for _, f := range list {
			p.add(&found{f, r.locate(f), false})
		}
	}
	return p.withoutEchoes()
}

// withoutEchoes drops what the lint says of the whole project when deployments
// say it of the same line, as the cause of their failure: they know whom it
// hits. They take over what the lint knows better, the way to mend it.
func (p *pile) withoutEchoes() []*found {
	spot := func(f *found) string {
		return string(f.Code) + " " + place(f.Location) + ":" + strconv.Itoa(column(f.Location))
	}
	echoes := map[string]*found{}
	for _, f := range p.at[-1] {
		if f.Location != nil && f.Location.Line > 0 {
			echoes[spot(f)] = f
		}
	}
	gone := map[*found]bool{}
	for _, f := range p.all {
		if e := echoes[spot(f)]; e != nil && f.note && f.at >= 0 && f.Severity == fault.Error {
			gone[e] = true
			f.Fix = e.Fix
			merge(&f.Finding, e.Finding)
		}
	}
	return slices.DeleteFunc(p.all, func(f *found) bool { return gone[f] })
}

// pile is findings without repetition.
type pile struct {
	all []*found
	at  map[int][]*found // by deployment: two deployments never share a cause here
}

// notes are the findings of a resolution, with the one that stops it.
func notes(res *resolve.Resolution) []fault.Finding {
	list := res.Notes
	if err := res.Err(); err != nil && !slices.ContainsFunc(list, func(f fault.Finding) bool { return f.Code == err.Code }) {
		f := fault.New(err.Code, err.Message)
		f.Deployment = res.ModelName
		if err.Hint != "" {
			f.Fix.Summary = err.Hint
		}
		if res.Location.File != "" {
			loc := res.Location
			f.Location = &loc
		}
		list = append([]fault.Finding{f}, list...)
	}
	return list
}

// locate finds the deployment that a finding of the config's lint is about: of
// a pool that shares a name, the one whose entry begins last before the line.
func (r *run) locate(f fault.Finding) int {
	if f.Deployment == "" {
		return -1
	}
	best := -1
	for _, i := range r.byName[f.Deployment] {
		loc := r.in.Resolutions[i].Location
		switch {
		case best < 0:
			best = i
		case f.Location == nil || loc.File != f.Location.File || loc.Line > f.Location.Line:
		case r.in.Resolutions[best].Location.File != loc.File || loc.Line > r.in.Resolutions[best].Location.Line:
			best = i
		}
	}
	return best
}

// add takes f unless it is there already, in the same or in other words. What
// stands first is kept, unless the later one says more.
func (p *pile) add(f *found) {
	for _, g := range p.at[f.at] {
		switch {
		case same(g, f):
			return
		case !g.near(f):
		case implied(g.Code, f.Code), g.note != f.note && g.Code == f.Code:
			merge(&g.Finding, f.Finding)
			return
		case implied(f.Code, g.Code):
			merge(&f.Finding, g.Finding)
			g.Finding, g.note = f.Finding, f.note
			return
		}
	}
	if p.at == nil {
		p.at = map[int][]*found{}
	}
	p.at[f.at] = append(p.at[f.at], f)
	p.all = append(p.all, f)
}

// near says that two findings may have one cause: they come from two pairs of
// eyes on one line, or from one pair on the very same spot.
func (f *found) near(g *found) bool {
	if f.note != g.note {
		return samePlace(f.Location, g.Location)
	}
	return f.Location != nil && g.Location != nil && place(f.Location) == place(g.Location) && column(f.Location) == column(g.Location)
}

func same(a, b *found) bool {
	return a.Code == b.Code && a.Detail == b.Detail && place(a.Location) == place(b.Location) && column(a.Location) == column(b.Location)
}

// merge keeps what the first says and adds what only the second knows.
func merge(into *fault.Finding, from fault.Finding) {
	if into.Location == nil {
		into.Location = from.Location
	} else if from.Location != nil && into.Location.Snippet == "" {
		loc := *into.Location
		loc.Snippet = from.Location.Snippet
		into.Location = &loc
	}
	if into.Code == from.Code && rank(from.Severity) < rank(into.Severity) {
		into.Severity = from.Severity
	}
	if len(into.Fix.Commands) == 0 {
		into.Fix.Commands = from.Fix.Commands
	}
	if into.Detail == "" {
		into.Detail = from.Detail
	}
}

// implied says that less adds nothing to more when both are about one line:
// the lint sees that a reference leads nowhere, the resolution sees which
// setting is lost by it.
func implied(more, less fault.Code) bool {
	for _, pair := range []struct{ more, less fault.Code }{
		{"config.misplaced-key", "config.inert-setting"},
		{"key.unresolved", "config.reference-unset"},
		{"key.unresolved", "config.reference-form"},
		{"key.unresolved", "config.reference-order"},
		{"key.is-reference", "config.reference-form"},
		{"key.missing", "config.empty-key"},
		{"key.missing", "base.without-key"},
		{"key.empty", "config.empty-key"},
		{"base.unresolved", "config.reference-unset"},
		{"base.unresolved", "config.reference-form"},
		{"base.unresolved", "config.reference-order"},
		{"base.not-url", "config.reference-form"},
		{"base.hole", "config.reference-unset"},
		{"base.hole", "config.reference-form"},
		{"base.hole", "config.reference-order"},
		{"binding.foreign-host", "base.without-key"},
	} {
		if pair.more == more && pair.less == less {
			return true
		}
	}
	return false
}

// samePlace is true for one line, and where one of the two does not say.
func samePlace(a, b *fault.Location) bool {
	return a == nil || b == nil || a.File == b.File && a.Line == b.Line
}

func place(l *fault.Location) string {
	switch {
	case l == nil || l.File == "":
		return ""
	case l.Line == 0:
		return l.File
	}
	return l.File + ":" + strconv.Itoa(l.Line)
}

func column(l *fault.Location) int {
	if l == nil {
		return 0
	}
	return l.Column
}

// rank orders severities for a reader: what must be mended, what is open, the rest.
func rank(s fault.Severity) int {
	return slices.Index([]fault.Severity{fault.Error, fault.Unknown, fault.Warning, fault.Info}, s)
}

// order sorts findings worst first, then as the deployments stand, then by place.
func order(list []*found) {
	slices.SortStableFunc(list, func(a, b *found) int {
		return cmp.Or(
			cmp.Compare(rank(a.Severity), rank(b.Severity)),
			cmp.Compare(a.at, b.at),
			cmp.Compare(file(a.Location), file(b.Location)),
			cmp.Compare(line(a.Location), line(b.Location)),
			cmp.Compare(column(a.Location), column(b.Location)),
			cmp.Compare(a.Code, b.Code),
		)
	})
}

func file(l *fault.Location) string {
	if l == nil {
		return ""
	}
	return l.File
}

func line(l *fault.Location) int {
	if l == nil {
		return 0
	}
	return l.Line
}
