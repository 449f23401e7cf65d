package wire

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/llmctl/llmctl/pkg/fault"
	"github.com/llmctl/llmctl/pkg/llm"
	"github.com/llmctl/llmctl/pkg/provider"
	"github.com/llmctl/llmctl/pkg/resolve"
	"github.com/llmctl/llmctl/pkg/secret"
)

// canary is the key of every test: nothing that comes out of the package may
// contain it.
const canary = "sk-canary-5f0c1b7e9d2a4c68"

// chatRow is an OpenAI-compatible provider whose own hosts are none of ours.
func chatRow() provider.Provider {
	return provider.Provider{
		Name: "openai", Base: "https://api.openai.com/v1", Auth: provider.Bearer,
		Wire: provider.OpenAIChat, ChatPath: "/chat/completions",
		Probe: provider.Probe{Path: "/models", NeedsKey: true, List: true},
	}
}

func claudeRow() provider.Provider {
	return provider.Provider{
		Name: "anthropic", Base: "https://api.anthropic.com", Auth: provider.XAPIKey,
		Wire: provider.Anthropic, ChatPath: "/v1/messages",
		Probe: provider.Probe{Path: "/v1/models", NeedsKey: true, List: true},
	}
}

// at is a Resolution of p on base with the canary as its key.
func at(p provider.Provider, base string) *resolve.Resolution {
	return &resolve.Resolution{
		ModelName: "it", Model: p.Name + "/test-model", Upstream: "test-model", Provider: p,
		Key:  secret.New(canary),
		Base: resolve.Setting{Value: base, Origin: resolve.Origin{Layer: resolve.Flag, Name: "--api-base"}},
	}
}

func keyless(r *resolve.Resolution) *resolve.Resolution {
	r.Key = secret.Secret{}
	return r
}

func client(t *testing.T) *Client {
	t.Helper()
	tr := NewTransport(nil)
	t.Cleanup(tr.CloseIdleConnections)
	return &Client{Transport: tr, Now: time.Now, UserAgent: "llmctl/test"}
}

// server runs h on loopback and counts the requests.
type server struct {
	*httptest.Server
	mu   sync.Mutex
	seen []*http.Request
	body []string
}

func serve(t *testing.T, h http.HandlerFunc) *server {
	t.Helper()
	s := &server{}
	s.Server = httptest.NewServer(s.keep(h))
	t.Cleanup(s.Close)
	return s
}

func (s *server) keep(h http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		b, _ := io.ReadAll(req.Body)
		s.mu.Lock()
		s.seen, s.body = append(s.seen, req.Clone(context.Background())), append(s.body, string(b))
		s.mu.Unlock()
		h(w, req)
	})
}

func (s *server) requests() []*http.Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]*http.Request{}, s.seen...)
}

// say answers every request alike.
func say(status int, contentType, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func hi() llm.Request {
	return llm.Request{Messages: []llm.Message{{Role: llm.User, Text: "hi"}}, Stream: true}
}

// talk sends hi and reads the answer to its end.
func talk(t *testing.T, c *Client, r *resolve.Resolution) (llm.Reply, []llm.Event, *fault.Err) {
	t.Helper()
	s, err := c.Chat(t.Context(), r, hi())
	if err != nil {
		return llm.Reply{}, nil, asFault(t, err)
	}
	events, f := drain(t, s)
	return s.Reply(), events, f
}

func drain(t *testing.T, s *Stream) (events []llm.Event, f *fault.Err) {
	t.Helper()
	for e, err := range s.Events() {
		if err != nil {
			return events, asFault(t, err)
		}
		events = append(events, e)
	}
	return events, nil
}

func asFault(t *testing.T, err error) *fault.Err {
	t.Helper()
	f, ok := err.(*fault.Err) //nolint:errorlint // the contract is this very type, unwrapped
	if !ok {
		t.Fatalf("%T is no *fault.Err: %v", err, err)
	}
	if _, known := fault.Lookup(f.Code); !known {
		t.Errorf("code %s stands in no table", f.Code)
	}
	return f
}

func codeOf(f *fault.Err) fault.Code {
	if f == nil {
		return ""
	}
	return f.Code
}
