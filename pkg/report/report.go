// Package report is the documents of llmctl, and their printings.
//
// A result becomes a document first; text and JSON are printings of it, so that
// a person and a program are told the same. It decides nothing: outcomes,
// severities and exit codes arrive here made.
//
// The one rule: nothing in a document can be turned back into a key. Keys are
// fingerprints, addresses lose their userinfo and their secret parameters.
package report

import (
	"encoding/json"
	"io"

	"github.com/llmctl/llmctl/pkg/check"
	"github.com/llmctl/llmctl/pkg/config"
	"github.com/llmctl/llmctl/pkg/fault"
	"github.com/llmctl/llmctl/pkg/resolve"
)

// The schemas. A field is never removed or renamed within one.
const (
	DoctorSchema = "llmctl.doctor/v1"
	KeysSchema   = "llmctl.keys/v1"
	ChatSchema   = "llmctl.chat/v1"
	ErrorSchema  = "llmctl.error/v1"
)

// Doctor is the document of llmctl doctor.
type Doctor struct {
	Schema      string          `json:"schema"`
	Version     string          `json:"version"`
	OK          bool            `json:"ok"` // exit_code is 0
	ExitCode    fault.Exit      `json:"exit_code"`
	ExitReason  string          `json:"exit_reason"`
	Summary     check.Summary   `json:"summary"`
	ConfigFiles []config.File   `json:"config_files"`
	EnvFiles    []EnvFile       `json:"env_files"`
	Deployments []Deployment    `json:"deployments"`
	Checks      []check.Checked `json:"checks"`
	Findings    []fault.Finding `json:"findings"`
}

// EnvFile is one .env file that was looked at.
type EnvFile struct {
	Path    string `json:"path"`
	Status  string `json:"status"` // read, unused, unreadable, broken
	Reason  string `json:"reason"` // why it is not read; "" when it is
	Entries int    `json:"entries"`
}

// NewDoctor makes the document of a run.
func NewDoctor(version string, in check.Input, res check.Result) Doctor {
	d := Doctor{
		Schema: DoctorSchema, Version: version, OK: res.ExitCode == fault.ExitOK,
		ExitCode: res.ExitCode, ExitReason: res.ExitReason, Summary: res.Summary,
		ConfigFiles: []config.File{}, EnvFiles: []EnvFile{},
		Deployments: Deployments(in.Resolutions), Checks: filled(res.Checks), Findings: findings(res.Findings),
	}
	if in.Config != nil {
		d.ConfigFiles = filled(in.Config.Files)
	}
	for _, f := range in.EnvFiles {
		d.EnvFiles = append(d.EnvFiles, EnvFile{Path: f.Path, Status: f.Status, Reason: f.Reason, Entries: len(f.Entries)})
	}
	return d
}

// Keys is the document of llmctl keys list and keys why.
type Keys struct {
	Schema      string       `json:"schema"`
	Version     string       `json:"version"`
	Deployments []Deployment `json:"deployments"`
}

// NewKeys makes the document of resolutions.
func NewKeys(version string, rs []*resolve.Resolution) Keys {
	return Keys{Schema: KeysSchema, Version: version, Deployments: Deployments(rs)}
}

// Failure is the document of a command that failed before it had one.
type Failure struct {
	Schema     string     `json:"schema"`
	Code       fault.Code `json:"code"`
	Message    string     `json:"message"`
	Hint       string     `json:"hint"`
	ExitCode   fault.Exit `json:"exit_code"`
	Deployment string     `json:"deployment"`
	Status     int        `json:"status"`
	RequestID  string     `json:"request_id"`
}

// NewFailure makes the document of an error. An error without a hint of its
// own has the hint of its code.
func NewFailure(err *fault.Err) Failure {
	row, _ := fault.Lookup(err.Code)
	f := Failure{
		Schema: ErrorSchema, Code: err.Code, Message: err.Message, Hint: err.Hint, ExitCode: row.Exit,
		Deployment: err.Deployment, Status: err.Status, RequestID: err.RequestID,
	}
	if f.Hint == "" {
		f.Hint = row.Hint
	}
	return f
}

// JSON prints a document, two spaces a level, with a line end.
func JSON(w io.Writer, document any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false) // a URL is for reading, and this is no web page
	e.SetIndent("", "  ")
	return e.Encode(document)
}

// filled is list, never nil: a document has no null lists.
func filled[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// findings fills in the lists that a finding made by hand may lack.
func findings(list []fault.Finding) []fault.Finding {
	out := make([]fault.Finding, len(list))
	for i, f := range list {
		f.Evidence, f.Fix.Commands = filled(f.Evidence), filled(f.Fix.Commands)
		if f.Docs == "" {
			f.Docs = f.Code.Docs()
		}
		out[i] = f
	}
	return out
}
