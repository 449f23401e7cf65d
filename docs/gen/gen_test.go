package main

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/llmctl/llmctl/pkg/fault"
)

func TestSameSourcesSameBytes(t *testing.T) {
	a, err := build()
	if err != nil {
		t.Fatal(err)
	}
	b, err := build()
	if err != nil {
		t.Fatal(err)
	}
	if !maps.EqualFunc(a, b, bytes.Equal) {
		t.Error("two runs give different files")
	}
	for _, name := range []string{
		"completions/llmctl.bash", "completions/_llmctl", "completions/llmctl.fish", "completions/llmctl.ps1",
		"docs/man/llmctl.1", "docs/man/llmctl-keys-why.1", "docs/cli/llmctl.md", "docs/codes.md", "docs/codes/key.shadowed.md", "docs/providers.md",
	} {
		if len(a[name]) < 200 {
			t.Errorf("%s has %d bytes", name, len(a[name]))
		}
	}
	for _, r := range fault.All() {
		if !bytes.Contains(a["docs/codes.md"], []byte("codes/"+string(r.Code)+".md")) || !bytes.Contains(a["docs/codes/"+string(r.Code)+".md"], []byte(r.Code.Page())) {
			t.Errorf("%s is not in the table or has no page", r.Code)
		}
	}
}

// The check sees a file that differs, one that is missing, and one too many.
func TestCheckSeesDrift(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("go.mod", []byte("module x\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := run(false, &out); err != nil {
		t.Fatal(err)
	}
	if err := run(true, &out); err != nil {
		t.Fatalf("drift right after writing: %v\n%s", err, out.String())
	}
	out.Reset()
	changes := map[string]error{
		"changed":  os.WriteFile(filepath.FromSlash("docs/codes.md"), []byte("x"), 0o600),
		"missing":  os.Remove(filepath.FromSlash("docs/man/llmctl.1")),
		"too many": os.WriteFile(filepath.FromSlash("docs/codes/key.gone.md"), nil, 0o600),
	}
	for what, err := range changes {
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
	}
	if err := run(true, &out); err == nil {
		t.Error("drift is not an error")
	}
	for _, want := range []string{"differs: docs/codes.md\n", "differs: docs/man/llmctl.1\n", "left over: " + filepath.FromSlash("docs/codes/key.gone.md") + "\n"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("not told: %s", want)
		}
	}
	if err := run(false, &out); err != nil {
		t.Fatal(err)
	}
	if err := run(true, &out); err != nil {
		t.Errorf("gen does not mend drift: %v", err)
	}
}

// Homebrew wants each man page by name; the other packages take the folder.
func TestReleaseNamesEveryManPage(t *testing.T) {
	text, err := os.ReadFile("../../.goreleaser.yaml")
	if err != nil {
		t.Fatal(err)
	}
	files, err := build()
	if err != nil {
		t.Fatal(err)
	}
	pages := 0
	for name := range files {
		if !strings.HasPrefix(name, "docs/man/") {
			continue
		}
		pages++
		if !bytes.Contains(text, []byte("      - "+name+"\n")) {
			t.Errorf(".goreleaser.yaml: homebrew_casks.manpages lacks %s", name)
		}
	}
	if got := bytes.Count(text, []byte("- docs/man/llmctl")); got != pages {
		t.Errorf(".goreleaser.yaml names %d man pages, there are %d", got, pages)
	}
}

func TestRoff(t *testing.T) {
	for in, want := range map[string]string{
		`--json`: `\-\-json`, `.env`: `\&.env`, `'x'`: `\&'x'`, `a\b`: `a\eb`, `plain`: `plain`,
	} {
		if got := roff(in); got != want {
			t.Errorf("roff(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestCell(t *testing.T) {
	if got := cell("a | <b>"); got != `a \| &lt;b&gt;` {
		t.Error(got)
	}
}
