package catalog_test

import (
	"encoding/csv"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/llmctl/llmctl/pkg/catalog"
	"github.com/llmctl/llmctl/pkg/provider"
)

func TestEveryRowIsSane(t *testing.T) {
	models := catalog.All()
	if len(models) < 1000 {
		t.Fatalf("%d models, want at least 1000", len(models))
	}
	rows, seen, known := provider.All(), map[string]bool{}, 0
	for _, m := range models {
		id := m.Provider + "/" + m.Name
		if seen[strings.ToLower(id)] || m.Name == "" {
			t.Errorf("%s stands twice or has no name", id)
		}
		seen[strings.ToLower(id)] = true
		if p, ok := provider.Lookup(rows, m.Provider); !ok || p.Name != m.Provider {
			t.Errorf("%s: no provider row of this name", id)
		}
		if _, err := time.Parse(time.DateOnly, m.Date); err != nil || m.Source == "" {
			t.Errorf("%s: source %q, date %q", id, m.Source, m.Date)
		}
		if !slices.Contains([]string{"", "beta", "deprecated", "alpha"}, m.Status) {
			t.Errorf("%s: status %q", id, m.Status)
		}
		if m.Context < 0 || m.Output < 0 || slices.Contains(m.Inputs, "") || slices.Contains(m.Outputs, "") {
			t.Errorf("%s: %+v", id, m)
		}
		for _, usd := range []*float64{m.Input, m.Answer, m.CacheRead, m.CacheWrite} {
			if usd != nil && (*usd < 0 || *usd > 1000) {
				t.Errorf("%s: %v dollars a million tokens", id, *usd)
			}
		}
		if m.Known {
			known++
		}
	}
	if known < 900 {
		t.Errorf("capabilities of %d models are known, want at least 900", known)
	}
}

func TestFind(t *testing.T) {
	m, ok := catalog.Find("anthropic", "Claude-Sonnet-4-5")
	if !ok || m.Name != "claude-sonnet-4-5" || m.Mode != catalog.Chat || m.Context == 0 || m.Input == nil || *m.Input != 3 || !m.Tools || !m.Known {
		t.Errorf("claude-sonnet-4-5: %+v", m)
	}
	if m, ok := catalog.Find("openai", "text-embedding-3-small"); !ok || m.Mode != catalog.Embedding {
		t.Errorf("text-embedding-3-small: %+v", m)
	}
	if _, ok := catalog.Find("anthropic", "gpt-4o"); ok {
		t.Error("Anthropic has no gpt-4o")
	}
	// A name without figures: nothing of it is free or zero.
	if m, ok := catalog.Find("openai", "o3-2025-04-16"); !ok || m.Input != nil || m.Known || m.Source == "" {
		t.Errorf("o3-2025-04-16: %+v", m)
	}
}

func TestProviders(t *testing.T) {
	for model, want := range map[string][]string{
		"gpt-4o":                     {"openai"},
		"claude-3-5-sonnet-20241022": {"anthropic"},
		"claude-sonnet-4-6":          {"anthropic"},
		"gemini-2.5-flash":           {"gemini", "vertex_ai"},
		"claude-3-5-sonnet":          {},
		"no-such-model":              {},
		"":                           {},
	} {
		if got := catalog.Providers(model); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", model, got, want)
		}
	}
}

func TestNearest(t *testing.T) {
	for model, want := range map[string]string{
		"gpt-4o-mnii":                "openai/gpt-4o-mini",
		"claude-4-5-sonnet":          "anthropic/claude-sonnet-4-5",
		"gemini-2.5-flsh":            "gemini/gemini-2.5-flash",
		"mistral-large-latst":        "mistral/mistral-large-latest",
		"openai/gpt4o":               "openai/gpt-4o",
		"anthropic/claude-sonet-4-5": "anthropic/claude-sonnet-4-5",
	} {
		got := catalog.Nearest(model, 3)
		if len(got) == 0 || got[0] != want || len(got) > 3 {
			t.Errorf("%s: %v, want %s first", model, got, want)
		}
	}
	if got := catalog.Nearest("claude-3-5-sonnet", 3); len(got) != 3 || !strings.HasPrefix(got[0], "anthropic/") {
		t.Errorf("claude-3-5-sonnet: %v", got)
	}
	for _, n := range []int{0, -1} {
		if got := catalog.Nearest("gpt-4o", n); len(got) != 0 {
			t.Errorf("%d names asked, %v given", n, got)
		}
	}
	if got := catalog.Nearest("qqqqqqqqqqqqqqqqqqqq", 3); len(got) != 0 {
		t.Errorf("nothing is near, got %v", got)
	}
}

func TestOf(t *testing.T) {
	models := catalog.Of("groq")
	if len(models) < 5 {
		t.Fatalf("%d models of groq", len(models))
	}
	for _, m := range models {
		if m.Provider != "groq" {
			t.Errorf("%s/%s among groq's", m.Provider, m.Name)
		}
	}
}

// What a caller does to the slice does not reach the table.
func TestAllIsTheCallers(t *testing.T) {
	first := catalog.All()
	name := first[0].Name
	first[0].Name = "changed"
	if got := catalog.All()[0].Name; got != name {
		t.Errorf("the table has %q now, had %q", got, name)
	}
}

// The published figures, where the folder with them is at hand.
func TestFiguresAreThePublishedOnes(t *testing.T) {
	file, err := os.Open("../../../shared/facts/models.csv")
	if err != nil {
		t.Skip("no published figures here: ", err)
	}
	defer file.Close()
	r := csv.NewReader(file)
	r.Comment = '#'
	lines, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	other := map[string]string{
		"alibaba": "dashscope", "amazon-bedrock": "bedrock", "google": "gemini", "google-vertex": "vertex_ai", "google-vertex-anthropic": "vertex_ai",
		"togetherai": "together_ai", "fireworks-ai": "fireworks_ai", "github-models": "github", "nvidia": "nvidia_nim", "ollama-cloud": "ollama_cloud",
		"cloudflare-workers-ai": "cloudflare", "moonshotai": "moonshot", "llama": "meta_llama", "lmstudio": "lm_studio", "zhipuai": "bigmodel",
	}
	compared := 0
	for _, l := range lines[1:] {
		row := l[0]
		if o, ok := other[row]; ok {
			row = o
		}
		m, ok := catalog.Find(row, l[1])
		if !ok {
			t.Errorf("%s/%s is missing", row, l[1])
			continue
		}
		compared++
		for what, pair := range map[string][2]string{
			"context": {l[3], count(m.Context)}, "output": {l[4], count(m.Output)}, "input": {l[5], usd(m.Input)},
			"answer": {l[6], usd(m.Answer)}, "cache read": {l[7], usd(m.CacheRead)}, "cache write": {l[8], usd(m.CacheWrite)}, "status": {l[14], m.Status},
		} {
			if (what == "context" || what == "output") && pair[0] == "0" {
				pair[0] = "" // a window of no tokens is one that is not known
			}
			if norm(pair[0]) != norm(pair[1]) {
				t.Errorf("%s/%s: %s is %q, published as %q", row, l[1], what, pair[1], pair[0])
			}
		}
	}
	if compared < 1200 {
		t.Errorf("%d models compared", compared)
	}
}

func count(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func usd(f *float64) string {
	if f == nil {
		return ""
	}
	return strconv.FormatFloat(*f, 'g', -1, 64)
}

// norm makes 3 of "3.0", and nothing of a count of 0.
func norm(s string) string {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return s
	}
	return strconv.FormatFloat(f, 'g', -1, 64)
}

func BenchmarkFind(b *testing.B) {
	for b.Loop() {
		catalog.Find("openai", "gpt-4o")
	}
}

func BenchmarkNearest(b *testing.B) {
	for b.Loop() {
		catalog.Nearest("claude-3-5-sonnet", 3)
	}
}
