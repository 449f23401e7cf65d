package provider_test

import (
	"os"
	"slices"
	"testing"

	"github.com/llmctl/llmctl/pkg/provider"
)

func TestLookup(t *testing.T) {
	for name, want := range map[string]string{
		"openai": "openai", "OpenAI": "openai", "google": "gemini", "azure-openai": "azure", "together": "together_ai",
		"fireworks": "fireworks_ai", "vertex": "vertex_ai", "cohere_chat": "cohere", "ollama_chat": "ollama", "vllm": "hosted_vllm",
		"ai21_chat": "ai21", "nvidia": "nvidia_nim", "nobody": "",
	} {
		p, ok := provider.Lookup(provider.All(), name)
		if p.Name != want || ok != (want != "") {
			t.Errorf("%s: got %q, want %q", name, p.Name, want)
		}
	}
}

func TestNearest(t *testing.T) {
	for name, want := range map[string]string{"opanai": "openai", "antropic": "anthropic", "mistrla": "mistral", "gropq": "groq", "fireworks-a": "fireworks_ai"} {
		got := provider.Nearest(provider.All(), name, 3)
		if len(got) == 0 || got[0] != want {
			t.Errorf("%s: got %v, want %s first", name, got, want)
		}
	}
	if got := provider.Nearest(provider.All(), "zzzzzzzzzzzz", 3); len(got) != 0 {
		t.Errorf("nothing is near zzzzzzzzzzzz, got %v", got)
	}
}

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"", "ab", 2}, {"abc", "abc", 0}, {"abc", "acb", 1}, {"abc", "adc", 1}, {"abcd", "abd", 1}, {"kitten", "sitting", 3}} {
		if got := provider.Distance(c.a, c.b); got != c.want || provider.Distance(c.b, c.a) != c.want {
			t.Errorf("%q and %q: %d, want %d", c.a, c.b, got, c.want)
		}
	}
}

func TestExtend(t *testing.T) {
	rows := provider.All()
	out := provider.Extend(rows, provider.Provider{Name: "GROQ", Title: "mine"}, provider.Provider{Name: "acme"})
	if len(out) != len(rows)+1 || out[len(rows)].Name != "acme" {
		t.Fatalf("%d rows, want one more than %d", len(out), len(rows))
	}
	if p, _ := provider.Lookup(out, "groq"); p.Title != "mine" {
		t.Errorf("the user's row does not replace: %q", p.Title)
	}
	if p, _ := provider.Lookup(rows, "groq"); p.Title != "Groq" {
		t.Errorf("the table itself was changed: %q", p.Title)
	}
}

func TestKeyVars(t *testing.T) {
	find := func(name string) provider.Var {
		for _, v := range provider.KeyVars(provider.All()) {
			if v.Name == name {
				return v
			}
		}
		t.Fatalf("%s is not listed", name)
		return provider.Var{}
	}
	for name, want := range map[string]provider.Var{
		"OPENAI_API_KEY":    {Use: provider.KeyUse, Rows: []string{"openai", "text-completion-openai"}},
		"GROQ_API_BASE":     {Use: provider.BaseUse, Rows: []string{"groq"}},
		"OLLAMA_HOST":       {Use: provider.VendorBaseUse, Rows: []string{"ollama"}},
		"NVIDIA_API_KEY":    {Use: provider.VendorKeyUse, Rows: []string{"nvidia_nim"}},
		"AZURE_API_VERSION": {Use: provider.PartUse, Rows: []string{"azure", "azure_ai", "azure_text"}},
		"DASHSCOPE_API_KEY": {Use: provider.KeyUse, Rows: []string{"dashscope", "qwencloud", "qwen_ai_platform"}},
	} {
		if got := find(name); got.Use != want.Use || !slices.Equal(got.Rows, want.Rows) {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
}

func TestEmbeddingName(t *testing.T) {
	for name, want := range map[string]bool{
		"text-embedding-3-small": true, "openai/text-embedding-ada-002": true, "embed-v4.0": true, "cohere/embed-english-v3.0": true,
		"voyage/voyage-3-large": true, "amazon.titan-embed-text-v2:0": true, "bge-m3": true, "huggingface/BAAI/bge-large-en": true,
		"gpt-4o": false, "voyage/rerank-2": false, "claude-sonnet-4-5": false, "command-r": false, "": false,
	} {
		if got := provider.EmbeddingName(name); got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// The page is printed from the table; make gen prints it again.
func TestMarkdownIsCurrent(t *testing.T) {
	page, err := os.ReadFile("../../docs/providers.md")
	if err != nil {
		t.Fatal(err)
	}
	if string(page) != provider.Markdown(provider.All()) {
		t.Error("docs/providers.md is not what the table prints: run make gen")
	}
}
