package check

import (
	"slices"
	"strings"

	"github.com/llmctl/llmctl/pkg/fault"
)

// modelListed looks the configured model up in the list that the probe brought.
func modelListed(s Subject) Answer {
	name := s.R.Upstream
	switch {
	case s.Probe == nil:
		return Answer{Outcome: Skipped, Code: s.Cut, Reason: "no answer before the end"}
	case name == "" || strings.Contains(name, "*"):
		return Answer{Outcome: Skipped, Reason: "no single model is named"}
	case s.Probe.Err != nil && len(s.Probe.Models) == 0:
		return Answer{Outcome: Skipped, Code: s.Probe.Code, Reason: "the probe brought no list (" + string(s.Probe.Code) + ")"}
	case len(s.Probe.Models) == 0:
		return Answer{Outcome: Skipped, Reason: "the free call of " + s.R.Provider.Name + " lists no models"}
	}
	if as := listed(s.Probe.Models, name); as != "" {
		if as == name {
			return Answer{Reason: "listed"}
		}
		return Answer{Reason: "listed as " + as}
	}
	if !s.Probe.Complete {
		return Answer{Outcome: Skipped, Reason: "not on the first page of the list"}
	}
	f := about(s, "model.not-listed", s.R.Host()+" does not list "+quote(name)+nearest(s.Probe.Models, name))
	if s.R.Location.File != "" {
		loc := s.R.Location
		f.Location = &loc
	}
	return Answer{Findings: []fault.Finding{f}}
}

// listed finds name in ids as providers mean it: an alias stands for a dated
// snapshot (claude-sonnet-4-5 for claude-sonnet-4-5-20250929), Ollama's
// :latest may be left out, and some lists put an owner in front.
func listed(ids []string, name string) string {
	if slices.Contains(ids, name) {
		return name
	}
	want := stem(name)
	for _, id := range ids {
		got := stem(id)
		if got == want || strings.HasSuffix(got, "/"+want) {
			return id
		}
	}
	for _, id := range ids {
		if tail, ok := strings.CutPrefix(stem(id), want); ok && snapshot(tail) {
			return id
		}
	}
	return ""
}

func stem(id string) string {
	id = strings.TrimPrefix(strings.ToLower(id), "models/")
	id = strings.TrimSuffix(id, ":latest")
	return strings.TrimSuffix(id, "-latest")
}

// snapshot recognises what follows a model's name in a dated id: "-20250929",
// "-2024-08-06", "-001". The 5 of sonnet-4-5 is another model, not a date.
func snapshot(tail string) bool {
	if tail == "" || tail[0] != '-' || strings.Trim(tail, "-0123456789") != "" {
		return false
	}
	first, _, _ := strings.Cut(tail[1:], "-")
	return len(first) >= 3
}

// nearest names up to three ids that share the most with name, as the end of a
// sentence; "" when none is close.
func nearest(ids []string, name string) string {
	type near struct {
		id    string
		score int
	}
	var list []near
	for _, id := range ids {
		if n := shared(stem(id), stem(name)); n*2 >= len(name) {
			list = append(list, near{id, n})
		}
	}
	slices.SortStableFunc(list, func(a, b near) int { return b.score - a.score })
	if len(list) == 0 {
		return ""
	}
	var names []string
	for _, n := range list[:min(3, len(list))] {
		names = append(names, n.id)
	}
	return "; close to it: " + strings.Join(names, ", ")
}

// shared is the length of the common beginning and end of two names.
func shared(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	m := 0
	for m < len(a)-n && m < len(b)-n && a[len(a)-1-m] == b[len(b)-1-m] {
		m++
	}
	return n + m
}
