package config

import (
	"testing"

	"github.com/llmctl/llmctl/pkg/fault"
	"github.com/llmctl/llmctl/pkg/provider"
)

func TestCheckBase(t *testing.T) {
	for _, tt := range []struct {
		base, provider string
		code           fault.Code // "" = nothing to say
	}{
		{"https://api.openai.com/v1", "openai", ""},
		{"https://api.openai.com/v1/", "openai", ""},
		{"https://api.openai.com", "openai", "base.no-version"},
		{"https://gateway.example.com/llm", "openai", ""}, // a path that may be right
		{"https://api.deepseek.com", "openai", ""},        // answers without a version too
		{"https://api.perplexity.ai", "perplexity", ""},
		{"https://api.groq.com/openai/v1", "groq", ""},
		{"https://api.groq.com/v1", "groq", "base.no-version"},
		{"https://openrouter.ai/v1", "openrouter", "base.no-version"},
		{"https://openrouter.ai/api/v1", "openrouter", ""},
		{"https://api.z.ai/api/paas/v4", "openai", ""},
		{"https://generativelanguage.googleapis.com/v1beta/openai", "openai", ""},
		{"http://localhost:11434", "ollama", ""},
		{"http://localhost:11434", "ollama_chat", ""},
		{"http://localhost:11434/api/chat", "ollama", "base.operation-path"},
		{"http://localhost:8000", "hosted_vllm", "base.no-version"},
		{"https://h.example/v1/v1", "openai", "base.doubled-version"},
		{"https://h.example/v1/v1", "anthropic", "base.doubled-version"},
		{"https://h.example/v1/v2", "openai", ""},
		{"https://h.example/v1/", "anthropic", "base.anthropic-version"},
		{"https://h.example/anthropic", "anthropic", ""},
		{"https://h.example/v1/messages", "anthropic", ""},
		{"https://h.example/v1/chat/completions/", "openai", "base.operation-path"},
		{"https://h.example/v1/responses", "openai", "base.operation-path"},
		{"https://x.openai.azure.com/openai/deployments/d/chat/completions", "azure", ""},
		{"https://x.openai.azure.com", "azure", ""},
		{"https://adb-1.azuredatabricks.net/serving-endpoints", "databricks", ""},
		{"https://api.cohere.com/v2/chat", "cohere", ""},
		{"api.openai.com/v1", "openai", "base.missing-scheme"},
		{"your-azure-endpoint", "azure", "base.not-url"},
		{"your_endpoint/v1", "azure", "base.not-url"},
		{"my-server:8000", "openai", "base.missing-scheme"},
		{"localhost:8000/v1", "openai", "base.missing-scheme"},
		{"127.0.0.1:8000", "openai", "base.missing-scheme"},
		{"https:/api.openai.com/v1", "openai", "base.not-url"},
		{"htps://api.openai.com/v1", "openai", "base.not-url"},
		{"https:///v1", "openai", "base.not-url"},
		{"/v1", "openai", "base.not-url"},
		{"https://h.example/v 1", "openai", "base.not-url"},
		{"\"https://h.example/v1\"", "openai", "base.not-url"},
		{"https://h.example:port/v1", "openai", "base.not-url"},
		{"https://platform.openai.com/v1", "openai", "base.not-url"},
		{"http://h.example/v1", "openai", "base.cleartext"},
		{"http://8.8.8.8/v1", "openai", "base.cleartext"},
		{"http://192.168.1.4:8000/v1", "openai", ""},
		{"http://vllm:8000/v1", "openai", ""},
		{"http://host.docker.internal:8000/v1", "openai", ""},
		{"http://[::1]:8000/v1", "openai", ""},
		{"http://0.0.0.0:8000/v1", "openai", "base.listen-address"},
		{"http://[::]:8000/v1", "openai", "base.listen-address"},
		{"https://api-inference.huggingface.co/models/x", "huggingface", "base.retired-host"},
		{"sk-proj-Aq3Zx81mNb7Kp2Wd5Tr9Yc4V", "openai", "base.looks-like-key"},
		{"os.environ/X", "openai", ""},
		{"${X}", "openai", ""},
		{"https://{region}.example.com", "openai", ""},
		{"", "openai", ""},
		{"https://h.example", "", ""}, // a provider that is not known
	} {
		p, ok := provider.Lookup(provider.All(), tt.provider)
		if !ok && tt.provider != "" {
			t.Fatal("no provider", tt.provider)
		}
		found := CheckBase(tt.base, p)
		switch {
		case tt.code == "" && len(found) > 0:
			t.Errorf("%s for %s: %s: %s", tt.base, tt.provider, found[0].Code, found[0].Detail)
		case tt.code != "" && (len(found) != 1 || found[0].Code != tt.code):
			t.Errorf("%s for %s: %+v, want %s", tt.base, tt.provider, found, tt.code)
		}
	}
}
