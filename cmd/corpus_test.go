package cmd_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Every real config of the corpus: no crash, as many deployments as its index
// says, each with an address or a code that says why not, and every finding at
// a line that holds what it is about.
func TestCorpus(t *testing.T) {
	dir := filepath.Join("..", "..", "shared", "corpus", "litellm-configs")
	data, err := os.ReadFile(filepath.Join(dir, "index.json"))
	if err != nil {
		t.Skip("the corpus of real configs is not beside the project: ", err)
	}
	var index []struct {
		File   string
		Models int
	}
	if err := json.Unmarshal(data, &index); err != nil || len(index) == 0 {
		t.Fatal("index.json: ", err, len(index))
	}
	for _, item := range index {
		t.Run(item.File, func(t *testing.T) {
			path, err := filepath.Abs(filepath.Join(dir, item.File))
			if err != nil {
				t.Fatal(err)
			}
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			lines := strings.Split(string(text), "\n")
			out, errOut, exit := newWorld(t, nil).run("doctor", "--offline", "--json", "--config", path)
			var doc struct {
				Schema      string
				ExitCode    int `json:"exit_code"`
				Summary     struct{ Crashed int }
				Deployments []struct {
					ModelName string `json:"model_name"`
					URL, Code string
					Location  *struct{ Line int }
				}
				Findings []struct {
					Code, Detail string
					Location     *struct {
						File         string
						Line, Column int
						Snippet      string
					}
				}
			}
			if err := json.Unmarshal([]byte(out), &doc); err != nil {
				t.Fatalf("exit %d, %v\n%s", exit, err, errOut)
			}
			if doc.Schema != "llmctl.doctor/v1" || doc.ExitCode != exit || doc.Summary.Crashed != 0 {
				t.Errorf("schema %q, exit_code %d, exit %d, crashed %d", doc.Schema, doc.ExitCode, exit, doc.Summary.Crashed)
			}
			if len(doc.Deployments) != item.Models {
				t.Errorf("%d deployments, the index says %d", len(doc.Deployments), item.Models)
			}
			for _, d := range doc.Deployments {
				if d.URL == "" && d.Code == "" {
					t.Errorf("%s has neither an address nor a code", d.ModelName)
				}
				if d.Location == nil || d.Location.Line < 1 || d.Location.Line > len(lines) {
					t.Errorf("%s stands nowhere: %+v", d.ModelName, d.Location)
				}
			}
			for _, f := range doc.Findings {
				if f.Location == nil || filepath.Base(f.Location.File) != item.File {
					continue
				}
				l := f.Location
				if l.Line < 1 || l.Line > len(lines) || l.Column < 1 || l.Column > len([]rune(lines[l.Line-1]))+1 {
					t.Errorf("%s at %d:%d, and the file has %d lines", f.Code, l.Line, l.Column, len(lines))
					continue
				}
				if s := strings.TrimSpace(l.Snippet); s == "" && strings.TrimSpace(lines[l.Line-1]) != "" {
					t.Errorf("%s at line %d shows nothing of it", f.Code, l.Line)
				}
				if word := named(f.Detail); word != "" && strings.Contains(string(text), word) && !strings.Contains(lines[l.Line-1], word) {
					t.Errorf("%s names %q and points at line %d: %s", f.Code, word, l.Line, lines[l.Line-1])
				}
			}
		})
	}
}

// named is the text that a detail quotes first: it has to stand at the line.
func named(detail string) string {
	_, rest, ok := strings.Cut(detail, `"`)
	if !ok {
		return ""
	}
	word, _, ok := strings.Cut(rest, `"`)
	if !ok || len(word) > 60 {
		return ""
	}
	return word
}
