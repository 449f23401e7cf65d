package config

import (
	"strings"
	"testing"
)

// canary stands wherever a credential may; no snippet may hold any part of it.
const canary = "Zq7canaryXw9"

func TestSnippetsHoldNoCredential(t *testing.T) {
	long := "sk-ant-api03-" + canary + canary
	text := strings.NewReplacer("LONG", long, "CANARY", canary).Replace(`x: &k CANARY
model_list:
- model_name: a
  litellm_params: {api_key: CANARY, model: openai/x}
- model_name: b
  litellm_params:
    api_key: *k
    api_base: https://user:CANARY@host.example/v1?key=CANARY # a note
    model: openai/LONG
    aws_secret_access_key: "CANARY" # LONG
    # api_key: CANARY
    #   "api-key": "CANARY"
    extra_headers: {Authorization: Bearer CANARY, X-Title: shown}
    vertex_credentials: |
      {"private_key": "CANARY"
      CANARY}
    password: "CANARY
      CANARY"
    api_keys:
    - CANARY
    - 'CANARY'
    client_secret:
      CANARY
    timeout: 5 # Bearer CANARY
general_settings:
  master_key: CANARY
  database_url: postgresql://llm:CANARY@db:5432/x
environment_variables:
  OPENAI_API_KEY: CANARY
  NOTE: LONG
  CMD_KEY: cmd:echo CANARY
`)
	c, err := Parse("c.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(text, "\n")
	seen := 0
	for i, raw := range lines {
		s := c.Snippet(Pos{"c.yaml", i + 1, 1})
		if strings.Contains(raw, canary) {
			seen++
			if !strings.Contains(s, veil) {
				t.Errorf("line %d has no veil: %s", i+1, s)
			}
		} else if i < len(lines)-1 && s != raw {
			t.Errorf("line %d was changed: %s", i+1, s)
		}
		if strings.Contains(strings.ToLower(s), "canary") || strings.Contains(s, "Zq7") || strings.Contains(s, "Xw9") {
			t.Errorf("line %d leaks: %s", i+1, s)
		}
	}
	if seen < 20 {
		t.Fatalf("only %d lines hold the canary", seen)
	}
	for line, want := range map[int]string{4: "model: openai/x", 8: "host.example/v1", 13: "X-Title: shown", 7: "api_key: *k"} {
		if s := c.Snippet(Pos{"c.yaml", line, 1}); !strings.Contains(s, want) {
			t.Errorf("line %d hides too much: %s", line, s)
		}
	}
}

func TestSnippetsOfABrokenFile(t *testing.T) {
	c, err := Parse("c.yaml", []byte("model_list:\n\t- api_key: "+canary+"\nheaders: {Authorization: Bearer "+canary+"}\nurl: http://u:"+canary+"@h/\n"))
	if codeOf(err) != "config.syntax" {
		t.Fatal(err)
	}
	for line := 2; line <= 4; line++ {
		if s := c.Snippet(Pos{"c.yaml", line, 1}); s == "" || strings.Contains(s, "canary") {
			t.Errorf("line %d: %q", line, s)
		}
	}
}

func TestReferencesStayVisible(t *testing.T) {
	text := "a:\n  api_key: os.environ/OPENAI_API_KEY # why\n  master_key: ${X}\n  password: file:/run/x\n  token: null\n"
	c, err := Parse("c.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	for i, raw := range strings.Split(strings.TrimSpace(text), "\n") {
		if s := c.Snippet(Pos{"c.yaml", i + 1, 1}); s != raw {
			t.Errorf("line %d: %q", i+1, s)
		}
	}
}

func TestSensitive(t *testing.T) {
	for _, n := range []string{"api_key", "API-KEY", "x-api-key", "OPENAI_API_KEY", "Authorization", "aws_secret_access_key", "client_secret", "password",
		"vertex_credentials", "GITHUB_TOKEN", "hf_token", "azure_ad_token", "master_key", "anthropic_key", "REDIS_PASSWORD", "langfuse_secret"} {
		if !Sensitive(n) {
			t.Errorf("%s is not taken for a credential", n)
		}
	}
	for _, n := range []string{"max_tokens", "model", "api_base", "input_cost_per_token", "max_input_tokens", "tokens", "key_management_system", "keys_url",
		"litellm_key_header_name", "monkey", "api_version", "timeout", "description"} {
		if Sensitive(n) {
			t.Errorf("%s is taken for a credential", n)
		}
	}
}
