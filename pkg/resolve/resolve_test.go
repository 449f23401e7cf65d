package resolve

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/llmctl/llmctl/pkg/fault"
)

// Five sources of an Anthropic key, each with its own text, in the order of the
// explicit policy. Product: troubles, 1.
type five struct{ param, env, dotenv, upper, conf, store, provider, general string }

func theFive() five {
	return five{
		"sk-ant-api03-parameter", "sk-ant-api03-environment", "sk-ant-api03-dotenv", "sk-ant-api03-upper", "sk-ant-api03-variables",
		"sk-ant-api03-keystore", "sk-ant-api03-providerglobal", "sk-ant-api03-general",
	}
}

const claude = `
model_list:
  - model_name: claude
    litellm_params:
      model: anthropic/claude-sonnet-4-5
`

func full() world {
	sources := theFive()
	return world{
		env: []string{"ANTHROPIC_API_KEY=" + sources.env}, dotenv: []string{"# x", "ANTHROPIC_API_KEY=" + sources.dotenv},
		upper: []string{"ANTHROPIC_API_KEY=" + sources.upper}, store: []string{"anthropic=" + sources.store},
		yaml: claude + "      api_key: " + sources.param + "\nenvironment_variables:\n  ANTHROPIC_API_KEY: " + sources.conf +
			"\nlitellm_settings:\n  anthropic_key: " + sources.provider + "\n  api_key: " + sources.general + "\n",
	}
}

func (w world) with(change func(*world)) world { change(&w); return w }

func TestFiveSources(t *testing.T) {
	sources := theFive()
	cut := func(text string) func(*world) {
		return func(w *world) { w.yaml = strings.ReplaceAll(w.yaml, text, "") }
	}
	noParam := func(w *world) { w.yaml = strings.Replace(w.yaml, "      api_key: "+sources.param+"\n", "", 1) }
	noEnv := func(w *world) { w.env = nil }
	noDot := func(w *world) { w.dotenv, w.upper = nil, nil }
	steps := []struct {
		name     string
		change   func(*world)
		explicit string
		envFirst string
	}{
		{"all", func(*world) {}, sources.param, sources.env},
		{"no parameter", noParam, sources.env, sources.env},
		{"empty parameter", cut(sources.param), sources.env, sources.env},
		{"no environment", noEnv, sources.param, sources.dotenv},
		{"empty environment", func(w *world) { w.env = []string{"ANTHROPIC_API_KEY="} }, sources.param, sources.dotenv},
		{"blank environment", func(w *world) { w.env = []string{"ANTHROPIC_API_KEY=  "}; noParam(w) }, sources.dotenv, sources.dotenv},
		{"nearest .env first", func(w *world) { noEnv(w); noParam(w); w.dotenv = []string{"ANTHROPIC_API_KEY="} }, sources.upper, sources.upper},
		{"no .env", func(w *world) { noEnv(w); noParam(w); noDot(w) }, sources.conf, sources.conf},
		{"no variable", func(w *world) { noEnv(w); noParam(w); noDot(w); cut(sources.conf)(w) }, sources.store, sources.store},
		{"no variable, parameter stays", func(w *world) { noEnv(w); noDot(w); cut(sources.conf)(w) }, sources.param, sources.param},
		{"no store", func(w *world) { noEnv(w); noParam(w); noDot(w); cut(sources.conf)(w); w.store = nil }, sources.provider, sources.provider},
		{"empty provider global", func(w *world) {
			noEnv(w)
			noParam(w)
			noDot(w)
			cut(sources.conf)(w)
			w.store = nil
			cut(sources.provider)(w)
		}, sources.general, sources.general},
		{"nothing", func(w *world) { noEnv(w); noDot(w); w.store = nil; w.yaml = claude }, "", ""},
	}
	for _, s := range steps {
		for policy, want := range map[Policy]string{Explicit: s.explicit, EnvFirst: s.envFirst} {
			t.Run(s.name+"/"+string(policy), func(t *testing.T) {
				w := full().with(s.change)
				w.t = t
				r := w.one(policy, "claude")
				if want == "" {
					if code(r) != "key.missing" || !r.Key.IsZero() {
						t.Fatalf("key %v, err %v", r.Key, r.Err())
					}
					return
				}
				if r.Err() != nil || !is(r.Key, want) {
					t.Fatalf("wrong key: %s; err %v", states(r.Trace["api_key"]), r.Err())
				}
				other := s.envFirst
				if policy == EnvFirst {
					other = s.explicit
				}
				if len(r.Other) != 1 || !is(r.Other[0].Key, other) || r.Other[0].Differs != (other != want) {
					t.Errorf("other policy: %+v", r.Other)
				}
			})
		}
	}
}

func TestTrace(t *testing.T) {
	for _, c := range []struct {
		name   string
		w      world
		policy Policy
		want   string
		notes  string
	}{
		{"everything", full(), Explicit,
			"deployment:used env:shadowed! dotenv:shadowed! dotenv:shadowed! environment_variables:shadowed! keystore:shadowed! provider-global:shadowed! global:shadowed!", "key.shadowed"},
		{"everything, env first", full(), EnvFirst,
			"env:used dotenv:shadowed! dotenv:shadowed! environment_variables:shadowed! deployment:shadowed! keystore:shadowed! provider-global:shadowed! global:shadowed!", "key.shadowed"},
		{"no config", world{env: []string{"ANTHROPIC_API_KEY=a1"}}, Explicit, "env:used keystore:unset", ""},
		{"unset is listed once", world{dotenv: []string{"OTHER=1"}}, Explicit, "env:unset keystore:unset", "key.missing"},
		{"same value is no note", world{env: []string{"ANTHROPIC_API_KEY=a1"}, dotenv: []string{"ANTHROPIC_API_KEY=a1"}}, Explicit, "env:used dotenv:shadowed keystore:unset", ""},
		{"same value after trimming", world{env: []string{"ANTHROPIC_API_KEY=a1"}, dotenv: []string{`ANTHROPIC_API_KEY="a1"`}}, Explicit, "env:used dotenv:shadowed keystore:unset", ""},
		{"empty is reported", world{env: []string{"ANTHROPIC_API_KEY="}, dotenv: []string{"ANTHROPIC_API_KEY=a1"}}, Explicit, "env:empty dotenv:used keystore:unset", "key.empty"},
		{"only empty", world{env: []string{"ANTHROPIC_API_KEY="}}, Explicit, "env:empty keystore:unset", "key.missing key.empty"},
		{"flag", world{env: []string{"ANTHROPIC_API_KEY=a1"}, key: "MINE=b2"}, Explicit, "flag:used env:shadowed! keystore:unset", "key.shadowed"},
		{"flag, env first", world{env: []string{"ANTHROPIC_API_KEY=a1"}, key: "MINE=b2"}, EnvFirst, "env:used flag:shadowed! keystore:unset", "key.shadowed"},
		{"empty flag takes no other", world{env: []string{"ANTHROPIC_API_KEY=a1"}, key: "MINE="}, Explicit, "flag:unresolved env:shadowed keystore:unset", "key.unresolved"},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.w.t = t
			name := "anthropic/claude-sonnet-4-5"
			if c.w.yaml != "" {
				name = "claude"
			}
			r := c.w.one(c.policy, name)
			if got := states(r.Trace["api_key"]); got != c.want {
				t.Errorf("trace\n got %s\nwant %s", got, c.want)
			}
			if got := codes(r); got != c.notes {
				t.Errorf("notes %q, want %q", got, c.notes)
			}
			for i, cand := range r.Trace["api_key"] {
				if cand.Rank != i+1 {
					t.Errorf("rank %d at %d", cand.Rank, i)
				}
			}
		})
	}
}

func codes(r *Resolution) string {
	out := make([]string, len(r.Notes))
	for i, n := range r.Notes {
		out[i] = string(n.Code)
	}
	return strings.Join(out, " ")
}

func TestReferences(t *testing.T) {
	dep := func(key string) string { return claude + "      api_key: " + key + "\n" }
	ambient := "ANTHROPIC_API_KEY=sk-ant-api03-ambient"
	for _, c := range []struct {
		name string
		w    world
		code fault.Code
		key  string
		via  Layer
	}{
		{"litellm's form", world{env: []string{"MINE=sk-1a", ambient}, yaml: dep("os.environ/MINE")}, "", "sk-1a", Env},
		{"env:", world{dotenv: []string{"MINE=sk-1a"}, yaml: dep("env:MINE")}, "", "sk-1a", DotEnv},
		{"environment before .env", world{env: []string{"MINE=sk-1a"}, dotenv: []string{"MINE=sk-2b"}, yaml: dep("os.environ/MINE")}, "", "sk-1a", Env},
		{"empty in the environment, set in .env", world{env: []string{"MINE="}, dotenv: []string{"MINE=sk-2b"}, yaml: dep("os.environ/MINE")}, "", "sk-2b", DotEnv},
		{"environment_variables", world{yaml: dep("os.environ/MINE") + "environment_variables:\n  MINE: sk-3c\n"}, "", "sk-3c", EnvVariables},
		{"unset stops", world{env: []string{ambient}, yaml: dep("os.environ/MINE")}, "key.unresolved", "", ""},
		{"empty stops", world{env: []string{"MINE=", ambient}, yaml: dep("os.environ/MINE")}, "key.unresolved", "", ""},
		{"circle in environment_variables stops", world{yaml: dep("os.environ/A") + "environment_variables:\n  A: os.environ/B\n  B: os.environ/A\n"}, "key.unresolved", "", ""},
		{"file", world{refs: map[string]string{"file:~/k": "sk-4d"}, yaml: dep("file:~/k")}, "", "sk-4d", Deployment},
		{"file that was not read", world{env: []string{ambient}, yaml: dep("file:~/k")}, "key.unresolved", "", ""},
		{"command that may not run", world{env: []string{ambient}, yaml: dep("'cmd:pass x'"),
			errs: map[string]*fault.Err{"cmd:pass x": {Code: "key.exec-refused", Message: "not run"}}}, "key.exec-refused", "", ""},
		{"not a text", world{env: []string{ambient}, yaml: dep("[a, b]")}, "key.unresolved", "", ""},
		{"null is unset", world{env: []string{ambient}, yaml: dep("null")}, "", "sk-ant-api03-ambient", ""},
		{"credential", world{env: []string{ambient}, yaml: claude + "      litellm_credential_name: c1\ncredential_list:\n  - credential_name: c1\n    credential_values:\n      api_key: sk-5e\n"}, "", "sk-5e", ""},
		{"credential that is not there", world{env: []string{ambient}, yaml: claude + "      litellm_credential_name: c2\n"}, "config.credential-undefined", "", ""},
		{"parameter before credential", world{yaml: dep("sk-6f") + "      litellm_credential_name: c1\ncredential_list:\n  - credential_name: c1\n    credential_values:\n      api_key: sk-5e\n"}, "", "sk-6f", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.w.t = t
			r := c.w.one(Explicit, "claude")
			if code(r) != c.code || !is(r.Key, c.key) {
				t.Fatalf("err %v, %s", r.Err(), states(r.Trace["api_key"]))
			}
			if c.via != "" && (r.KeyOrigin.Via == nil || r.KeyOrigin.Via.Layer != c.via || r.KeyOrigin.Layer != Deployment) {
				t.Errorf("origin %s", r.KeyOrigin)
			}
		})
	}
}

// An unresolved base never becomes the default host.
func TestBaseStops(t *testing.T) {
	for name, params := range map[string]string{
		"api_base":   "      api_base: os.environ/GATEWAY\n",
		"base_url":   "      base_url: os.environ/GATEWAY\n",
		"credential": "      litellm_credential_name: c\ncredential_list:\n  - credential_name: c\n    credential_values: {api_base: os.environ/GATEWAY}\n",
	} {
		t.Run(name, func(t *testing.T) {
			w := world{t: t, env: []string{"ANTHROPIC_API_KEY=sk-ant-api03-a", "ANTHROPIC_BASE_URL=https://other.example.com"}, yaml: claude + params}
			r := w.one(Explicit, "claude")
			if code(r) != "base.unresolved" || r.Base.Value != "" || r.ChatURL() != "" {
				t.Errorf("base %q, err %v, url %q", r.Base.Value, r.Err(), r.ChatURL())
			}
			if n := note1(r, "base.unresolved"); n == nil || n.Location == nil || n.Location.File != "config.yaml" || n.Location.Line < 5 {
				t.Errorf("place: %+v", n)
			}
		})
	}
}

func TestBaseOrder(t *testing.T) {
	yaml := claude + "      api_base: https://param.example.com\nlitellm_settings:\n  api_base: https://global.example.com\n"
	noParam := claude + "litellm_settings:\n  api_base: https://global.example.com\n"
	for _, c := range []struct {
		name   string
		w      world
		policy Policy
		want   string
	}{
		{"flag", world{base: "https://flag.example.com/", yaml: yaml, env: []string{"ANTHROPIC_BASE_URL=https://env.example.com"}}, Explicit, "https://flag.example.com"},
		{"param", world{yaml: yaml, env: []string{"ANTHROPIC_BASE_URL=https://env.example.com"}}, Explicit, "https://param.example.com"},
		{"env first", world{base: "https://flag.example.com/", yaml: yaml, env: []string{"ANTHROPIC_BASE_URL=https://env.example.com"}}, EnvFirst, "https://env.example.com"},
		{"order of the row", world{yaml: noParam, env: []string{"ANTHROPIC_BASE_URL=https://env2.example.com"}, dotenv: []string{"ANTHROPIC_API_BASE=https://env1.example.com"}}, Explicit, "https://env1.example.com"},
		{"empty variable", world{yaml: noParam, env: []string{"ANTHROPIC_API_BASE=", "ANTHROPIC_BASE_URL=https://env2.example.com"}}, Explicit, "https://env2.example.com"},
		{"global", world{yaml: noParam}, Explicit, "https://global.example.com"},
		{"default", world{yaml: claude}, Explicit, "https://api.anthropic.com"},
		{"base_url replaces api_base", world{yaml: claude + "      api_base: https://a.example.com\n      base_url: https://b.example.com\n"}, Explicit, "https://b.example.com"},
		{"white space and quotes", world{yaml: claude, env: []string{`ANTHROPIC_BASE_URL= "https://env.example.com/" `}}, Explicit, "https://env.example.com"},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.w.t = t
			if r := c.w.one(c.policy, "claude"); r.Base.Value != c.want {
				t.Errorf("base %q, want %q: %s", r.Base.Value, c.want, states(r.Trace["api_base"]))
			}
		})
	}
}

func TestNames(t *testing.T) {
	yaml := `
model_list:
  - {model_name: pool, litellm_params: {model: openai/gpt-4o, api_key: sk-a}}
  - {model_name: pool, litellm_params: {model: groq/llama-3.3-70b, api_key: sk-b}}
  - {model_name: "claude-*", litellm_params: {model: "anthropic/claude-*"}}
  - {model_name: "any/*", litellm_params: {model: "openai/*", api_base: "https://gw.example.com/v1", api_key: sk-c}}
  - {model_name: custom, litellm_params: {model: my-org/my-model, custom_llm_provider: openai}}
  - {model_name: same, litellm_params: {model: openai/x/y, custom_llm_provider: openai}}
  - {model_name: ref, litellm_params: {model: os.environ/WHICH}}
  - {model_name: none, litellm_params: {api_key: x}}
router_settings:
  model_group_alias: {short: pool, shorter: {model: short}, circle: circle}
`
	for _, c := range []struct {
		name, provider, upstream string
		code                     fault.Code
		n                        int
	}{
		{"pool", "openai", "gpt-4o", "", 2},
		{"short", "openai", "gpt-4o", "", 2},
		{"shorter", "openai", "gpt-4o", "", 2},
		{"circle", "", "circle", "model.unknown", 1},
		{"claude-opus", "anthropic", "claude-opus", "", 1},
		{"any/thing/else", "openai", "thing/else", "", 1},
		{"custom", "openai", "my-org/my-model", "", 1},
		{"same", "openai", "x/y", "", 1},
		{"ref", "groq", "mixtral", "", 1},
		{"none", "", "", "config.model-missing", 1},
		{"openai/gpt-4o", "openai", "gpt-4o", "", 1},
		{" OpenAI/gpt-4o ", "openai", "gpt-4o", "", 1},
		{"google/gemini-pro", "gemini", "gemini-pro", "", 1},
		{"anthropic", "anthropic", "", "", 1},
		{"claude-sonnet-4-5", "anthropic", "claude-sonnet-4-5", "", 1},
		{"gpt-4o", "openai", "gpt-4o", "", 1},
		{"llama-3.3-70b", "", "llama-3.3-70b", "model.ambiguous", 1},
		{"nobody-has-it", "", "nobody-has-it", "model.unknown", 1},
		{"antropic/claude", "", "antropic/claude", "model.unknown-provider", 1},
		{"openai/", "openai", "", "model.unknown", 1},
		{"", "", "", "config.model-missing", 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := world{t: t, yaml: yaml, env: []string{"OPENAI_API_KEY=sk-o", "GROQ_API_KEY=gsk_g", "ANTHROPIC_API_KEY=sk-ant-api03-abcde", "GEMINI_API_KEY=AIza1", "WHICH=groq/mixtral"}}
			got := Resolve(w.snapshot(), tables(), Explicit, c.name)
			if len(got) != c.n {
				t.Fatalf("%d resolutions", len(got))
			}
			r := got[0]
			if r.Provider.Name != c.provider || r.Upstream != c.upstream || code(r) != c.code {
				t.Errorf("provider %q, upstream %q, err %v", r.Provider.Name, r.Upstream, r.Err())
			}
		})
	}
}

func TestNearestAreSaid(t *testing.T) {
	w := world{t: t}
	r := w.one(Explicit, "nobody-has-it")
	for _, want := range []string{"openai/gpt-4o", "groq/a", "cohere/b"} {
		if !strings.Contains(r.Err().Message, want) {
			t.Errorf("%q is not in %q", want, r.Err().Message)
		}
	}
	if strings.Contains(r.Err().Message, "gemini/c") {
		t.Error("a fourth suggestion")
	}
	if r := w.one(Explicit, "antropic/claude"); !strings.Contains(r.Err().Message, "anthropic") {
		t.Errorf("no near provider: %v", r.Err())
	}
	bare := world{t: t, env: []string{"OPENAI_API_KEY=sk-abcdef1"}}.one(Explicit, "gpt-4o")
	if bare.Err() != nil || note1(bare, "model.bare") == nil {
		t.Errorf("the guess is not said: %v %s", bare.Err(), codes(bare))
	}
}

func TestDeploymentsWithoutConfig(t *testing.T) {
	for _, c := range []struct {
		name string
		w    world
		want string
	}{
		{"nothing", world{}, ""},
		{"keys", world{env: []string{"GROQ_API_KEY=gsk_1"}, dotenv: []string{"OPENAI_API_KEY=sk-1"}}, "openai groq"},
		{"set but empty", world{env: []string{"GROQ_API_KEY="}}, "groq"},
		{"second name of a row", world{env: []string{"CO_API_KEY=x1"}}, "cohere"},
		{"key store", world{store: []string{"anthropic=sk-ant-api03-x"}}, "anthropic"},
		{"local server with a base", world{env: []string{"OLLAMA_API_BASE=http://10.0.0.1:11434"}}, "ollama"},
		{"a config without models", world{env: []string{"GROQ_API_KEY=gsk_1"}, yaml: "litellm_settings:\n  groq_key: gsk_2\n  openai_key: sk-2\n"}, "openai groq"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := []string{}
			for _, r := range Deployments(c.w.snapshot(), tables(), Explicit) {
				got = append(got, r.ModelName)
				if r.Upstream != "" || r.Group != "" || r.ModelName != r.Provider.Name {
					t.Errorf("%s: upstream %q, group %q", r.ModelName, r.Upstream, r.Group)
				}
			}
			if strings.Join(got, " ") != c.want {
				t.Errorf("got %v, want %s", got, c.want)
			}
		})
	}
}

func TestOtherNames(t *testing.T) {
	for _, c := range []struct {
		w     world
		model string
		want  bool
		say   []string
	}{
		{world{env: []string{"AZURE_OPENAI_ENDPOINT=https://r.openai.azure.com"}}, "azure/d", true, []string{"AZURE_OPENAI_ENDPOINT", "AZURE_API_BASE"}},
		{world{env: []string{"AZURE_OPENAI_API_KEY=k1", "AZURE_API_BASE=https://r.openai.azure.com"}}, "azure/d", true, []string{"AZURE_OPENAI_API_KEY", "AZURE_API_KEY"}},
		{world{env: []string{"AZURE_API_KEY=k0", "AZURE_OPENAI_API_KEY=k1", "AZURE_API_BASE=https://r.openai.azure.com"}}, "azure/d", false, nil},
		{world{dotenv: []string{"OLLAMA_HOST=0.0.0.0:11434"}}, "ollama/llama3", true, []string{"OLLAMA_HOST in .env:1", "OLLAMA_API_BASE"}},
		{world{env: []string{"OLLAMA_HOST=10.0.0.1", "OLLAMA_API_BASE=http://10.0.0.1:11434"}}, "ollama/llama3", false, nil},
		{world{env: []string{"ANTHROPIC_AUTH_TOKEN=t1"}}, "anthropic/claude", true, []string{"ANTHROPIC_AUTH_TOKEN", "ANTHROPIC_API_KEY"}},
		{world{env: []string{"ANTHROPIC_AUTH_TOKEN="}}, "anthropic/claude", false, nil},
	} {
		c.w.t = t
		r := c.w.one(Explicit, c.model)
		n := note1(r, "key.other-name")
		if (n != nil) != c.want {
			t.Errorf("%s %v: %s", c.model, c.w.env, codes(r))
			continue
		}
		for _, s := range c.say {
			if !strings.Contains(n.Detail, s) {
				t.Errorf("%q does not say %s", n.Detail, s)
			}
		}
	}
}

func TestKeyText(t *testing.T) {
	const good = "sk-ant-api03-abcdefghijklmnop"
	for _, c := range []struct {
		key  string
		code fault.Code // of the error
		note fault.Code
		used string
	}{
		{good, "", "", good},
		{" " + good + "\r\n", "", "key.whitespace", good},
		{`"` + good + `"`, "", "key.quotes", good},
		{`"` + good, "key.bad-character", "", ""},
		{"sk-ant-api03-abc\u200bdef", "key.bad-character", "", ""},
		{"sk-ant-api03-abc def", "key.bad-character", "", ""},
		{"your-api-key-here", "key.placeholder", "", ""},
		{"sk-ant-api03-abc***xyz9", "key.masked", "", ""},
		{"Bearer " + good, "key.pasted-prefix", "", ""},
		{"ANTHROPIC_API_KEY=" + good, "key.pasted-prefix", "", ""},
		{"https://api.anthropic.com", "key.is-url", "", ""},
		{"${ANTHROPIC_KEY}", "key.is-reference", "", ""},
		{"anthropic-work", "", "key.is-name", "anthropic-work"},
		{"sk-proj-abcdefghijklmnop1", "", "key.wrong-vendor", "sk-proj-abcdefghijklmnop1"},
		{"sk-ant-admin01-abcdefgh", "", "key.not-for-inference", "sk-ant-admin01-abcdefgh"},
	} {
		w := world{t: t, env: []string{"ANTHROPIC_API_KEY=" + c.key}, dotenv: []string{"ANTHROPIC_API_KEY=sk-ant-api03-lower"}}
		r := w.one(Explicit, "anthropic/claude")
		if code(r) != c.code || !is(r.Key, c.used) {
			t.Errorf("%q: err %v, trace %s", c.key, r.Err(), states(r.Trace["api_key"]))
		}
		if c.note != "" && note1(r, c.note) == nil {
			t.Errorf("%q: notes %s", c.key, codes(r))
		}
	}
}

// The same text is the config's fault where the config holds it.
func TestReferenceForms(t *testing.T) {
	w := world{t: t, yaml: claude + "      api_key: ${ANTHROPIC_KEY}\n"}
	if r := w.one(Explicit, "claude"); code(r) != "config.reference-form" || !r.Key.IsZero() {
		t.Errorf("in the config: %v", r.Err())
	}
	w = world{t: t, dotenv: []string{"MINE=${ANTHROPIC_KEY}"}, yaml: claude + "      api_key: os.environ/MINE\n"}
	if r := w.one(Explicit, "claude"); code(r) != "key.is-reference" || !r.Key.IsZero() {
		t.Errorf("in .env: %v", r.Err())
	}
	w = world{t: t, env: []string{"ANTHROPIC_API_KEY=sk-ant-api03-ambient", "ANTHROPIC_BASE_URL=https://${HOST}"}}
	if r := w.one(Explicit, "anthropic/claude"); code(r) != "base.unresolved" || r.Base.Value != "" {
		t.Errorf("base: %v", r.Err())
	}
}

func TestKeyKind(t *testing.T) {
	for key, want := range map[string]string{"sk-ant-api03-wxyz1": "anthropic-api", "gsk_x1": "groq", "whatever1": ""} {
		if r := (world{t: t, env: []string{"ANTHROPIC_API_KEY=" + key}}).one(Explicit, "anthropic/claude"); r.KeyKind != want {
			t.Errorf("%s: kind %q", key, r.KeyKind)
		}
	}
}

func TestHoles(t *testing.T) {
	for _, c := range []struct {
		name, model, params string
		env                 []string
		code                fault.Code
		url                 string
	}{
		{"region from a variable", "bedrock/amazon.nova-lite-v1:0", "", []string{"AWS_REGION=eu-west-1"}, "", "https://bedrock-runtime.eu-west-1.amazonaws.com/model/amazon.nova-lite-v1%3A0/converse"},
		{"order of variables", "bedrock/m", "", []string{"AWS_REGION=eu-west-1", "AWS_REGION_NAME=us-east-2"}, "", "https://bedrock-runtime.us-east-2.amazonaws.com/model/m/converse"},
		{"parameter", "bedrock/m", "aws_region_name: ap-south-1", []string{"AWS_REGION=eu-west-1"}, "", "https://bedrock-runtime.ap-south-1.amazonaws.com/model/m/converse"},
		{"in the model", "bedrock/us-west-2/anthropic.claude-v2:1", "", []string{"AWS_REGION=eu-west-1"}, "", "https://bedrock-runtime.us-west-2.amazonaws.com/model/anthropic.claude-v2%3A1/converse"},
		{"in an ARN", "bedrock/converse/arn:aws:bedrock:eu-north-1:1:inference-profile/x", "", nil, "", "https://bedrock-runtime.eu-north-1.amazonaws.com/model/arn%3Aaws%3Abedrock%3Aeu-north-1%3A1%3Ainference-profile%2Fx/converse"},
		{"missing", "bedrock/m", "", nil, "base.hole", ""},
		{"a region that is an address", "bedrock/m", "aws_region_name: evil.example.com/x", nil, "base.hole", ""},
		{"an unset reference", "bedrock/m", "aws_region_name: os.environ/NOPE", []string{"AWS_REGION=eu-west-1"}, "base.hole", ""},
		{"vertex", "vertex_ai/gemini-pro", "vertex_project: p1", nil, "", "https://us-central1-aiplatform.googleapis.com/v1/projects/p1/locations/us-central1/publishers/google/models/gemini-pro:generateContent"},
		{"vertex global", "vertex_ai/gemini-pro", "{vertex_project: p1, vertex_location: global}", nil, "", "https://aiplatform.googleapis.com/v1/projects/p1/locations/global/publishers/google/models/gemini-pro:generateContent"},
		{"vertex without project", "vertex_ai/gemini-pro", "", nil, "base.hole", ""},
		{"an account's id is no key", "cloudflare/@cf/meta/llama-3", "api_key: k1", []string{"CLOUDFLARE_ACCOUNT_ID=0123456789abcdef0123456789abcdef"}, "", "https://api.cloudflare.com/client/v4/accounts/0123456789abcdef0123456789abcdef/ai/v1/chat/completions"},
		{"azure's default version", "azure/d", "{api_base: https://r.openai.azure.com, api_key: k1}", nil, "", "https://r.openai.azure.com/openai/deployments/d/chat/completions?api-version=2025-02-01-preview"},
		{"a whole host", "databricks/m", "{databricks_host: https://adb-1.azuredatabricks.net/, api_key: k1}", nil, "", "https://adb-1.azuredatabricks.net/serving-endpoints/chat/completions"},
	} {
		t.Run(c.name, func(t *testing.T) {
			params := ""
			if c.params != "" {
				params = "      <<: " + c.params + "\n"
				if !strings.HasPrefix(c.params, "{") {
					params = "      " + c.params + "\n"
				}
			}
			w := world{t: t, env: c.env, yaml: "model_list:\n  - model_name: x\n    litellm_params:\n      model: \"" + c.model + "\"\n" + params}
			r := w.one(Explicit, "x")
			if code(r) != c.code || r.ChatURL() != c.url {
				t.Errorf("err %v\n url %s\nwant %s", r.Err(), r.ChatURL(), c.url)
			}
		})
	}
}

// Google's variables hold service accounts, which are no tokens: not sent, and
// no reason to blame a key.
func TestServiceAccountIsNoToken(t *testing.T) {
	w := world{t: t, env: []string{"VERTEXAI_CREDENTIALS=/home/me/sa.json", "VERTEXAI_PROJECT=p"}}
	r := w.one(Explicit, "vertex_ai/gemini-pro")
	if r.Err() != nil || !r.Key.IsZero() || r.Trace["api_key"][0].State != Refused {
		t.Errorf("err %v, %s", r.Err(), states(r.Trace["api_key"]))
	}
	w.env[0] = "VERTEXAI_CREDENTIALS=ya29.abcdefgh"
	if r := w.one(Explicit, "vertex_ai/gemini-pro"); r.Err() != nil || r.Key.IsZero() || r.KeyKind != "google-oauth" {
		t.Errorf("a token: err %v, %s", r.Err(), states(r.Trace["api_key"]))
	}
}

func TestLocalWithoutBase(t *testing.T) {
	if r := (world{t: t}).one(Explicit, "hosted_vllm/m"); code(r) != "base.openai-default" {
		t.Errorf("hosted_vllm: %v", r.Err())
	}
	if r := (world{t: t, env: []string{"AZURE_API_KEY=k1"}}).one(Explicit, "azure/d"); code(r) != "base.missing" {
		t.Errorf("azure: %v", r.Err())
	}
	if r := (world{t: t}).one(Explicit, "ollama/m"); r.Err() != nil || r.ChatURL() != "http://localhost:11434/api/chat" {
		t.Errorf("ollama: %v %s", r.Err(), r.ChatURL())
	}
}

func TestHeadersAndSettings(t *testing.T) {
	w := world{t: t, env: []string{"OPENAI_ORGANIZATION=org-env", "TEAM=blue"}, yaml: `
model_list:
  - model_name: x
    litellm_params:
      model: openai/gpt-4o
      api_key: sk-1a
      timeout: 30
      extra_headers: {X-Team: os.environ/TEAM, Authorization: Bearer sk-proj-abcdefghijklmnop, "Bad Name": v, X-Break: "a\r\nb: c", X-Key: sk-proj-abcdefghijklmnop}
    model_info: {mode: embedding}
`}
	r := w.one(Explicit, "x")
	if len(r.Headers) != 1 || r.Headers[0].Name != "X-Team" || r.Headers[0].Value != "blue" {
		t.Errorf("headers %+v", r.Headers)
	}
	if note1(r, "config.inert-setting") == nil {
		t.Errorf("a header left out is not said: %s", codes(r))
	}
	if r.Settings["organization"].Value != "org-env" || r.Settings["timeout"].Value != "30" || r.Mode != "embedding" {
		t.Errorf("settings %+v, mode %q", r.Settings, r.Mode)
	}
}

// A Resolution is the same for the same input, to the last field.
func TestPure(t *testing.T) {
	s, tab := many(200), tables()
	a, b := Deployments(s, tab, Explicit), Deployments(s, tab, Explicit)
	if len(a) != 200 || !reflect.DeepEqual(strip(a), strip(b)) {
		t.Error("two answers")
	}
}

// strip takes out what cannot be compared: a row holds no functions, so only
// pointers to equal values remain, which DeepEqual follows.
func strip(all []*Resolution) []string {
	out := make([]string, len(all))
	for i, r := range all {
		out[i] = fmt.Sprintf("%s %s %s %s %v %v %s", r.ModelName, r.Key.Fingerprint(), r.KeyOrigin, r.Base.Value, r.Err(), codes(r), states(r.Trace["api_key"]))
	}
	return out
}
