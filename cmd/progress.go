package cmd

import (
	"fmt"
	"io"

	"github.com/llmctl/llmctl/pkg/check"
	"github.com/llmctl/llmctl/pkg/report"
)

// progress is one line on stderr while a terminal watches; it is wiped before
// anything else is printed. Elsewhere it is silent.
type progress struct {
	w       io.Writer // nil = silent
	style   report.Style
	printed bool
}

func (a *app) progress() *progress {
	term, _ := a.env("TERM")
	if !a.sys.StderrTTY || a.flags.quiet || term == "dumb" {
		return &progress{}
	}
	return &progress{w: a.sys.Stderr, style: a.errStyle()}
}

func (p *progress) observe(now check.Progress) {
	if p.w == nil || now.Total == 0 {
		return
	}
	_, _ = fmt.Fprint(p.w, "\r\x1b[K"+report.Progress(now, p.style))
	p.printed = true
}

func (p *progress) done() {
	if p.printed {
		_, _ = fmt.Fprint(p.w, "\r\x1b[K")
	}
}
