package resolve

import (
	"slices"

	"github.com/llmctl/llmctl/pkg/fault"
)

// note is a finding about a deployment; blocks says that it cannot be called.
type note struct {
	fault.Finding
	blocks bool
}

// note adds a finding that stands where o says, and hands it out to be
// completed. A code is noted once for a deployment and place.
func (x *index) note(d *deployment, code fault.Code, o Origin, detail string, blocks bool) *note {
	f, ok := x.blanks[code]
	if !ok {
		f = fault.New(code, "")
		x.blanks[code] = f
	}
	f.Detail, f.Deployment = detail, d.name
	f.Location = location(o)
	n := &note{f, blocks}
	d.notes = append(d.notes, n)
	return n
}

// location is the place of an origin in a file, nil when it has none. The
// snippet is left to config.Mark: masking a line costs more than resolving it.
func location(o Origin) *fault.Location {
	if o.File == "" {
		return nil
	}
	return &fault.Location{File: o.File, Line: o.Line, Column: o.Column}
}

// conclude orders the notes and makes the first blocking one the error.
func (d *deployment) conclude(r *Resolution) {
	slices.SortStableFunc(d.notes, func(a, b *note) int {
		if a.blocks != b.blocks {
			if a.blocks {
				return -1
			}
			return 1
		}
		return weight(b.Severity) - weight(a.Severity)
	})
	r.Notes = make([]fault.Finding, len(d.notes))
	for i, n := range d.notes {
		r.Notes[i] = n.Finding
	}
	if len(d.notes) > 0 && d.notes[0].blocks {
		n := d.notes[0]
		r.err = &fault.Err{Code: n.Code, Subject: d.name, Message: n.Detail, Hint: n.Fix.Summary, Deployment: d.name}
	}
}

func weight(s fault.Severity) int {
	switch s {
	case fault.Error:
		return 3
	case fault.Unknown:
		return 2
	case fault.Warning:
		return 1
	case fault.Info:
	}
	return 0
}
