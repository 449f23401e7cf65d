package check

import (
	"strings"

	"github.com/llmctl/llmctl/pkg/fault"
	"github.com/llmctl/llmctl/pkg/resolve"
)

// probeAuth reads the answer of the probe.
func probeAuth(s Subject) Answer {
	p := s.Probe
	switch {
	case p == nil:
		return Answer{Outcome: Skipped, Code: s.Cut, Reason: "no answer before the end (" + string(s.Cut) + ")"}
	case p.Err != nil:
		row, _ := fault.Lookup(p.Code)
		if s.Doubt != nil && row.Blame == fault.Config {
			return Answer{Outcome: Error, Code: p.Code, Reason: "explained by " + string(s.Doubt.Code), Explains: []fault.Evidence{p.Evidence()}}
		}
		return Answer{Grade: p.Grade, Findings: []fault.Finding{failed(s)}}
	case p.Code != "":
		f := about(s, p.Code, s.R.Host())
		return Answer{Grade: p.Grade, Findings: []fault.Finding{f}}
	}
	return accepted(s)
}

// accepted is a good answer. How green it is depends on what it proves.
func accepted(s Subject) Answer {
	a := Answer{Grade: s.Probe.Grade}
	if s.Probe.Says != "" {
		a.Reason = s.Probe.Says
		return a
	}
	switch s.Probe.Grade {
	case fault.Proven, fault.Scoped:
		a.Reason = "accepted by " + s.R.Host() + "; a wrong key is refused there"
	case fault.ReachableOnly:
		a.Outcome, a.Reason = Info, s.R.Host()+" answers; nothing follows for the key"
	case fault.ShapeOnly:
		a.Outcome, a.Reason = Info, s.R.Host()+" accepts the form of the key; it was not looked up"
	case fault.Unproven:
		a.Findings = []fault.Finding{about(s, "probe.unproven", s.R.Host())}
	default:
		a.Reason = s.R.Host() + " answers"
	}
	return a
}

// failed is the finding of a probe that was refused, or never arrived.
func failed(s Subject) fault.Finding {
	err := s.Probe.Err
	f := about(s, s.Probe.Code, err.Message)
	if err.Hint != "" {
		f.Fix.Summary = err.Hint
	}
	row, _ := fault.Lookup(f.Code)
	asksForKey := row.Exit == fault.ExitRejected || row.Key == fault.Bad
	if !asksForKey || s.R.Key.IsZero() {
		return f
	}
	f.Detail = strings.TrimSuffix(f.Detail, ".") + "; the key is " + keyWords(s.R) + others(s.R)
	f.Fix.Commands = append(f.Fix.Commands, "llmctl keys why "+shell(s.R.ModelName))
	if page := s.R.Provider.KeyPage; page != "" {
		f.Fix.Summary += " (" + page + ")"
	}
	return f
}

// about makes a finding about a deployment, placed where the one who has to
// act finds the setting: the key's place, the base's, else the entry itself.
func about(s Subject, code fault.Code, detail string) fault.Finding {
	f := fault.New(code, detail)
	f.Deployment = s.R.ModelName
	if s.Probe != nil {
		f.Evidence = append(f.Evidence, s.Probe.Evidence())
	}
	row, _ := fault.Lookup(code)
	var o resolve.Origin
	switch row.Blame {
	case fault.You:
		o = s.R.KeyOrigin.Source()
	case fault.Config, fault.Network:
		o = s.R.Base.Origin
	case fault.Provider, fault.Llmctl:
	}
	switch {
	case o.File != "":
		f.Location = &fault.Location{File: o.File, Line: o.Line, Column: o.Column}
	case s.R.Location.File != "":
		loc := s.R.Location
		f.Location = &loc
	}
	return f
}

// others names the keys that the one in use hides: the usual reason for a
// rejected key is that another one was meant.
func others(r *resolve.Resolution) string {
	var b strings.Builder
	for _, c := range r.Trace["api_key"] {
		if c.State == resolve.Shadowed && c.Differs != nil && *c.Differs {
			b.WriteString("; another key, " + c.Key.Fingerprint() + ", stands in " + c.Origin.String())
		}
	}
	return b.String()
}

// shell quotes a word for a POSIX shell where that is needed.
func shell(word string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_./:@+,=", r)
	}
	if word != "" && strings.TrimFunc(word, plain) == "" {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
