package resolve

import (
	"strings"
	"testing"

	"github.com/llmctl/llmctl/pkg/fault"
)

// A name that is in no catalog may be new or retired: its form says more than
// what is spelled nearly like it.
func TestUnknownNameIsKnownByItsForm(t *testing.T) {
	for model, want := range map[string]string{
		"claude-2":                               "anthropic/claude-2",
		"gpt-99":                                 "openai/gpt-99",
		"gemini-pro":                             "gemini/gemini-pro",
		"us.anthropic.claude-sonnet-9-v1:0":      "bedrock/us.anthropic.claude-sonnet-9-v1:0",
		"anthropic.claude-3-haiku-20240307-v1:0": "bedrock/anthropic.claude-3-haiku-20240307-v1:0",
		"meta.llama9-70b-instruct-v1:0":          "bedrock/meta.llama9-70b-instruct-v1:0",
		"something.with.dots":                    "openai/gpt-4o", // the nearest, as the tables of this test have it
		"us":                                     "openai/gpt-4o",
	} {
		r := world{t: t, yaml: "model_list:\n- model_name: m\n  litellm_params: {model: '" + model + "'}\n"}.one(Explicit, "m")
		n := note1(r, "model.unknown")
		if n == nil || !strings.Contains(n.Fix.Summary, want) {
			t.Errorf("%s: %+v, want %s", model, n, want)
		}
	}
}

// A model_name where a model is wanted leads to the deployment of that name.
func TestModelNameInPlaceOfAModel(t *testing.T) {
	w := world{t: t, yaml: "model_list:\n- model_name: big\n  litellm_params: {model: openai/gpt-4o}\n- model_name: auto\n  litellm_params: {model: big}\n- model_name: self\n  litellm_params: {model: self}\n"}
	if n := note1(w.one(Explicit, "auto"), "model.unknown"); n == nil || !strings.Contains(n.Detail, "config.yaml:2") {
		t.Errorf("auto: %+v", n)
	}
	if n := note1(w.one(Explicit, "self"), "model.unknown"); n == nil || strings.Contains(n.Detail, "config.yaml:") {
		t.Errorf("self: %+v", n)
	}
}

// A misspelt model_name leads to the one that was meant.
func TestMisspeltModelName(t *testing.T) {
	w := world{t: t, yaml: "model_list:\n- model_name: claude\n  litellm_params: {model: anthropic/x}\n- model_name: Claudette\n  litellm_params: {model: anthropic/x}\n"}
	for name, want := range map[string]string{"claud": "did you mean claude?", "claued": "did you mean claude?", "cludette": "did you mean Claudette?", "mistake": ""} {
		n := note1(w.one(Explicit, name), "model.unknown")
		if n == nil || strings.Contains(n.Fix.Summary, "did you mean") != (want != "") || !strings.Contains(n.Fix.Summary, want) {
			t.Errorf("%s: %+v", name, n)
		}
	}
}

// What is wrong with an address is said once, in the words of the lint.
func TestAddressThatIsNone(t *testing.T) {
	for base, want := range map[string]fault.Code{
		"your-azure-endpoint": "base.not-url", "x.openai.azure.com": "base.missing-scheme", "localhost": "base.missing-scheme", "ftp://h": "base.not-url",
	} {
		r := world{t: t, yaml: "model_list:\n- model_name: m\n  litellm_params: {model: azure/d, api_base: '" + base + "', api_key: k}\n"}.one(Explicit, "m")
		if code(r) != want {
			t.Errorf("%s: %s, want %s", base, code(r), want)
		}
		n := 0
		for _, f := range r.Notes {
			if f.Code.Area() == "base" {
				n++
			}
		}
		if n != 1 {
			t.Errorf("%s: %d notes about one address", base, n)
		}
	}
}

// A hole that a reference leaves open is reported where the reference stands.
func TestHoleIsReportedAtItsReference(t *testing.T) {
	r := world{t: t, yaml: "model_list:\n- model_name: m\n  litellm_params:\n    model: bedrock/x\n    aws_region_name: os.environ/NOWHERE\n"}.one(Explicit, "m")
	if n := note1(r, "base.hole"); n == nil || n.Location == nil || n.Location.Line != 5 {
		t.Errorf("%+v", n)
	}
}

// The variable to set is the one that people know, not the one that is read first.
func TestUsualVariable(t *testing.T) {
	r := world{t: t}.one(Explicit, "gemini/x")
	if n := note1(r, "key.missing"); n == nil || !strings.Contains(n.Fix.Summary, "set GEMINI_API_KEY") {
		t.Errorf("%+v", n)
	}
}
