package cmd_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Input that nobody means: a clear error with its code, the right exit code,
// and no stack. Each case also runs chat, which has to stop at it or not care.
func TestBadInput(t *testing.T) {
	const good = "model_list:\n  - model_name: m\n    litellm_params: {model: openai/gpt-4o}\n"
	sparse := func(name, head string, size int64) func(*testing.T, string) {
		return func(t *testing.T, dir string) {
			path := filepath.Join(dir, name)
			if err := os.WriteFile(path, []byte(head), 0o600); err != nil {
				t.Fatal(err)
			}
			if err := os.Truncate(path, size); err != nil {
				t.Skip("no sparse files here: ", err)
			}
		}
	}
	for _, c := range []struct {
		name  string
		files map[string]string
		make  func(*testing.T, string)
		env   []string
		args  []string
		code  string
		exit  int
	}{
		{name: "config is a directory", files: map[string]string{"c.yaml/x": ""}, code: "config.unreadable", exit: 3},
		{name: "config is binary", files: map[string]string{"c.yaml": "model_list:\x00\x01\x02\xff\xfe"}, code: "config.not-text", exit: 3},
		{name: "config is an executable", files: map[string]string{"c.yaml": "\x7fELF\x02\x01\x01\x00\x00"}, code: "config.not-text", exit: 3},
		{name: "config of 50 MB", files: nil, make: sparse("c.yaml", good, 50<<20), code: "config.too-large", exit: 3},
		{name: "config nested 10,000 deep", files: map[string]string{"c.yaml": strings.Repeat("[", 10000) + strings.Repeat("]", 10000)}, code: "config.", exit: 3},
		{name: "config nested by indentation", files: map[string]string{"c.yaml": nested(300)}, code: "config.too-deep", exit: 3},
		{name: "aliases that multiply", files: map[string]string{"c.yaml": laughs()}, code: "config.", exit: 3},
		{name: "an alias inside itself", files: map[string]string{"c.yaml": "a: &a [*a]\nmodel_list: []\n"}, code: "config.shape"},
		{name: "a circle of includes", files: map[string]string{"c.yaml": "include: [d.yaml]\n" + good, "d.yaml": "include: [c.yaml]\n"}, code: "config.include-"},
		{name: "an include of itself", files: map[string]string{"c.yaml": "include: [c.yaml]\n" + good}, code: "config.include-cycle"},
		{name: "an include that is not there", files: map[string]string{"c.yaml": "include: [nowhere.yaml]\n" + good}, code: "config.include-missing"},
		{name: "model_list is a word", files: map[string]string{"c.yaml": "model_list: hello\n"}, code: "config.shape"},
		{name: "a base that is not a URL", files: map[string]string{"c.yaml": "model_list:\n  - model_name: m\n    litellm_params: {model: openai/gpt-4o, api_base: \"http://[::1\", api_key: k-71c5a0d94e2b}\n"}, code: "base.", exit: 1},
		{name: "a base with a control character", files: map[string]string{"c.yaml": "model_list:\n  - model_name: m\n    litellm_params: {model: openai/gpt-4o, api_base: \"https://x.example/\\n/v1\", api_key: k-71c5a0d94e2b}\n"}, code: "base.", exit: 1},
		{name: "a key with a newline inside", files: map[string]string{"c.yaml": good}, env: []string{"OPENAI_API_KEY=sk-proj-4c1b\n7e93f2a860d5"}, code: "key.bad-character", exit: 1},
		{name: "a key with a zero-width space", files: map[string]string{"c.yaml": good}, env: []string{"OPENAI_API_KEY=sk-proj-4c1b\u200b7e93f2a860d5"}, code: "key.bad-character", exit: 1},
		{name: ".env with a line of a gigabyte", files: map[string]string{"c.yaml": good}, make: sparse(".env", "OPENAI_API_KEY=sk-", 1<<30), code: "dotenv.too-large"},
		{name: ".env is a directory", files: map[string]string{"c.yaml": good, ".env/x": ""}, code: ""},
		{name: ".env in UTF-16", files: map[string]string{"c.yaml": good, ".env": "\xff\xfeO\x00P\x00=\x001\x00"}, code: "dotenv.utf16"},
		{name: "--env-file that is not there", files: map[string]string{"c.yaml": good}, args: []string{"--env-file", "nowhere.env"}, code: "dotenv.unreadable"},
		{name: "--key-file that is not there", files: map[string]string{"c.yaml": good}, args: []string{"--key-file", "nowhere.txt"}, code: "key."},
		{name: "a policy that does not exist", files: map[string]string{"c.yaml": good}, env: []string{"LLMCTL_POLICY=maybe"}, code: "usage.invalid", exit: 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t, c.files, append([]string{"LLMCTL_CONFIG=c.yaml"}, c.env...)...)
			if c.make != nil {
				c.make(t, w.dir)
			}
			out, errOut, exit := w.run(append([]string{"doctor", "--offline"}, c.args...)...)
			said := out + errOut
			if c.code != "" && !strings.Contains(said, c.code) {
				t.Errorf("nothing says %s:\n%s", c.code, said)
			}
			if c.exit != 0 && exit != c.exit {
				t.Errorf("exit %d, want %d:\n%s", exit, c.exit, said)
			}
			if strings.Contains(said, "goroutine") || strings.Contains(said, "crashed") && !strings.Contains(said, "0 crashed") {
				t.Errorf("it crashed:\n%s", said)
			}
			if _, errOut, exit := w.run("keys", "why", "m", "--json"); exit == 0 && c.exit == 3 {
				t.Errorf("keys why goes on with a config that cannot be read: %s", errOut)
			}
		})
	}
}

func nested(levels int) string {
	var b strings.Builder
	for i := range levels {
		b.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	return b.String() + strings.Repeat(" ", levels) + "b\n"
}

// laughs is a file of a few lines that stands for ten million values.
func laughs() string {
	var b strings.Builder
	b.WriteString("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n")
	for i := 1; i < 8; i++ {
		name, before := string(rune('0'+i)), string(rune('0'+i-1))
		b.WriteString("a" + name + ": &a" + name + " [" + strings.TrimSuffix(strings.Repeat("*a"+before+",", 10), ",") + "]\n")
	}
	return b.String()
}
