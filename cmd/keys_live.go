package cmd

import (
	"context"

	"github.com/llmctl/llmctl/pkg/fault"
	"github.com/llmctl/llmctl/pkg/report"
	"github.com/llmctl/llmctl/pkg/resolve"
	"github.com/llmctl/llmctl/pkg/source"
)

// testKey probes one key. The exit code is the answer.
func (a *app) testKey(ctx context.Context, core *core, r *resolve.Resolution) error {
	limited, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	p := a.client().Probe(limited, r)
	doc := report.NewKeyTest(a.sys.Build.Version, r, p.Evidence(), p.Code, p.Err)
	if p.Says != "" && p.Err == nil { // a sign-in: what the row says is said of a key
		doc.Message = p.Says
		if p.Grade != fault.Proven {
			doc.Proves, doc.Misses = "", ""
		}
	}
	switch {
	case core.json():
		if err := report.JSON(a.sys.Stdout, doc); err != nil {
			return err
		}
		if p.Err != nil {
			return ended{p.Err.Row().Exit}
		}
		return nil
	case p.Err != nil:
		return ofKey(p.Err, r)
	}
	return report.KeyTestText(a.sys.Stdout, doc, a.style(core))
}

// runKeysLint reads .env files and prints what is wrong with them.
func runKeysLint(ctx context.Context, a *app, files []string) error {
	core, err := a.load(ctx, false)
	if err != nil {
		return err
	}
	findings := core.env
	if len(files) > 0 {
		findings = nil
		for _, f := range files {
			// A file that cannot be read at all is a finding like the others.
			list, _ := source.Lint(a.files(), f, known(core.tables.Providers))
			findings = append(findings, list...)
		}
	}
	if core.json() {
		err = report.JSON(a.sys.Stdout, report.NewLint(a.sys.Build.Version, findings))
	} else {
		err = report.Findings(a.sys.Stdout, "lint", findings, a.style(core))
	}
	if err != nil {
		return err
	}
	for _, f := range findings {
		if f.Severity == fault.Error && f.Ignored == nil {
			return ended{fault.ExitFindings}
		}
	}
	return nil
}
