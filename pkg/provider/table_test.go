package provider_test

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/llmctl/llmctl/pkg/provider"
)

func TestNamesAreUnique(t *testing.T) {
	rows := provider.All()
	if len(rows) < 100 {
		t.Fatalf("%d rows, want at least 100", len(rows))
	}
	owner := map[string]string{}
	for _, p := range rows {
		for _, n := range append([]string{p.Name}, p.Aliases...) {
			low := strings.ToLower(n)
			if n == "" || strings.ContainsAny(n, "/ ") {
				t.Errorf("%s: name %q cannot be a prefix", p.Name, n)
			}
			if other, taken := owner[low]; taken {
				t.Errorf("%q names %s and %s", n, other, p.Name)
			}
			owner[low] = p.Name
		}
	}
}

func TestEveryRowIsComplete(t *testing.T) {
	name := regexp.MustCompile(`^[A-Z][A-Z0-9_]*$`)
	for _, p := range provider.All() {
		if p.Title == "" || p.Source == "" || p.Auth == "" || p.Wire == "" {
			t.Errorf("%s: title, source, auth or wire is missing", p.Name)
		}
		if _, err := time.Parse(time.DateOnly, p.Date); err != nil {
			t.Errorf("%s: date %q", p.Name, p.Date)
		}
		if p.Wire != provider.Other && p.ChatPath == "" {
			t.Errorf("%s: no chat path", p.Name)
		}
		for _, list := range [][]string{p.Keys, p.VendorKeys, p.Bases, p.VendorBase} {
			for _, v := range list {
				if !name.MatchString(v) {
					t.Errorf("%s: %q is no variable", p.Name, v)
				}
			}
		}
		for _, v := range append(slices.Clone(p.VendorKeys), p.VendorBase...) {
			if slices.Contains(p.Keys, v) || slices.Contains(p.Bases, v) {
				t.Errorf("%s: %s is read and not read", p.Name, v)
			}
		}
		if p.KeyPage != "" && !strings.HasPrefix(p.KeyPage, "https://") {
			t.Errorf("%s: key page %q", p.Name, p.KeyPage)
		}
		if strings.HasSuffix(p.Notes, " ") || strings.Contains(p.Notes, "\n") {
			t.Errorf("%s: notes %q", p.Name, p.Notes)
		}
	}
}

// OPENAI_API_KEY may be read by OpenAI's own rows only: it is the last resort
// of 77 other hosts in LiteLLM, and that is how keys leak.
func TestNoOtherVendorReadsTheKeyOfOpenAI(t *testing.T) {
	seen := 0
	for _, p := range provider.All() {
		if slices.Contains(p.Keys, "OPENAI_API_KEY") || slices.Contains(p.Globals, "openai_key") || slices.Contains(p.VendorKeys, "OPENAI_API_KEY") {
			seen++
			if !strings.HasPrefix(p.Base, "https://api.openai.com/") {
				t.Errorf("%s reads OpenAI's key and calls %q", p.Name, p.Base)
			}
		}
		if strings.Contains(p.Base, "api.openai.com") && p.Name != "openai" && p.Name != "text-completion-openai" {
			t.Errorf("%s: api.openai.com as default base", p.Name)
		}
	}
	if seen != 2 {
		t.Errorf("%d rows read OpenAI's key, want 2", seen)
	}
}

func TestAddressesParse(t *testing.T) {
	for _, p := range provider.All() {
		holes := map[string]bool{"model": true, "deployment": true}
		for _, h := range p.Callers {
			if h.Name == "" || h.Param == "" {
				t.Errorf("%s: hole without name or param", p.Name)
			}
			holes[h.Name] = true
		}
		used := map[string]bool{"model": true, "deployment": true}
		for _, text := range []string{p.Base, p.ChatPath, p.Probe.Path, p.Probe.URL} {
			for _, h := range holesOf(text) {
				used[h] = true
				if h != "origin" && !holes[h] {
					t.Errorf("%s: hole {%s} of %q is not declared", p.Name, h, text)
				}
			}
		}
		for h := range holes {
			if !used[h] {
				t.Errorf("%s: hole {%s} is declared and nowhere used", p.Name, h)
			}
		}
		if p.Base == "" {
			continue
		}
		u, err := url.Parse(fill(p.Base) + fill(p.ChatPath))
		if err != nil || u.Host == "" || (u.Scheme != "https" && (u.Scheme != "http" || !p.Local)) {
			t.Errorf("%s: %q + %q is no address: %v", p.Name, p.Base, p.ChatPath, err)
		}
		if strings.HasSuffix(p.Base, "/") && p.Wire != provider.Other {
			t.Errorf("%s: base ends in a slash", p.Name)
		}
		if p.Version != "" && !strings.HasSuffix(p.Base, p.Version) {
			t.Errorf("%s: base %q does not end in its version %q", p.Name, p.Base, p.Version)
		}
		for _, h := range p.Hosts {
			if strings.ContainsAny(h, "/:*") || strings.ToLower(h) != h {
				t.Errorf("%s: host %q", p.Name, h)
			}
		}
	}
}

func TestProbesAreSane(t *testing.T) {
	vendorsOwn := map[string]string{ // probes that leave the base's host, to the same vendor
		"huggingface": "huggingface.co", "bedrock": "bedrock.x.amazonaws.com",
	}
	probes := 0
	for _, p := range provider.All() {
		q := p.Probe
		if q.Path == "" && q.URL == "" {
			if q.Method != "" || q.NeedsKey || q.Public || q.List {
				t.Errorf("%s: a probe without a place", p.Name)
			}
			continue
		}
		probes++
		if q.Path != "" && q.URL != "" || q.Public && q.NeedsKey || q.Proves == "" || q.Misses == "" || q.Source == "" {
			t.Errorf("%s: probe %+v", p.Name, q)
		}
		if q.Method != "GET" && q.Method != "POST" || (q.Body != "" && q.Method != "POST") {
			t.Errorf("%s: probe method %q", p.Name, q.Method)
		}
		if q.Path != "" && (!strings.HasPrefix(q.Path, "/") || strings.HasPrefix(q.Path, "//")) {
			t.Errorf("%s: probe path %q", p.Name, q.Path)
		}
		if p.Wire == provider.Other {
			t.Errorf("%s: a probe, and no wire to send it", p.Name)
		}
		if strings.Contains(strings.ToLower(q.Path+q.URL), "key=") {
			t.Errorf("%s: a key in the address of the probe", p.Name)
		}
		if q.URL != "" && !strings.HasPrefix(q.URL, "{origin}/") {
			u, err := url.Parse(fill(q.URL))
			if err != nil || u.Scheme != "https" || u.Host != vendorsOwn[p.Name] {
				t.Errorf("%s: probe leaves the host of the base: %q", p.Name, q.URL)
			}
		}
	}
	if probes < 90 {
		t.Errorf("%d probes, want at least 90", probes)
	}
	for _, name := range []string{"perplexity", "minimax", "vercel_ai_gateway", "dashscope"} {
		if p := must(t, name); p.Probe.Path+p.Probe.URL != "" {
			t.Errorf("%s has a probe, and no free call is known there", name)
		}
	}
	for _, name := range []string{"openai", "anthropic", "gemini", "azure", "bedrock", "openrouter", "groq", "mistral", "together_ai", "cohere", "cerebras", "xai", "deepseek", "huggingface", "fireworks_ai"} {
		if !must(t, name).Probe.NeedsKey {
			t.Errorf("%s: the probe is known to refuse a wrong key", name)
		}
	}
}

func TestKindsCompileAndFit(t *testing.T) {
	rows, kinds := provider.All(), provider.Kinds()
	known := map[string]bool{}
	for _, k := range kinds {
		if known[k.Name] || k.Title == "" || k.Source == "" || !strings.HasPrefix(k.Pattern, "^") {
			t.Errorf("kind %+v", k)
		}
		known[k.Name] = true
		if _, err := regexp.Compile(k.Pattern); err != nil {
			t.Error(err)
		}
		if k.Provider != "" && k.Provider != "elevenlabs" {
			if _, ok := provider.Lookup(rows, k.Provider); !ok {
				t.Errorf("%s: no provider %q", k.Name, k.Provider)
			}
		}
	}
	for _, p := range rows {
		for _, k := range p.KeyKinds {
			if !known[k] {
				t.Errorf("%s: no key kind %q", p.Name, k)
			}
		}
	}
	// Built to the shapes, not real. The first kind that matches is the one.
	for want, key := range map[string]string{
		"anthropic-api":   "sk-ant-api03-" + strings.Repeat("a", 93) + "AA",
		"anthropic-admin": "sk-ant-admin01-" + strings.Repeat("a", 93) + "AA",
		"anthropic-other": "sk-ant-short",
		"openai-project":  "sk-proj-" + strings.Repeat("b", 74) + "T3BlbkFJ" + strings.Repeat("c", 74),
		"openai-admin":    "sk-admin-" + strings.Repeat("b", 58) + "T3BlbkFJ" + strings.Repeat("c", 58),
		"openai-legacy":   "sk-" + strings.Repeat("b", 20) + "T3BlbkFJ" + strings.Repeat("c", 20),
		"openrouter":      "sk-or-v1-" + strings.Repeat("0a", 32),
		"google-standard": "AIza" + strings.Repeat("x", 35),
		"groq":            "gsk_" + strings.Repeat("x", 52),
		"sk-32":           "sk-" + strings.Repeat("a1", 16),
		"sk-any":          "sk-1234",
		"azure-32":        strings.Repeat("0a", 16),
		"mistral-32":      strings.Repeat("0Z", 16),
		"azure-84":        strings.Repeat("0Z", 42),
		"jwt":             "eyJhbGciOi.eyJzdWIi.x",
		"":                "no-known-shape",
	} {
		got := ""
		for _, k := range kinds {
			if regexp.MustCompile(k.Pattern).MatchString(key) {
				got = k.Name
				break
			}
		}
		if got != want {
			t.Errorf("a key of kind %q is taken for %q", want, got)
		}
	}
}

func must(t *testing.T, name string) provider.Provider {
	t.Helper()
	p, ok := provider.Lookup(provider.All(), name)
	if !ok {
		t.Fatalf("no row %q", name)
	}
	return p
}

func holesOf(text string) []string {
	names := []string{}
	for _, m := range regexp.MustCompile(`\{([a-z_]+)\}`).FindAllStringSubmatch(text, -1) {
		names = append(names, m[1])
	}
	return names
}

// fill puts a letter into every hole.
func fill(text string) string {
	return regexp.MustCompile(`\{[a-z_]+\}`).ReplaceAllString(text, "x")
}
