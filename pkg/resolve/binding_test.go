package resolve

import (
	"strings"
	"testing"

	"github.com/llmctl/llmctl/pkg/fault"
	"github.com/llmctl/llmctl/pkg/provider"
)

// A key goes to the host it belongs to. want is the text of the key that is
// sent, "" for none; code is the error.
func TestBinding(t *testing.T) {
	const (
		ambient = "ANTHROPIC_API_KEY=sk-ant-api03-ambient"
		named   = "GW_KEY=gw-key-4711"
		gw      = "https://gw.example.com"
	)
	dep := func(lines ...string) string { return claude + "      " + strings.Join(lines, "\n      ") + "\n" }
	for _, c := range []struct {
		name   string
		w      world
		policy Policy
		code   fault.Code
		want   string
	}{
		{"own host", world{env: []string{ambient}, yaml: dep("api_base: https://api.anthropic.com/v1")}, Explicit, "", "sk-ant-api03-ambient"},
		{"foreign base, ambient key", world{env: []string{ambient}, yaml: dep("api_base: " + gw)}, Explicit, "binding.foreign-host", ""},
		{"foreign base, ambient key, env first", world{env: []string{ambient}, yaml: dep("api_base: " + gw)}, EnvFirst, "binding.foreign-host", ""},
		{"a look-alike is foreign", world{env: []string{ambient}, yaml: dep("api_base: https://api.anthropic.com.example.com")}, Explicit, "binding.foreign-host", ""},
		{"a user in front is no host", world{env: []string{ambient}, yaml: dep("api_base: https://api.anthropic.com@example.com")}, Explicit, "binding.foreign-host", ""},
		{"foreign base, own key beside it", world{env: []string{ambient, named}, yaml: dep("api_base: "+gw, "api_key: os.environ/GW_KEY")}, Explicit, "", "gw-key-4711"},
		{"the same, env first", world{env: []string{ambient, named}, yaml: dep("api_base: "+gw, "api_key: os.environ/GW_KEY")}, EnvFirst, "", "gw-key-4711"},
		{"the provider's variable, named beside it", world{env: []string{ambient}, yaml: dep("api_base: "+gw, "api_key: os.environ/ANTHROPIC_API_KEY")}, Explicit, "", "sk-ant-api03-ambient"},
		{"foreign base, own key unset", world{env: []string{ambient}, yaml: dep("api_base: "+gw, "api_key: os.environ/GW_KEY")}, Explicit, "key.unresolved", ""},
		{"own key, base from the environment instead", world{env: []string{named, "ANTHROPIC_BASE_URL=https://other.example.com"}, yaml: dep("api_base: "+gw, "api_key: os.environ/GW_KEY")}, EnvFirst, "binding.foreign-host", ""},
		{"own key, base from the command line", world{base: "https://other.example.com", env: []string{named}, yaml: dep("api_base: "+gw, "api_key: os.environ/GW_KEY")}, Explicit, "binding.foreign-host", ""},
		{"own key, same host from the command line", world{base: gw + "/v1", env: []string{named}, yaml: dep("api_base: "+gw, "api_key: os.environ/GW_KEY")}, Explicit, "", "gw-key-4711"},
		{"credential set with base and key", world{env: []string{ambient}, yaml: dep("litellm_credential_name: c") + "credential_list:\n  - credential_name: c\n    credential_values: {api_base: " + gw + ", api_key: cred-key-1}\n"}, Explicit, "", "cred-key-1"},
		{"base in the deployment, key in the credential set", world{env: []string{ambient}, yaml: dep("litellm_credential_name: c", "api_base: "+gw) + "credential_list:\n  - credential_name: c\n    credential_values: {api_key: cred-key-1}\n"}, Explicit, "", "cred-key-1"},

		{"both in the environment", world{env: []string{ambient, "ANTHROPIC_BASE_URL=" + gw}}, Explicit, "", "sk-ant-api03-ambient"},
		{"both in one .env", world{dotenv: []string{ambient, "ANTHROPIC_BASE_URL=" + gw}}, Explicit, "", "sk-ant-api03-ambient"},
		{"base in a .env, key in the environment", world{env: []string{ambient}, dotenv: []string{"ANTHROPIC_BASE_URL=" + gw}}, Explicit, "binding.foreign-host", ""},
		{"base in the environment, key in a .env", world{dotenv: []string{ambient}, env: []string{"ANTHROPIC_BASE_URL=" + gw}}, Explicit, "binding.foreign-host", ""},
		{"two .env files", world{upper: []string{ambient}, dotenv: []string{"ANTHROPIC_BASE_URL=" + gw}}, Explicit, "binding.foreign-host", ""},
		{"the pair of a .env is used past a foreign key", world{env: []string{ambient}, dotenv: []string{"ANTHROPIC_BASE_URL=" + gw, "ANTHROPIC_API_KEY=gw-key-1"}}, Explicit, "", "gw-key-1"},
		{"both in litellm_settings", world{yaml: claude + "litellm_settings: {api_base: " + gw + ", anthropic_key: gw-key-2}\n"}, Explicit, "", "gw-key-2"},
		{"a global key and a deployment's base", world{yaml: dep("api_base: "+gw) + "litellm_settings: {anthropic_key: gw-key-2}\n"}, Explicit, "binding.foreign-host", ""},
		{"a general key and a deployment's base", world{yaml: dep("api_base: "+gw) + "litellm_settings: {api_key: gw-key-2}\n"}, Explicit, "binding.foreign-host", ""},
		{"environment_variables, both", world{yaml: claude + "environment_variables: {ANTHROPIC_API_KEY: gw-key-3, ANTHROPIC_BASE_URL: " + gw + "}\n"}, Explicit, "", "gw-key-3"},
		{"environment_variables, base only", world{env: []string{ambient}, yaml: claude + "environment_variables: {ANTHROPIC_BASE_URL: " + gw + "}\n"}, Explicit, "binding.foreign-host", ""},
		{"key store and a foreign base", world{store: []string{"anthropic=sk-ant-api03-store"}, env: []string{"ANTHROPIC_BASE_URL=" + gw}}, Explicit, "binding.foreign-host", ""},
		{"key store and the own host", world{store: []string{"anthropic=sk-ant-api03-store"}}, Explicit, "", "sk-ant-api03-store"},
		{"the deployment repeats the base variable", world{env: []string{ambient, "ANTHROPIC_BASE_URL=" + gw}, yaml: dep("api_base: os.environ/ANTHROPIC_BASE_URL")}, Explicit, "", "sk-ant-api03-ambient"},
		{"the deployment picks another variable", world{env: []string{ambient, "MY_GATEWAY=" + gw}, yaml: dep("api_base: os.environ/MY_GATEWAY")}, Explicit, "binding.foreign-host", ""},

		{"--api-base with an ambient key", world{base: gw, env: []string{ambient}}, Explicit, "binding.foreign-host", ""},
		{"--api-base to the own host", world{base: "https://api.anthropic.com", env: []string{ambient}}, Explicit, "", "sk-ant-api03-ambient"},
		{"--api-base with --key-env", world{base: gw, key: named, env: []string{ambient}}, Explicit, "", "gw-key-4711"},
		{"--key-env with a base of a .env", world{key: named, dotenv: []string{"ANTHROPIC_BASE_URL=" + gw}}, Explicit, "binding.foreign-host", ""},
		{"--key-env with the deployment's base", world{key: named, yaml: dep("api_base: " + gw)}, Explicit, "", "gw-key-4711"},
		{"a key named alone, base of a .env", world{env: []string{named}, dotenv: []string{"ANTHROPIC_BASE_URL=" + gw}, yaml: dep("api_key: os.environ/GW_KEY")}, Explicit, "binding.foreign-host", ""},
		{"a key named alone, base of the environment", world{env: []string{named, "ANTHROPIC_BASE_URL=" + gw}, yaml: dep("api_key: os.environ/GW_KEY")}, Explicit, "", "gw-key-4711"},
		{"a key named alone, base of the config", world{env: []string{named}, yaml: dep("api_key: os.environ/GW_KEY") + "litellm_settings: {api_base: " + gw + "}\n"}, Explicit, "", "gw-key-4711"},

		{"loopback gets no ambient key", world{env: []string{ambient}, yaml: dep("api_base: http://127.0.0.1:4000")}, Explicit, "", ""},
		{"not even as a pair", world{env: []string{ambient, "ANTHROPIC_BASE_URL=http://localhost:4000"}}, Explicit, "", ""},
		{"loopback gets a named key", world{env: []string{named}, yaml: dep("api_base: http://localhost:4000", "api_key: os.environ/GW_KEY")}, Explicit, "", "gw-key-4711"},
		{"a placeholder is fine there", world{yaml: dep("api_base: http://localhost:4000", "api_key: sk-1234")}, Explicit, "", "sk-1234"},
		{"and in a private network", world{yaml: dep("api_base: http://vllm:8000", "api_key: dummy")}, Explicit, "", "dummy"},
		{"but not at a public host", world{yaml: dep("api_base: "+gw, "api_key: dummy")}, Explicit, "key.placeholder", ""},
		{"no key for a private host", world{yaml: dep("api_base: http://10.0.0.7:8000")}, Explicit, "", ""},
		{"an ambient key and a private host", world{env: []string{ambient}, yaml: dep("api_base: http://10.0.0.7:8000")}, Explicit, "binding.foreign-host", ""},
		{"clear text to a public host", world{env: []string{named}, yaml: dep("api_base: http://gw.example.com", "api_key: os.environ/GW_KEY")}, Explicit, "base.cleartext", "gw-key-4711"},
		{"clear text to the own host", world{env: []string{ambient, "ANTHROPIC_BASE_URL=http://api.anthropic.com"}}, Explicit, "base.cleartext", "sk-ant-api03-ambient"},
		{"a base of its own and no key at all", world{yaml: dep("api_base: " + gw)}, Explicit, "key.missing", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.w.t = t
			name := "claude"
			if c.w.yaml == "" {
				name = "anthropic/claude-sonnet-4-5"
			}
			r := c.w.one(c.policy, name)
			if code(r) != c.code || !is(r.Key, c.want) {
				t.Errorf("err %v, key %s\n%s | %s", r.Err(), r.Key, states(r.Trace["api_key"]), states(r.Trace["api_base"]))
			}
			used := 0
			for _, cand := range r.Trace["api_key"] {
				if cand.State == Used {
					used++
				}
				if cand.State == Refused && cand.Reason == "" {
					t.Error("refused without a reason")
				}
			}
			if (used == 1) != !r.Key.IsZero() || used > 1 {
				t.Errorf("%d candidates used, key %q", used, r.Key)
			}
		})
	}
}

// What is not sent is said, also when the call works without it.
func TestBindingIsSaid(t *testing.T) {
	w := world{t: t, env: []string{"ANTHROPIC_API_KEY=sk-ant-api03-ambient"}, yaml: claude + "      api_base: http://127.0.0.1:4000\n"}
	n := note1(w.one(Explicit, "claude"), "binding.loopback")
	if n == nil || n.Severity != fault.Info || n.Location == nil || n.Location.Line != 6 {
		t.Fatalf("%+v", n)
	}
	w.yaml = claude + "      api_base: https://gw.example.com\n"
	n = note1(w.one(Explicit, "claude"), "binding.foreign-host")
	if n == nil || n.Severity != fault.Error || n.Location == nil || n.Location.Line != 6 || len(n.Fix.Commands) != 1 {
		t.Fatalf("%+v", n)
	}
	for _, s := range []string{"ANTHROPIC_API_KEY", "gw.example.com", "api.anthropic.com", "config.yaml:6"} {
		if !strings.Contains(n.Detail, s) {
			t.Errorf("%q does not say %s", n.Detail, s)
		}
	}
}

// One vendor's key is never a fallback for another's.
func TestNoFallbackBetweenVendors(t *testing.T) {
	for _, row := range rows() {
		if row.Name == "openai" {
			continue
		}
		w := world{t: t, env: []string{"OPENAI_API_KEY=sk-proj-abcdefghijklmnop"}, store: []string{"openai=sk-proj-abcdefghijklmnop"}, yaml: "litellm_settings: {openai_key: sk-proj-abcdefghijklmnop}\n"}
		for _, p := range []Policy{Explicit, EnvFirst} {
			if r := w.one(p, row.Name+"/m"); !r.Key.IsZero() || r.Provider.Name != row.Name {
				t.Errorf("%s/%s: an OpenAI key", row.Name, p)
			}
		}
	}
}

func TestLocalPair(t *testing.T) {
	// The variables of a server of one's own: a pair that was set together.
	w := world{t: t, env: []string{"HOSTED_VLLM_API_BASE=http://localhost:8000/v1", "HOSTED_VLLM_API_KEY=my-vllm-key-1"}}
	if r := w.one(Explicit, "hosted_vllm/m"); r.Err() != nil || !is(r.Key, "my-vllm-key-1") {
		t.Errorf("pair: %v %s", r.Err(), states(r.Trace["api_key"]))
	}
	w = world{t: t, env: []string{"HOSTED_VLLM_API_KEY=my-vllm-key-1"}, yaml: "model_list:\n  - {model_name: x, litellm_params: {model: hosted_vllm/m, api_base: http://localhost:8000/v1}}\n"}
	if r := w.one(Explicit, "x"); r.Err() != nil || !r.Key.IsZero() || note1(r, "binding.loopback") == nil {
		t.Errorf("config: %v %s", r.Err(), codes(r))
	}
}

func TestHosts(t *testing.T) {
	for host, want := range map[string][2]bool{ // loopback, private
		"localhost": {true, false}, "LOCALHOST:8080": {true, false}, "a.localhost": {true, false}, "127.0.0.1": {true, false}, "127.9.9.9:1": {true, false},
		"::1": {true, false}, "[::1]:80": {true, false}, "0.0.0.0": {true, false}, "[::]:80": {true, false}, "localhost.": {true, false}, "::ffff:127.0.0.1": {true, false},
		"localhost.example.com": {}, "127.0.0.1.example.com": {}, "example.com": {}, "8.8.8.8": {}, "": {}, "172.32.0.1": {}, "2130706433": {}, "0x7f000001": {},
		"10.1.2.3": {false, true}, "192.168.0.1:80": {false, true}, "172.16.0.1": {false, true}, "100.64.0.1": {false, true}, "169.254.1.1": {false, true},
		"[fd00::1]:80": {false, true}, "fe80::1%eth0": {false, true}, "vllm": {false, true}, "ollama:11434": {false, true}, "host.docker.internal": {false, true}, "nas.local": {false, true},
	} {
		if got := [2]bool{Loopback(host), Private(host)}; got != want {
			t.Errorf("%q: loopback, private = %v, want %v", host, got, want)
		}
	}
}

// A hole in the part of a name that anybody can register makes no host one's own.
func TestOwnHostIsRegistered(t *testing.T) {
	for base, host := range map[string]string{"https://api.{name}.com": "api.evil.com", "https://{host}": "evil.com", "https://a.{b}.{c}": "a.evil.com", "https://{a}.b": "evil.b"} {
		if OwnHost(provider.Provider{Base: base}, host) {
			t.Errorf("%s is taken for %s", host, base)
		}
	}
}

func TestOwnHost(t *testing.T) {
	for _, c := range []struct {
		row, host string
		want      bool
	}{
		{"openai", "api.openai.com", true}, {"openai", "API.OpenAI.com:443", true}, {"openai", "api.openai.com.", true}, {"openai", "xapi.openai.com", false},
		{"openai", "openai.com", false}, {"openai", "", false}, {"openai", "api.openai.com.evil.example", false},
		{"azure", "my-res.openai.azure.com", true}, {"azure", "openai.azure.com", false}, {"azure", "evilopenai.azure.com", false}, {"azure", ".openai.azure.com", false},
		{"bedrock", "bedrock-runtime.eu-west-1.amazonaws.com", true}, {"bedrock", "bedrock-runtime.evil.example.amazonaws.com", false},
		{"bedrock", "bedrock-runtime..amazonaws.com", false}, {"bedrock", "bedrock-runtime.eu-west-1.amazonaws.com.evil.example", false},
		{"vertex_ai", "europe-west4-aiplatform.googleapis.com", true}, {"vertex_ai", "aiplatform.googleapis.com", true}, {"vertex_ai", "aiplatform.eu.rep.googleapis.com", true},
		{"vertex_ai", "evil.example-aiplatform.googleapis.com", false},
		{"databricks", "evil.example", false}, {"databricks", "adb-1.2.azuredatabricks.net", true},
	} {
		for _, row := range rows() {
			if row.Name == c.row && OwnHost(row, c.host) != c.want {
				t.Errorf("%s %q: %v", c.row, c.host, !c.want)
			}
		}
	}
}

// A key that stays at home beside one that is sent is no fault.
func TestPassedOver(t *testing.T) {
	w := world{t: t, env: []string{"ANTHROPIC_API_KEY=sk-ant-api03-ambient"}, dotenv: []string{"ANTHROPIC_BASE_URL=https://gw.example.com/v1", "ANTHROPIC_API_KEY=gw-key-1"}}
	r := w.one(Explicit, "anthropic/claude")
	if n := note1(r, "binding.foreign-host"); n == nil || n.Severity != fault.Info || r.Err() != nil {
		t.Errorf("%v %+v", r.Err(), n)
	}
	// The spelling is put right here, and stops other programs.
	n := note1(r, "base.anthropic-version")
	if n == nil || n.Severity != fault.Warning || !strings.Contains(n.Detail, r.ChatURL()) || n.Location == nil || n.Location.File != ".env" {
		t.Errorf("%+v", n)
	}
}
