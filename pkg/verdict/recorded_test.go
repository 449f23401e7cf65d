package verdict

import (
	"encoding/base64"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/llmctl/llmctl/pkg/fault"
)

// TestRecordedAnswers holds real traffic against Classify: what a provider
// answered with 200 is good, and the few recorded errors are known.
func TestRecordedAnswers(t *testing.T) {
	files, _ := filepath.Glob("../../../shared/recordings/*/*.json")
	if len(files) == 0 {
		t.Skip("the recordings are not here")
	}
	want := map[string]fault.Code{
		"400-full-f6959e6051.json": "request.refused",
		"404-full-8676ae2927.json": "model.not-found",
		"400-full-d6770337ac.json": "model.not-found",
		"400-full-b28d848248.json": "model.not-found",
		"400-full-de55c699cb.json": "model.not-found",
		"404-full-97b2d1d28e.json": "model.not-found",
		"404-full-a8f6cff3a0.json": "model.not-found",
	}
	good := 0
	for _, f := range files {
		raw, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		var r struct {
			Host   string            `json:"host"`
			Status int               `json:"status"`
			Header map[string]string `json:"headers"`
			Body   string            `json:"body"`
			Binary string            `json:"body_base64"`
		}
		if err := json.Unmarshal(raw, &r); err != nil {
			t.Fatalf("%s: %v", f, err)
		}
		a := Answer{Host: r.Host, Status: r.Status, Body: []byte(r.Body), Header: map[string][]string{}}
		if r.Binary != "" {
			a.Body, _ = base64.StdEncoding.DecodeString(r.Binary)
		}
		for n, v := range r.Header {
			a.Header[n] = []string{v}
		}
		v := Classify(a)
		if v.Code != want[filepath.Base(f)] {
			t.Errorf("%s: %d is %q by %s (%s), want %q", f, r.Status, v.Code, v.DecidedBy, v.Detail, want[filepath.Base(f)])
		}
		if v.Code == "" {
			good++
		}
	}
	t.Logf("%d recordings, %d good", len(files), good)
}
