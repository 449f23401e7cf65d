package provider_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/llmctl/llmctl/pkg/provider"
)

// answer is one line of docs/oracle/litellm-1.109.1.tsv.
type answer map[string]string

func oracle(t *testing.T) map[string]answer {
	t.Helper()
	text, err := os.ReadFile("../../docs/oracle/litellm-1.109.1.tsv")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimRight(string(text), "\n"), "\n")
	if !strings.HasPrefix(lines[0], "# LiteLLM 1.109.1") {
		t.Fatalf("not the oracle's file: %q", lines[0])
	}
	head, out := strings.Split(lines[1], "\t"), map[string]answer{}
	for _, l := range lines[2:] {
		a := answer{}
		for i, cell := range strings.Split(l, "\t") {
			a[head[i]] = cell
		}
		out[a["provider"]] = a
	}
	return out
}

// variables are the environment names of a list; OPENAI_API_KEY is dropped
// because a row that is not OpenAI's never carries it over.
func variables(list string) []string {
	out := []string{}
	for _, n := range strings.Split(list, " > ") {
		if n != "" && !strings.Contains(n, ":") && n != "OPENAI_API_KEY" {
			out = append(out, n)
		}
	}
	return out
}

func globals(list string) []string {
	out := []string{}
	for _, n := range strings.Split(list, " > ") {
		g, ok := strings.CutPrefix(n, "global:")
		if ok && g != "api_key" && g != "openai_key" {
			out = append(out, g)
		}
	}
	return out
}

// Where a row differs from what LiteLLM does, it does so on purpose, for the
// reason given here. Everything else has to agree.
func deliberate() map[string]map[string]string {
	return map[string]map[string]string{
		"keys": {
			"anthropic":              "ANTHROPIC_AUTH_TOKEN is a Bearer token: the row's form is x-api-key, so it is named as a vendor's variable",
			"azure":                  "AZURE_OPENAI_AD_TOKEN is an Entra token that goes in Authorization, not in api-key",
			"azure_ai":               "AZURE_AD_TOKEN, likewise",
			"azure_text":             "AZURE_OPENAI_AD_TOKEN, likewise",
			"openai":                 "OPENAI_API_KEY is its own key",
			"text-completion-openai": "OPENAI_API_KEY is its own key",
			"sagemaker_chat":         "a bearer token of Bedrock is not SageMaker's: the AWS chain signs",
		},
		"globals": {
			"openai":                 "openai_key is its own",
			"text-completion-openai": "openai_key is its own",
			"ollama":                 "the row is ollama_chat too, which reads ollama_key",
		},
		"bases": {
			"custom_openai": "OPENAI_BASE_URL is OpenAI's: a server of one's own has its base beside the model",
			"xinference":    "likewise",
			"lm_studio":     "likewise, after its own variable",
			"litellm_proxy": "likewise, after its own variable",
		},
		"default": {
			"deepseek":      "without /beta, which only some features want",
			"huggingface":   "the router's own /v1 serves every inference provider",
			"hosted_vllm":   "api.openai.com would get the prompts of a local server",
			"lm_studio":     "likewise; the default is LM Studio's own",
			"litellm_proxy": "likewise",
			"xinference":    "likewise",
			"custom_openai": "likewise",
			"ollama":        "/api/chat instead of /api/generate: a chat is a chat",
		},
	}
}

func TestRowsAgreeWithTheOracle(t *testing.T) {
	answers, why := oracle(t), deliberate()
	asked := map[string]string{"ai21": "ai21_chat"} // ai21/ goes to OpenAI for models that LiteLLM does not know
	compared := 0
	for _, p := range provider.All() {
		if !strings.HasSuffix(p.Source, "executed") {
			continue
		}
		name := p.Name
		if other, ok := asked[name]; ok {
			name = other
		}
		a, ok := answers[name]
		if !ok {
			t.Errorf("%s says that it was executed, and the oracle was not asked", p.Name)
			continue
		}
		compared++
		differs := func(what string, same bool, row, executed any) {
			_, known := why[what][p.Name]
			switch {
			case same && known:
				t.Errorf("%s: %s agree now: take it off the list of differences", p.Name, what)
			case !same && !known:
				t.Errorf("%s: %s are %v, LiteLLM has %v", p.Name, what, row, executed)
			}
		}
		keys, bases := variables(a["keys"]), variables(a["bases"])
		differs("keys", slices.Equal(keys, p.Keys), p.Keys, keys)
		differs("bases", slices.Equal(bases, p.Bases), p.Bases, bases)
		differs("globals", slices.Equal(globals(a["keys"]), p.Globals), p.Globals, globals(a["keys"]))
		if a["key_pairs_bad"] != "" || a["base_pairs_bad"] != "" {
			t.Errorf("%s: the oracle's pairs contradict its order: %s %s", p.Name, a["key_pairs_bad"], a["base_pairs_bad"])
		}
		differs("default", sameAddress(p, a), p.Base+p.ChatPath, a["default"])
	}
	if compared < 110 {
		t.Errorf("%d rows compared, want at least 110", compared)
	}
}

// sameAddress puts what the oracle called with into the holes of a row.
func sameAddress(p provider.Provider, a answer) bool {
	if !strings.HasPrefix(a["default"], "http") {
		return p.Base == ""
	}
	model := a["model"]
	if p.Wire == provider.BedrockConverse {
		model = strings.ReplaceAll(model, ":", "%3A")
	}
	holes := strings.NewReplacer("{model}", model, "{project}", "prj", "{location}", "europe-west4", "{region}", "eu-west-1",
		"{account_id}", "acct", "{tenant_id}", "ten")
	return p.Base != "" && holes.Replace(p.Base+p.ChatPath) == a["default"]
}

// A list of differences that names no row would hide the next one.
func TestDifferencesNameRows(t *testing.T) {
	for what, rows := range deliberate() {
		for name := range rows {
			if _, ok := provider.Lookup(provider.All(), name); !ok {
				t.Errorf("%s: no row %q", what, name)
			}
		}
	}
}
