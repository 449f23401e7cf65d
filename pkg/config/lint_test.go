package config

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/llmctl/llmctl/pkg/fault"
	"github.com/llmctl/llmctl/pkg/provider"
)

const fixtures = "../../testdata/config/lint"

// world answers the questions of the fixtures.
func world() Questions {
	return Questions{
		Providers: provider.All(),
		Set: func(name string) (set, empty bool) {
			return name == "SET_KEY" || name == "EMPTY_KEY", name == "EMPTY_KEY"
		},
		Known: func(model string) []string {
			return map[string][]string{"gpt-4o": {"openai"}, "shared-model": {"groq", "together_ai"}}[model]
		},
		Nearest: func(string, int) []string { return []string{"openai/gpt-4o"} },
	}
}

var wanted = regexp.MustCompile(`# want (.+)$`)

// expected reads "# want CODE…" comments; "CODE@-1" stands one line above.
func expected(text string) []string {
	var out []string
	for i, line := range strings.Split(text, "\n") {
		m := wanted.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		for _, w := range strings.Fields(m[1]) {
			code, shift, _ := strings.Cut(w, "@")
			n, _ := strconv.Atoi(shift)
			out = append(out, fmt.Sprintf("%d %s", i+1+n, code))
		}
	}
	slices.Sort(out)
	return out
}

// TestLint compares every finding of every fixture with what its comments ask
// for: nothing missing, nothing more, each at its line.
func TestLint(t *testing.T) {
	paths, err := filepath.Glob(fixtures + "/*.yaml")
	if err != nil || len(paths) < 10 {
		t.Fatal("fixtures:", paths, err)
	}
	produced := map[fault.Code]bool{}
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) {
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			c, err := Parse(path, data)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, f := range c.Lint(world()) {
				check(t, f)
				produced[f.Code] = true
				if f.Ignored != nil && !strings.Contains(f.Location.Snippet, "# want") {
					continue
				}
				got = append(got, fmt.Sprintf("%d %s", f.Location.Line, f.Code))
			}
			slices.Sort(got)
			want := expected(string(data))
			for _, g := range got {
				if !slices.Contains(want, g) {
					t.Errorf("not expected: %s", g)
				}
			}
			for _, w := range want {
				if !slices.Contains(got, w) {
					t.Errorf("missing: %s", w)
				}
			}
			if len(got) != len(want) {
				t.Errorf("%d findings, want %d: %v", len(got), len(want), got)
			}
		})
	}
	for _, row := range fault.All() {
		area := row.Code.Area()
		if area != "config" || produced[row.Code] || slices.Contains(readingCodes(), row.Code) {
			continue
		}
		t.Errorf("%s is produced by no fixture", row.Code)
	}
}

// readingCodes are those of files that cannot be read: load_test.go has them.
func readingCodes() []fault.Code {
	return []fault.Code{"config.not-found", "config.unreadable", "config.too-large", "config.not-text", "config.syntax", "config.too-deep",
		"config.include-missing", "config.include-cycle", "config.include-ignored", "config.include-nested", "config.include-replaces", "config.many-documents"}
}

// check asks of a finding what every one has to have.
func check(t *testing.T, f fault.Finding) {
	t.Helper()
	if _, ok := fault.Lookup(f.Code); !ok {
		t.Errorf("%s has no row", f.Code)
	}
	if f.Location == nil || f.Location.Line == 0 || f.Location.Column == 0 || f.Location.Snippet == "" || f.Detail == "" || f.Fix.Summary == "" || f.Fix.Commands == nil {
		t.Errorf("incomplete: %+v", f)
	}
	all := fmt.Sprintf("%+v %+v", f, f.Location)
	for _, part := range []string{"3Zx81mNb7K", "wJalrXUtn"} {
		if strings.Contains(all, part) {
			t.Errorf("%s leaks: %s", f.Code, all)
		}
	}
	if strings.HasSuffix(f.Detail, ".") || f.Title == "" {
		t.Errorf("style of %s: %q", f.Code, f.Detail)
	}
}

func TestLintSorts(t *testing.T) {
	c, err := Load(filepath.Join(fixtures, "models.yaml"), os.ReadFile)
	if err != nil {
		t.Fatal(err)
	}
	found := c.Lint(world())
	if len(found) < 10 || !slices.IsSortedFunc(found, func(a, b fault.Finding) int { return a.Location.Line - b.Location.Line }) {
		t.Error("not sorted by line")
	}
}

func TestIgnoredStaysVisible(t *testing.T) {
	c, err := Load(filepath.Join(fixtures, "ignored.yaml"), os.ReadFile)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, f := range c.Lint(world()) {
		if f.Ignored == nil {
			t.Errorf("%s is not ignored", f.Code)
			continue
		}
		n++
	}
	if n != 2 {
		t.Errorf("%d ignored findings, want 2", n)
	}
}

func TestNilQuestionsSkipRules(t *testing.T) {
	for _, name := range []string{"models.yaml", "references.yaml"} {
		c, err := Load(filepath.Join(fixtures, name), os.ReadFile)
		if err != nil {
			t.Fatal(err)
		}
		found := c.Lint(Questions{})
		if len(found) < 3 {
			t.Fatalf("%s: only %d findings", name, len(found))
		}
		for _, f := range found {
			if slices.Contains([]fault.Code{"model.bare", "model.unknown", "model.ambiguous", "model.unknown-provider", "config.reference-unset", "config.reference-order"}, f.Code) {
				t.Errorf("%s: %s without an answer to its question", name, f.Code)
			}
		}
	}
	var c *Config
	if c.Lint(Questions{}) != nil {
		t.Error("findings of a nil Config")
	}
}

func TestLintTellsTheError(t *testing.T) {
	c, err := Parse("c.yaml", []byte("a: [\n"))
	found := c.Lint(Questions{})
	if err == nil || len(found) != 1 || found[0].Code != "config.syntax" {
		t.Errorf("%v %+v", err, found)
	}
}

func TestCommandsToPaste(t *testing.T) {
	c, err := Parse("c.yaml", []byte("model_list:\n- model_name: a\n  litellm_params: {model: antropic/x, temprature: 1}\n"))
	if err != nil {
		t.Fatal(err)
	}
	want := map[fault.Code]string{
		"config.unknown-key":     "sed -i.bak '3s/temprature/temperature/' c.yaml",
		"model.unknown-provider": "sed -i.bak '3s/antropic/anthropic/' c.yaml",
	}
	for _, f := range c.Lint(world()) {
		if w := want[f.Code]; len(f.Fix.Commands) != 1 || f.Fix.Commands[0] != w {
			t.Errorf("%s: %q, want %q", f.Code, f.Fix.Commands, w)
		}
		delete(want, f.Code)
	}
	if len(want) > 0 {
		t.Errorf("no finding: %v", want)
	}
}

func TestNearest(t *testing.T) {
	known := []string{"api_key", "api_base", "temperature", "rpm", "tpm", "seed", "timeout", "max_tokens"}
	for name, want := range map[string]string{
		"api_kye": "api_key", "apiKey": "api_key", "API-KEY": "api_key", "temprature": "temperature", "tmp": "", "sed": "", "timout": "timeout",
		"max_token": "max_tokens", "rpm": "", "something": "", "max_retries": "",
	} {
		if got := nearest(name, known); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

func FuzzConfig(f *testing.F) {
	paths, _ := filepath.Glob("../../testdata/config/*/*.yaml")
	for _, p := range paths {
		if data, err := os.ReadFile(p); err == nil {
			f.Add(data)
		}
	}
	f.Add([]byte("a: &a [*a]\n<<: *a\n"))
	f.Add([]byte("model_list: [{model_name: &x a, litellm_params: {model: *x, ? [1] : 2}}]\n---\n"))
	f.Add([]byte("\xEF\xBB\xBFmodel_list:\r\n\t- !!binary x\r\n"))
	rows := provider.All()
	f.Fuzz(func(t *testing.T, data []byte) {
		c, _ := Load("c.yaml", func(path string) ([]byte, error) {
			if len(path) > 0 && path[0] == 'c' {
				return data, nil
			}
			return nil, os.ErrNotExist
		})
		c.ProviderRows()
		for _, m := range c.Models {
			c.Match(m.Name)
			c.Alias(m.Name)
		}
		for _, found := range c.Lint(Questions{Providers: rows, Set: func(string) (bool, bool) { return false, false }}) {
			if found.Location == nil {
				t.Errorf("%s has no place", found.Code)
			}
		}
	})
}
