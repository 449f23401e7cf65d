package secret_test

import (
	"bytes"
	"encoding/base64"
	"encoding/gob"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"text/template"

	"go.yaml.in/yaml/v3"

	"github.com/llmctl/llmctl/pkg/secret"
)

const canary = "sk-canary-7Hq2Zt9Lw4Xb"

// leaks reports in which form text gives the canary away; "" when it does not.
func leaks(text string) string {
	quoted, err := json.Marshal(canary)
	if err != nil {
		return "no json"
	}
	for form, s := range map[string]string{
		"plain":   canary,
		"half":    canary[len("sk-canary-"):],
		"base64":  base64.StdEncoding.EncodeToString([]byte(canary))[:16],
		"hex":     hex.EncodeToString([]byte(canary)),
		"HEX":     strings.ToUpper(hex.EncodeToString([]byte(canary))),
		"query":   url.QueryEscape(canary),
		"json":    strings.Trim(string(quoted), `"`),
		"decimal": strings.Trim(fmt.Sprintf("%d", []byte(canary)), "[]"),
	} {
		if strings.Contains(text, s) {
			return form
		}
	}
	return ""
}

type exported struct {
	Name string
	Key  secret.Secret
}

type unexported struct {
	Name string
	key  secret.Secret
}

type embedding struct {
	secret.Secret
	Name string
}

type deep struct {
	List []exported
	Map  map[string]unexported
	Ptr  *unexported
	Any  any
	fn   *exported
}

func holders() map[string]any {
	k := secret.New(canary)
	u := unexported{"u", k}
	e := exported{"e", k}
	return map[string]any{
		"secret":          k,
		"pointer":         &k,
		"exported":        e,
		"unexported":      u,
		"pointer exp":     &e,
		"pointer unexp":   &u,
		"embedding":       embedding{k, "x"},
		"slice":           []secret.Secret{k},
		"slice of ptr":    []*secret.Secret{&k},
		"array":           [1]secret.Secret{k},
		"map value":       map[string]secret.Secret{"k": k},
		"map key":         map[secret.Secret]string{k: "v"},
		"map unexported":  map[string]unexported{"k": u},
		"any slice":       []any{k, u, &u, e},
		"deep":            deep{[]exported{e}, map[string]unexported{"a": u}, &u, k, &e},
		"error wrapping":  fmt.Errorf("call with %v and %+v: %w", k, u, errors.New("refused")),
		"error of struct": fmt.Errorf("%#v", u),
		"anonymous":       struct{ k secret.Secret }{k},
	}
}

// Before anything is said of absence: the test sees a leak when there is one.
func TestLeaksAreSeen(t *testing.T) {
	for _, s := range []string{
		canary, fmt.Sprintf("%x", canary), fmt.Sprintf("%X", canary), fmt.Sprintf("%d", []byte(canary)),
		base64.StdEncoding.EncodeToString([]byte(canary)), fmt.Sprintf("%+v", struct{ k string }{canary}),
	} {
		if leaks(s) == "" {
			t.Errorf("not seen as a leak: %s", s)
		}
	}
}

func TestNoVerbPrintsTheText(t *testing.T) {
	verbs := []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "% x", "%d", "%o", "%b", "%c", "%U", "%e", "%t", "%p", "%T", "%w", "%z", "%10.50s", "%-40v"}
	for name, h := range holders() {
		for _, verb := range verbs {
			if out := fmt.Sprintf(verb, h); leaks(out) != "" {
				t.Errorf("%s of %s leaks (%s)", verb, name, leaks(out))
			}
		}
		for _, out := range []string{fmt.Sprint(h), fmt.Sprintln(h)} {
			if leaks(out) != "" {
				t.Errorf("Sprint of %s leaks (%s)", name, leaks(out))
			}
		}
	}
	if got := fmt.Sprintf("%v %s %d %#v", secret.New(canary), secret.New(canary), secret.New(canary), secret.New(canary)); strings.Count(got, "fp:") != 4 {
		t.Errorf("the fingerprint is not printed: %s", got)
	}
}

func TestNoEncoderWritesTheText(t *testing.T) {
	for name, h := range holders() {
		out := map[string]string{}
		b, err := json.Marshal(h)
		out["json"] = string(b) + fmt.Sprint(err)
		b, err = xml.Marshal(h)
		out["xml"] = string(b) + fmt.Sprint(err)
		out["yaml"] = marshalYAML(h)
		var g bytes.Buffer
		err = gob.NewEncoder(&g).Encode(h)
		out["gob"] = g.String() + fmt.Sprint(err)
		var tpl bytes.Buffer
		err = template.Must(template.New("").Parse(`{{.}} {{printf "%#v" .}} {{printf "%s" .}}`)).Execute(&tpl, h)
		out["template"] = tpl.String() + fmt.Sprint(err)
		for enc, text := range out {
			if leaks(text) != "" {
				t.Errorf("%s of %s leaks (%s)", enc, name, leaks(text))
			}
		}
	}
	b, err := json.Marshal(exported{"e", secret.New(canary)})
	if err != nil || !strings.Contains(string(b), `"Key":"fp:`) {
		t.Errorf("json of a Secret is not its fingerprint: %s %v", b, err)
	}
	if y := marshalYAML(exported{"e", secret.New(canary)}); !strings.Contains(y, "key: fp:") && !strings.Contains(y, "key: 'fp:") {
		t.Errorf("yaml of a Secret is not its fingerprint: %s", y)
	}
}

// yaml panics on values that it cannot write; the panic must not leak either.
func marshalYAML(v any) (text string) {
	defer func() {
		if r := recover(); r != nil {
			text = fmt.Sprintf("%v %+v", r, r)
		}
	}()
	b, err := yaml.Marshal(v)
	return string(b) + fmt.Sprint(err)
}

func TestNoLogWritesTheText(t *testing.T) {
	for name, h := range holders() {
		var b bytes.Buffer
		for _, handler := range []slog.Handler{slog.NewTextHandler(&b, nil), slog.NewJSONHandler(&b, nil)} {
			log := slog.New(handler)
			log.Info("m", "k", h)
			log.Info("m", slog.Group("g", "k", h))
			log.With("k", h).Info(fmt.Sprintf("%v", h))
		}
		if b.Len() == 0 {
			t.Fatal("nothing was logged")
		}
		if leaks(b.String()) != "" {
			t.Errorf("slog of %s leaks (%s)", name, leaks(b.String()))
		}
	}
}

// A panic prints its value by other means than fmt: seen from outside.
func TestNoPanicPrintsTheText(t *testing.T) {
	if name := os.Getenv("LLMCTL_TEST_PANIC"); name != "" {
		panic(holders()[name])
	}
	for name := range holders() {
		c := exec.Command(os.Args[0], "-test.run", "^TestNoPanicPrintsTheText$")
		c.Env = append(os.Environ(), "LLMCTL_TEST_PANIC="+name)
		out, err := c.CombinedOutput()
		if err == nil || !strings.Contains(string(out), "panic: ") {
			t.Fatalf("%s: no panic to look at: %v\n%s", name, err, out)
		}
		if leaks(string(out)) != "" {
			t.Errorf("panic with %s leaks (%s)", name, leaks(string(out)))
		}
	}
}

func TestNothingComesBackFromText(t *testing.T) {
	var e exported
	if err := json.Unmarshal([]byte(`{"Key":"`+canary+`"}`), &e); err == nil || leaks(err.Error()) != "" {
		t.Errorf("a credential was read from a document, or its error leaks: %v", err)
	}
}

func TestVerbs(t *testing.T) {
	k := secret.New(canary)
	h := map[string][]string{"X-Api-Key": {"old", "older"}}
	k.SetHeader(h, "x-api-key", "")
	k.SetHeader(h, "authorization", "Bearer ")
	if got := h["X-Api-Key"]; len(got) != 1 || got[0] != canary {
		t.Error("SetHeader does not replace the header")
	}
	if got := h["Authorization"]; len(got) != 1 || got[0] != "Bearer "+canary {
		t.Error("SetHeader does not put the prefix in front")
	}
	var kept string
	if err := k.Keep(func(text string) error { kept = text; return nil }); err != nil || kept != canary {
		t.Error("Keep does not hand over the text")
	}
	full := errors.New("disk full")
	if err := k.Keep(func(string) error { return full }); !errors.Is(err, full) {
		t.Error("Keep loses the error")
	}
	if got := string(k.Scrub([]byte("a " + canary + " b"))); got != "a "+k.Fingerprint()+" b" {
		t.Errorf("Scrub: %s", got)
	}
	if got := string(secret.New("none").Scrub([]byte("none of it"))); got != "none of it" {
		t.Errorf("Scrub of a word: %s", got)
	}
	if !k.Match(regexp.MustCompile(`^sk-canary-`)) || (secret.Secret{}).Match(regexp.MustCompile(``)) {
		t.Error("Match")
	}
	if !k.Map(func(s string) string { return s + "x" }).Equal(secret.New(canary+"x")) || !k.Map(func(string) string { return "" }).IsZero() {
		t.Error("Map")
	}
	if k.Len() != len(canary) || k.IsZero() || k.Equal(secret.Secret{}) || !k.Equal(secret.New(canary)) {
		t.Error("Len, IsZero or Equal")
	}
}

// The text reaches whoever signs, and the signer's error comes back as it is.
func TestSign(t *testing.T) {
	for _, text := range []string{canary, ""} {
		got := "untouched"
		if err := secret.New(text).Sign(func(s string) error { got = s; return nil }); err != nil || got != text {
			t.Errorf("%v, length %d", err, len(got))
		}
	}
	if err := secret.New(canary).Sign(func(string) error { return io.EOF }); !errors.Is(err, io.EOF) {
		t.Error(err)
	}
}

func TestZeroSecret(t *testing.T) {
	var z secret.Secret
	if !z.IsZero() || !secret.New("").IsZero() || z.Len() != 0 || z.Fingerprint() != "" || z.String() != "" || !z.Equal(secret.New("")) {
		t.Error("the zero Secret holds something")
	}
	if b, err := json.Marshal(z); err != nil || string(b) != `""` {
		t.Errorf("json of the zero Secret: %s %v", b, err)
	}
	clean, lint := z.Clean()
	if !clean.IsZero() || lint != (secret.Lint{}) {
		t.Errorf("Clean of the zero Secret: %+v", lint)
	}
}

// "fp:" + 8 hex of SHA-256 over "llmctl:" + key.
func TestFingerprint(t *testing.T) {
	// printf 'llmctl:sk-test' | sha256sum
	if got := secret.New("sk-test").Fingerprint(); got != "fp:f1795ba4" {
		t.Errorf("got %s", got)
	}
}
