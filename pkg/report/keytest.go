package report

import (
	"io"

	"github.com/llmctl/llmctl/pkg/check"
	"github.com/llmctl/llmctl/pkg/fault"
	"github.com/llmctl/llmctl/pkg/resolve"
)

// The schemas of the smaller documents.
const (
	KeyTestSchema = "llmctl.keytest/v1"
	LintSchema    = "llmctl.lint/v1"
	ChecksSchema  = "llmctl.checks/v1"
)

// KeyTest is the document of llmctl keys test: one key, proven or not.
type KeyTest struct {
	Schema     string         `json:"schema"`
	Version    string         `json:"version"`
	OK         bool           `json:"ok"`
	ExitCode   fault.Exit     `json:"exit_code"`
	Code       fault.Code     `json:"code"` // "" = nothing to add to a good answer
	Message    string         `json:"message"`
	Hint       string         `json:"hint"`
	Grade      fault.Grade    `json:"grade"`
	Proves     string         `json:"proves"`
	Misses     string         `json:"misses"`
	Evidence   fault.Evidence `json:"evidence"`
	Deployment Deployment     `json:"deployment"`
}

// NewKeyTest makes the document of a probe of r. f is nil when the key is good;
// code is what a good answer adds.
func NewKeyTest(version string, r *resolve.Resolution, e fault.Evidence, code fault.Code, f *fault.Err) KeyTest {
	t := KeyTest{
		Schema: KeyTestSchema, Version: version, OK: f == nil, Code: code, Grade: e.Grade, Evidence: e,
		Proves: r.Provider.Probe.Proves, Misses: r.Provider.Probe.Misses,
		Deployment: Deployments([]*resolve.Resolution{r})[0],
	}
	if f != nil {
		t.Code, t.Message, t.Hint, t.ExitCode = f.Code, f.Message, f.Advice(), f.Row().Exit
	} else if code != "" {
		row, _ := fault.Lookup(code)
		t.Message, t.Hint = row.Title, row.Hint
	}
	return t
}

// KeyTestText says in two lines that a key is good, and what that proves. A key
// that is not good is an error and not a page.
func KeyTestText(w io.Writer, t KeyTest, s Style) error {
	p := newInk(w, s)
	said := "no key is needed"
	if k := t.Deployment.APIKey; k != nil {
		said = k.Fingerprint + " from " + p.say(k.Origin.String())
	} else if t.OK && t.Code == "" && t.Message != "" {
		said = "signed in"
	}
	p.line(p.good.Render(p.g.ok+" "+t.Deployment.ModelName), ": ok ", p.faint.Render("("+string(t.Grade)+")"), "  ", said)
	text := t.Message
	if text == "" && t.Proves != "" {
		text = "proves: " + t.Proves
		if t.Misses != "" {
			text += "; not: " + t.Misses
		}
	}
	if text != "" {
		p.line(p.faint.Render(p.say(text)))
	}
	return p.flush(w)
}

// Lint is the document of llmctl keys lint.
type Lint struct {
	Schema   string          `json:"schema"`
	Version  string          `json:"version"`
	OK       bool            `json:"ok"` // no error among the findings
	Findings []fault.Finding `json:"findings"`
}

// NewLint makes the document of findings.
func NewLint(version string, list []fault.Finding) Lint {
	d := Lint{Schema: LintSchema, Version: version, OK: true, Findings: findings(list)}
	for _, f := range list {
		d.OK = d.OK && (f.Severity != fault.Error || f.Ignored != nil)
	}
	return d
}

// ChecksList is the document of llmctl doctor --list-checks.
type ChecksList struct {
	Schema  string      `json:"schema"`
	Version string      `json:"version"`
	Checks  []CheckItem `json:"checks"`
}

// CheckItem is one check that can be asked.
type CheckItem struct {
	ID      string   `json:"id"`
	Title   string   `json:"title"`
	Scope   string   `json:"scope"`
	Needs   []string `json:"needs"`
	Network bool     `json:"network"`
	Cost    string   `json:"cost"`
}

// NewChecks makes the document of the table of checks.
func NewChecks(version string, all []check.Check) ChecksList {
	d := ChecksList{Schema: ChecksSchema, Version: version, Checks: []CheckItem{}}
	for _, c := range all {
		d.Checks = append(d.Checks, CheckItem{c.ID, c.Title, string(c.Scope), filled(c.Needs), c.Network, string(c.Cost)})
	}
	return d
}
