// Package fault is the vocabulary of everything that can go wrong.
//
// It is words only: it detects nothing, prints nothing and decides nothing.
// Every decision that depends on a failure (exit code, who is to blame, retry
// or not, what it says of the key) is a column of one table, All.
//
// The one rule: there is no switch over codes anywhere. Whoever has a decision
// to make adds a column.
package fault

import "strings"

// Code names one cause, as area.what ("key.shadowed"). Codes are never renamed;
// one that is no longer produced stays in the table as retired.
type Code string

// Severity says how much a finding with a code matters when nothing is known
// beyond the code. Its text is what users see.
type Severity string

// The severities, mildest first. Unknown means "could not be established": it
// is neither a pass nor a failure.
const (
	Info    Severity = "info"
	Warning Severity = "warning"
	Unknown Severity = "unknown"
	Error   Severity = "error"
)

// Exit is a process exit code. product.md §3 lists them; 0 means that the code
// alone never ends a command.
type Exit int

// The exit codes.
const (
	ExitOK          Exit = 0
	ExitFindings    Exit = 1
	ExitUsage       Exit = 2
	ExitConfig      Exit = 3
	ExitNoKey       Exit = 4
	ExitRejected    Exit = 5
	ExitQuota       Exit = 6
	ExitNetwork     Exit = 7
	ExitProvider    Exit = 8
	ExitModel       Exit = 9
	ExitUnknown     Exit = 10
	ExitAnswer      Exit = 11
	ExitFallback    Exit = 12
	ExitTimeout     Exit = 124
	ExitInterrupted Exit = 130
	ExitPipe        Exit = 141
)

// Blame is who has to act.
type Blame string

// Who has to act. You is the person who runs llmctl or wrote its settings.
const (
	You      Blame = "you"
	Provider Blame = "provider"
	Network  Blame = "network"
	Config   Blame = "config"
	Llmctl   Blame = "llmctl"
)

// Then is what a router does after a failure with this code.
type Then string

// Again: the same deployment may pass later. Next: only another deployment can
// pass. Stop: no deployment can pass until the request or the setting changes.
const (
	Again Then = "again"
	Next  Then = "next"
	Stop  Then = "stop"
)

// Key is what a failure says of the credential that was sent.
type Key string

// Good: the provider accepted it. Bad: the provider, or its own shape, refuses
// it. Unsaid: nothing follows.
const (
	Good   Key = "good"
	Bad    Key = "bad"
	Unsaid Key = "unsaid"
)

// Row is one line of the vocabulary. Its literals are unkeyed so that a code
// that leaves a question open does not compile.
type Row struct {
	Code     Code
	Severity Severity
	Exit     Exit
	Blame    Blame
	Then     Then
	Key      Key
	Title    string // under 60 columns, no full stop
	Hint     string // one sentence that says what to do, no full stop
}

// Lookup returns the row of code. ok is false for a code that is not in All.
func Lookup(code Code) (row Row, ok bool) {
	for _, r := range All() {
		if r.Code == code {
			return r, true
		}
	}
	return Row{Code: code, Severity: Error, Exit: ExitFindings, Blame: Llmctl, Then: Stop, Key: Unsaid, Title: string(code), Hint: ""}, false
}

// Docs is the address of a code's page. It is pinned to the main branch.
func (c Code) Docs() string {
	return "https://github.com/llmctl/llmctl/blob/main/docs/codes/" + string(c) + ".md"
}

// Area is the part of the code before the first dot.
func (c Code) Area() string {
	area, _, _ := strings.Cut(string(c), ".")
	return area
}

// Err is the one error type. It is made where the failure is known and never
// re-made on the way up; Unwrap gives what the operating system or the network
// said.
type Err struct {
	Code       Code
	Subject    string // the deployment, file or flag it is about; may be empty
	Message    string // what and where, lower case, no full stop
	Hint       string // what to do; empty means the code's own hint
	Deployment string // model_name, when one is involved
	Status     int    // HTTP status; 0 when there was no answer
	RequestID  string
	Cause      error // may be nil
}

// Error is "subject: code: message".
func (e *Err) Error() string {
	parts := make([]string, 0, 3)
	for _, p := range []string{e.Subject, string(e.Code), e.Message} {
		if p != "" {
			parts = append(parts, p)
		}
	}
	return strings.Join(parts, ": ")
}

// Unwrap is the cause.
func (e *Err) Unwrap() error { return e.Cause }

// Row is the row of the error's code.
func (e *Err) Row() Row {
	r, _ := Lookup(e.Code)
	return r
}

// Advice is the error's own hint, else the hint of its code.
func (e *Err) Advice() string {
	if e.Hint != "" {
		return e.Hint
	}
	return e.Row().Hint
}
