package check

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/llmctl/llmctl/pkg/config"
	"github.com/llmctl/llmctl/pkg/fault"
	"github.com/llmctl/llmctl/pkg/resolve"
	"github.com/llmctl/llmctl/pkg/secret"
	"github.com/llmctl/llmctl/pkg/wire"
)

// deploy is a callable deployment at a line of config.yaml.
func deploy(name, base, key string, line int) *resolve.Resolution {
	r := &resolve.Resolution{
		ModelName: name, Model: "openai/" + name, Group: name, Upstream: name,
		Location:  fault.Location{File: "config.yaml", Line: line, Column: 5},
		Base:      resolve.Setting{Value: base, Origin: resolve.Origin{Layer: resolve.Default, Name: "openai"}},
		Key:       secret.New(key),
		KeyOrigin: resolve.Origin{Layer: resolve.DotEnv, Name: "OPENAI_API_KEY", File: ".env", Line: 3, Column: 16},
	}
	r.Provider.Name = "openai"
	r.Provider.Probe.Path = "/models"
	return r
}

func clock() func() time.Time {
	t := time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)
	return func() time.Time { return t }
}

func good(context.Context, *resolve.Resolution) wire.Probe {
	return wire.Probe{OK: true, Grade: fault.Proven, Status: 200}
}

func refusing(code fault.Code) func(context.Context, *resolve.Resolution) wire.Probe {
	return func(context.Context, *resolve.Resolution) wire.Probe {
		return wire.Probe{Code: code, Status: 401, Err: &fault.Err{Code: code, Message: "GET answered 401", Status: 401}}
	}
}

func mustRun(ctx context.Context, t *testing.T, in Input) Result {
	t.Helper()
	if in.Now == nil {
		in.Now = clock()
	}
	res, err := Run(ctx, in)
	if err != nil {
		t.Fatalf("Run: %v", err)
	}
	return res
}

// said is the check of a deployment, or of the project when name is "".
func said(t *testing.T, res Result, id, name string) Checked {
	t.Helper()
	for _, c := range res.Checks {
		if c.ID == id && c.Deployment == name {
			return c
		}
	}
	t.Fatalf("no check %s of %q in %d checks", id, name, len(res.Checks))
	return Checked{}
}

func codes(list []fault.Finding) string {
	var out []string
	for _, f := range list {
		text := string(f.Severity) + " " + string(f.Code)
		if f.Deployment != "" {
			text += " " + f.Deployment
		}
		out = append(out, text)
	}
	return strings.Join(out, ", ")
}

func noted(r *resolve.Resolution, code fault.Code, line int) *resolve.Resolution {
	f := fault.New(code, "said by resolution")
	f.Deployment = r.ModelName
	if line > 0 {
		f.Location = &fault.Location{File: "config.yaml", Line: line, Column: 7}
	}
	r.Notes = append(r.Notes, f)
	return r
}

func linted(code fault.Code, deployment string, line int) fault.Finding {
	f := fault.New(code, "said by lint")
	f.Deployment = deployment
	f.Location = &fault.Location{File: "config.yaml", Line: line, Column: 16}
	f.Fix.Commands = []string{"export NAME=…"}
	return f
}

func TestRegistry(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range All() {
		area, what, ok := strings.Cut(c.ID, ".")
		if !ok || area == "" || what == "" || strings.ToLower(c.ID) != c.ID {
			t.Errorf("%s: an id is area.what in small letters", c.ID)
		}
		if seen[c.ID] {
			t.Errorf("%s stands twice", c.ID)
		}
		if c.Title == "" || strings.HasSuffix(c.Title, ".") || len(c.Title) > 60 {
			t.Errorf("%s: the title %q is missing, long or a sentence", c.ID, c.Title)
		}
		if c.Run == nil || c.Cost == "" || c.Scope != Project && c.Scope != Deployment {
			t.Errorf("%s leaves a question open", c.ID)
		}
		for _, n := range c.Needs {
			if !seen[n] {
				t.Errorf("%s needs %s, which does not stand before it", c.ID, n)
			}
		}
		for _, g := range c.Codes {
			if !knownCode(g) {
				t.Errorf("%s: no code matches %s", c.ID, g)
			}
		}
		seen[c.ID] = true
	}
}

// Every code that may come before a probe has a check that it decides, for
// the project and for a deployment.
func TestEveryCodeHasAnOwner(t *testing.T) {
	r := newRun(&Input{Now: clock()}, selection{}, nil)
	for _, row := range fault.All() {
		area := row.Code.Area()
		switch area {
		case "config", "dotenv", "key", "base", "binding", "route":
			for _, project := range []bool{true, false} {
				c := r.all[r.claim(ownerKey{row.Code, project})]
				ofDeployment := !project && (area == "key" || area == "base" || area == "binding")
				if !matchAny(c.Codes, string(row.Code)) || ofDeployment != (c.Scope == Deployment) {
					t.Errorf("%s (project %v) falls to %s", row.Code, project, c.ID)
				}
			}
		}
	}
	for code, want := range map[fault.Code]string{
		"config.syntax": "config.read", "config.literal-key": "config.lint", "dotenv.crlf": "env.lint", "dotenv.syntax": "env.read",
		"key.shadowed": "key.source", "key.masked": "key.shape", "base.hole": "base.address", "binding.loopback": "binding.host",
		"model.bare": "model.name", "route.fallback-cycle": "config.lint", "wire.unsupported": "model.name",
	} {
		if c := r.all[r.claim(ownerKey{code, false})]; c.ID != want {
			t.Errorf("%s belongs to %s, not to %s", code, want, c.ID)
		}
	}
}

func TestProvenIsGreen(t *testing.T) {
	res := mustRun(context.Background(), t, Input{Resolutions: []*resolve.Resolution{deploy("gpt-4o", "https://api.openai.com/v1", "sk-one", 4)}, Probe: good})
	c := said(t, res, "probe.auth", "gpt-4o")
	if c.Outcome != OK || c.Grade != fault.Proven || c.Place != "config.yaml:4" {
		t.Errorf("probe.auth = %+v", c)
	}
	if res.ExitCode != fault.ExitOK || len(res.Findings) != 0 {
		t.Errorf("exit %d, findings %s", res.ExitCode, codes(res.Findings))
	}
	if res.Summary.OK == 0 || res.Summary.Error != 0 {
		t.Errorf("summary %+v", res.Summary)
	}
}

// A good answer is as green as what it proves.
func TestGrades(t *testing.T) {
	for _, tc := range []struct {
		name  string
		probe wire.Probe
		want  Outcome
		code  fault.Code
		exit  fault.Exit
	}{
		{"proven", wire.Probe{OK: true, Grade: fault.Proven}, OK, "", 0},
		{"scoped", wire.Probe{OK: true, Grade: fault.Scoped, Code: "auth.restricted"}, Info, "auth.restricted", 0},
		{"shape only", wire.Probe{OK: true, Grade: fault.ShapeOnly}, Info, "", 0},
		{"reachable only", wire.Probe{OK: true, Grade: fault.ReachableOnly}, Info, "", 0},
		{"no credential", wire.Probe{OK: true, Grade: fault.ReachableOnly, Code: "probe.no-credential"}, Info, "probe.no-credential", 0},
		{"unproven", wire.Probe{Grade: fault.Unproven, Code: "probe.unproven", Err: &fault.Err{Code: "probe.unproven"}}, Unknown, "probe.unproven", 0},
		{"unproven, and called good", wire.Probe{OK: true, Grade: fault.Unproven}, Unknown, "probe.unproven", 0},
		{"none", wire.Probe{Code: "probe.none", Err: &fault.Err{Code: "probe.none"}}, Unknown, "probe.none", 0},
		{"unknown answer", wire.Probe{Code: "answer.unknown", Err: &fault.Err{Code: "answer.unknown"}}, Unknown, "answer.unknown", 0},
		{"limited", wire.Probe{Code: "rate.limited", Err: &fault.Err{Code: "rate.limited"}}, Warning, "rate.limited", 0},
		{"rejected", wire.Probe{Code: "auth.rejected", Err: &fault.Err{Code: "auth.rejected"}}, Error, "auth.rejected", 1},
		{"no credit", wire.Probe{Code: "quota.exhausted", Err: &fault.Err{Code: "quota.exhausted"}}, Error, "quota.exhausted", 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			res := mustRun(context.Background(), t, Input{
				Resolutions: []*resolve.Resolution{deploy("m", "https://h/v1", "k", 4)},
				Probe:       func(context.Context, *resolve.Resolution) wire.Probe { return tc.probe },
			})
			c := said(t, res, "probe.auth", "m")
			if c.Outcome != tc.want || c.Code != tc.code || res.ExitCode != tc.exit {
				t.Errorf("got %s %s exit %d, want %s %s exit %d", c.Outcome, c.Code, res.ExitCode, tc.want, tc.code, tc.exit)
			}
		})
	}
}

func TestRejectedKeyNamesItsPlace(t *testing.T) {
	r := deploy("m", "https://h/v1", "sk-canary-in-use", 4)
	yes := true
	r.Trace = map[string][]resolve.Candidate{"api_key": {
		{Rank: 1, State: resolve.Used, Key: r.Key, Origin: r.KeyOrigin},
		{Rank: 2, State: resolve.Shadowed, Differs: &yes, Key: secret.New("sk-canary-hidden"), Origin: resolve.Origin{Layer: resolve.Env, Name: "OTHER_KEY"}},
	}}
	res := mustRun(context.Background(), t, Input{Resolutions: []*resolve.Resolution{r}, Probe: refusing("auth.rejected")})
	if codes(res.Findings) != "error auth.rejected m" {
		t.Fatalf("findings %s", codes(res.Findings))
	}
	f := res.Findings[0]
	if f.Location == nil || f.Location.File != ".env" || f.Location.Line != 3 {
		t.Errorf("location %+v, want .env:3", f.Location)
	}
	for _, want := range []string{r.Key.Fingerprint(), "OPENAI_API_KEY in .env:3", "OTHER_KEY in the environment"} {
		if !strings.Contains(f.Detail, want) {
			t.Errorf("detail %q lacks %q", f.Detail, want)
		}
	}
	if all := fmt.Sprintf("%+v", res); !strings.Contains(all, "auth.rejected") || strings.Contains(all, "canary") {
		t.Errorf("a key is printed, or this is not the result")
	}
	if len(f.Evidence) != 1 || f.Evidence[0].Status != 401 {
		t.Errorf("evidence %+v", f.Evidence)
	}
}

// The lint and the resolution look at one line: one message is left, and it
// has what both know.
func TestOneCauseOneMessage(t *testing.T) {
	for _, tc := range []struct {
		note, lint fault.Code
		noteLine   int
		want       string
	}{
		{"base.doubled-version", "base.doubled-version", 6, "error base.doubled-version m"},
		{"key.unresolved", "config.reference-unset", 6, "error key.unresolved m"},
		{"key.unresolved", "config.reference-unset", 0, "error key.unresolved m"},
		{"binding.foreign-host", "base.without-key", 6, "error binding.foreign-host m"},
		{"key.unresolved", "config.reference-unset", 9, "error config.reference-unset m, error key.unresolved m"},
		{"key.shadowed", "config.literal-key", 6, "warning key.shadowed m, warning config.literal-key m"},
	} {
		t.Run(string(tc.note)+" "+string(tc.lint)+fmt.Sprint(tc.noteLine), func(t *testing.T) {
			res := mustRun(context.Background(), t, Input{
				Resolutions:    []*resolve.Resolution{noted(deploy("m", "https://h/v1", "k", 4), tc.note, tc.noteLine)},
				ConfigFindings: []fault.Finding{linted(tc.lint, "m", 6)},
				Offline:        true,
			})
			if got := codes(res.Findings); got != tc.want {
				t.Fatalf("got %s, want %s", got, tc.want)
			}
			if len(res.Findings) == 1 && (len(res.Findings[0].Fix.Commands) != 1 || res.Findings[0].Location.Line != 6) {
				t.Errorf("the one message lost what the lint knew: %+v", res.Findings[0])
			}
		})
	}
}

// One spot, two rules of the lint: the one that says more is left, in
// whatever order they come.
func TestOneSpotOneMessage(t *testing.T) {
	some := []*resolve.Resolution{deploy("m", "https://h/v1", "k", 20)}
	more, less := linted("config.misplaced-key", "", 6), linted("config.inert-setting", "", 6)
	for _, list := range [][]fault.Finding{{more, less}, {less, more}} {
		res := mustRun(context.Background(), t, Input{Resolutions: some, ConfigFindings: list, Offline: true})
		if got := codes(res.Findings); got != "warning config.misplaced-key" {
			t.Errorf("got %s", got)
		}
	}
	less.Location = &fault.Location{File: "config.yaml", Line: 6, Column: 40}
	res := mustRun(context.Background(), t, Input{Resolutions: some, ConfigFindings: []fault.Finding{more, less}, Offline: true})
	if len(res.Findings) != 2 {
		t.Errorf("got %s", codes(res.Findings))
	}
}

// A project without a deployment is no healthy project: every check passes by
// having nothing to look at.
// A reference in environment_variables breaks every deployment that reads it:
// the lint sees the line, the resolutions see whom it hits, and one is told.
func TestCauseOfManyIsNotToldOfTheProjectToo(t *testing.T) {
	lint := linted("config.reference-form", "", 9)
	lint.Location.Column, lint.Fix.Summary = 7, "remove the line"
	elsewhere := linted("config.reference-form", "", 20)
	res := mustRun(t.Context(), t, Input{
		Resolutions: []*resolve.Resolution{
			noted(deploy("a", "https://a.example", "k", 2), "config.reference-form", 9),
			noted(deploy("b", "https://b.example", "k", 4), "config.reference-form", 9),
		},
		ConfigFindings: []fault.Finding{lint, elsewhere}, Offline: true,
	})
	if got, want := codes(res.Findings), "error config.reference-form, error config.reference-form a, error config.reference-form b"; got != want {
		t.Fatalf("got  %s\nwant %s", got, want)
	}
	for _, f := range res.Findings[1:] {
		if f.Fix.Summary != "remove the line" || f.Location.Line != 9 {
			t.Errorf("%s does not say how to mend it: %+v", f.Deployment, f.Fix)
		}
	}
}

func TestNothingToCall(t *testing.T) {
	res := mustRun(context.Background(), t, Input{Offline: true})
	if got := codes(res.Findings); got != "error model.none" || res.ExitCode != fault.ExitFindings {
		t.Errorf("got %s, exit %d", got, res.ExitCode)
	}
	unread := []fault.Finding{linted("config.syntax", "", 1)}
	if res = mustRun(context.Background(), t, Input{ConfigFindings: unread, Offline: true}); codes(res.Findings) != "error config.syntax" {
		t.Errorf("a config that cannot be read is one cause, got %s", codes(res.Findings))
	}
}

// Two deployments share a name; the lint's line says which one is meant.
func TestPoolFindsItsMember(t *testing.T) {
	res := mustRun(context.Background(), t, Input{
		Resolutions:    []*resolve.Resolution{deploy("pool", "https://a/v1", "k", 4), deploy("pool", "https://b/v1", "k", 10), deploy("pool", "https://c/v1", "k", 20)},
		ConfigFindings: []fault.Finding{linted("base.no-version", "pool", 13)},
		Offline:        true,
	})
	for _, c := range res.Checks {
		if c.ID == "base.address" {
			want := OK
			if c.Place == "config.yaml:10" {
				want = Warning
			}
			if c.Outcome != want {
				t.Errorf("%s is %s, want %s", c.Place, c.Outcome, want)
			}
		}
	}
}

// An address that the lint doubted is the cause of a probe that finds no API.
func TestProbeConfirmsADoubtfulBase(t *testing.T) {
	res := mustRun(context.Background(), t, Input{
		Resolutions: []*resolve.Resolution{noted(deploy("m", "https://h", "k", 4), "base.no-version", 6)},
		Probe:       refusing("path.not-found"),
	})
	if got := codes(res.Findings); got != "error base.no-version m" {
		t.Fatalf("findings %s", got)
	}
	if len(res.Findings[0].Evidence) != 1 {
		t.Errorf("the proof is missing")
	}
	if c := said(t, res, "base.address", "m"); c.Outcome != Error {
		t.Errorf("base.address is %s", c.Outcome)
	}
	if c := said(t, res, "probe.auth", "m"); c.Outcome != Error || c.Code != "path.not-found" {
		t.Errorf("probe.auth is %s %s", c.Outcome, c.Code)
	}
	// A rejected key has nothing to do with the address.
	res = mustRun(context.Background(), t, Input{
		Resolutions: []*resolve.Resolution{noted(deploy("m", "https://h", "k", 4), "base.no-version", 6)},
		Probe:       refusing("auth.rejected"),
	})
	if got := codes(res.Findings); got != "error auth.rejected m, warning base.no-version m" {
		t.Errorf("findings %s", got)
	}
}

func TestFindingsAreInOrder(t *testing.T) {
	project := fault.New("config.unknown-key", "")
	project.Location = &fault.Location{File: "config.yaml", Line: 1}
	res := mustRun(context.Background(), t, Input{
		Resolutions: []*resolve.Resolution{
			noted(noted(deploy("b", "https://h/v1", "k", 4), "binding.loopback", 4), "key.shadowed", 5),
			noted(noted(deploy("a", "https://h/v1", "k", 9), "key.exec-refused", 9), "base.doubled-version", 11),
		},
		ConfigFindings: []fault.Finding{linted("base.doubled-version", "a", 10), project},
		Offline:        true,
	})
	want := "error base.doubled-version a, error base.doubled-version a, unknown key.exec-refused a, warning config.unknown-key, warning key.shadowed b, info binding.loopback b"
	if got := codes(res.Findings); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if res.Findings[0].Location.Line != 10 {
		t.Errorf("line %d stands first", res.Findings[0].Location.Line)
	}
	if res.Summary != (Summary{OK: res.Summary.OK, Skipped: res.Summary.Skipped, Error: 2, Unknown: 1, Warning: 2, Info: 1}) {
		t.Errorf("summary %+v", res.Summary)
	}
}

func TestExit(t *testing.T) {
	warning := []*resolve.Resolution{noted(deploy("m", "https://h/v1", "k", 4), "key.shadowed", 5)}
	unknown := []*resolve.Resolution{noted(deploy("m", "https://h/v1", "k", 4), "key.exec-refused", 5)}
	failing := []*resolve.Resolution{noted(noted(deploy("m", "https://h/v1", "k", 4), "base.hole", 5), "key.exec-refused", 5)}
	broken := []fault.Finding{fault.New("config.syntax", "line 4")}
	over, end := context.WithDeadline(context.Background(), time.Unix(0, 0))
	defer end()
	stopped, stop := context.WithCancel(context.Background())
	stop()
	for _, tc := range []struct {
		name   string
		ctx    context.Context
		rs     []*resolve.Resolution
		cfg    []fault.Finding
		failOn string
		want   fault.Exit
	}{
		{"clean", nil, []*resolve.Resolution{deploy("m", "https://h/v1", "k", 4)}, nil, "", fault.ExitOK},
		{"warning", nil, warning, nil, "", fault.ExitOK},
		{"warning counts", nil, warning, nil, "warn", fault.ExitFindings},
		{"warning under unknown", nil, warning, nil, "unknown", fault.ExitOK},
		{"unknown", nil, unknown, nil, "", fault.ExitOK},
		{"unknown under warn", nil, unknown, nil, "warn", fault.ExitOK},
		{"unknown counts", nil, unknown, nil, "unknown", fault.ExitUnknown},
		{"error", nil, failing, nil, "", fault.ExitFindings},
		{"error before unknown", nil, failing, nil, "unknown", fault.ExitFindings},
		{"config", nil, failing, broken, "", fault.ExitConfig},
		{"time", over, failing, broken, "", fault.ExitTimeout},
		{"interrupt", stopped, failing, broken, "", fault.ExitInterrupted},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if tc.ctx == nil {
				tc.ctx = context.Background()
			}
			res := mustRun(tc.ctx, t, Input{Resolutions: tc.rs, ConfigFindings: tc.cfg, FailOn: tc.failOn, Offline: true})
			if res.ExitCode != tc.want || res.ExitReason == "" {
				t.Errorf("exit %d %q, want %d", res.ExitCode, res.ExitReason, tc.want)
			}
		})
	}
}

// A config that was read although an include is broken is no config error.
func TestBrokenIncludeIsAFinding(t *testing.T) {
	in := Input{
		Config:         &config.Config{Path: "config.yaml", Files: []config.File{{Path: "config.yaml", Status: config.Read}, {Path: "more.yaml", Status: config.NotFound}}},
		ConfigFindings: []fault.Finding{fault.New("config.include-missing", "more.yaml")},
		Offline:        true,
	}
	if res := mustRun(context.Background(), t, in); res.ExitCode != fault.ExitFindings {
		t.Errorf("exit %d", res.ExitCode)
	}
	in.Config.Files[0].Status = config.Broken
	if res := mustRun(context.Background(), t, in); res.ExitCode != fault.ExitConfig {
		t.Errorf("exit %d of a main file that is broken", res.ExitCode)
	}
}

func TestSelection(t *testing.T) {
	rs := []*resolve.Resolution{noted(deploy("m", "https://h/v1", "k", 4), "key.shadowed", 5)}
	t.Run("only", func(t *testing.T) {
		res := mustRun(context.Background(), t, Input{Resolutions: rs, Probe: good, Only: []string{"probe.*"}})
		if len(res.Checks) != 1 || res.Checks[0].ID != "probe.auth" || res.Checks[0].Outcome != OK || len(res.Findings) != 0 {
			t.Errorf("%+v %s", res.Checks, codes(res.Findings))
		}
	})
	t.Run("skip", func(t *testing.T) {
		res := mustRun(context.Background(), t, Input{Resolutions: rs, Probe: good, Skip: []string{"key.source", "config.*"}})
		c := said(t, res, "key.source", "m")
		if c.Outcome != Skipped || c.Reason != "--skip key.source" || codes(res.Findings) != "" {
			t.Errorf("%+v, findings %s", c, codes(res.Findings))
		}
		if c := said(t, res, "probe.auth", "m"); c.Outcome != OK {
			t.Errorf("probe.auth %+v", c)
		}
	})
	t.Run("a skipped probe", func(t *testing.T) {
		called := false
		res := mustRun(context.Background(), t, Input{Resolutions: rs, Skip: []string{"probe.auth"}, Probe: func(context.Context, *resolve.Resolution) wire.Probe {
			called = true
			return wire.Probe{}
		}})
		if c := said(t, res, "model.listed", "m"); c.Outcome != Skipped || called {
			t.Errorf("%+v, called %v", c, called)
		}
	})
	for _, in := range []Input{{Only: []string{"probe.aut"}}, {Skip: []string{"nothing.*"}}, {Ignore: []string{"key.shadow"}}, {FailOn: "never"}} {
		_, err := Run(context.Background(), in)
		var f *fault.Err
		if !errors.As(err, &f) || f.Code != "usage.invalid" {
			t.Errorf("%+v: %v", in, err)
		}
	}
}

func TestIgnore(t *testing.T) {
	rs := func() []*resolve.Resolution {
		return []*resolve.Resolution{noted(deploy("eu/one", "https://h/v1", "k", 4), "base.hole", 5), noted(deploy("us/two", "https://h/v1", "k", 9), "base.hole", 11)}
	}
	for rule, want := range map[string]int{
		"base.hole": 2, "base.*": 2, "base.hole=eu/one": 1, "base.hole=*/two": 1, "base.hole=config.yaml:11": 1, "base.hole=config.yaml": 2,
		"base.hole=eu": 0, "key.missing": 0,
	} {
		res := mustRun(context.Background(), t, Input{Resolutions: rs(), Ignore: []string{rule}, Offline: true})
		if res.Summary.Ignored != want || res.Summary.Error != 2-want || len(res.Findings) != 2 {
			t.Errorf("%s: %+v and %d findings, want %d ignored and 2 findings", rule, res.Summary, len(res.Findings), want)
		}
		if exit := res.ExitCode; (want == 2) != (exit == fault.ExitOK) {
			t.Errorf("%s: exit %d", rule, exit)
		}
	}
}

// A rejected key that is ignored does not look like an accepted one.
func TestIgnoredIsNotGreen(t *testing.T) {
	res := mustRun(context.Background(), t, Input{Resolutions: []*resolve.Resolution{deploy("m", "https://h/v1", "k", 4)}, Probe: refusing("auth.rejected"), Ignore: []string{"auth.*"}})
	c := said(t, res, "probe.auth", "m")
	if c.Outcome != Info || c.Code != "auth.rejected" || res.ExitCode != fault.ExitOK || res.Summary.Ignored != 1 {
		t.Errorf("%+v, exit %d, %+v", c, res.ExitCode, res.Summary)
	}
	if c := said(t, res, "model.listed", "m"); c.Outcome != Skipped {
		t.Errorf("%+v", c)
	}
}

func TestIgnoreComment(t *testing.T) {
	cfg, err := config.Parse("config.yaml", []byte("model_list:\n# llmctl:ignore base.hole set at run time\n- model_name: m\n  litellm_params:\n    model: openai/m\n    api_base: x\n"))
	if err != nil {
		t.Fatal(err)
	}
	res := mustRun(context.Background(), t, Input{Config: cfg, Resolutions: []*resolve.Resolution{noted(deploy("m", "https://h/v1", "k", 3), "base.hole", 6)}, Offline: true})
	if len(res.Findings) != 1 || res.Findings[0].Ignored == nil || res.Findings[0].Ignored.By != "config.yaml:2" || res.Findings[0].Ignored.Reason != "set at run time" {
		t.Fatalf("%+v", res.Findings)
	}
	if !strings.Contains(res.Findings[0].Location.Snippet, "api_base") {
		t.Errorf("snippet %q", res.Findings[0].Location.Snippet)
	}
}

func TestOffline(t *testing.T) {
	res := mustRun(context.Background(), t, Input{
		Resolutions: []*resolve.Resolution{deploy("m", "https://h/v1", "k", 4)}, Offline: true,
		Probe: func(context.Context, *resolve.Resolution) wire.Probe { t.Error("called"); return wire.Probe{} },
	})
	for _, id := range []string{"probe.auth", "model.listed"} {
		if c := said(t, res, id, "m"); c.Outcome != Skipped || c.Reason != "offline" {
			t.Errorf("%+v", c)
		}
	}
}

func TestCrashIsCaught(t *testing.T) {
	res := mustRun(context.Background(), t, Input{
		Resolutions: []*resolve.Resolution{deploy("m", "https://h/v1", "k", 4), deploy("n", "https://other/v1", "k", 9)},
		Probe: func(ctx context.Context, r *resolve.Resolution) wire.Probe {
			if r.ModelName == "m" {
				panic("sk-canary")
			}
			return good(ctx, r)
		},
	})
	c := said(t, res, "probe.auth", "m")
	if c.Outcome != Crashed || c.Code != "check.crashed" || c.Stack == "" || strings.Contains(c.Reason, "canary") {
		t.Errorf("%s %s %q", c.Outcome, c.Code, c.Reason)
	}
	if c := said(t, res, "model.listed", "m"); c.Outcome != Skipped {
		t.Errorf("model.listed %+v", c)
	}
	if c := said(t, res, "probe.auth", "n"); c.Outcome != OK {
		t.Errorf("the other deployment: %+v", c)
	}
	if res.Summary.Crashed != 1 || res.Summary.Error != 0 || res.ExitCode != fault.ExitFindings {
		t.Errorf("%+v exit %d", res.Summary, res.ExitCode)
	}
}

func TestCrashOfACheckItself(t *testing.T) {
	_, c := guard(func(s Subject) Answer { return Answer{Reason: s.In.Resolutions[len(s.In.Resolutions)].ModelName} }, Subject{In: &Input{}})
	if c == nil || !strings.Contains(c.text, "index out of range") || c.stack == "" {
		t.Errorf("%+v", c)
	}
	if _, c := guard(nothing, Subject{}); c != nil {
		t.Errorf("a crash of nothing: %+v", c)
	}
}

// A thousand deployments of twenty providers ask twenty times, all at once.
func TestIdenticalProbesAreShared(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var calls atomic.Int32
		var rs []*resolve.Resolution
		for i := range 1000 {
			rs = append(rs, deploy(fmt.Sprintf("m%d", i), fmt.Sprintf("https://h%d/v1", i%20), "k", i+1))
		}
		start := time.Now()
		var last Progress
		res := mustRun(t.Context(), t, Input{
			Resolutions: rs, Concurrency: 20, Now: time.Now,
			Probe: func(ctx context.Context, r *resolve.Resolution) wire.Probe {
				calls.Add(1)
				time.Sleep(100 * time.Millisecond)
				return good(ctx, r)
			},
			Observe: func(p Progress) { last = p },
		})
		if took := time.Since(start); calls.Load() != 20 || took != 100*time.Millisecond {
			t.Errorf("%d calls in %v, want 20 in 100ms", calls.Load(), took)
		}
		if last.Done != 20 || last.Total != 20 {
			t.Errorf("last progress %+v", last)
		}
		if c := said(t, res, "probe.auth", "m999"); c.Outcome != OK || c.DurationMS != 100 {
			t.Errorf("%+v", c)
		}
	})
}

func TestProbesDifferByKeyHostAndOrganization(t *testing.T) {
	base := deploy("m", "https://h/v1", "k", 1)
	org := deploy("m", "https://h/v1", "k", 1)
	org.Settings = map[string]resolve.Setting{"organization": {Value: "org-2"}}
	for name, r := range map[string]*resolve.Resolution{
		"key": deploy("m", "https://h/v1", "other", 1), "host": deploy("m", "https://i/v1", "k", 1), "organization": org,
	} {
		if identity(base) == identity(r) {
			t.Errorf("another %s is the same probe", name)
		}
	}
	if identity(base) != identity(deploy("another name", "https://h/v1", "k", 9)) {
		t.Error("the name of a deployment makes another probe")
	}
}

func TestConcurrencyIsALimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var now, most atomic.Int32
		var rs []*resolve.Resolution
		for i := range 40 {
			rs = append(rs, deploy(fmt.Sprintf("m%d", i), fmt.Sprintf("https://h%d/v1", i), "k", i+1))
		}
		mustRun(t.Context(), t, Input{Resolutions: rs, Now: time.Now, Probe: func(ctx context.Context, r *resolve.Resolution) wire.Probe {
			n := now.Add(1)
			most.Store(max(most.Load(), n))
			time.Sleep(time.Second)
			now.Add(-1)
			return good(ctx, r)
		}})
		if most.Load() != 16 {
			t.Errorf("%d at once, want 16", most.Load())
		}
	})
}

// One provider that never answers costs its own time limit and nothing else;
// a run that is cut off keeps what it knows.
func TestTimeLimits(t *testing.T) {
	rs := []*resolve.Resolution{deploy("fast", "https://fast/v1", "k", 1), deploy("dead", "https://dead/v1", "k", 9)}
	probe := func(ctx context.Context, r *resolve.Resolution) wire.Probe {
		if r.ModelName == "dead" {
			<-ctx.Done()
			return wire.Probe{Code: "net.timeout", Err: &fault.Err{Code: "net.timeout"}}
		}
		return good(ctx, r)
	}
	t.Run("of a probe", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			var slow []string
			res := mustRun(t.Context(), t, Input{Resolutions: rs, Probe: probe, ProbeTimeout: 5 * time.Second, Now: time.Now, Observe: func(p Progress) {
				if len(p.Slow) > 0 {
					slow = p.Slow
				}
			}})
			if c := said(t, res, "probe.auth", "dead"); c.Code != "net.timeout" || c.DurationMS != 5000 {
				t.Errorf("%+v", c)
			}
			if len(slow) != 1 || slow[0] != "dead" {
				t.Errorf("slow %v", slow)
			}
		})
	})
	t.Run("of the run", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
			defer cancel()
			deaf := make(chan struct{})
			defer close(deaf)
			hang := func(ctx context.Context, r *resolve.Resolution) wire.Probe {
				if r.ModelName == "dead" {
					<-deaf // and to its context
				}
				return good(ctx, r)
			}
			start := time.Now()
			res := mustRun(ctx, t, Input{Resolutions: rs, Probe: hang, Now: time.Now})
			if time.Since(start) != 3*time.Second || res.ExitCode != fault.ExitTimeout {
				t.Errorf("exit %d after %v", res.ExitCode, time.Since(start))
			}
			if c := said(t, res, "probe.auth", "fast"); c.Outcome != OK {
				t.Errorf("what was known is lost: %+v", c)
			}
			if c := said(t, res, "probe.auth", "dead"); c.Outcome != Skipped || c.Code != "run.timeout" {
				t.Errorf("%+v", c)
			}
		})
	})
	t.Run("interrupt", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			go func() { time.Sleep(time.Second); cancel() }()
			res := mustRun(ctx, t, Input{Resolutions: rs, Probe: probe, Now: time.Now})
			if res.ExitCode != fault.ExitInterrupted {
				t.Errorf("exit %d", res.ExitCode)
			}
			if c := said(t, res, "probe.auth", "fast"); c.Outcome != OK {
				t.Errorf("%+v", c)
			}
		})
	})
}

func TestListed(t *testing.T) {
	ids := []string{"claude-sonnet-4-5-20250929", "gpt-4o", "gpt-4o-2024-08-06", "gpt-4o-mini", "llama3:latest", "meta/llama-3.1-8b", "models/gemini-2.5-pro", "mistral-large-2411"}
	for name, want := range map[string]string{
		"gpt-4o": "gpt-4o", "GPT-4o-mini": "gpt-4o-mini", "claude-sonnet-4-5": "claude-sonnet-4-5-20250929", "claude-sonnet-4-5-latest": "claude-sonnet-4-5-20250929",
		"llama3": "llama3:latest", "llama-3.1-8b": "meta/llama-3.1-8b", "gemini-2.5-pro": "models/gemini-2.5-pro", "mistral-large-latest": "mistral-large-2411",
		"gpt-4": "", "gpt-4o-min": "", "claude-sonnet-4": "", "": "",
	} {
		if name == "" {
			continue
		}
		if got := listed(ids, name); got != want {
			t.Errorf("listed(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestModelListed(t *testing.T) {
	probe := func(models []string, complete bool) func(context.Context, *resolve.Resolution) wire.Probe {
		return func(context.Context, *resolve.Resolution) wire.Probe {
			return wire.Probe{OK: true, Grade: fault.Proven, Models: models, Complete: complete}
		}
	}
	for _, tc := range []struct {
		name, model string
		models      []string
		complete    bool
		want        Outcome
	}{
		{"there", "gpt-4o", []string{"gpt-4o"}, true, OK},
		{"not there", "gpt-5o", []string{"gpt-4o"}, true, Warning},
		{"first page only", "gpt-5o", []string{"gpt-4o"}, false, Skipped},
		{"no list", "gpt-4o", nil, false, Skipped},
		{"wildcard", "*", []string{"gpt-4o"}, true, Skipped},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r := deploy("m", "https://h/v1", "k", 4)
			r.Upstream = tc.model
			res := mustRun(context.Background(), t, Input{Resolutions: []*resolve.Resolution{r}, Probe: probe(tc.models, tc.complete)})
			c := said(t, res, "model.listed", "m")
			if c.Outcome != tc.want {
				t.Errorf("%+v", c)
			}
			if tc.want == Warning && (c.Code != "model.not-listed" || !strings.Contains(res.Findings[0].Detail, "gpt-4o")) {
				t.Errorf("%s %+v", c.Code, res.Findings)
			}
		})
	}
}

func TestGlob(t *testing.T) {
	for _, tc := range []struct {
		pattern, text string
		want          bool
	}{
		{"a", "a", true}, {"a", "ab", false}, {"*", "", true}, {"key.*", "key.missing", true}, {"*/two", "us/two", true},
		{"a*b*c", "a-b-b-c", true}, {"a*b*c", "a-c-b", false}, {"a*a", "a", false}, {"", "", true}, {"", "x", false},
	} {
		if got := glob(tc.pattern, tc.text); got != tc.want {
			t.Errorf("glob(%q, %q) = %v", tc.pattern, tc.text, got)
		}
	}
}

func BenchmarkRun(b *testing.B) {
	var rs []*resolve.Resolution
	for i := range 10000 {
		rs = append(rs, noted(deploy(fmt.Sprintf("m%d", i), fmt.Sprintf("https://h%d/v1", i%20), "k", i*10), "key.shadowed", i*10))
	}
	for b.Loop() {
		_, _ = Run(context.Background(), Input{Resolutions: rs, Offline: true, Now: clock()})
	}
}
