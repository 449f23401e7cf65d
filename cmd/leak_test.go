package cmd_test

import (
	"encoding/base64"
	"encoding/json"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// canaries are keys with every character that an encoding changes, one for each
// place a key can stand.
func canaries(head string) map[string]string {
	out := map[string]string{}
	for _, place := range []string{
		"env", "dotenv", "config", "general", "global", "config-env", "credential", "file", "stdin", "stored",
		"base-user", "base-query", "header", "master", "proxy", "swapped", "command",
	} {
		out[place] = head + `canary-` + place + `-7c1e+/&<>"=%5b93`
	}
	return out
}

// heads are how a key can begin: with a vendor's prefix, by which it can be
// told from other words, and without one.
func heads() []string { return []string{"sk-ant-api03-", "corp:"} }

// spellings are the forms in which a key could get out.
func spellings(key string) []string {
	js, _ := json.Marshal(key)
	plainJSON, _ := json.Marshal(strings.NewReplacer("&", "\\u0026").Replace(key))
	out := []string{
		key, url.QueryEscape(key), url.PathEscape(key), strings.Trim(string(js), `"`), strings.Trim(string(plainJSON), `"`),
		key[:strings.Index(key, "-7c1e")], // a head long enough to name the canary
	}
	// base64 of a text that holds the key somewhere: three alignments, without
	// the ends that depend on the neighbours.
	for shift := range 3 {
		padded := strings.Repeat("x", shift) + key
		for _, enc := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			text := enc.EncodeToString([]byte(padded))
			out = append(out, text[4:len(text)-4])
		}
	}
	return out
}

// leakWorld plants a canary in every place.
func leakWorld(t *testing.T, head string) (*world, map[string]string) {
	t.Helper()
	c := canaries(head)
	if head != heads()[0] {
		// An address or a model's name that holds an unknown word is no key to
		// anybody but its owner.
		c["swapped"] = canaries(heads()[0])["swapped"]
	}
	q := func(s string) string { b, _ := json.Marshal(s); return string(b) }
	config := `model_list:
  - model_name: literal
    litellm_params: {model: anthropic/claude-sonnet-4-5, api_key: ` + q(c["config"]) + `}
  - model_name: ambient
    litellm_params: {model: anthropic/claude-sonnet-4-5}
  - model_name: foreign
    litellm_params: {model: anthropic/claude-sonnet-4-5, api_base: "https://elsewhere.example/v1"}
  - model_name: user-in-base
    litellm_params: {model: openai/gpt-4o, api_base: ` + q("https://me:"+url.QueryEscape(c["base-user"])+"@api.corp.example/v1?key="+url.QueryEscape(c["base-query"])) + `, api_key: os.environ/CORP}
  - model_name: swapped
    litellm_params: {model: openai/gpt-4o, api_base: ` + q(c["swapped"]) + `, api_key: "https://api.openai.com/v1"}
  - model_name: header
    litellm_params: {model: openai/gpt-4o, api_key: os.environ/CORP, extra_headers: {Authorization: ` + q("Bearer "+c["header"]) + `}}
  - model_name: credential
    litellm_params: {model: anthropic/claude-sonnet-4-5, litellm_credential_name: team}
  - model_name: command
    litellm_params: {model: anthropic/claude-sonnet-4-5, api_key: ` + q("cmd:printf %s '"+c["command"]+"'") + `}
  - model_name: by-file
    litellm_params: {model: anthropic/claude-sonnet-4-5, api_key: "file:key.txt"}
  - model_nam: typo
    api_key: ` + q(c["config"]) + `
    litellm_params: {model: anthropic/claude-sonnet-4-5}
credential_list:
  - credential_name: team
    credential_values: {api_key: ` + q(c["credential"]) + `}
environment_variables:
  ANTHROPIC_API_KEY: ` + q(c["config-env"]) + `
litellm_settings:
  anthropic_key: ` + q(c["global"]) + `
  api_key: ` + q(c["general"]) + `
general_settings:
  master_key: ` + q(c["master"]) + `
`
	files := map[string]string{
		"litellm_config.yaml": config,
		".env": "# tricky on purpose\nANTHROPIC_API_KEY = '" + c["dotenv"] + "' # comment\nexport OPENAI_API_KEY=“" + c["dotenv"] + "”\n" +
			"ANTHROPIC_API_KEY='" + c["dotenv"] + "'\nGROQ_API_KYE='" + c["dotenv"] + "'\n",
		"key.txt":     c["file"],
		"broken.yaml": "model_list:\n  - api_key: \"" + strings.ReplaceAll(c["config"], `"`, "") + "\n  x: [",
		"broken.env":  "ANTHROPIC_API_KEY=\"" + c["dotenv"] + "\nmore text that is no assignment " + c["dotenv"] + "\n",
	}
	w := newWorld(t, files,
		"ANTHROPIC_API_KEY="+c["env"], "CORP="+c["env"], "OPENAI_API_KEY= "+c["env"]+"\t",
		"GEMINI_API_KEY=“"+c["env"]+"”", "GROQ_API_BASE="+c["swapped"], "HTTPS_PROXY=http://u:"+url.QueryEscape(c["proxy"])+"@127.0.0.1:1",
		"HOME=/nonexistent")
	return w, c
}

// A canary in every source, every command in every format, healthy and broken:
// nothing that is printed or written contains one, however it is spelt.
func TestNothingLeaks(t *testing.T) {
	for _, head := range heads() {
		t.Run(head, func(t *testing.T) { nothingLeaks(t, head) })
	}
}

func nothingLeaks(t *testing.T, head string) {
	w, c := leakWorld(t, head)
	echo := roundTrip(func(r *http.Request) (*http.Response, error) {
		// A provider that prints everything it was sent, and echoes it in
		// headers too: the worst there is.
		var b strings.Builder
		_ = r.Header.Write(&b)
		body, _ := json.Marshal(map[string]any{"error": map[string]any{"message": "rejected: " + b.String() + r.URL.String(), "type": "authentication_error", "code": "invalid_api_key"}})
		rec := &http.Response{StatusCode: 401, Status: "401 Unauthorized", Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
			Header: http.Header{"Content-Type": {"application/json"}, "X-Request-Id": {r.Header.Get("X-Api-Key") + r.Header.Get("Authorization")}},
			Body:   readCloser(string(body)), Request: r}
		return rec, nil
	})
	crash := roundTrip(func(r *http.Request) (*http.Response, error) {
		panic(r.Header) // a bug of ours, with the signed request in hand
	})
	moved := roundTrip(func(r *http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: 307, Status: "307", Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
			Header: http.Header{"Location": {"https://thief.example/?key=" + url.QueryEscape(r.Header.Get("X-Api-Key"))}}, Body: readCloser(""), Request: r}, nil
	})
	models := []string{"literal", "ambient", "foreign", "user-in-base", "swapped", "header", "credential", "command", "by-file", "nosuch", "openai/gpt-4o", "gemini/gemini-2.5-pro", "groq/llama"}
	var commands [][]string
	for _, m := range models {
		commands = append(commands, []string{"keys", "why", m}, []string{"keys", "test", m}, []string{"chat", "-m", m, "hi"},
			[]string{"keys", "why", m, "--policy", "env-first"}, []string{"chat", "-m", m, "--no-stream", "hi"})
	}
	commands = append(commands,
		[]string{"doctor"}, []string{"doctor", "--offline"}, []string{"doctor", "--allow-exec"}, []string{"doctor", "--demo"},
		[]string{"doctor", "--config", "broken.yaml"}, []string{"doctor", "--env-file", "broken.env"}, []string{"doctor", "--fail-on", "unknown"},
		[]string{"keys"}, []string{"keys", "list"}, []string{"keys", "lint"}, []string{"keys", "lint", "broken.env"}, []string{"keys", "lint", "litellm_config.yaml"},
		[]string{"keys", "why", "ambient", "--key-file", "key.txt"}, []string{"chat", "-m", "ambient", "--key-env", "CORP", "--api-base", "https://x.example", "hi"},
		[]string{"chat", "-m", c["swapped"], "hi"}, []string{"keys", "why", c["swapped"]}, []string{"doctor", c["swapped"]},
		[]string{"chat", "-m", "ambient", "--api-base", c["swapped"], "hi"}, []string{"chat", "-m", "ambient", "--api-base", "https://u:" + url.QueryEscape(c["base-user"]) + "@x.example", "hi"},
		[]string{"version"}, []string{"--help"},
	)
	formats := [][]string{nil, {"-v"}, {"--json"}, {"--json", "-v"}, {"-o", "jsonl"}, {"--color", "always"}}
	if head != heads()[0] {
		formats = formats[1:3] // the other formats print the same documents
	}
	seen := 0
	for label, transport := range map[string]http.RoundTripper{"echo": echo, "crash": crash, "moved": moved, "proxy": nil} {
		w.transport = transport
		for _, command := range commands {
			for _, format := range formats {
				args := append(append([]string{}, command...), format...)
				out, errOut, _ := w.run(args...)
				if len(out)+len(errOut) == 0 && command[0] != "version" {
					t.Errorf("%s %v: nothing was printed at all", label, args)
				}
				if strings.Contains(out, "fp:") {
					seen++
				}
				// What the user typed as a model name is echoed back by design only
				// when it is no key; a canary given there must not come back either.
				find(t, label+" "+strings.Join(command[:min(2, len(command))], " ")+" "+strings.Join(format, " "), out+errOut, c)
			}
		}
	}
	if seen < 100 {
		t.Fatalf("only %d outputs show a fingerprint: this test looks at the wrong thing", seen)
	}
}

// A stored key stands in the key store and nowhere else.
func TestStoredKeyDoesNotLeak(t *testing.T) {
	w, c := leakWorld(t, heads()[0])
	w.stdin = c["stored"] + "\n"
	out, errOut, exit := w.run("keys", "set", "anthropic", "-v")
	if exit != 0 {
		t.Fatalf("keys set: %d %s", exit, errOut)
	}
	find(t, "keys set", out+errOut, c)
	w.stdin = ""
	w.env = nil
	out, errOut, _ = w.run("keys", "list", "--json")
	if !strings.Contains(out, "keystore") {
		t.Fatalf("the stored key is not used:\n%s", out)
	}
	find(t, "keys list", out+errOut, c)
	holders := 0
	_ = filepath.WalkDir(w.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return nil
		}
		data, _ := os.ReadFile(path)
		if strings.Contains(string(data), "canary-stored") {
			holders++
			if info, _ := d.Info(); info.Mode().Perm() != 0o600 {
				t.Errorf("%s holds a key with mode %v", path, info.Mode())
			}
		}
		return nil
	})
	if holders != 1 {
		t.Errorf("%d files hold the stored key, want 1: the store", holders)
	}
}

// The search itself finds what it is meant to find.
func TestLeakSearchFinds(t *testing.T) {
	for place, key := range canaries(heads()[1]) {
		for _, s := range spellings(key) {
			if got := leaks("text before " + s + " text after"); !got[place] {
				t.Errorf("%q is not found as a leak of %s", s, place)
			}
		}
	}
	if got := leaks("a page without any key, fp:0011aabb"); len(got) != 0 {
		t.Errorf("found %v in a clean text", got)
	}
}

func leaks(text string) map[string]bool {
	found := map[string]bool{}
	for _, head := range heads() {
		for place, key := range canaries(head) {
			for _, s := range spellings(key) {
				if strings.Contains(text, s) {
					found[place] = true
				}
			}
		}
	}
	return found
}

func find(t *testing.T, where, text string, _ map[string]string) {
	t.Helper()
	for place := range leaks(text) {
		i := strings.Index(text, "canary-"+place)
		t.Errorf("%s: the canary of %s got out: …%s…", where, place, text[max(0, i-120):min(len(text), max(0, i)+60)])
	}
}
