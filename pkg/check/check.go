// Package check is what doctor asks, as values, and the runner that asks it.
//
// A check reads what was read, resolved and answered; it changes nothing and
// prints nothing. Findings that other packages made (lint of the config, lint
// of .env files, notes of a resolution) are not made again here: each is given
// to the check that its code belongs to, merged with what says the same, and
// decides that check's outcome.
//
// The one rule: one cause, one message. A check whose need failed is skipped
// and says which need, a skipped check is shown, and what could not be
// established is neither a pass nor a failure.
package check

import (
	"context"
	"time"

	"github.com/llmctl/llmctl/pkg/config"
	"github.com/llmctl/llmctl/pkg/fault"
	"github.com/llmctl/llmctl/pkg/resolve"
	"github.com/llmctl/llmctl/pkg/wire"
)

// Check is one question that doctor asks. All lists them.
type Check struct {
	ID      string   // area.what; unique
	Title   string   // what holds when the outcome is ok; no full stop
	Scope   Scope    // asked once, or once a deployment
	Needs   []string // ids of earlier checks that must not have failed
	Network bool     // skipped when offline
	Cost    Cost
	Codes   []string // globs of the findings that decide it; the first check that matches owns a finding
	Run     func(s Subject) Answer
}

// Scope is what a check is asked about.
type Scope string

// The scopes.
const (
	Project    Scope = "project"
	Deployment Scope = "deployment"
)

// Cost is what asking may cost the owner of the key.
type Cost string

// Free costs nothing: no call, or a call that providers do not bill.
const Free Cost = "free"

// Outcome is what became of a check. Its text is what users see.
type Outcome string

// The outcomes of product.md §3. Unknown: it could not be established. Crashed:
// the check itself, which says nothing about its subject.
const (
	OK      Outcome = "ok"
	Info    Outcome = "info"
	Warning Outcome = "warning"
	Error   Outcome = "error"
	Unknown Outcome = "unknown"
	Skipped Outcome = "skipped"
	Crashed Outcome = "crashed"
)

// Subject is what a check looks at. Nothing in it may be changed.
type Subject struct {
	In    *Input
	R     *resolve.Resolution // nil for a check of scope project
	Probe *wire.Probe         // nil before the network checks, and when no answer came in time
	Cut   fault.Code          // why no answer came: run.interrupted or run.timeout
	// Doubt is the finding about the address that was made before the probe,
	// nil without one. A probe that fails for the address is explained by it.
	Doubt *fault.Finding

	crash *crash // of the probe
}

// Answer is what a check says beyond the findings that belong to it. The zero
// Answer is "nothing to add": the findings decide.
type Answer struct {
	Outcome  Outcome // "" = the worst finding decides, ok without one
	Code     fault.Code
	Reason   string
	Grade    fault.Grade
	Findings []fault.Finding
	// Explains is evidence for the Doubt of the subject, which becomes the
	// one message about this cause. Nil: there is nothing to explain.
	Explains []fault.Evidence
}

// Checked is one check that was asked, or skipped. Field names are those of
// the document llmctl.doctor/v1.
type Checked struct {
	ID         string      `json:"id"`
	Deployment string      `json:"deployment"` // model_name; "" for the whole project
	Place      string      `json:"place"`      // "file:line" of the deployment: a pool shares one name
	Outcome    Outcome     `json:"outcome"`
	Code       fault.Code  `json:"code"`
	Reason     string      `json:"reason"`
	Grade      fault.Grade `json:"grade"`
	DurationMS int64       `json:"duration_ms"`
	Stack      string      `json:"-"` // of a crashed check, for -v
}

// Input is everything that Run looks at. It is read and never changed.
type Input struct {
	Resolutions    []*resolve.Resolution // in the order in which they are shown
	Config         *config.Config        // nil when there is none, or none could be read
	ConfigFindings []fault.Finding       // of reading and of lint
	EnvFindings    []fault.Finding       // of reading and lint of .env files, key store
	EnvFiles       []resolve.EnvFile

	Probe        func(ctx context.Context, r *resolve.Resolution) wire.Probe // nil = as if Offline
	Concurrency  int                                                         // probes at the same time; 0 = 16
	ProbeTimeout time.Duration                                               // of one probe; 0 = none
	Offline      bool

	Only, Skip []string // ids or globs; empty Only = all
	Ignore     []string // CODE[=SUBJECT]; both may be globs. Comments in the config count too
	FailOn     string   // "error" (also ""), "warn", "unknown"

	Now     func() time.Time
	Observe func(Progress) // nil = nobody watches; calls do not overlap
}

// Result is everything that doctor found. It is complete for what was asked
// before a time limit or an interrupt; the rest is there as skipped.
type Result struct {
	Checks     []Checked
	Findings   []fault.Finding // error, unknown, warning, info; then in the order of the deployments
	Summary    Summary
	ExitCode   fault.Exit
	ExitReason string
}

// Summary counts. Ok, skipped and crashed are checks; info, warning, error and
// unknown are findings; ignored findings count nowhere else.
type Summary struct {
	OK      int `json:"ok"`
	Info    int `json:"info"`
	Warning int `json:"warning"`
	Error   int `json:"error"`
	Unknown int `json:"unknown"`
	Skipped int `json:"skipped"`
	Crashed int `json:"crashed"`
	Ignored int `json:"ignored"`
}

// Run asks every selected check of everything in the input. The error is
// usage.invalid and comes before anything is asked; whatever is wrong with the
// subject is in the Result.
//
// A cancelled ctx ends it at once with what is known: exit 130, or 124 when
// the deadline of ctx has passed.
func Run(ctx context.Context, in Input) (Result, error) {
	sel, err := choose(in.Only, in.Skip)
	if err != nil {
		return Result{}, err
	}
	rules, err := parseIgnores(in.Ignore)
	if err != nil {
		return Result{}, err
	}
	if _, err := threshold(in.FailOn); err != nil {
		return Result{}, err
	}
	r := newRun(&in, sel, rules)
	r.project()
	r.local()
	r.network(ctx)
	return r.result(ctx), nil
}
