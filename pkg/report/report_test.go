package report

import (
	"bytes"
	"encoding/json"
	"flag"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/charmbracelet/lipgloss"

	"github.com/llmctl/llmctl/pkg/check"
	"github.com/llmctl/llmctl/pkg/config"
	"github.com/llmctl/llmctl/pkg/fault"
	"github.com/llmctl/llmctl/pkg/llm"
	"github.com/llmctl/llmctl/pkg/resolve"
	"github.com/llmctl/llmctl/pkg/secret"
)

func TestMain(m *testing.M) {
	flag.Bool("update", false, "write the golden files instead of comparing with them")
	flag.Parse()
	os.Exit(m.Run())
}

const canary = "sk-canary-0123456789abcdef"

// resolution is a deployment as package resolve would make it.
func resolution(name, provider, host string, line int) *resolve.Resolution {
	yes, no := true, false
	env := resolve.Origin{Layer: resolve.Env, Name: "OPENAI_API_KEY"}
	dotenv := resolve.Origin{Layer: resolve.DotEnv, Name: "OPENAI_API_KEY", File: ".env", Line: 3, Column: 16}
	key := resolve.Origin{Layer: resolve.Deployment, Name: "api_key", File: "config.yaml", Line: line + 3, Column: 16, Via: &dotenv}
	base := resolve.Origin{Layer: resolve.Deployment, Name: "api_base", File: "config.yaml", Line: line + 4, Column: 17}
	r := &resolve.Resolution{
		ModelName: name, Model: provider + "/model-one", Group: name, Upstream: "model-one", Policy: resolve.Explicit,
		Location: fault.Location{File: "config.yaml", Line: line, Column: 5},
		Key:      secret.New(canary), KeyKind: "openai-project", KeyOrigin: key,
		Base: resolve.Setting{Value: "https://" + host + "/v1", Origin: base},
		Trace: map[string][]resolve.Candidate{
			"api_key": {
				{Rank: 1, State: resolve.Used, Key: secret.New(canary), Origin: key},
				{Rank: 2, State: resolve.Shadowed, Differs: &yes, Key: secret.New(canary + "-other"), Origin: env},
				{Rank: 3, State: resolve.Shadowed, Differs: &no, Key: secret.New(canary), Origin: dotenv},
				{Rank: 4, State: resolve.Empty, Origin: resolve.Origin{Layer: resolve.EnvVariables, Name: "OPENAI_API_KEY", File: "config.yaml", Line: 2}},
				{Rank: 5, State: resolve.Unset, Origin: resolve.Origin{Layer: resolve.KeyStore, Name: provider}},
			},
			"api_base": {
				{Rank: 1, State: resolve.Used, Value: "https://" + host + "/v1", Origin: base},
				{Rank: 2, State: resolve.Unresolved, Origin: resolve.Origin{Layer: resolve.Credential, Name: "api_base", File: "config.yaml", Line: 60}, Reason: "GATEWAY_BASE is not set"},
				{Rank: 3, State: resolve.Shadowed, Differs: &yes, Value: "https://api.example.com/v1", Origin: resolve.Origin{Layer: resolve.Default, Name: provider}},
			},
		},
		Other: []resolve.Choice{{Policy: resolve.EnvFirst, Key: secret.New(canary + "-other"), KeyFrom: env, Base: resolve.Setting{Value: "https://" + host + "/v1", Origin: base}, Differs: true}},
	}
	r.Provider.Name, r.Provider.Wire, r.Provider.ChatPath = provider, "openai-chat", "/chat/completions"
	return r
}

func keyless(name string, line int) *resolve.Resolution {
	r := resolution(name, "ollama", "localhost:11434", line)
	r.Key, r.KeyKind, r.KeyOrigin, r.Other = secret.Secret{}, "", resolve.Origin{}, nil
	r.Base.Value = "http://localhost:11434"
	r.Trace["api_key"] = []resolve.Candidate{{Rank: 1, State: resolve.Refused, Key: secret.New(canary), Origin: resolve.Origin{Layer: resolve.Env, Name: "OPENAI_API_KEY"}, Reason: "a local server gets no key from the environment"}}
	return r
}

func finding(code fault.Code, deployment, detail string, at *fault.Location, commands ...string) fault.Finding {
	f := fault.New(code, detail)
	// The columns of the table may be reworded; a golden file must not notice.
	f.Title, f.Fix.Summary = "the title of "+string(code), "do what "+string(code)+" asks for"
	f.Deployment, f.Location, f.Fix.Commands = deployment, at, append([]string{}, commands...)
	return f
}

func at(file string, line int, snippet string) *fault.Location {
	return &fault.Location{File: file, Line: line, Column: 7, Snippet: snippet}
}

// sample is a doctor's document with one of everything.
func sample() Doctor {
	in := check.Input{
		Config:   &config.Config{Path: "config.yaml", Files: []config.File{{Path: "config.yaml", Status: config.Read}, {Path: "more.yaml", Status: config.NotFound}}},
		EnvFiles: []resolve.EnvFile{{Path: ".env", Status: "read", Entries: make([]resolve.Entry, 3)}, {Path: "/home/ada/.env", Status: "unreadable", Reason: "permission denied"}},
		Resolutions: []*resolve.Resolution{
			resolution("gpt", "openai", "api.openai.com", 4), resolution("a-rather-long-name-for-a-gateway", "openai", "llm.gateway.internal.example.com", 12),
			resolution("pool", "groq", "api.groq.com", 20), resolution("pool", "groq", "api.groq.com", 28), keyless("local", 36),
		},
	}
	rejected := finding("auth.rejected", "pool", "GET https://api.groq.com/openai/v1/models answered 401: Invalid API Key; the key is fp:00000000 from GROQ_API_KEY in /home/ada/.env:3", at("/home/ada/.env", 3, ""), "llmctl keys why pool")
	rejected.Evidence = []fault.Evidence{{Kind: "http", Method: "GET", URL: "https://api.groq.com/openai/v1/models", Status: 401, RequestID: "req_1", DecidedBy: "status 401"}}
	second := rejected
	second.Deployment = "fallback"
	ignored := finding("config.literal-key", "gpt", "", at("config.yaml", 7, ""))
	ignored.Ignored = &fault.Ignore{By: "config.yaml:6", Reason: "a test key"}
	res := check.Result{
		ExitCode: fault.ExitFindings, ExitReason: "3 errors",
		Summary: check.Summary{OK: 7, Warning: 2, Error: 3, Unknown: 1, Skipped: 3, Info: 2, Ignored: 1},
		Checks: []check.Checked{
			{ID: "config.read", Outcome: check.OK, Reason: "config.yaml"},
			{ID: "config.lint", Outcome: check.Warning, Code: "config.unknown-key", Reason: "an unknown setting"},
			{ID: "key.source", Deployment: "gpt", Place: "config.yaml:4", Outcome: check.OK, Reason: "fp:00000000 from OPENAI_API_KEY in .env:3"},
			{ID: "probe.auth", Deployment: "gpt", Place: "config.yaml:4", Outcome: check.OK, Grade: fault.Proven, Reason: "accepted by api.openai.com", DurationMS: 212},
			{ID: "probe.auth", Deployment: "a-rather-long-name-for-a-gateway", Place: "config.yaml:12", Outcome: check.Unknown, Code: "probe.unproven", Grade: fault.Unproven, DurationMS: 80},
			{ID: "probe.auth", Deployment: "pool", Place: "config.yaml:20", Outcome: check.Error, Code: "auth.rejected", DurationMS: 90},
			{ID: "model.listed", Deployment: "pool", Place: "config.yaml:20", Outcome: check.Skipped, Code: "auth.rejected", Reason: "needs probe.auth (auth.rejected)"},
			{ID: "probe.auth", Deployment: "pool", Place: "config.yaml:28", Outcome: check.Skipped, Code: "key.missing", Reason: "needs key.source (key.missing)"},
			{ID: "model.listed", Deployment: "pool", Place: "config.yaml:28", Outcome: check.Skipped, Code: "key.missing", Reason: "needs key.source (key.missing)"},
			{ID: "probe.auth", Deployment: "local", Place: "config.yaml:36", Outcome: check.Info, Code: "probe.no-credential", Grade: fault.ReachableOnly, DurationMS: 3},
		},
		Findings: []fault.Finding{
			finding("base.hole", "gpt", "{region} is not known", at("config.yaml", 9, "      api_base: https://{region}.example.com"), "export REGION=…", "api_base: https://eu.example.com"),
			rejected, second,
			finding("key.unresolved", "a-rather-long-name-for-a-gateway", "api_key at config.yaml:15: GATEWAY_KEY is not set in the environment, .env", at("config.yaml", 15, ""), "export GATEWAY_KEY=…"),
			finding("key.unresolved", "another-rather-long-name", "api_key at config.yaml:95: GATEWAY_KEY is not set in the environment, .env", at("config.yaml", 95, ""), "export GATEWAY_KEY=…"),
			finding("key.unresolved", "a-third-one", "api_key at config.yaml:105: GATEWAY_KEY is not set in the environment, .env", at("config.yaml", 105, ""), "export GATEWAY_KEY=…"),
			finding("key.unresolved", "pool", "api_key at config.yaml:25: POOL_KEY is not set in the environment, .env", at("config.yaml", 25, ""), "export POOL_KEY=…"),
			finding("probe.unproven", "a-rather-long-name-for-a-gateway", "https://llm.gateway.internal.example.com/v1/models accepts a wrong key as well", at("config.yaml", 12, "")),
			finding("config.unknown-key", "", "api_bse: did you mean api_base?", at("config.yaml", 15, "      api_bse: https://llm.gateway.internal.example.com/v1")),
			finding("config.unknown-key", "pool", "rmp: did you mean rpm?", at("config.yaml", 25, "      rmp: 5")),
			finding("config.duplicate-model", "pool", "2 deployments", at("config.yaml", 20, "")),
			finding("probe.no-credential", "local", "localhost:11434", at("config.yaml", 36, "")),
			ignored,
		},
	}
	return NewDoctor("1.2.3", in, res)
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if flag.Lookup("update").Value.String() == "true" {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs; look at it, then run go test ./pkg/report -update\n%s", path, got)
	}
}

func TestGolden(t *testing.T) {
	d := sample()
	k := NewKeys("1.2.3", []*resolve.Resolution{resolution("gpt", "openai", "api.openai.com", 4), keyless("local", 36)})
	for name, print := range map[string]func(io.Writer) error{
		"doctor.json":       func(w io.Writer) error { return JSON(w, d) },
		"doctor-80.txt":     func(w io.Writer) error { return DoctorText(w, d, Style{Width: 80, Home: "/home/ada"}) },
		"doctor-120.txt":    func(w io.Writer) error { return DoctorText(w, d, Style{Width: 120, Home: "/home/ada"}) },
		"doctor-v.txt":      func(w io.Writer) error { return DoctorText(w, d, Style{Width: 100, Verbose: true, Home: "/home/ada"}) },
		"keys.json":         func(w io.Writer) error { return JSON(w, k) },
		"keys-list-80.txt":  func(w io.Writer) error { return KeysList(w, k, Style{Width: 80}) },
		"keys-list-120.txt": func(w io.Writer) error { return KeysList(w, k, Style{Width: 120}) },
		"keys-why-80.txt":   func(w io.Writer) error { return KeysWhy(w, k, Style{Width: 80}) },
		"lint-80.txt":       func(w io.Writer) error { return Findings(w, "lint", d.Findings, Style{Width: 80}) },
		"error.json": func(w io.Writer) error {
			return JSON(w, NewFailure(&fault.Err{Code: "usage.invalid", Subject: "--only", Message: "no check is called x", Hint: "see --list-checks"}))
		},
		"chat.json": func(w io.Writer) error {
			n := 12
			c := NewChat("1.2.3", resolution("gpt", "openai", "api.openai.com", 4), llm.Reply{Text: "a < b & c", Finish: llm.FinishStop, Complete: true, Usage: llm.Usage{Input: &n}, RequestID: "req_1"}, Timing{FirstByteMS: 80, FirstTokenMS: 120, TotalMS: 900})
			return JSON(w, c)
		},
	} {
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			if err := print(&b); err != nil {
				t.Fatal(err)
			}
			golden(t, name, b.Bytes())
		})
	}
}

func documents() map[string]any {
	return map[string]any{
		"doctor": sample(), "empty doctor": NewDoctor("", check.Input{}, check.Result{}),
		"keys": NewKeys("", []*resolve.Resolution{resolution("gpt", "openai", "api.openai.com", 4)}), "empty keys": NewKeys("", nil),
		"bare deployment": NewKeys("", []*resolve.Resolution{{}}),
		"chat":            NewChat("", &resolve.Resolution{}, llm.Reply{}, Timing{}),
		"error":           NewFailure(&fault.Err{Code: "usage.invalid"}),
		"bare finding":    NewDoctor("", check.Input{}, check.Result{Findings: []fault.Finding{{Code: "key.missing"}}}),
	}
}

// Every list of every document is there, every name is snake_case, and the
// schema stands first.
func TestDocumentsKeepTheRules(t *testing.T) {
	snake := regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
	for name, doc := range documents() {
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			if err := JSON(&b, doc); err != nil {
				t.Fatal(err)
			}
			if !strings.HasPrefix(b.String(), "{\n  \"schema\": \"llmctl.") {
				t.Errorf("the schema does not stand first: %.40s", b.String())
			}
			seen := 0
			walk(t, reflect.ValueOf(doc), name, func(path, field string) {
				seen++
				if !snake.MatchString(field) {
					t.Errorf("%s: %q is not snake_case", path, field)
				}
			})
			if seen < 3 {
				t.Errorf("only %d fields were looked at", seen)
			}
		})
	}
}

func walk(t *testing.T, v reflect.Value, path string, see func(path, field string)) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			walk(t, v.Elem(), path, see)
		}
	case reflect.Slice:
		if v.IsNil() {
			t.Errorf("%s is null", path)
		}
		for i := range v.Len() {
			walk(t, v.Index(i), path, see)
		}
	case reflect.Map:
		if v.IsNil() {
			t.Errorf("%s is null", path)
		}
		for _, k := range v.MapKeys() {
			walk(t, v.MapIndex(k), path, see)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			tag, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
			if tag == "-" {
				continue
			}
			see(path, tag)
			walk(t, v.Field(i), path+"."+tag, see)
		}
	default:
	}
}

func texts(t *testing.T, s Style) map[string]string {
	t.Helper()
	d := sample()
	k := NewKeys("1.2.3", []*resolve.Resolution{resolution("gpt", "openai", "api.openai.com", 4), keyless("local", 36)})
	out := map[string]string{"progress": Progress(check.Progress{Done: 3, Total: 40, Running: []string{"a", "b", "c", "d", "e"}, Slow: []string{"a-rather-long-name-for-a-gateway"}}, s)}
	for name, print := range map[string]func(io.Writer) error{
		"doctor": func(w io.Writer) error { return DoctorText(w, d, s) },
		"list":   func(w io.Writer) error { return KeysList(w, k, s) },
		"why":    func(w io.Writer) error { return KeysWhy(w, k, s) },
		"lint":   func(w io.Writer) error { return Findings(w, "lint", d.Findings, s) },
		"checks": func(w io.Writer) error { return Checks(w, check.All(), s) },
		"error": func(w io.Writer) error {
			return ErrorText(w, &fault.Err{Code: "key.missing", Subject: "m", Message: "looked everywhere"}, s)
		},
	} {
		var b bytes.Buffer
		if err := print(&b); err != nil {
			t.Fatal(err)
		}
		if b.Len() == 0 {
			t.Fatalf("%s prints nothing", name)
		}
		out[name] = b.String()
	}
	return out
}

// No line is wider than the page. A command is not broken, nor is one long
// word, nor the two kinds of line that people search for.
func TestLinesFit(t *testing.T) {
	for _, width := range []int{60, 80, 100, 120, 200} {
		for _, verbose := range []bool{false, true} {
			for name, text := range texts(t, Style{Width: width, Verbose: verbose, Home: "/home/ada"}) {
				for _, line := range strings.Split(text, "\n") {
					if lipgloss.Width(line) > width && len(strings.Fields(line)) > 2 && !strings.Contains(line, "$ ") && !strings.HasPrefix(line, "doctor: ") && name != "error" {
						t.Errorf("%s at %d: %d columns: %s", name, width, lipgloss.Width(line), line)
					}
				}
			}
		}
	}
}

// Colour says nothing that the text does not say.
func TestColourOnlyRepeats(t *testing.T) {
	escape, tail := regexp.MustCompile("\x1b\\[[0-9;]*m"), regexp.MustCompile(` +\n`)
	plain, coloured := texts(t, Style{Width: 80}), texts(t, Style{Width: 80, Color: true})
	for name := range plain {
		if strings.Contains(plain[name], "\x1b") {
			t.Errorf("%s has colour that nobody asked for", name)
		}
		if name != "progress" && !strings.Contains(coloured[name], "\x1b[") {
			t.Errorf("%s has no colour", name)
		}
		trim := func(s string) string {
			return tail.ReplaceAllString(escape.ReplaceAllString(s, ""), "\n")
		}
		if trim(coloured[name]) != trim(plain[name]) {
			t.Errorf("%s says something else in colour:\n%s\n%s", name, trim(coloured[name]), plain[name])
		}
	}
}

func TestASCII(t *testing.T) {
	for name, text := range texts(t, Style{Width: 80, ASCII: true}) {
		text = strings.ReplaceAll(text, "=…", "") // a command as it was given
		for _, r := range text {
			if r > 0x7E {
				t.Errorf("%s holds %q", name, r)
				break
			}
		}
	}
}

// The page is pasted in public: no key, no home directory, and nothing in it
// that steers the terminal of whoever reads it.
func TestNothingGetsOut(t *testing.T) {
	all := texts(t, Style{Width: 120, Verbose: true, Home: "/home/ada"})
	for name, doc := range documents() {
		var b bytes.Buffer
		if err := JSON(&b, doc); err != nil {
			t.Fatal(err)
		}
		all[name+".json"] = b.String()
	}
	if !strings.Contains(all["why"], secret.New(canary).Fingerprint()) || !strings.Contains(all["doctor"], "~/.env") {
		t.Fatal("this is not the page to look at")
	}
	for name, text := range all {
		if strings.Contains(text, "canary") {
			t.Errorf("%s holds a key", name)
		}
	}
	if strings.Contains(all["doctor"], "/home/ada") || strings.Contains(all["lint"], "/home/ada") {
		t.Error("the home directory is named")
	}
	f := finding("answer.unknown", "evil\x1b[2J", "they said \x1b]0;title\x07\u202ereversed\nnext", nil)
	var b bytes.Buffer
	if err := Findings(&b, "lint", []fault.Finding{f}, Style{Width: 80}); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), "they said") || strings.ContainsAny(b.String(), "\x1b\x07\u202e") {
		t.Errorf("%q", b.String())
	}
}

func TestSummaryLineIsLast(t *testing.T) {
	for _, d := range []Doctor{sample(), NewDoctor("", check.Input{}, check.Result{})} {
		var b bytes.Buffer
		if err := DoctorText(&b, d, Style{Width: 80}); err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n")
		if last := lines[len(lines)-1]; !regexp.MustCompile(`^doctor: \d+ ok .*\(exit \d+\)$`).MatchString(last) {
			t.Errorf("the last line is %q", last)
		}
	}
}

// A deployment whose check only warns, or was skipped, does not look proven.
func TestStanding(t *testing.T) {
	for _, tc := range []struct {
		name   string
		checks []check.Checked
		want   standing
	}{
		{"proven", []check.Checked{{ID: "key.source", Outcome: check.OK}, {ID: "probe.auth", Outcome: check.OK, Grade: fault.Proven}}, standing{check.OK, "proven"}},
		{"offline", []check.Checked{{ID: "key.source", Outcome: check.OK}, {ID: "probe.auth", Outcome: check.Skipped}}, standing{check.Skipped, "not probed"}},
		{"reachable", []check.Checked{{ID: "probe.auth", Outcome: check.Info, Grade: fault.ReachableOnly}}, standing{check.Info, "reachable-only"}},
		{"warned", []check.Checked{{ID: "key.source", Outcome: check.Warning, Code: "key.shadowed"}, {ID: "probe.auth", Outcome: check.OK, Grade: fault.Proven}}, standing{check.Warning, "proven"}},
		{"error", []check.Checked{{ID: "key.source", Outcome: check.Error, Code: "key.missing"}, {ID: "probe.auth", Outcome: check.Skipped, Code: "key.missing"}}, standing{check.Error, "key.missing"}},
		{"rejected", []check.Checked{{ID: "base.address", Outcome: check.Warning}, {ID: "probe.auth", Outcome: check.Error, Code: "auth.rejected"}}, standing{check.Error, "auth.rejected"}},
		{"unproven", []check.Checked{{ID: "probe.auth", Outcome: check.Unknown, Code: "probe.unproven", Grade: fault.Unproven}}, standing{check.Unknown, "probe.unproven"}},
	} {
		var s standing
		for _, c := range tc.checks {
			s = s.with(c)
		}
		if s != tc.want {
			t.Errorf("%s: %+v, want %+v", tc.name, s, tc.want)
		}
	}
}

// A deployment that cannot be called is no mere warning, whichever check has
// said why.
func TestWhatCannotBeCalledIsMarked(t *testing.T) {
	d := Doctor{
		Deployments: []Deployment{{ModelName: "m", Code: "config.reference-form", Location: at("c.yaml", 2, "")}},
		Checks: []check.Checked{
			{ID: "model.name", Deployment: "m", Place: "c.yaml:2", Outcome: check.Warning, Code: "model.bare"},
			{ID: "probe.auth", Deployment: "m", Place: "c.yaml:2", Outcome: check.Skipped, Code: "config.reference-form"},
		},
	}
	var b bytes.Buffer
	if err := DoctorText(&b, d, Style{}); err != nil {
		t.Fatal(err)
	}
	if !regexp.MustCompile(`(?m)^✗ config\.reference-form +m `).MatchString(b.String()) {
		t.Errorf("not marked:\n%s", b.String())
	}
}

// Without a probe, left out by --only, nothing is green.
func TestNotProbedIsNotGreen(t *testing.T) {
	d := Doctor{
		Deployments: []Deployment{{ModelName: "m", Callable: true, Location: at("c.yaml", 2, "")}, {ModelName: "n", Callable: true}},
		Checks:      []check.Checked{{ID: "key.source", Deployment: "m", Place: "c.yaml:2", Outcome: check.OK}},
	}
	var b bytes.Buffer
	if err := DoctorText(&b, d, Style{}); err != nil {
		t.Fatal(err)
	}
	if got := b.String(); strings.Count(got, "– not probed") != 2 || strings.Contains(got, "✓") {
		t.Errorf("green without a proof:\n%s", got)
	}
}

func TestFailureTakesTheHintOfItsCode(t *testing.T) {
	row, _ := fault.Lookup("key.missing")
	if f := NewFailure(&fault.Err{Code: "key.missing"}); f.Hint != row.Hint || f.ExitCode != fault.ExitNoKey || f.Hint == "" {
		t.Errorf("%+v", f)
	}
}

// A long table is folded to what differs, and -v shows it all.
func TestManyDeploymentsFold(t *testing.T) {
	var in check.Input
	for i := range 100 {
		in.Resolutions = append(in.Resolutions, resolution([]string{"fast", "smart"}[i%2], "openai", []string{"a.example", "b.example"}[i%2], 4+i))
	}
	lines := func(s Style) int {
		var b bytes.Buffer
		if err := DoctorText(&b, NewDoctor("", in, check.Result{}), s); err != nil {
			t.Fatal(err)
		}
		return strings.Count(b.String(), "example")
	}
	if folded, all := lines(Style{Width: 120}), lines(Style{Width: 120, Verbose: true}); folded != 2 || all != 100 {
		t.Errorf("%d rows folded, %d with -v", folded, all)
	}
}

// A writer that fails is told of: a closed pipe has an exit code of its own.
func TestWriteErrors(t *testing.T) {
	r, w := io.Pipe()
	_ = r.Close()
	for name, err := range map[string]error{"text": DoctorText(w, sample(), Style{}), "json": JSON(w, sample()), "list": KeysList(w, Keys{}, Style{})} {
		if err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestDocumentsAreJSON(t *testing.T) {
	var b bytes.Buffer
	if err := JSON(&b, sample()); err != nil {
		t.Fatal(err)
	}
	var back map[string]any
	if err := json.Unmarshal(b.Bytes(), &back); err != nil || back["schema"] != DoctorSchema || b.Bytes()[b.Len()-1] != '\n' {
		t.Errorf("%v %v", err, back["schema"])
	}
	for _, word := range []string{`\u003c`, `\u0026`} {
		if strings.Contains(b.String(), word) {
			t.Errorf("%s stands for a readable character", word)
		}
	}
}
