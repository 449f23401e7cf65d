package secret

import (
	"encoding/base64"
	"encoding/json"
	"net/url"
	"strings"
	"testing"
)

func TestScrubFindsEverySpelling(t *testing.T) {
	const text = `corp-"key"&<71c5>/a0+d94e2b8f36`
	s := New(text)
	js, _ := json.Marshal(map[string]string{"message": "got " + text + " instead"})
	basic := base64.StdEncoding.EncodeToString([]byte("user:" + text))
	for name, in := range map[string]string{
		"as it is": "Bearer " + text + ".",
		"json":     string(js),
		"query":    "/v1?key=" + url.QueryEscape(text) + "&x=1",
		"path":     "/v1/" + url.PathEscape(text) + "/x",
		"base64":   "Authorization: Basic " + basic,
	} {
		got := string(s.Scrub([]byte(in)))
		if !strings.Contains(got, s.Fingerprint()) {
			t.Errorf("%s: %q has no fingerprint: nothing was found in %q", name, got, in)
		}
		if strings.Contains(got, "71c5") || name == "base64" && strings.Contains(got, basic[12:30]) {
			t.Errorf("%s: %q still holds the text", name, got)
		}
	}
	if in := []byte("a page without it"); string(s.Scrub(in)) != string(in) {
		t.Error("a text without the secret was changed")
	}
	if got := New("short").Scrub([]byte("a short word")); string(got) != "a short word" {
		t.Errorf("a word of five letters was taken for a key: %q", got)
	}
}
