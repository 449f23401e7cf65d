package resolve

import (
	"strings"
	"testing"

	"github.com/llmctl/llmctl/pkg/provider"
)

// at resolves a model of a row on a base.
func atBase(t *testing.T, model, base string, more ...string) *Resolution {
	t.Helper()
	yaml := "model_list:\n  - model_name: x\n    litellm_params:\n      model: \"" + model + "\"\n      api_key: key-4711-abc\n"
	if base != "" {
		yaml += "      api_base: \"" + base + "\"\n"
	}
	for _, m := range more {
		yaml += "      " + m + "\n"
	}
	return world{t: t, yaml: yaml}.one(Explicit, "x")
}

// Every spelling of a base gives the address that was meant.
func TestChatURL(t *testing.T) {
	for _, c := range []struct{ model, base, want string }{
		{"openai/gpt-4o", "", "https://api.openai.com/v1/chat/completions"},
		{"openai/gpt-4o", "https://api.openai.com", "https://api.openai.com/v1/chat/completions"},
		{"openai/gpt-4o", "https://h.example.com/v1", "https://h.example.com/v1/chat/completions"},
		{"openai/gpt-4o", "https://h.example.com/v1/", "https://h.example.com/v1/chat/completions"},
		{"openai/gpt-4o", "https://h.example.com/v1//", "https://h.example.com/v1/chat/completions"},
		{"openai/gpt-4o", "https://h.example.com/v1/chat/completions", "https://h.example.com/v1/chat/completions"},
		{"openai/gpt-4o", "https://h.example.com/v1/chat/completions/", "https://h.example.com/v1/chat/completions"},
		{"openai/gpt-4o", "https://h.example.com/v1/completions", "https://h.example.com/v1/chat/completions"},
		{"openai/gpt-4o", "https://h.example.com/v1/embeddings", "https://h.example.com/v1/chat/completions"},
		{"openai/gpt-4o", "https://h.example.com/v1/responses", "https://h.example.com/v1/chat/completions"},
		{"openai/gpt-4o", "https://h.example.com/v1/v1", "https://h.example.com/v1/chat/completions"},
		{"openai/gpt-4o", "https://h.example.com", "https://h.example.com/chat/completions"},
		{"openai/gpt-4o", "http://10.0.0.1:8000/api/v3", "http://10.0.0.1:8000/api/v3/chat/completions"},
		{"openai/gpt-4o", "https://h.example.com/v1?team=a", "https://h.example.com/v1/chat/completions?team=a"},
		{"openai/gpt-4o", "https://h.example.com/chat", "https://h.example.com/chat/completions"},
		{"openai/gpt-4o", "https://h.example.com/a%2Fb/v1", "https://h.example.com/a%2Fb/v1/chat/completions"},

		{"groq/x", "", "https://api.groq.com/openai/v1/chat/completions"},
		{"groq/x", "https://api.groq.com", "https://api.groq.com/openai/v1/chat/completions"},
		{"groq/x", "https://api.groq.com/openai", "https://api.groq.com/openai/v1/chat/completions"},
		{"groq/x", "https://proxy.example.com", "https://proxy.example.com/chat/completions"},

		{"anthropic/claude", "", "https://api.anthropic.com/v1/messages"},
		{"anthropic/claude", "https://gw.example.com", "https://gw.example.com/v1/messages"},
		{"anthropic/claude", "https://gw.example.com/v1", "https://gw.example.com/v1/messages"},
		{"anthropic/claude", "https://gw.example.com/v1/", "https://gw.example.com/v1/messages"},
		{"anthropic/claude", "https://gw.example.com/v1/messages", "https://gw.example.com/v1/messages"},
		{"anthropic/claude", "https://gw.example.com/anthropic", "https://gw.example.com/anthropic/v1/messages"},
		{"anthropic/claude", "https://gw.example.com/anthropic/v1/messages/", "https://gw.example.com/anthropic/v1/messages"},

		{"gemini/gemini-2.5-pro", "", "https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-pro:generateContent"},
		{"gemini/models/gemini-2.5-pro", "", "https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-pro:generateContent"},
		{"gemini/tunedModels/mine", "", "https://generativelanguage.googleapis.com/v1beta/tunedModels/mine:generateContent"},
		{"gemini/gemini-2.5-pro", "https://gw.example.com/v1beta", "https://gw.example.com/v1beta/models/gemini-2.5-pro:generateContent"},
		{"gemini/gemini-2.5-pro", "https://gw.example.com/v1", "https://gw.example.com/v1/models/gemini-2.5-pro:generateContent"},
		{"gemini/gemini-2.5-pro", "https://gw.example.com/v1beta/models", "https://gw.example.com/v1beta/models/gemini-2.5-pro:generateContent"},
		{"gemini/gemini-2.5-pro", "https://gw.example.com/v1beta/models/other:generateContent", "https://gw.example.com/v1beta/models/gemini-2.5-pro:generateContent"},

		{"azure/dep", "https://r.openai.azure.com", "https://r.openai.azure.com/openai/deployments/dep/chat/completions?api-version=2025-02-01-preview"},
		{"azure/dep", "https://r.openai.azure.com/", "https://r.openai.azure.com/openai/deployments/dep/chat/completions?api-version=2025-02-01-preview"},
		{"azure/dep", "https://r.openai.azure.com/openai", "https://r.openai.azure.com/openai/deployments/dep/chat/completions?api-version=2025-02-01-preview"},
		{"azure/o_series/dep", "https://r.openai.azure.com", "https://r.openai.azure.com/openai/deployments/dep/chat/completions?api-version=2025-02-01-preview"},
		{"azure/dep", "https://r.openai.azure.com/openai/deployments/dep", "https://r.openai.azure.com/openai/deployments/dep/chat/completions?api-version=2025-02-01-preview"},
		{"azure/dep", "https://r.openai.azure.com/openai/deployments/other", "https://r.openai.azure.com/openai/deployments/other/chat/completions?api-version=2025-02-01-preview"},
		{"azure/dep", "https://r.openai.azure.com/openai/deployments/dep/chat/completions?api-version=2024-10-21", "https://r.openai.azure.com/openai/deployments/dep/chat/completions?api-version=2024-10-21"},
		{"azure/dep", "https://r.openai.azure.com/openai/v1", "https://r.openai.azure.com/openai/v1/chat/completions"},
		{"azure/dep", "https://r.openai.azure.com/openai/v1/chat/completions", "https://r.openai.azure.com/openai/v1/chat/completions"},
		{"azure/dep", "https://gw.example.com/azure", "https://gw.example.com/azure/openai/deployments/dep/chat/completions?api-version=2025-02-01-preview"},
		{"azure_ai/m", "https://r.services.ai.azure.com", "https://r.services.ai.azure.com/models/chat/completions?api-version=2024-05-01-preview"},
		{"azure_ai/m", "https://r.services.ai.azure.com/models", "https://r.services.ai.azure.com/models/chat/completions?api-version=2024-05-01-preview"},
		{"azure_ai/m", "https://e.eastus.models.example.com", "https://e.eastus.models.example.com/chat/completions"},

		{"cohere/command", "", "https://api.cohere.com/v2/chat"},
		{"cohere/command", "https://api.cohere.com/v2/chat", "https://api.cohere.com/v2/chat"},
		{"cohere/command", "https://api.cohere.com/v2", "https://api.cohere.com/v2/chat"},
		{"cohere/command", "https://api.cohere.com/v1", "https://api.cohere.com/v2/chat"},
		{"ollama/llama3", "http://10.0.0.1:11434", "http://10.0.0.1:11434/api/chat"},
		{"ollama/llama3", "http://10.0.0.1:11434/api", "http://10.0.0.1:11434/api/chat"},
		{"ollama/llama3", "http://10.0.0.1:11434/api/chat", "http://10.0.0.1:11434/api/chat"},
		{"bedrock/a.b:0", "https://vpce.example.com", "https://vpce.example.com/model/a.b%3A0/converse"},
		{"bedrock/a.b:0", "https://vpce.example.com/model/x/converse", "https://vpce.example.com/model/a.b%3A0/converse"},
		{"replicate/meta/llama-3", "", "https://api.replicate.com/v1/models/meta/llama-3/predictions"},
		{"hosted_vllm/Qwen/Qwen3", "http://gpu:8000/v1", "http://gpu:8000/v1/chat/completions"},
	} {
		if got := atBase(t, c.model, c.base, "aws_region_name: us-east-1").ChatURL(); got != c.want {
			t.Errorf("%s on %q\n got %s\nwant %s", c.model, c.base, got, c.want)
		}
	}
	if got := atBase(t, "azure/dep", "https://r.openai.azure.com/openai/v1", "api_version: preview").ChatURL(); !strings.HasSuffix(got, "/openai/v1/chat/completions?api-version=preview") {
		t.Errorf("a version that was asked for: %s", got)
	}
}

func TestProbeURL(t *testing.T) {
	for _, c := range []struct {
		model, base, want string
		ok                bool
	}{
		{"openai/gpt-4o", "", "https://api.openai.com/v1/models", true},
		{"openai/gpt-4o", "https://h.example.com/v1/chat/completions", "https://h.example.com/v1/models", true},
		{"anthropic/c", "https://gw.example.com/v1/messages", "https://gw.example.com/v1/models", true},
		{"gemini/g", "", "https://generativelanguage.googleapis.com/v1beta/models", true},
		{"azure/d", "https://r.openai.azure.com", "https://r.openai.azure.com/openai/models?api-version=2025-02-01-preview", true},
		{"azure/d", "https://r.openai.azure.com/openai/deployments/d", "https://r.openai.azure.com/openai/models?api-version=2025-02-01-preview", true},
		{"azure/d", "https://r.openai.azure.com/openai/v1", "https://r.openai.azure.com/openai/v1/models", true},
		{"ollama/m", "http://10.0.0.1:11434/v1", "http://10.0.0.1:11434/api/tags", true},
		{"huggingface/m", "", "https://huggingface.co/api/whoami-v2", true},
		{"huggingface/m", "https://gw.example.com/v1", "", false}, // never to another host
		{"huggingface/m", "http://router.huggingface.co/v1", "", false},
		{"cohere/m", "", "", false}, // none known
	} {
		method, got, ok := atBase(t, c.model, c.base).ProbeURL()
		if got != c.want || ok != c.ok || method != "GET" {
			t.Errorf("%s on %q: %s %q %v", c.model, c.base, method, got, ok)
		}
	}
}

func TestURLRefuses(t *testing.T) {
	r := &Resolution{}
	if u, ok := r.URL("/x"); ok || u != "" || r.ChatURL() != "" || r.Host() != "" {
		t.Error("a URL without a base")
	}
	r = &Resolution{Base: Setting{Value: "https://h.example.com"}, Provider: provider.Provider{ChatPath: "/a/{model}"}}
	if u, ok := r.URL("/a/{nothing}/b"); ok {
		t.Errorf("an open hole: %s", u)
	}
	if u := r.ChatURL(); u != "" {
		t.Errorf("no model: %s", u)
	}
	if u, ok := r.URL("/models"); !ok || u != "https://h.example.com/models" {
		t.Errorf("%s %v", u, ok)
	}
}

func TestBadBases(t *testing.T) {
	for base, want := range map[string]string{
		"api.example.com/v1": "base.missing-scheme", "localhost:11434": "base.missing-scheme", "ftp://h.example.com": "base.not-url",
		"https://": "base.not-url", "not a url": "base.not-url", "/v1": "base.not-url", "https://h.example.com/{region}": "base.hole",
		"https://${HOST}/v1": "config.reference-form", "sk-proj-abcdefghijklmnopqrst": "base.looks-like-key",
		"https://h.exa\tmple.com": "base.not-url", "https://h.example.com:port": "base.not-url",
	} {
		r := atBase(t, "openai/gpt-4o", base)
		if string(code(r)) != want {
			t.Errorf("%q: %v, want %s", base, r.Err(), want)
		}
		if r.Err() != nil && strings.Contains(r.Err().Error(), "sk-proj") {
			t.Errorf("the text is printed: %v", r.Err())
		}
	}
}

func TestBaseCredential(t *testing.T) {
	r := atBase(t, "openai/gpt-4o", "https://me:hunter2@h.example.com/v1?api-version=1&key=abc")
	if r.ChatURL() != "https://h.example.com/v1/chat/completions?api-version=1" || note1(r, "base.credential") == nil {
		t.Errorf("%s, notes %s", r.ChatURL(), codes(r))
	}
}

func TestRedacted(t *testing.T) {
	r := &Resolution{}
	for in, want := range map[string]string{
		"https://u:p@h.example.com/a?x=1":                    "https://***@h.example.com/a?x=1",
		"https://h.example.com/a?key=abc&x=1":                "https://h.example.com/a?key=***&x=1",
		"https://h.example.com?sig=abc":                      "https://h.example.com?sig=***",
		"https://h.example.com/a?api-version=v1":             "https://h.example.com/a?api-version=v1",
		"https://h.example.com/sk-proj-abcdefghijklmnop12/x": "https://h.example.com/***/x",
		"https://h.example.com/?q=sk-proj-abcdefghijklmnop":  "https://h.example.com/?q=***",
		"plain": "plain", "": "",
	} {
		if got := r.Redacted(in); got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
}
