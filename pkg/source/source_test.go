package source

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/llmctl/llmctl/pkg/config"
	"github.com/llmctl/llmctl/pkg/fault"
	"github.com/llmctl/llmctl/pkg/resolve"
	"github.com/llmctl/llmctl/pkg/secret"
)

func entry(s *resolve.Snapshot, file, name string) (resolve.Entry, bool) {
	for _, f := range s.EnvFiles {
		for _, e := range f.Entries {
			if f.Path == file && e.Name == name {
				return e, true
			}
		}
	}
	return resolve.Entry{}, false
}

func files(s *resolve.Snapshot) []string {
	out := []string{}
	for _, f := range s.EnvFiles {
		out = append(out, f.Path+" "+f.Status)
	}
	return out
}

func has(got []fault.Finding, code fault.Code) int {
	n := 0
	for _, f := range got {
		if f.Code == code {
			n++
		}
	}
	return n
}

func TestEnvFilesUpward(t *testing.T) {
	d := newDisk(map[string]string{
		"/home/u/.env":           "A=home",
		"/home/u/repo/.git/HEAD": "x",
		"/home/u/repo/.env":      "A=root\nB=root",
		"/home/u/repo/a/.env":    "A=near",
		"/home/u/repo/.envrc":    "export A=1",
		"/home/u/extra.env":      "A=extra",
		"/home/u/c/config.yaml":  "model_list: []",
		"/home/u/c/.env":         "A=beside",
	})
	sys := d.system("/home/u/repo/a", "/home/u", "A=process", "EMPTY=", "=C:=C:\\", "BROKEN")
	s, got := Read(t.Context(), sys, Options{EnvFiles: []string{"/home/u/extra.env", "../../extra.env"}, Config: "/home/u/c/config.yaml"})
	want := []string{"/home/u/extra.env read", ".env read", "/home/u/repo/.env read", "/home/u/repo/.envrc unused", "/home/u/c/.env unused"}
	if !slices.Equal(files(s), want) {
		t.Errorf("%v, want %v", files(s), want)
	}
	e, ok := entry(s, "/home/u/repo/.env", "B")
	if !ok || e.Origin.Line != 2 || e.Origin.Column != 3 || e.Origin.Layer != resolve.DotEnv || !e.Value.Equal(secret.New("root")) {
		t.Errorf("%+v", e)
	}
	if len(s.Env) != 2 || s.Env[0].Name != "A" || !s.Env[1].Value.IsZero() {
		t.Errorf("%+v", s.Env)
	}
	if has(got, "dotenv.unused") != 2 {
		t.Errorf("%v", codes(got))
	}
}

// Above a repository, and outside of home and repositories, lies what belongs
// to others.
func TestFolders(t *testing.T) {
	d := newDisk(map[string]string{"/r/.git": "gitdir: /x", "/r/a/b/x": "", "/home/u/p/q/x": "", "/tmp/a/x": ""})
	for dir, want := range map[string][]string{
		"/r/a/b":      {"/r/a/b", "/r/a", "/r"},
		"/r":          {"/r"},
		"/home/u/p/q": {"/home/u/p/q", "/home/u/p", "/home/u"},
		"/home/u":     {"/home/u"},
		"/tmp/a":      {"/tmp/a"},
		"/":           {"/"},
		"":            nil,
	} {
		if got := d.system(dir, "/home/u").folders(); !slices.Equal(got, want) {
			t.Errorf("%q: %v, want %v", dir, got, want)
		}
	}
}

func TestFindConfig(t *testing.T) {
	const list = "model_list: []\n"
	for name, c := range map[string]struct {
		files   map[string]string
		environ []string
		flag    string
		want    string
	}{
		"none":                     {nil, nil, "", ""},
		"flag":                     {map[string]string{"/r/a/llmctl.yaml": list}, []string{"LLMCTL_CONFIG=/e"}, "/f", "/f"},
		"variable":                 {map[string]string{"/r/a/llmctl.yaml": list}, []string{"LLMCTL_CONFIG=/e"}, "", "/e"},
		"empty variable":           {map[string]string{"/r/a/llmctl.yaml": list}, []string{"LLMCTL_CONFIG="}, "", "llmctl.yaml"},
		"order of names":           {map[string]string{"/r/a/config.yaml": list, "/r/a/litellm-config.yaml": list, "/r/a/litellm_config.yaml": list, "/r/a/.llmctl.yaml": list}, nil, "", ".llmctl.yaml"},
		"nearest first":            {map[string]string{"/r/llmctl.yaml": list, "/r/a/config.yaml": list}, nil, "", "config.yaml"},
		"up to the root":           {map[string]string{"/r/litellm_config.yaml": list}, nil, "", "/r/litellm_config.yaml"},
		"not above the root":       {map[string]string{"/llmctl.yaml": list}, nil, "", ""},
		"config.yaml of others":    {map[string]string{"/r/a/config.yaml": "model_list_size: 3\nx: {model_list: 1}\n"}, nil, "", ""},
		"config.yaml, broken":      {map[string]string{"/r/a/config.yaml": "model_list:\n- a: [\n"}, nil, "", "config.yaml"},
		"user, XDG":                {map[string]string{"/x/llmctl/config.yaml": list, "/home/u/.config/llmctl/config.yaml": list}, []string{"XDG_CONFIG_HOME=/x"}, "", "/x/llmctl/config.yaml"},
		"user, home":               {map[string]string{"/home/u/.config/llmctl/config.yaml": list}, nil, "", "/home/u/.config/llmctl/config.yaml"},
		"XDG relative is no place": {map[string]string{"/home/u/.config/llmctl/config.yaml": list}, []string{"XDG_CONFIG_HOME=x"}, "", "/home/u/.config/llmctl/config.yaml"},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDisk(c.files)
			d.files["r/.git/HEAD"] = newDisk(map[string]string{"/x": ""}).files["x"]
			r := &reader{sys: d.system("/r/a", "/home/u", c.environ...), options: Options{Config: c.flag}, snapshot: &resolve.Snapshot{}}
			if got := r.findConfig(); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

// A broken config is a finding with its line, and the rest is read.
func TestBrokenConfig(t *testing.T) {
	d := newDisk(map[string]string{"/p/llmctl.yaml": "model_list:\n  - model_name: a\n bad: [\n", "/p/.env": "A=1"})
	s, got := Read(t.Context(), d.system("/p", ""), Options{})
	if has(got, "config.syntax") != 1 || len(s.EnvFiles) != 1 || s.EnvFiles[0].Status != "read" {
		t.Fatalf("%v %v", codes(got), files(s))
	}
	for _, f := range got {
		if f.Code == "config.syntax" && (f.Location == nil || f.Location.File != "llmctl.yaml" || f.Location.Line == 0) {
			t.Errorf("%+v", f.Location)
		}
	}
	s, got = Read(t.Context(), d.system("/p", ""), Options{Config: "none.yaml"})
	if has(got, "config.not-found") != 1 || s == nil {
		t.Errorf("%v", codes(got))
	}
}

func TestBrokenDotEnv(t *testing.T) {
	d := newDisk(map[string]string{"/p/.env": "A=1\nnonsense\n"})
	s, got := Read(t.Context(), d.system("/p", ""), Options{})
	if !slices.Equal(files(s), []string{".env broken"}) || len(s.EnvFiles[0].Entries) != 0 || has(got, "dotenv.syntax") != 1 {
		t.Errorf("%v %v", files(s), codes(got))
	}
}

const references = `model_list:
- model_name: a
  litellm_params: {model: openai/a, api_key: "file:keys/a", api_base: "file:~/base"}
- model_name: b
  litellm_params: {model: openai/b, api_key: "cmd:pass show 'my key'"}
- model_name: c
  litellm_params: {model: openai/c, api_key: "keyring:mine"}
- model_name: d
  litellm_params: {model: openai/d, api_key: "file:none"}
- model_name: e
  litellm_params: {model: openai/e, api_key: "cmd:pass show 'my key'"}
- model_name: f
  litellm_params: {model: openai/f, api_key: os.environ/F}
`

func TestReferences(t *testing.T) {
	d := newDisk(map[string]string{
		"/p/conf/llmctl.yaml": references, "/p/conf/keys/a": "key-a\n", "/home/u/base": "https://x\r\n",
		"/home/u/.local/share/llmctl/keys/mine.json": `{"name":"mine","in":"file","value":"key-c"}`,
	})
	d.files["p/conf/keys/a"].Mode = 0o644
	sys := d.system("/p", "/home/u")
	runs := 0
	sys.Run = func(_ context.Context, argv []string, dir string) ([]byte, []byte, error) {
		runs++
		if !slices.Equal(argv, []string{"pass", "show", "my key"}) || dir != "/p/conf" {
			t.Errorf("%q in %s", argv, dir)
		}
		return []byte("key-b\nurl: x\n"), []byte("warning"), nil
	}
	s, got := Read(t.Context(), sys, Options{Config: "conf/llmctl.yaml", AllowExec: true})
	for text, want := range map[string]string{"file:keys/a": "key-a", "file:~/base": "https://x", "cmd:pass show 'my key'": "key-b", "keyring:mine": "key-c"} {
		if e, ok := s.Refs[text]; !ok || !e.Value.Equal(secret.New(want)) {
			t.Errorf("%s: %v %v %v", text, ok, e.Origin, s.RefErrs[text])
		}
	}
	if e := s.RefErrs["file:none"]; e == nil || e.Code != "key.unresolved" || len(s.RefErrs) != 1 {
		t.Errorf("%v", s.RefErrs)
	}
	if runs != 1 {
		t.Errorf("the command ran %d times", runs)
	}
	if has(got, "key.permissions") != 1 {
		t.Errorf("%v", codes(got))
	}
	if o := s.Refs["file:keys/a"].Origin; o.File != "conf/keys/a" || o.Line != 1 {
		t.Errorf("%+v", o)
	}

	s, _ = Read(t.Context(), sys, Options{Config: "conf/llmctl.yaml"})
	if e := s.RefErrs["cmd:pass show 'my key'"]; e == nil || e.Code != "key.exec-refused" || runs != 1 {
		t.Errorf("%v, %d runs", e, runs)
	}
	s, _ = Read(t.Context(), sys, Options{Config: "conf/llmctl.yaml", AllowExec: true, Need: func(m config.Model) bool { return m.Name == "a" }})
	if len(s.Refs) != 2 || runs != 1 {
		t.Errorf("%v, %d runs", s.Refs, runs)
	}
}

// What a failing command says may quote a key. It is not repeated.
func TestCommandFails(t *testing.T) {
	d := newDisk(map[string]string{"/p/llmctl.yaml": references})
	sys := d.system("/p", "")
	for name, c := range map[string]struct {
		out, errOut string
		err         error
	}{
		"fails":   {key, "cannot unlock with " + key + " or token=0123456789abcdefghij\nsecond line", errors.New("exit status 1")},
		"nothing": {"\n" + key, "empty " + key, nil},
	} {
		sys.Run = func(context.Context, []string, string) ([]byte, []byte, error) {
			return []byte(c.out), []byte(c.errOut), c.err
		}
		s, _ := Read(t.Context(), sys, Options{AllowExec: true})
		e := s.RefErrs["cmd:pass show 'my key'"]
		if e == nil || e.Code != "key.unresolved" {
			t.Fatalf("%s: %v", name, e)
		}
		if said := fmt.Sprintf("%v %+v", e, *e); strings.Contains(said, key) || strings.Contains(said, "0123456789") || !strings.Contains(said, "…") {
			t.Errorf("%s: %s", name, said)
		}
	}
}

func TestSplit(t *testing.T) {
	for text, want := range map[string][]string{
		"a b":            {"a", "b"},
		" a\t'b c'\"d\"": {"a", "b cd"},
		`a "" \ x`:       {"a", "", " x"},
		`a "\"$HOME\n"`:  {"a", `"$HOME\n`},
		`op 'it''s'`:     {"op", "its"},
		"":               nil,
	} {
		if got, err := split(text); err != nil || !slices.Equal(got, want) {
			t.Errorf("%q: %q %v, want %q", text, got, err, want)
		}
	}
	for _, text := range []string{`a 'b`, `a "b`, `a \`} {
		if _, err := split(text); err == nil {
			t.Errorf("%q: no error", text)
		}
	}
}

func TestKeyFlags(t *testing.T) {
	d := newDisk(map[string]string{"/p/.env": "MINE=from-file\nEMPTY=\n", "/p/key": "from-key-file\n", "/p/none": ""})
	for name, c := range map[string]struct {
		o     Options
		stdin string
		want  string
		via   resolve.Layer
		bad   int
	}{
		"env":          {Options{KeyEnv: "OUT"}, "", "from-env", resolve.Env, 0},
		"dotenv":       {Options{KeyEnv: "MINE"}, "", "from-file", resolve.DotEnv, 0},
		"env, unset":   {Options{KeyEnv: "NOPE"}, "", "", "", 1},
		"env, empty":   {Options{KeyEnv: "EMPTY"}, "", "", "", 1},
		"env, a key":   {Options{KeyEnv: key}, "", "", "", 1},
		"file":         {Options{KeyFile: "key"}, "", "from-key-file", resolve.Deployment, 0},
		"file, empty":  {Options{KeyFile: "none"}, "", "", "", 1},
		"stdin":        {Options{KeyStdin: true}, "piped\r\n", "piped", "", 0},
		"stdin, empty": {Options{KeyStdin: true}, "\n", "", "", 1},
		"stdin, long":  {Options{KeyStdin: true}, strings.Repeat("x", maxKey+1), "", "", 1},
	} {
		t.Run(name, func(t *testing.T) {
			sys := d.system("/p", "", "OUT=from-env")
			sys.Stdin = strings.NewReader(c.stdin)
			s, got := Read(t.Context(), sys, c.o)
			k := s.Flags.Key
			if k == nil || !k.Value.Equal(secret.New(c.want)) || k.Origin.Layer != resolve.Flag {
				t.Fatalf("%+v", k)
			}
			if (k.Origin.Via != nil) != (c.via != "") || c.via != "" && k.Origin.Via.Layer != c.via {
				t.Errorf("via %+v", k.Origin.Via)
			}
			if has(got, "key.unresolved") != c.bad {
				t.Errorf("%v", codes(got))
			}
			if said := fmt.Sprintf("%+v", got); strings.Contains(said, key) {
				t.Error(said)
			}
		})
	}
	if s, _ := Read(t.Context(), d.system("/p", ""), Options{APIBase: "https://x"}); s.Flags.Key != nil || s.Flags.APIBase != "https://x" {
		t.Errorf("%+v", s.Flags)
	}
}

// Read works where nothing is there.
func TestReadNothing(t *testing.T) {
	s, got := Read(t.Context(), FS{}, Options{EnvFiles: []string{"x"}, KeyStdin: true, KeyEnv: ""})
	if s.RefErrs["--key-stdin"] == nil {
		t.Error("it is not said why --key-stdin gives nothing")
	}
	if s == nil || s.Refs == nil || has(got, "dotenv.unreadable") != 1 || has(got, "key.unresolved") != 1 {
		t.Errorf("%+v %v", s, codes(got))
	}
}
