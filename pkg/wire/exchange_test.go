package wire

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/llmctl/llmctl/pkg/llm"
	"github.com/llmctl/llmctl/pkg/provider"
)

// exchange is one file of testdata/wire: what is sent, what comes back, what
// it means.
type exchange struct{ request, contentType, answer, events string }

// readExchange cuts a file at its "-- name --" lines. What stands before the
// first one is a comment.
func readExchange(t *testing.T, path string) exchange {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string]string{}
	name := ""
	for _, line := range strings.SplitAfter(string(raw), "\n") {
		if strings.HasPrefix(line, "-- ") && strings.HasSuffix(line, " --\n") {
			name = strings.TrimSuffix(strings.TrimPrefix(line, "-- "), " --\n")
			continue
		}
		parts[name] += line
	}
	x := exchange{parts["request"], strings.TrimSpace(parts["content type"]), parts["answer"], parts["events"]}
	if x.answer == "" || x.events == "" {
		t.Fatalf("%s lacks answer or events", path)
	}
	if x.contentType == "" {
		x.contentType = "text/event-stream; charset=utf-8"
	}
	return x
}

// line prints an event as the files do.
func line(e llm.Event) string {
	num := func(n *int) string {
		if n == nil {
			return "-"
		}
		return strconv.Itoa(*n)
	}
	switch e.Type {
	case llm.EventStart:
		return "start " + e.ID + " " + e.Model
	case llm.EventText, llm.EventReasoning:
		return fmt.Sprintf("%s %q", e.Type, e.Text)
	case llm.EventUsage:
		u := e.Usage
		return fmt.Sprintf("usage in=%s cached=%s written=%s out=%s reasoning=%s", num(u.Input), num(u.Cached), num(u.CacheWrite), num(u.Output), num(u.Reasoning))
	default:
		return string(e.Type) + " " + string(e.Finish)
	}
}

func TestExchanges(t *testing.T) {
	for dir, row := range map[string]provider.Provider{"openai-chat": chatRow(), "anthropic": claudeRow()} {
		files, err := filepath.Glob("../../testdata/wire/" + dir + "/*.txt")
		if err != nil || len(files) == 0 {
			t.Fatalf("no exchanges of %s: %v", dir, err)
		}
		for _, file := range files {
			t.Run(dir+"/"+strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
				x := readExchange(t, file)
				s := serve(t, say(200, x.contentType, x.answer))
				reply, events, f := talk(t, client(t), at(row, s.URL))
				var got strings.Builder
				for _, e := range events {
					got.WriteString(line(e) + "\n")
				}
				if f != nil {
					got.WriteString("error " + string(f.Code) + "\n")
				}
				if got.String() != x.events {
					t.Errorf("got\n%s\nwant\n%s\n(%v)", got.String(), x.events, f)
				}
				if reply.Complete != (f == nil) {
					t.Errorf("complete is %v beside %v", reply.Complete, f)
				}
				if x.request != "" {
					sameJSON(t, s.body[0], x.request)
				}
			})
		}
	}
}

func sameJSON(t *testing.T, got, want string) {
	t.Helper()
	var g, w bytes.Buffer
	if err := json.Compact(&g, []byte(got)); err != nil {
		t.Fatalf("%q: %v", got, err)
	}
	if err := json.Compact(&w, []byte(want)); err != nil {
		t.Fatalf("%q: %v", want, err)
	}
	if g.String() != w.String() {
		t.Errorf("got  %s\nwant %s", g.String(), w.String())
	}
}

func TestRequests(t *testing.T) {
	half := 0.5
	req := llm.Request{
		Messages: []llm.Message{
			{Role: llm.System, Text: "be <brief>"}, {Role: llm.User, Text: "hi"},
			{Role: llm.Assistant, Text: "yes"}, {Role: llm.System, Text: "now"}, {Role: llm.User, Text: "go"},
		},
		MaxTokens: 9, Temperature: &half, TopP: &half, Stop: []string{"."},
	}
	for _, tc := range []struct {
		row  provider.Provider
		want string
	}{
		{chatRow(), `{"model":"test-model","messages":[{"role":"system","content":"be <brief>"},{"role":"user","content":"hi"},{"role":"assistant","content":"yes"},{"role":"system","content":"now"},{"role":"user","content":"go"}],"max_tokens":9,"temperature":0.5,"top_p":0.5,"stop":["."]}`},
		{claudeRow(), `{"model":"test-model","max_tokens":9,"system":"be <brief>\n\nnow","messages":[{"role":"user","content":"hi"},{"role":"assistant","content":"yes"},{"role":"user","content":"go"}],"temperature":0.5,"top_p":0.5,"stop_sequences":["."]}`},
	} {
		out, err := (&Client{}).Draft(t.Context(), at(tc.row, "https://x.test/v1"), req)
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if _, err := b.ReadFrom(out.Body); err != nil {
			t.Fatal(err)
		}
		sameJSON(t, b.String(), tc.want)
		if text := fmt.Sprintf("%+v", out); strings.Contains(text, canary) || out.Header.Get("Authorization") != "" {
			t.Error("the draft holds the key")
		}
	}
}

func TestWhichLimitIsSent(t *testing.T) {
	for _, tc := range []struct {
		provider, model string
		newName         bool
	}{
		{"openai", "gpt-4o", false}, {"openai", "o3-mini", true}, {"openai", "gpt-5.1", true}, {"openai", "gpt-5-chat-latest", false},
		{"openai", "o200-base", false}, {"azure", "gpt-5-mini", true}, {"openrouter", "openai/o3", true},
		{"openrouter", "meta/llama-3.3-70b", false}, {"xai", "grok-4", true}, {"groq", "llama", true},
		{"cerebras", "llama", true}, {"ollama", "gpt-5", false}, {"together_ai", "o3", false}, {"mistral", "mistral-large", false},
	} {
		if got := newLimitName(tc.provider, tc.model); got != tc.newName {
			t.Errorf("%s/%s: got %v", tc.provider, tc.model, got)
		}
	}
}

func TestUnspokenWire(t *testing.T) {
	row := chatRow()
	row.Wire = provider.Gemini
	_, err := client(t).Chat(t.Context(), at(row, "http://127.0.0.1:1"), hi())
	if f := asFault(t, err); f.Code != "wire.unsupported" {
		t.Errorf("got %v", f)
	}
}
