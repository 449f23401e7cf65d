package config

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/llmctl/llmctl/pkg/fault"
	"github.com/llmctl/llmctl/pkg/provider"
)

// TestLintOfTheCorpus runs the lint over real configs: no crash, and every
// finding at a line that is there.
func TestLintOfTheCorpus(t *testing.T) {
	paths, _ := filepath.Glob(filepath.Join(corpus, "*.yaml"))
	if len(paths) == 0 {
		t.Skip("no corpus beside the repository")
	}
	count := map[fault.Code]int{}
	for _, path := range paths {
		c, err := Load(path, os.ReadFile)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range c.Lint(Questions{Providers: provider.All()}) {
			count[f.Code]++
			if _, ok := fault.Lookup(f.Code); !ok {
				t.Errorf("%s: %s has no row", path, f.Code)
			}
			if f.Location == nil || f.Location.Line < 1 || f.Location.Line > len(c.lines[f.Location.File]) || f.Location.Snippet == "" {
				t.Errorf("%s: %s at %+v", path, f.Code, f.Location)
				continue
			}
			t.Logf("%s:%d:%d %s %s | %s | %s | fix: %s %q", filepath.Base(f.Location.File), f.Location.Line, f.Location.Column, f.Severity, f.Code, f.Detail, f.Location.Snippet, f.Fix.Summary, f.Fix.Commands)
		}
	}
	t.Log(count)
}
