package config

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/llmctl/llmctl/pkg/fault"
)

const corpus = "../../../shared/corpus/litellm-configs"

// files is a reader over texts, by path.
func files(texts map[string]string) func(string) ([]byte, error) {
	return func(path string) ([]byte, error) {
		t, ok := texts[filepath.Clean(path)]
		if !ok {
			return nil, &fs.PathError{Op: "open", Path: path, Err: fs.ErrNotExist}
		}
		return []byte(t), nil
	}
}

func codeOf(err error) fault.Code {
	var f *fault.Err
	if errors.As(err, &f) {
		return f.Code
	}
	return ""
}

// problem finds the finding that reading left, by code.
func problem(c *Config, code fault.Code) *fault.Finding {
	for i := range c.problems {
		if c.problems[i].Code == code {
			return &c.problems[i]
		}
	}
	return nil
}

func TestCorpusHasAsManyModels(t *testing.T) {
	index, err := os.ReadFile(filepath.Join(corpus, "index.json"))
	if err != nil {
		t.Skip("no corpus beside the repository: ", err)
	}
	var list []struct {
		File   string
		Models int
	}
	if err := json.Unmarshal(index, &list); err != nil {
		t.Fatal(err)
	}
	if len(list) < 70 {
		t.Fatalf("index lists %d files", len(list))
	}
	for _, f := range list {
		c, err := Load(filepath.Join(corpus, f.File), os.ReadFile)
		if err != nil {
			t.Errorf("%s: %v", f.File, err)
		}
		if len(c.Models) != f.Models {
			t.Errorf("%s: %d models, index says %d", f.File, len(c.Models), f.Models)
		}
	}
}

func TestLoadRefuses(t *testing.T) {
	deep := strings.Repeat("[", 200) + strings.Repeat("]", 200)
	bomb := "a: &a [x,x,x,x,x,x,x,x,x,x]\n"
	for c := 'b'; c <= 'h'; c++ {
		p := string(c - 1)
		bomb += string(c) + ": &" + string(c) + " [" + strings.TrimSuffix(strings.Repeat("*"+p+",", 10), ",") + "]\n"
	}
	for _, tt := range []struct {
		name, text string
		code       fault.Code
		line       int
	}{
		{"zero byte", "model_list:\n- \x00", "config.not-text", 2},
		{"utf-16", "\xFF\xFEm\x00o\x00", "config.not-text", 0},
		{"latin-1", "a: 1\nb: caf\xE9\n", "config.not-text", 2},
		{"large", strings.Repeat("# filler\n", 1<<20), "config.too-large", 0},
		{"tab", "model_list:\n- model_name: a\n\tlitellm_params: {}\n", "config.syntax", 3},
		{"indent", "a:\n  b: 1\n c: 2\nd: 3\n", "config.syntax", 3},
		{"open quote", "a: 1\nb: \"x\nc: 2\nd: 3\n", "config.syntax", 2},
		{"open bracket", "a: 1\nb: [x, y\nc: 2\n", "config.syntax", 2},
		{"after a long quote", "a: 'x\n y\n z'\nb: {{ X }}: 3\nc: 1\n", "config.syntax", 4},
		{"unknown anchor", "a: 1\nb: *nobody\n", "config.syntax", 2},
		{"colon", "a: 1\nb: c: d\n", "config.syntax", 2},
		{"many items", strings.Repeat("a,", maxItems+1), "config.too-large", 0},
		{"deep", "a: " + deep + "\n", "config.too-deep", 1},
		{"bomb", bomb, "config.too-large", 0},
		{"a list", "- model_name: a\n", "config.shape", 1},
		{"a text", "hello\n", "config.shape", 1},
	} {
		c, err := Parse("c.yaml", []byte(tt.text))
		if got := codeOf(err); got != tt.code {
			t.Errorf("%s: %q (%v), want %q", tt.name, got, err, tt.code)
			continue
		}
		p := problem(c, tt.code)
		if p == nil || p.Location.Line != tt.line {
			t.Errorf("%s: finding %+v, want line %d", tt.name, p, tt.line)
		}
	}
}

func TestLoadUnreadable(t *testing.T) {
	c, err := Load("nowhere.yaml", files(nil))
	if codeOf(err) != "config.not-found" || c == nil || c.Files[0].Status != NotFound {
		t.Errorf("missing: %v %+v", err, c)
	}
	if c, err = Load(t.TempDir(), os.ReadFile); codeOf(err) != "config.unreadable" || c.Files[0].Status != Broken {
		t.Errorf("directory: %v", err)
	}
}

func TestLoadTolerates(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		models     int
		code       fault.Code
	}{
		{"empty", "", 0, "config.shape"},
		{"comments only", "# nothing\n", 0, "config.shape"},
		{"bom and crlf", "\xEF\xBB\xBFmodel_list:\r\n- model_name: a\r\n  litellm_params: {model: openai/x}\r\n", 1, ""},
		{"list null", "model_list:\n", 0, ""},
		{"list is a map", "model_list: {a: b}\n", 0, "config.shape"},
		{"entry is a text", "model_list: [a, {model_name: b}]\n", 1, "config.shape"},
		{"entry null", "model_list:\n-\n", 0, "config.shape"},
		{"params a text", "model_list:\n- model_name: a\n  litellm_params: openai/x\n", 1, "config.shape"},
		{"settings a list", "litellm_settings: [a]\n", 0, "config.shape"},
		{"name a list", "model_list:\n- model_name: [a]\n", 1, "config.shape"},
		{"two documents", "model_list:\n- model_name: a\n---\nmodel_list: []\n", 1, "config.many-documents"},
		{"second is broken", "model_list:\n- model_name: a\n---\na: [\n", 1, "config.many-documents"},
		{"duplicate", "model_list:\n- model_name: a\nmodel_list:\n- model_name: b\n- model_name: c\n", 2, "config.duplicate-key"},
		{"tag", "model_list:\n- model_name: !Env a\n", 1, "config.shape"},
		{"anchor in itself", "a: &a [*a]\nmodel_list:\n- model_name: x\n", 1, "config.shape"},
		{"merge of a text", "model_list:\n- <<: x\n", 1, "config.shape"},
		{"key is a list", "? [a]\n: b\nmodel_list: []\n", 0, "config.shape"},
	} {
		c, err := Parse("c.yaml", []byte(tt.text))
		if err != nil || len(c.Models) != tt.models {
			t.Errorf("%s: %d models, %v; want %d", tt.name, len(c.Models), err, tt.models)
		}
		if tt.code == "" && len(c.problems) > 0 || tt.code != "" && problem(c, tt.code) == nil {
			t.Errorf("%s: problems %+v, want %q", tt.name, c.problems, tt.code)
		}
	}
}

func TestAliasesKeepTheirPlaces(t *testing.T) {
	c, err := Parse("c.yaml", []byte(`x: &base
  api_base: https://a.example/v1
  timeout: 5
model_list:
- model_name: one
  litellm_params:
    <<: *base
    model: openai/x
    timeout: 9
- model_name: two
  litellm_params: *base
`))
	if err != nil || len(c.Models) != 2 {
		t.Fatal(err, len(c.Models))
	}
	one, two := c.Models[0].Params, c.Models[1].Params
	if f := one.Field("api_base"); f.Value.Text() != "https://a.example/v1" || f.Value.Pos().Line != 7 || f.Value.Written() != (Pos{"c.yaml", 2, 13}) || f.Written().Line != 2 {
		t.Errorf("merged: %+v %v", f, f.Value.Written())
	}
	if n := one.Get("timeout"); n.Text() != "9" || n.Pos().Line != 9 {
		t.Errorf("own key: %v at %v", n.Text(), n.Pos())
	}
	if two.Pos() != (Pos{"c.yaml", 11, 19}) || two.Written().Line != 1 || two.Get("api_base").Pos().Line != 2 {
		t.Errorf("alias: %v %v", two.Pos(), two.Written())
	}
}

func TestInclude(t *testing.T) {
	read := files(map[string]string{
		"d/main.yaml": "include: [sub/a.yaml, missing.yaml, main.yaml, sub/a.yaml, bad.yaml]\nlitellm_settings: {drop_params: true}\nmodel_list:\n- model_name: one\n",
		"d/sub/a.yaml": "include: [b.yaml]\nlitellm_settings:\n  num_retries: 2\nmodel_list:\n- model_name: two\n  litellm_params: {model: openai/x}\n" +
			"credential_list:\n- credential_name: c\n  credential_values: {api_key: os.environ/X}\n",
		"d/sub/b.yaml": "include: [beside-main.yaml]\nmodel_list: [{model_name: three}]\n",
		// Found beside the main file, since it is not beside the one that names it.
		"d/beside-main.yaml": "model_list: [{model_name: four}]\n",
		"d/bad.yaml":         "a: [\n",
	})
	c, err := Load("d/main.yaml", read)
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Models) != 4 || c.Models[2].Name != "three" || c.Models[3].Name != "four" || c.Models[1].Pos.File != "d/sub/a.yaml" || c.Models[1].Pos.Line != 5 {
		t.Errorf("models %+v", c.Models)
	}
	if c.Global("drop_params") != nil || c.Global("num_retries").Text() != "2" {
		t.Error("an included section has to replace the main one whole")
	}
	if _, ok := c.Credential("c"); !ok {
		t.Error("no credential")
	}
	for code, line := range map[fault.Code]int{
		"config.include-missing": 1, "config.include-cycle": 1, "config.include-replaces": 2, "config.include-ignored": 1, "config.include-nested": 1, "config.syntax": 1,
	} {
		if p := problem(c, code); p == nil || p.Location.Line != line {
			t.Errorf("%s: %+v", code, p)
		}
	}
	want := []File{{"d/main.yaml", Read}, {"d/sub/a.yaml", Included}, {"d/missing.yaml", NotFound}, {"d/bad.yaml", Broken}, {"d/sub/b.yaml", Included}, {"d/beside-main.yaml", Included}}
	if len(c.Files) != len(want) {
		t.Fatalf("files %v", c.Files)
	}
	for i := range want {
		if c.Files[i] != want[i] {
			t.Errorf("file %d: %v, want %v", i, c.Files[i], want[i])
		}
	}
}

func TestIncludeCycle(t *testing.T) {
	c, err := Load("a.yaml", files(map[string]string{"a.yaml": "include: [b.yaml]\n", "b.yaml": "include: [a.yaml]\nmodel_list: [{model_name: x}]\n"}))
	if err != nil || len(c.Models) != 1 {
		t.Fatal(err, c.Models)
	}
	if p := problem(c, "config.include-cycle"); p == nil || p.Location.File != "b.yaml" {
		t.Errorf("%+v", p)
	}
}

func TestNilConfig(t *testing.T) {
	var c *Config
	_, _, alias := c.Alias("x")
	_, cred := c.Credential("x")
	_, ignored := c.Ignored("a.b", "c", 1)
	rows, found := c.ProviderRows()
	models, _ := c.Match("x")
	if alias || cred || ignored || rows != nil || found != nil || models != nil || c.Find("x") != nil || c.Global("x") != nil || c.Snippet(Pos{"a", 1, 1}) != "" {
		t.Error("a nil Config has to be an empty one")
	}
}

func TestProviderRows(t *testing.T) {
	c, err := Parse("c.yaml", []byte(`providers:
- name: acme
  base: https://api.acme.example/v1/
  prefix: ac
  keys: [ACME_API_KEY, ACME_KEY]
- {name: "a b", base: https://x.example}
- {name: other, base: x.example}
- {name: third, base: https://t.example, wire: soap}
- {name: fourth, base: https://f.example, wire: anthropic, probe: /v1/models}
`))
	if err != nil {
		t.Fatal(err)
	}
	rows, found := c.ProviderRows()
	if len(rows) != 2 || len(found) != 3 {
		t.Fatalf("%+v\n%+v", rows, found)
	}
	a := rows[0]
	if a.Base != "https://api.acme.example/v1" || a.Aliases[0] != "ac" || len(a.Keys) != 2 || a.Auth != "bearer" || a.ChatPath != "/chat/completions" || a.Probe.Path != "/models" {
		t.Errorf("%+v", a)
	}
	if f := rows[1]; f.Auth != "x-api-key" || f.ChatPath != "/v1/messages" || !f.Probe.List {
		t.Errorf("%+v", f)
	}
	for i, line := range []int{6, 7, 8} {
		if found[i].Code != "config.shape" || found[i].Location.Line != line {
			t.Errorf("%+v", found[i])
		}
	}
}

// A misspelt field would leave a provider without what it says.
func TestProviderRowFields(t *testing.T) {
	c, err := Parse("c.yaml", []byte(`providers:
- name: acme
  base: https://api.acme.example/v1
  key_pages: https://acme.example/keys
  hosts: [acme.example]
  colour: green
`))
	if err != nil {
		t.Fatal(err)
	}
	rows, found := c.ProviderRows()
	if len(rows) != 1 || len(found) != 2 {
		t.Fatalf("%+v\n%+v", rows, found)
	}
	for i, want := range []struct {
		line     int
		commands int
	}{{4, 1}, {6, 0}} {
		if f := found[i]; f.Code != "config.unknown-key" || f.Location.Line != want.line || len(f.Fix.Commands) != want.commands {
			t.Errorf("%+v", f)
		}
	}
}

func TestFind(t *testing.T) {
	c, err := Parse("c.yaml", []byte("model_list:\n- model_name: a/*\n- model_name: a/b*\n- model_name: x\n- model_name: x\n"+
		"router_settings:\n  model_group_alias:\n    y: x\n    z: {model: x, hidden: true}\n    empty: {hidden: true}\n"))
	if err != nil {
		t.Fatal(err)
	}
	if n := len(c.Find("x")); n != 2 {
		t.Error("find x:", n)
	}
	if m, rest := c.Match("a/bc"); len(m) != 1 || m[0].Name != "a/b*" || rest != "c" {
		t.Error("match:", m, rest)
	}
	for name, want := range map[string]string{"y": "x", "z": "x", "empty": "", "none": ""} {
		if target, _, ok := c.Alias(name); target != want || ok != (want != "") {
			t.Errorf("alias %s: %q", name, target)
		}
	}
	for _, tt := range []struct {
		pattern, name, rest string
		ok                  bool
	}{
		{"*", "anything", "anything", true}, {"a/*", "a/", "", true}, {"a/*", "b/x", "", false}, {"a/*-x", "a/1-x", "1", true},
		{"*/*", "a/b/c", "a/b", true}, {"a", "a", "", false}, {"a*b*c", "a1b2c", "1", true}, {"a*b*c", "a1c", "", false}, {"ab*b", "ab", "", false},
	} {
		if rest, ok := MatchWildcard(tt.pattern, tt.name); rest != tt.rest || ok != tt.ok {
			t.Errorf("%s on %s: %q %v", tt.pattern, tt.name, rest, ok)
		}
	}
}

func TestReferences(t *testing.T) {
	for text, want := range map[string]Reference{
		"os.environ/A_KEY": {"env", "A_KEY"}, "env:A": {"env", "A"}, "file:/run/x y": {"file", "/run/x y"}, "keyring:openai": {"keyring", "openai"},
		"cmd:pass show x": {"cmd", "pass show x"}, " os.environ/A ": {"env", "A"},
		"os.environ/": {}, "os.environ.A": {}, "$A": {}, "x os.environ/A": {}, "env:": {}, "file": {}, "env:a b": {},
	} {
		if got, ok := ParseReference(text); got != want || ok != (want.Scheme != "") {
			t.Errorf("%q: %v %v", text, got, ok)
		}
	}
	for text, name := range map[string]string{
		"${A_KEY}": "A_KEY", "$A_KEY": "A_KEY", "os.environ.A_KEY": "A_KEY", "{{A_KEY}}": "A_KEY", "{{ env.A_KEY }}": "A_KEY", "${A:-x}": "A",
		"os.environ['A']": "A", "os.getenv(\"A\")": "A", "%A%": "A", "process.env.A": "A", "os.environ:A": "A", "$(A)": "A", "OS.ENVIRON/A": "A", "environ/A": "A",
		"os.environ//A": "A", "os.environ/": "",
	} {
		if !wrongReference(text) || variableIn(text) != name {
			t.Errorf("%q: %v %q", text, wrongReference(text), variableIn(text))
		}
	}
	for _, text := range []string{"os.environ/A", "gpt-4o", "https://x/${A}", "sk-abc", "a{b}", "environment", "{}"} {
		if wrongReference(text) {
			t.Errorf("%q taken for a reference", text)
		}
	}
}

func TestIgnored(t *testing.T) {
	c, err := Parse("c.yaml", []byte("a: 1 # llmctl:ignore a.b on purpose\n# llmctl:ignore c.d because\n# llmctl:ignore e.f\nb: 2\nc: 3\n"))
	if err != nil || len(c.Ignores) != 3 {
		t.Fatal(err, c.Ignores)
	}
	for _, tt := range []struct {
		code fault.Code
		line int
		want bool
	}{{"a.b", 1, true}, {"a.b", 2, false}, {"c.d", 4, true}, {"e.f", 4, true}, {"c.d", 5, false}, {"a.x", 1, false}} {
		if _, ok := c.Ignored(tt.code, "c.yaml", tt.line); ok != tt.want {
			t.Errorf("%s at %d: %v", tt.code, tt.line, ok)
		}
	}
	f := fault.New("config.unknown-key", "x")
	f.Code, f.Location = "a.b", &fault.Location{File: "c.yaml", Line: 1}
	if f = c.Mark(f); f.Ignored == nil || f.Ignored.By != "c.yaml:1" || f.Ignored.Reason != "on purpose" || f.Location.Snippet == "" {
		t.Errorf("%+v", f)
	}
}

func TestFindingsAreBounded(t *testing.T) {
	c, err := Parse("c.yaml", []byte(strings.Repeat("a: b\n", 3*maxFindings)))
	if err != nil {
		t.Fatal(err)
	}
	if n := len(c.Lint(Questions{})); n != maxFindings {
		t.Errorf("%d findings", n)
	}
}

func TestSnippetOfALongLineIsMaskedBeforeItIsCut(t *testing.T) {
	c, err := Parse("c.yaml", []byte("a: "+strings.Repeat("x ", 140)+" gsk_Aq3Zx81mNb7Kp2Wd5Tr9Yc4V"+strings.Repeat(" y", 9000)+"\n"))
	if err != nil {
		t.Fatal(err)
	}
	if s := c.Snippet(Pos{"c.yaml", 1, 1}); len(s) < 250 || len(s) > 400 || strings.Contains(s, "gsk_") {
		t.Errorf("%q", s)
	}
}
