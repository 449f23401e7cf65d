package check

import (
	"context"
	"errors"
	"strings"

	"github.com/llmctl/llmctl/pkg/config"
	"github.com/llmctl/llmctl/pkg/fault"
)

// result puts everything in order and says how it ends.
func (r *run) result(ctx context.Context) Result {
	res := Result{Checks: make([]Checked, 0, len(r.all)*(1+len(r.each)))}
	for i, line := range r.once {
		if line != nil && r.sel.shown[r.all[i].ID] {
			res.Checks = append(res.Checks, *line)
		}
	}
	for _, each := range r.each {
		for i, line := range each {
			if line != nil && r.sel.shown[r.all[i].ID] {
				res.Checks = append(res.Checks, *line)
			}
		}
	}
	list := r.shownFindings()
	order(list)
	for _, f := range list {
		res.Findings = append(res.Findings, f.Finding)
	}
	res.Summary = summarize(res.Checks, res.Findings)
	res.ExitCode, res.ExitReason = r.exit(ctx, res)
	return res
}

// shownFindings are those of the checks that were asked for.
func (r *run) shownFindings() []*found {
	var list []*found
	for i, c := range r.all {
		if !r.sel.shown[c.ID] || r.sel.off[c.ID] {
			continue
		}
		for at := -1; at < len(r.in.Resolutions); at++ {
			list = append(list, r.owned[owning{i, at}]...)
		}
	}
	return list
}

func summarize(checks []Checked, findings []fault.Finding) Summary {
	var s Summary
	for _, c := range checks {
		switch c.Outcome {
		case OK:
			s.OK++
		case Skipped:
			s.Skipped++
		case Crashed:
			s.Crashed++
		case Info, Warning, Error, Unknown:
		}
	}
	for _, f := range findings {
		switch {
		case f.Ignored != nil:
			s.Ignored++
		case f.Code == "check.crashed": // counted as a check
		case f.Severity == fault.Error:
			s.Error++
		case f.Severity == fault.Warning:
			s.Warning++
		case f.Severity == fault.Unknown:
			s.Unknown++
		default:
			s.Info++
		}
	}
	return s
}

// limits is what --fail-on makes of a count.
type limits struct{ warnings, unknown bool }

func threshold(failOn string) (limits, error) {
	switch failOn {
	case "", "error":
		return limits{}, nil
	case "warn", "warning":
		return limits{warnings: true}, nil
	case "unknown":
		return limits{unknown: true}, nil
	}
	return limits{}, &fault.Err{Code: "usage.invalid", Subject: "--fail-on", Message: quote(failOn) + " is no threshold", Hint: "use warn, error or unknown"}
}

// exit is how the run ends. A run that was cut short says so before anything
// else, because what it did not see may be worse than what it saw.
func (r *run) exit(ctx context.Context, res Result) (fault.Exit, string) {
	s := res.Summary
	lim, _ := threshold(r.in.FailOn) // Run has checked it
	switch {
	case cut(ctx) == "run.timeout":
		return fault.ExitTimeout, "the time limit ran out before every check was done"
	case cut(ctx) != "":
		return fault.ExitInterrupted, "interrupted before every check was done"
	case r.unreadable() != "":
		return fault.ExitConfig, "the config cannot be read (" + string(r.unreadable()) + ")"
	case s.Error+s.Crashed > 0:
		return fault.ExitFindings, tally(s.Error, "error", s.Crashed, "crashed check")
	case lim.warnings && s.Warning > 0:
		return fault.ExitFindings, count(s.Warning, "warning") + " with --fail-on warn"
	case lim.unknown && s.Unknown > 0:
		return fault.ExitUnknown, s.unknownWords() + " with --fail-on unknown"
	}
	return fault.ExitOK, "nothing at or above the threshold"
}

func (s Summary) unknownWords() string {
	return count(s.Unknown, "thing") + " could not be established"
}

func tally(n int, noun string, m int, other string) string {
	var parts []string
	if n > 0 {
		parts = append(parts, count(n, noun))
	}
	if m > 0 {
		parts = append(parts, count(m, other))
	}
	return strings.Join(parts, ", ")
}

// cut says why a run ended before its time; "" when it did not.
func cut(ctx context.Context) fault.Code {
	switch {
	case ctx.Err() == nil:
		return ""
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return "run.timeout"
	}
	return "run.interrupted"
}

// unreadable is the code of the error that kept the main config file from
// being read at all, "" when it was read or there is none. A broken include is
// no such error: the rest was read.
func (r *run) unreadable() fault.Code {
	if cfg := r.in.Config; cfg != nil {
		if len(cfg.Files) == 0 {
			return ""
		}
		for _, f := range cfg.Files {
			if f.Path == cfg.Path && (f.Status == config.Read || f.Status == config.Included) {
				return ""
			}
		}
	}
	for _, f := range r.owned[owning{r.index["config.read"], -1}] {
		if f.Severity == fault.Error {
			return f.Code
		}
	}
	return ""
}
