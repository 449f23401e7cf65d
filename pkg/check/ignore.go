package check

import (
	"strings"

	"github.com/llmctl/llmctl/pkg/fault"
)

// ignoring is one --ignore CODE[=SUBJECT].
type ignoring struct{ text, code, subject string }

// parseIgnores reads --ignore. A code that exists nowhere is a usage error.
func parseIgnores(texts []string) ([]ignoring, error) {
	var out []ignoring
	for _, t := range texts {
		code, subject, _ := strings.Cut(t, "=")
		if !knownCode(code) {
			return nil, &fault.Err{Code: "usage.invalid", Subject: "--ignore", Message: "no finding has the code " + quote(code), Hint: "codes are words like key.shadowed; llmctl doctor shows them in brackets"}
		}
		out = append(out, ignoring{text: t, code: code, subject: subject})
	}
	return out, nil
}

func knownCode(pattern string) bool {
	for _, row := range fault.All() {
		if glob(pattern, string(row.Code)) {
			return true
		}
	}
	return false
}

// hits says whether the rule covers f: by deployment, file or file:line.
func (i ignoring) hits(f fault.Finding) bool {
	if !glob(i.code, string(f.Code)) {
		return false
	}
	if i.subject == "" || glob(i.subject, f.Deployment) {
		return true
	}
	return f.Location != nil && (glob(i.subject, f.Location.File) || glob(i.subject, place(f.Location)))
}

// mark gives a finding its place and snippet and says who suppressed it, if
// anybody did: --ignore, a comment at its line, or a comment at the entry of
// its deployment. What stands in no file is placed at that entry.
func (r *run) mark(f fault.Finding, at int) fault.Finding {
	if e := r.entry(at); e != nil && f.Location == nil {
		loc := *e
		f.Location = &loc
	}
	f = r.in.Config.Mark(f)
	if f.Ignored != nil {
		return f
	}
	for _, rule := range r.rules {
		if rule.hits(f) {
			f.Ignored = &fault.Ignore{By: "--ignore", Reason: rule.text}
			return f
		}
	}
	if e := r.entry(at); e != nil {
		if ig, ok := r.in.Config.Ignored(f.Code, e.File, e.Line); ok {
			f.Ignored = &fault.Ignore{By: place(&fault.Location{File: ig.Pos.File, Line: ig.Pos.Line}), Reason: ig.Reason}
		}
	}
	return f
}
