package resolve

import (
	"encoding/json"
	"fmt"
	"math/rand"
	"strings"
	"testing"
	"testing/quick"

	"github.com/llmctl/llmctl/pkg/fault"
	"github.com/llmctl/llmctl/pkg/secret"
)

// canary is looked for in everything that can be printed of a Resolution.
const canary = "CANARY4711secret"

// Keys in every source, whole and broken: none of them can be printed.
func TestNoKeyIsPrinted(t *testing.T) {
	forms := []string{
		"sk-ant-api03-" + canary, `"sk-ant-api03-` + canary + `"`, "Bearer " + canary, "https://u:" + canary + "@h.example.com", "sk-" + canary + "\u200b",
		"${" + canary + "x", canary + " " + canary, "sk-" + canary + "***", "os.environ/", canary,
	}
	for _, f := range forms {
		yaml := strings.ReplaceAll(`
model_list:
  - model_name: a
    litellm_params: {model: anthropic/claude, api_key: '@@', extra_headers: {Authorization: 'Bearer @@', X-Api-Key: '@@'}}
  - model_name: b
    litellm_params: {model: anthropic/claude, api_base: 'https://user:CANARY4711secret@h.example.com/v1?key=CANARY4711secret', api_key: '@@'}
  - model_name: c
    litellm_params: {model: anthropic/claude, api_base: 'https://gw.example.com', litellm_credential_name: c}
  - model_name: d
    litellm_params: {model: anthropic/claude}
credential_list:
  - {credential_name: c, credential_values: {api_key: '@@'}}
environment_variables: {ANTHROPIC_API_KEY: '@@'}
litellm_settings: {anthropic_key: '@@', api_key: '@@'}
`, "@@", strings.ReplaceAll(f, "'", "''"))
		w := world{t: t, yaml: yaml, env: []string{"ANTHROPIC_API_KEY=" + f, "ANTHROPIC_AUTH_TOKEN=" + f}, dotenv: []string{"ANTHROPIC_API_KEY=" + f + "x"}, store: []string{"anthropic=" + f}, key: "K=" + f}
		for _, with := range []func(*world){func(*world) {}, func(w *world) { w.key = "" }, func(w *world) { w.key, w.env = "", nil }} {
			with(&w)
			for _, p := range []Policy{Explicit, EnvFirst} {
				all := Deployments(w.snapshot(), tables(), p)
				if len(all) != 4 || len(all[0].Trace["api_key"]) == 0 {
					t.Fatal("nothing to look at")
				}
				for _, r := range all {
					silent(t, r)
				}
			}
		}
	}
}

func silent(t *testing.T, r *Resolution) {
	t.Helper()
	doc, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	out := []string{fmt.Sprintf("%+v", r), fmt.Sprintf("%#v", *r), fmt.Sprintf("%v %v", r.Trace, r.Notes), string(doc), r.ChatURL(), r.Host(), fmt.Sprint(r.Err())}
	if !strings.Contains(out[0], "anthropic") || !strings.Contains(string(doc), "anthropic") {
		t.Fatal("the printing is empty")
	}
	for i, o := range out {
		if strings.Contains(o, canary) {
			at := strings.Index(o, canary)
			t.Errorf("%s, printing %d: …%s…", r.ModelName, i, o[max(0, at-60):min(len(o), at+40)])
		}
	}
}

// texts are what people and accidents put into settings.
func texts() []string {
	return []string{
		"", " ", "x", "sk-ant-api03-abcdef1", "os.environ/ANTHROPIC_API_KEY", "os.environ/", "env:A", "file:", "file:x", "cmd:", "${X}", "{region}", "{", "}", "{}",
		"https://api.anthropic.com", "http://localhost:1", "https://h.example.com/v1/{region}?a={b}", "://", "https://[::1", "https://%zz", "a/b/c", "/", "//", "anthropic/", "*", "a/*",
		"\x00", "\xff\xfe", "é", "🙂", "\r\n", "https://h/" + strings.Repeat("a/", 200), strings.Repeat("{", 50), "null", "[1,2]", "{a: b}", "&a [*a]", "arn:aws:bedrock:", "us-east-1/", "models/",
	}
}

// Resolve answers for any snapshot, always the same, and never with two keys.
func TestTotal(t *testing.T) {
	all := texts()
	rowsOf := rows()
	try := func(seed int64) bool {
		rnd := rand.New(rand.NewSource(seed))
		one := func() string { return all[rnd.Intn(len(all))] }
		w := world{base: one(), refs: map[string]string{"file:x": one()}, errs: map[string]*fault.Err{one(): {Code: "key.unresolved"}}}
		for range rnd.Intn(6) {
			row := rowsOf[rnd.Intn(len(rowsOf))]
			for _, name := range append(append([]string{"A", "AWS_REGION"}, row.Keys...), row.Bases...) {
				w.env = append(w.env, name+"="+one())
				w.dotenv = append(w.dotenv, name+"="+one())
			}
			w.store = append(w.store, row.Name+"="+one())
		}
		w.yaml = "model_list:\n"
		for range rnd.Intn(4) {
			q := func() string { b, _ := json.Marshal(one()); return string(b) }
			w.yaml += "  - {model_name: " + q() + ", litellm_params: {model: " + q() + ", api_base: " + q() + ", api_key: " + q() +
				", aws_region_name: " + q() + ", custom_llm_provider: " + q() + ", litellm_credential_name: " + q() + ", extra_headers: {X: " + q() + "}}}\n"
		}
		if rnd.Intn(2) == 0 {
			w.key = "K=" + one()
		}
		w.yaml += "litellm_settings: {api_key: x1, api_base: 'https://g.example.com'}\n"
		s := w.snapshot()
		p := []Policy{Explicit, EnvFirst, "", "nonsense"}[rnd.Intn(4)]
		name := []string{one(), rowsOf[rnd.Intn(len(rowsOf))].Name + "/" + one()}[rnd.Intn(2)]
		got := Resolve(s, tables(), p, name)
		again := Resolve(s, tables(), p, name)
		got, again = append(got, Deployments(s, tables(), p)...), append(again, Deployments(s, tables(), p)...)
		if len(got) == 0 || strings.Join(strip(got), "\n") != strings.Join(strip(again), "\n") {
			t.Logf("seed %d: two answers", seed)
			return false
		}
		for _, r := range got {
			if !sound(t, r) {
				t.Logf("seed %d", seed)
				return false
			}
		}
		return true
	}
	if err := quick.Check(try, &quick.Config{MaxCount: 400, Rand: rand.New(rand.NewSource(1))}); err != nil {
		t.Error(err)
	}
}

// sound holds for every Resolution.
func sound(t *testing.T, r *Resolution) bool {
	ok := true
	bad := func(why string) { ok = false; t.Logf("%s: %s", r.ModelName, why) }
	for name, cs := range r.Trace {
		used := 0
		for i, c := range cs {
			if c.Rank != i+1 {
				bad("rank of " + name)
			}
			if c.State == Used {
				used++
			}
			if c.State == "" || c.Origin.Layer == "" {
				bad("an empty candidate of " + name)
			}
		}
		if used > 1 {
			bad("two in use: " + name)
		}
	}
	if r.Err() == nil && r.Base.Value == "" {
		bad("callable without an address")
	}
	if r.Err() == nil && r.Upstream != "" && r.Provider.ChatPath != "" && r.ChatURL() == "" {
		bad("callable without a URL: " + r.Base.Value)
	}
	if u := r.ChatURL(); u != "" && parseBase(u) == nil {
		bad("no URL: " + u)
	}
	if _, u, ok := r.ProbeURL(); ok && parseBase(u) == nil {
		bad("no probe URL: " + u)
	}
	if r.Err() != nil && note1(r, r.Err().Code) == nil {
		bad("an error without a note")
	}
	for _, n := range r.Notes {
		if row, known := fault.Lookup(n.Code); !known || n.Title != row.Title && n.Title == "" {
			bad("unknown code " + string(n.Code))
		}
	}
	return ok
}

// The zero snapshot and tables are an answer too.
func TestNothing(t *testing.T) {
	for _, r := range append(Resolve(nil, Tables{}, "", "a/b"), Resolve(&Snapshot{}, Tables{}, Explicit, "")...) {
		if r.Err() == nil {
			t.Errorf("%q is callable", r.ModelName)
		}
	}
	if got := Deployments(nil, Tables{}, ""); got == nil || len(got) != 0 {
		t.Errorf("%v", got)
	}
	_ = secret.Secret{}
}

func FuzzParseRef(f *testing.F) {
	for _, s := range append(texts(), "anthropic/claude-sonnet-4-5", "openrouter/anthropic/claude", " openai / gpt-4o ", "gpt-4o") {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		r := ParseRef(s)
		if strings.Contains(r.Provider, "/") || strings.TrimSpace(r.Model) != r.Model {
			t.Errorf("%q: %+v", s, r)
		}
		if r.Provider != "" && ParseRef(r.String()) != r {
			t.Errorf("%q: %+v is not read back from %q", s, r, r.String())
		}
	})
}

func TestParseRef(t *testing.T) {
	for in, want := range map[string]Ref{
		"anthropic/claude": {"anthropic", "claude"}, "openrouter/a/b": {"openrouter", "a/b"}, "gpt-4o": {"", "gpt-4o"}, "": {}, "/x": {"", "x"}, "x/": {"x", ""}, " a / b ": {"a", "b"},
	} {
		if got := ParseRef(in); got != want {
			t.Errorf("%q: %+v", in, got)
		}
	}
}
