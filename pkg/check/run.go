package check

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/llmctl/llmctl/pkg/fault"
)

// run is one run of the checks: the input, and what has been said so far.
type run struct {
	in     *Input
	all    []Check
	index  map[string]int
	sel    selection
	rules  []ignoring
	byName map[string][]int // model_name → deployments

	owned  map[owning][]*found // by check and deployment
	once   []*Checked          // by check, scope project; nil = not asked
	each   [][]*Checked        // by deployment and check
	probes map[int]*probe      // by deployment; several may share one
}

// owning is a check about a deployment; at is -1 for the project.
type owning struct{ check, at int }

func newRun(in *Input, sel selection, rules []ignoring) *run {
	r := &run{
		in: in, all: All(), index: map[string]int{}, sel: sel, rules: rules,
		byName: map[string][]int{}, owned: map[owning][]*found{}, probes: map[int]*probe{},
	}
	for i, c := range r.all {
		r.index[c.ID] = i
	}
	for i, res := range in.Resolutions {
		r.byName[res.ModelName] = append(r.byName[res.ModelName], i)
	}
	r.once = make([]*Checked, len(r.all))
	r.each = make([][]*Checked, len(in.Resolutions))
	for i := range r.each {
		r.each[i] = make([]*Checked, len(r.all))
	}
	owners := map[ownerKey]int{}
	for _, f := range r.collect() {
		f.Finding = r.mark(f.Finding, f.at)
		r.give(r.owner(owners, f), f)
	}
	return r
}

// give hands a finding to the check that it decides.
func (r *run) give(check int, f *found) {
	o := owning{check, f.at}
	if r.all[check].Scope == Project {
		o.at = -1
	}
	r.owned[o] = append(r.owned[o], f)
}

// entry is the place of a deployment in the config, nil without one.
func (r *run) entry(at int) *fault.Location {
	if at < 0 || r.in.Resolutions[at].Location.File == "" {
		return nil
	}
	return &r.in.Resolutions[at].Location
}

type ownerKey struct {
	code    fault.Code
	project bool
}

// owner is the check that a finding decides: the first whose codes match,
// checks of deployments before checks of the project. What nobody claims goes
// to a check all the same, so that no finding can be lost.
func (r *run) owner(memo map[ownerKey]int, f *found) int {
	k := ownerKey{f.Code, f.at < 0}
	if c, ok := memo[k]; ok {
		return c
	}
	c := r.claim(k)
	memo[k] = c
	return c
}

func (r *run) claim(k ownerKey) int {
	for _, scope := range []Scope{Deployment, Project} {
		if scope == Deployment && k.project {
			continue
		}
		for i, c := range r.all {
			if c.Scope == scope && matchAny(c.Codes, string(k.code)) {
				return i
			}
		}
	}
	if k.project {
		return r.index["env.lint"]
	}
	return r.index["model.name"]
}

func matchAny(globs []string, text string) bool {
	for _, g := range globs {
		if glob(g, text) {
			return true
		}
	}
	return false
}

// project asks the checks of the whole project.
func (r *run) project() {
	for i, c := range r.all {
		if c.Scope == Project && r.sel.asked[c.ID] {
			r.once[i] = r.ask(i, Subject{In: r.in}, -1)
		}
	}
}

// local asks the checks of every deployment that call nobody.
func (r *run) local() {
	for at, res := range r.in.Resolutions {
		for i, c := range r.all {
			if c.Scope == Deployment && !c.Network && r.sel.asked[c.ID] {
				r.each[at][i] = r.ask(i, Subject{In: r.in, R: res}, at)
			}
		}
	}
}

// network makes the probes and asks the checks that look at them.
func (r *run) network(ctx context.Context) {
	r.plan()
	r.send(ctx)
	for at, res := range r.in.Resolutions {
		for i, c := range r.all {
			if c.Scope != Deployment || !c.Network || !r.sel.asked[c.ID] {
				continue
			}
			s := Subject{In: r.in, R: res, Doubt: r.doubt(at), Cut: cut(ctx)}
			if p := r.probes[at]; p != nil && p.done {
				s.Probe, s.crash = &p.answer, p.crash
			}
			r.each[at][i] = r.ask(i, s, at)
		}
	}
}

// ask asks one check, or says why it is skipped.
func (r *run) ask(i int, s Subject, at int) *Checked {
	c := r.all[i]
	line := &Checked{ID: c.ID, Outcome: Skipped}
	if at >= 0 {
		line.Deployment, line.Place = s.R.ModelName, place(r.entry(at))
	}
	own := r.owned[owning{i, at}]
	if reason, code, no := r.barred(c, s, at, len(own) > 0); no {
		line.Reason, line.Code = reason, code
		return line
	}
	start := r.in.Now()
	a, crash := guard(c.Run, s)
	line.DurationMS = r.in.Now().Sub(start).Milliseconds()
	if p := r.probes[at]; p != nil && p.done && c.ID == "probe.auth" {
		line.DurationMS = p.took.Milliseconds()
	}
	if crash != nil {
		r.crashed(line, crash, owning{i, at})
		return line
	}
	for _, f := range a.Findings {
		x := &found{Finding: r.mark(f, at), at: at}
		r.give(i, x)
		own = append(own, x)
	}
	if a.Explains != nil {
		r.explain(s.Doubt, a.Explains, at)
	}
	decide(line, a, own)
	return line
}

// doubt is the worst finding about a deployment's address.
func (r *run) doubt(at int) *fault.Finding {
	var worst *fault.Finding
	for _, f := range r.owned[owning{r.index["base.address"], at}] {
		if f.Ignored == nil && f.Severity != fault.Info && (worst == nil || rank(f.Severity) < rank(worst.Severity)) {
			worst = &f.Finding
		}
	}
	return worst
}

// explain makes a doubt about an address a certainty: the probe failed for it.
func (r *run) explain(doubt *fault.Finding, by []fault.Evidence, at int) {
	doubt.Severity = fault.Error
	doubt.Evidence = append(doubt.Evidence, by...)
	if line := r.each[at][r.index["base.address"]]; line != nil {
		line.Outcome, line.Code, line.Reason = Error, doubt.Code, doubt.Title
	}
}

// decide fills in the outcome: what the check says, else its worst finding
// that nobody ignores, else info when there are ignored ones, else ok.
func decide(line *Checked, a Answer, own []*found) {
	line.Outcome, line.Code, line.Reason, line.Grade = OK, a.Code, a.Reason, a.Grade
	worst := -1
	for i, f := range own {
		if f.Ignored == nil && (worst < 0 || rank(f.Severity) < rank(own[worst].Severity)) {
			worst = i
		}
	}
	switch {
	case worst >= 0:
		line.Outcome, line.Code, line.Reason = Outcome(own[worst].Severity), own[worst].Code, own[worst].Title
	case len(own) > 0 && a.Outcome == "": // ignored is not well: it is neither green nor counted
		line.Outcome, line.Code, line.Reason = Info, own[0].Code, "ignored: "+own[0].Title
	case a.Outcome != "":
		line.Outcome = a.Outcome
	}
}

// barred says why a check is not asked.
func (r *run) barred(c Check, s Subject, at int, known bool) (reason string, code fault.Code, no bool) {
	if r.sel.off[c.ID] {
		return "--skip " + c.ID, "", true
	}
	if known {
		return "", "", false // what is known about it is not held back
	}
	for _, id := range c.Needs {
		need := r.said(id, at)
		if need == nil || !r.stops(need, s) {
			continue
		}
		if need.Outcome == Skipped {
			return need.Reason, need.Code, true // the root of the chain, not its links
		}
		return "needs " + id + " (" + string(need.Code) + ")", need.Code, true
	}
	if !c.Network {
		return "", "", false
	}
	if err := s.R.Err(); err != nil { // its check is skipped, or not asked
		return "needs " + r.all[r.claim(ownerKey{err.Code, false})].ID + " (" + string(err.Code) + ")", err.Code, true
	}
	if r.in.Offline || r.in.Probe == nil {
		return "offline", "", true
	}
	return "", "", false
}

// said is what a need came to: of this deployment, or of the project.
func (r *run) said(id string, at int) *Checked {
	i := r.index[id]
	if r.all[i].Scope == Project || at < 0 {
		return r.once[i]
	}
	return r.each[at][i]
}

// stops says whether a need keeps what needs it from being asked. An error that does not
// stop the call does not stop the probe either: llmctl reads many spellings of
// a base that other programs trip over, and then the proof is still worth
// having.
func (r *run) stops(need *Checked, s Subject) bool {
	switch need.Outcome {
	case Skipped:
		return need.Code != "" || r.all[r.index[need.ID]].Network // --skip fails nothing that can be known otherwise
	case Crashed:
		return true
	case Error:
		if s.R == nil || r.all[r.index[need.ID]].Network {
			return true
		}
		err := s.R.Err()
		return err != nil && r.claim(ownerKey{err.Code, false}) == r.index[need.ID]
	case Unknown:
		return r.all[r.index[need.ID]].Network && need.Code != "probe.unproven"
	case OK, Info, Warning:
	}
	return false
}

// crash is a panic inside a check.
type crash struct{ text, stack string }

// guard runs f and turns a panic into a crash. The value of the panic is
// printed only when it is the runtime's own: anybody else's may hold anything.
func guard(f func(Subject) Answer, s Subject) (a Answer, c *crash) {
	defer func() {
		if v := recover(); v != nil {
			c = newCrash(v)
		}
	}()
	if s.crash != nil && s.Probe != nil {
		return Answer{}, s.crash // the probe is part of the check
	}
	return f(s), nil
}

func newCrash(v any) *crash {
	text := fmt.Sprintf("a panic of type %T", v)
	if err, ok := v.(runtime.Error); ok {
		text = err.Error()
	}
	return &crash{text: text, stack: string(debug.Stack())}
}

func (r *run) crashed(line *Checked, c *crash, o owning) {
	f := fault.New("check.crashed", line.ID+": "+c.text)
	f.Deployment = line.Deployment
	r.give(o.check, &found{Finding: f, at: o.at})
	line.Outcome, line.Code, line.Reason, line.Stack = Crashed, f.Code, c.text, c.stack
}
