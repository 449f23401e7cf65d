package wire

import (
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/llmctl/llmctl/pkg/llm"
	"github.com/llmctl/llmctl/pkg/provider"
)

// recording is an exchange that others recorded against the real service.
type recording struct {
	Host, Path string
	Status     int
	Headers    map[string]string
	Body       string
}

// replayed answers every request with one recording.
type replayed struct{ rec recording }

func (p replayed) RoundTrip(req *http.Request) (*http.Response, error) {
	h := http.Header{}
	for k, v := range p.rec.Headers {
		h.Set(k, v)
	}
	return &http.Response{StatusCode: p.rec.Status, Header: h, Body: io.NopCloser(strings.NewReader(p.rec.Body)), Request: req}, nil
}

// TestRecordings decodes what real services sent: nothing of it is truncated,
// unknown or empty.
func TestRecordings(t *testing.T) {
	root := "../../../shared/recordings"
	if _, err := os.Stat(root); err != nil {
		t.Skipf("no recordings at %s: nothing was checked", root)
	}
	files, err := filepath.Glob(root + "/*/200-*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no recordings in %s: %v", root, err)
	}
	streams, wholes := 0, 0
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var rec recording
		if err := json.Unmarshal(raw, &rec); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		var row provider.Provider
		switch {
		case strings.HasSuffix(rec.Path, "/chat/completions"):
			row = chatRow()
		case strings.HasSuffix(rec.Path, "/v1/messages"):
			row = claudeRow()
		default:
			continue
		}
		if strings.HasPrefix(filepath.Base(file), "200-stream") {
			streams++
		} else {
			wholes++
		}
		c := &Client{Transport: replayed{rec}}
		st, err := c.Chat(t.Context(), at(row, "https://"+strings.TrimSuffix(rec.Host, "/")), hi())
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		events, f := drain(t, st)
		reply := st.Reply()
		if f != nil || !reply.Complete {
			t.Errorf("%s: %v, %d events, complete %v", file, f, len(events), reply.Complete)
			continue
		}
		if reply.Text == "" && reply.Reasoning == "" && reply.Finish == llm.FinishStop {
			t.Logf("%s: nothing was said: %.300s", file, rec.Body)
		}
		if reply.Usage.Output == nil && strings.Contains(rec.Body, `"completion_tokens":`) {
			t.Errorf("%s: usage was lost", file)
		}
	}
	t.Logf("%d streams and %d whole answers", streams, wholes)
	if streams == 0 || wholes == 0 {
		t.Error("no exchange of these protocols: nothing was checked")
	}
}
