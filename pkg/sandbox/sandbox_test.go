package sandbox_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/llmctl/llmctl/pkg/provider"
	"github.com/llmctl/llmctl/pkg/sandbox"
)

const (
	rightKey = "right-key-0123456789abcdef"
	wrongKey = "wrong-key-fedcba9876543210"
)

func start(t *testing.T, o sandbox.Options) *sandbox.Server {
	t.Helper()
	s, err := sandbox.Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return s
}

// call sends one request through the sandbox's Transport.
func call(t *testing.T, s *sandbox.Server, method, url, body string, headers ...string) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := s.Transport().RoundTrip(req)
	if err != nil {
		t.Fatalf("%s %s: %v", method, url, err)
	}
	defer func() { _ = resp.Body.Close() }()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatalf("%s %s: %v", method, url, err)
	}
	return resp, string(raw)
}

// form is the header that carries key in a form.
func form(a provider.Auth, key string) []string {
	switch a {
	case provider.Bearer:
		return []string{"Authorization", "Bearer " + key}
	case provider.None:
		return nil
	}
	return []string{string(a), key}
}

// door is what a provider says to four visitors.
type door struct {
	name, method, url string
	right, other      provider.Auth
	extra             []string
	missing, wrong    int
	missingSays       string
	wrongSays         string
	goodSays          string
}

// Source: failures seen by users, compiled 2026-11-21; the vendors' probe endpoints.
func doors() []door {
	bearer, x, api, goog := provider.Bearer, provider.XAPIKey, provider.APIKey, provider.GoogAPIKey
	return []door{
		{"openai", "GET", "https://api.openai.com/v1/models", bearer, x, nil, 401, 401, "You didn't provide an API key", `"code":"invalid_api_key"`, `"object":"list"`},
		{"anthropic", "GET", "https://api.anthropic.com/v1/models?limit=1", x, bearer, []string{"anthropic-version", "2023-06-01"}, 401, 401, "x-api-key header is required", "invalid x-api-key", `"has_more":false`},
		{"gemini", "GET", "https://generativelanguage.googleapis.com/v1beta/models?pageSize=1", goog, bearer, nil, 403, 400, "unregistered callers", `"reason":"API_KEY_INVALID"`, `"name":"models/sandbox-small"`},
		{"gemini", "GET", "https://generativelanguage.googleapis.com/v1beta/openai/models", bearer, goog, nil, 403, 400, "unregistered callers", "API_KEY_INVALID", `"object":"list"`},
		{"azure", "GET", "https://mine.openai.azure.com/openai/models?api-version=2024-10-21", api, bearer, nil, 401, 401, "wrong API endpoint", "wrong API endpoint", `"object":"list"`},
		{"bedrock", "GET", "https://bedrock.eu-west-1.amazonaws.com/foundation-models", bearer, x, nil, 403, 403, "Missing Authentication Token", "security token included in the request is invalid", "{"},
		{"openrouter", "GET", "https://openrouter.ai/api/v1/key", bearer, x, nil, 401, 401, "No auth credentials found", `"code":401`, `"limit_remaining"`},
		{"xai", "GET", "https://api.x.ai/v1/api-key", bearer, x, nil, 401, 400, `"error":"`, "Incorrect API key provided: wr***10", `"api_key_blocked":false`},
		{"deepseek", "GET", "https://api.deepseek.com/user/balance", bearer, x, nil, 401, 401, "Authentication Fails", "Your api key: ****3210 is invalid", `"is_available":true`},
		{"cohere", "POST", "https://api.cohere.com/v1/check-api-key", bearer, x, nil, 401, 401, `"message":`, "invalid api token", `"valid":true`},
		{"huggingface", "GET", "https://huggingface.co/api/whoami-v2", bearer, x, nil, 401, 401, "Invalid credentials", "Invalid credentials", `"role"`},
		{"groq", "GET", "https://api.groq.com/openai/v1/models", bearer, api, nil, 401, 401, "Invalid API Key", "Invalid API Key", `"object":"list"`},
		{"mistral", "GET", "https://api.mistral.ai/v1/models", bearer, x, nil, 401, 401, `{"detail":"Unauthorized"}`, `{"detail":"Unauthorized"}`, `"object":"list"`},
		{"together_ai", "GET", "https://api.together.xyz/v1/models", bearer, x, nil, 401, 401, "No API key", "invalid_api_key", `[{`},
		{"fireworks_ai", "GET", "https://api.fireworks.ai/inference/v1/models", bearer, x, nil, 401, 401, "No API key", "invalid_api_key", `"object":"list"`},
		{"cerebras", "GET", "https://api.cerebras.ai/v1/models", bearer, x, nil, 401, 401, "No API key", "invalid_api_key", `"object":"list"`},
		{"perplexity", "POST", "https://api.perplexity.ai/chat/completions", bearer, x, nil, 401, 401, "openresty", "openresty", `"object":"chat.completion"`},
		{"nvidia_nim", "POST", "https://integrate.api.nvidia.com/v1/chat/completions", bearer, x, nil, 403, 403, "Authorization failed", "Authorization failed", `"object":"chat.completion"`},
	}
}

const chatBody = `{"model":"sandbox-small","messages":[{"role":"user","content":"good morning"}]}`

func TestDoors(t *testing.T) {
	keys := map[string][]string{}
	for _, d := range doors() {
		keys[d.name] = []string{rightKey}
	}
	s := start(t, sandbox.Options{Keys: keys})
	for _, d := range doors() {
		t.Run(d.name+" "+d.url, func(t *testing.T) {
			body := ""
			if d.method == "POST" {
				body = chatBody
			}
			visit := func(who string, headers []string, status int, says string) {
				t.Helper()
				resp, got := call(t, s, d.method, d.url, body, append(headers, d.extra...)...)
				if resp.StatusCode != status || !strings.Contains(got, says) {
					t.Errorf("%s: %d %s, want %d with %q", who, resp.StatusCode, got, status, says)
				}
				if strings.Contains(got, rightKey) || strings.Contains(got, wrongKey) {
					t.Errorf("%s: the answer holds a key: %s", who, got)
				}
			}
			visit("no key", nil, d.missing, d.missingSays)
			visit("wrong key", form(d.right, wrongKey), d.wrong, d.wrongSays)
			visit("right key in the wrong header", form(d.other, rightKey), d.missing, d.missingSays)
			visit("right key", form(d.right, rightKey), 200, d.goodSays)

			seen := s.Requests()
			seen = seen[len(seen)-4:]
			if len(seen[0].Keys) != 0 {
				t.Errorf("a key was seen where none was sent: %+v", seen[0])
			}
			for i, want := range []sandbox.SeenKey{
				{Form: d.right, Right: true, Known: false},
				{Form: d.other, Right: false, Known: true},
				{Form: d.right, Right: true, Known: true},
			} {
				k := seen[i+1].Keys
				if len(k) != 1 || k[0].Form != want.Form || k[0].Right != want.Right || k[0].Known != want.Known {
					t.Errorf("visitor %d: saw %+v, want %+v", i+2, k, want)
				}
			}
			if seen[3].Provider != d.name || seen[3].Status != 200 {
				t.Errorf("the last visit is kept as %+v", seen[3])
			}
		})
	}
	if dump := fmt.Sprintf("%+v", s.Requests()); strings.Contains(dump, rightKey) || strings.Contains(dump, wrongKey) {
		t.Error("what was seen holds a key")
	} else if !strings.Contains(dump, "fp:") {
		t.Error("what was seen holds no fingerprint: the test looks at the wrong thing")
	}
}

// TestFingerprint holds the recipe of product.md §6 against a value computed
// with sha256sum.
func TestFingerprint(t *testing.T) {
	s := start(t, sandbox.Options{})
	call(t, s, "GET", "https://api.openai.com/v1/models", "", "Authorization", "Bearer abc")
	got := s.Requests()[0].Keys[0].Fingerprint
	if want := "fp:a9af5493"; got != want {
		t.Errorf("fingerprint of abc is %s, want %s", got, want)
	}
}

func TestBehaviours(t *testing.T) {
	key := "key-of-the-poor-0123456789"
	const models, messages = "https://api.openai.com/v1/models", "https://api.anthropic.com/v1/messages"
	message := `{"model":"sandbox-small","max_tokens":9,"messages":[{"role":"user","content":"hi"}]}`
	for _, c := range []struct {
		how         sandbox.Behaviour
		url         string
		status      int
		says        string
		header, has string
	}{
		{sandbox.Healthy, models, 200, "sandbox-large", "Content-Type", "application/json"},
		{sandbox.Restricted, models, 401, "Missing scopes: api.model.read", "", ""},
		{sandbox.NoCredit, models, 200, "sandbox-large", "", ""},
		{sandbox.NoCredit, "https://api.openai.com/v1/chat/completions", 429, "insufficient_quota", "", ""},
		{sandbox.NoCredit, messages, 400, "credit balance is too low", "Request-Id", "req_sandbox"},
		{sandbox.NoCredit, "https://api.deepseek.com/user/balance", 200, `"is_available":false`, "", ""},
		{sandbox.NoCredit, "https://api.fireworks.ai/inference/v1/models", 412, "suspended", "", ""},
		{sandbox.RateLimited, models, 429, "rate_limit_exceeded", "Retry-After", "7"},
		{sandbox.RateLimited, messages, 429, "rate_limit_error", "Retry-After", "7"},
		{sandbox.Overloaded, messages, 529, "overloaded_error", "", ""},
		{sandbox.Failing, models, 500, "server_error", "", ""},
		{sandbox.Portal, models, 200, "<!DOCTYPE html>", "Content-Type", "text/html; charset=utf-8"},
		{sandbox.EmptyModels, models, 200, `"data":[]`, "", ""},
		{sandbox.Redirect, models, 301, "", "Location", "https://moved.example.invalid/v1/models"},
	} {
		t.Run(string(c.how)+" "+c.url, func(t *testing.T) {
			all := map[string][]string{"openai": {key}, "anthropic": {key}, "deepseek": {key}, "fireworks_ai": {key}}
			s := start(t, sandbox.Options{Keys: all, Behaviour: map[string]sandbox.Behaviour{key: c.how}})
			method, body := "GET", ""
			headers := []string{"Authorization", "Bearer " + key}
			if strings.Contains(c.url, "anthropic") {
				method, body, headers = "POST", message, []string{"x-api-key", key, "anthropic-version", "2023-06-01"}
			}
			if strings.Contains(c.url, "chat/completions") {
				method, body = "POST", chatBody
			}
			resp, got := call(t, s, method, c.url, body, headers...)
			if resp.StatusCode != c.status || !strings.Contains(got, c.says) {
				t.Errorf("%d %s, want %d with %q", resp.StatusCode, got, c.status, c.says)
			}
			if c.header != "" && resp.Header.Get(c.header) != c.has {
				t.Errorf("%s: %q, want %q", c.header, resp.Header.Get(c.header), c.has)
			}
		})
	}
}

func TestAnyKeyAndPublicLists(t *testing.T) {
	s := start(t, sandbox.Options{
		Keys:      map[string][]string{"openrouter": {rightKey}, "gateway": {rightKey}},
		Behaviour: map[string]sandbox.Behaviour{"gateway": sandbox.AnyKey},
	})
	for _, url := range []string{s.Base("gateway") + "/models", "https://openrouter.ai/api/v1/models"} {
		if resp, got := call(t, s, "GET", url, "", "Authorization", "Bearer "+wrongKey); resp.StatusCode != 200 {
			t.Errorf("%s: %d %s", url, resp.StatusCode, got)
		}
	}
	if resp, _ := call(t, s, "GET", "https://openrouter.ai/api/v1/key", "", "Authorization", "Bearer "+wrongKey); resp.StatusCode != 401 {
		t.Errorf("the guarded endpoint answers %d", resp.StatusCode)
	}
}

func TestPaths(t *testing.T) {
	s := start(t, sandbox.Options{
		Keys:   map[string][]string{"openai": {rightKey}, "groq": {rightKey}, "anthropic": {rightKey}, "p01": {rightKey}, "azure": {rightKey}},
		Models: map[string][]string{"openai": {"gpt-test"}},
	})
	if got := s.Base("groq"); got != s.URL()+"/groq/openai/v1" {
		t.Errorf("base of groq is %s", got)
	}
	auth := []string{"Authorization", "Bearer " + rightKey, "x-api-key", rightKey, "api-key", rightKey, "anthropic-version", "2023-06-01"}
	for _, c := range []struct {
		method, url, body string
		status            int
		says              string
	}{
		{"GET", s.Base("groq") + "/models", "", 200, "sandbox-small"},
		{"GET", s.URL() + "/openai/models", "", 200, "gpt-test"},
		{"GET", s.URL() + "/openai/v1/models", "", 200, "gpt-test"},
		{"GET", s.URL() + "/p01/v1/models", "", 200, "sandbox-small"},
		{"GET", s.URL() + "/anthropic/v1/models", "", 200, "has_more"},
		{"GET", s.URL() + "/user/balance", "", 401, "Authentication Fails"},
		{"GET", s.URL() + "/nobody/v1/models", "", 404, "no provider"},
		{"POST", "https://api.openai.com/chat/completions", chatBody, 404, "Invalid URL (POST /chat/completions)"},
		{"POST", "https://api.openai.com/v1/v1/chat/completions", chatBody, 404, "Invalid URL"},
		{"POST", "https://api.openai.com/v1/chat/completions", chatBody, 404, "model_not_found"},
		{"GET", "https://api.openai.com/v1/models/gpt-test", "", 200, "gpt-test"},
		{"GET", "https://api.groq.com/v1/models", "", 404, "unknown_url"},
		{"POST", "https://api.anthropic.com/v1/chat/completions", chatBody, 404, "Not Found"},
		{"POST", "https://api.anthropic.com/v1/messages", chatBody, 400, "max_tokens: Field required"},
		{"GET", "http://localhost:11434/api/tags", "", 200, `"models":[`},
		{"POST", "http://127.0.0.1:1234/chat/completions", chatBody, 200, "Unexpected endpoint or method"},
		{"POST", "https://mine.openai.azure.com/openai/deployments/prod/chat/completions?api-version=2024-10-21", chatBody, 200, "You said: good morning"},
		{"GET", "https://mine.openai.azure.com/models", "", 404, "Resource not found"},
	} {
		resp, got := call(t, s, c.method, c.url, c.body, auth...)
		if resp.StatusCode != c.status || !strings.Contains(got, c.says) {
			t.Errorf("%s %s: %d %s, want %d with %q", c.method, c.url, resp.StatusCode, got, c.status, c.says)
		}
	}
}

func TestStreams(t *testing.T) {
	s := start(t, sandbox.Options{Keys: map[string][]string{"openai": {rightKey}, "anthropic": {rightKey}, "gemini": {rightKey}}})
	for _, c := range []struct {
		name, url, body string
		auth            []string
		want            string
	}{
		{"openai", "https://api.openai.com/v1/chat/completions",
			`{"model":"m","stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"user","content":"hi"}]}`, form(provider.Bearer, rightKey),
			openAIChunk(`[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]`, "null") +
				openAIChunk(`[{"index":0,"delta":{"content":"You "},"finish_reason":null}]`, "null") +
				openAIChunk(`[{"index":0,"delta":{"content":"said: "},"finish_reason":null}]`, "null") +
				openAIChunk(`[{"index":0,"delta":{"content":"hi"},"finish_reason":null}]`, "null") +
				openAIChunk(`[{"index":0,"delta":{},"finish_reason":"stop"}]`, "null") +
				openAIChunk(`[]`, `{"prompt_tokens":1,"completion_tokens":3,"total_tokens":4}`) +
				"data: [DONE]\n\n"},
		{"anthropic", "https://api.anthropic.com/v1/messages",
			`{"model":"m","max_tokens":9,"stream":true,"messages":[{"role":"user","content":[{"type":"text","text":"hi"}]}]}`,
			append(form(provider.XAPIKey, rightKey), "anthropic-version", "2023-06-01"),
			event("message_start", `{"message":{"id":"msg_sandbox","type":"message","role":"assistant","model":"m","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":1,"output_tokens":1}},"type":"message_start"}`) +
				event("content_block_start", `{"content_block":{"type":"text","text":""},"index":0,"type":"content_block_start"}`) +
				event("ping", `{"type":"ping"}`) +
				event("content_block_delta", `{"delta":{"type":"text_delta","text":"You "},"index":0,"type":"content_block_delta"}`) +
				event("content_block_delta", `{"delta":{"type":"text_delta","text":"said: "},"index":0,"type":"content_block_delta"}`) +
				event("content_block_delta", `{"delta":{"type":"text_delta","text":"hi"},"index":0,"type":"content_block_delta"}`) +
				event("content_block_stop", `{"index":0,"type":"content_block_stop"}`) +
				event("message_delta", `{"delta":{"stop_reason":"end_turn","stop_sequence":null},"type":"message_delta","usage":{"output_tokens":3}}`) +
				event("message_stop", `{"type":"message_stop"}`)},
		{"gemini", "https://generativelanguage.googleapis.com/v1beta/models/m:streamGenerateContent?alt=sse",
			`{"contents":[{"role":"user","parts":[{"text":"hi"}]}]}`, form(provider.GoogAPIKey, rightKey),
			gemini("You ", "", 1) + gemini("said: ", "", 2) + gemini("hi", "", 3) + gemini("", `"finishReason":"STOP",`, 3)},
	} {
		resp, got := call(t, s, "POST", c.url, c.body, c.auth...)
		if resp.StatusCode != 200 || resp.Header.Get("Content-Type") != "text/event-stream" {
			t.Errorf("%s: %d %s", c.name, resp.StatusCode, resp.Header.Get("Content-Type"))
		}
		if got != c.want {
			t.Errorf("%s:\n%q\nwant\n%q", c.name, got, c.want)
		}
	}
	for _, r := range s.Requests() {
		if r.Model != "m" || !r.Stream {
			t.Errorf("kept %+v, want model m, streamed", r)
		}
	}
}

func openAIChunk(choices, usage string) string {
	return `data: {"id":"chatcmpl-sandbox","object":"chat.completion.chunk","created":1767225600,"model":"m","choices":` + choices + `,"usage":` + usage + "}\n\n"
}

func event(name, data string) string { return "event: " + name + "\ndata: " + data + "\n\n" }

func gemini(text, finish string, out int) string {
	return fmt.Sprintf(`data: {"candidates":[{"content":{"parts":[{"text":"%s"}],"role":"model"},%s"index":0}],"modelVersion":"m","responseId":"sandbox","usageMetadata":{"candidatesTokenCount":%d,"promptTokenCount":1,"totalTokenCount":%d}}`+"\r\n\r\n", text, finish, out, out+1)
}

// TestCut: a stream that stops looks whole to HTTP and has no proof of its end.
func TestCut(t *testing.T) {
	s := start(t, sandbox.Options{
		Keys:      map[string][]string{"openai": {rightKey}, "anthropic": {rightKey}, "gemini": {rightKey}},
		Behaviour: map[string]sandbox.Behaviour{rightKey: sandbox.Cut},
	})
	for _, c := range []struct {
		url, body string
		auth      []string
		end       string
	}{
		{"https://api.openai.com/v1/chat/completions", `{"model":"m","stream":true,"messages":[{"role":"user","content":"one two three"}]}`, form(provider.Bearer, rightKey), `"finish_reason":"stop"`},
		{"https://api.anthropic.com/v1/messages", `{"model":"m","max_tokens":9,"stream":true,"messages":[{"role":"user","content":"one two three"}]}`, append(form(provider.XAPIKey, rightKey), "anthropic-version", "2023-06-01"), "message_stop"},
		{"https://generativelanguage.googleapis.com/v1beta/models/m:streamGenerateContent?alt=sse", `{"contents":[{"parts":[{"text":"one two three"}]}]}`, form(provider.GoogAPIKey, rightKey), "finishReason"},
	} {
		resp, got := call(t, s, "POST", c.url, c.body, c.auth...)
		if resp.StatusCode != 200 || !strings.Contains(got, "said: ") {
			t.Errorf("%s: %d %q: no half of an answer", c.url, resp.StatusCode, got)
		}
		if strings.Contains(got, c.end) || strings.Contains(got, "three") {
			t.Errorf("%s: the answer is whole: %q", c.url, got)
		}
	}
}

// TestTransportStaysHome: hosts that exist nowhere answer, so nothing was
// resolved or dialled but the sandbox.
func TestTransportStaysHome(t *testing.T) {
	s := start(t, sandbox.Options{
		Keys:         map[string][]string{"openai": {rightKey}},
		Unresolvable: []string{"api.typo.example"}, Refused: []string{"localhost:9999", "10.0.0.9"},
	})
	resp, _ := call(t, s, "GET", "https://no-such-host.invalid/openai/v1/models", "", form(provider.Bearer, rightKey)...)
	if resp.StatusCode != 200 {
		t.Errorf("%d", resp.StatusCode)
	}
	if got := resp.Request.URL.String(); got != "https://no-such-host.invalid/openai/v1/models" {
		t.Errorf("the answer names the request %s", got)
	}
	if got := s.Requests()[0].Host; got != "no-such-host.invalid" {
		t.Errorf("host was %q", got)
	}
	for _, c := range []struct {
		url string
		is  func(error) bool
	}{
		{"https://api.typo.example/v1/models", func(err error) bool { var d *net.DNSError; return errors.As(err, &d) && d.IsNotFound }},
		{"http://localhost:9999/v1/models", func(err error) bool { return errors.Is(err, syscall.ECONNREFUSED) }},
		{"http://10.0.0.9/v1/models", func(err error) bool { return errors.Is(err, syscall.ECONNREFUSED) }},
	} {
		req, _ := http.NewRequestWithContext(t.Context(), "GET", c.url, nil)
		resp, err := s.Transport().RoundTrip(req)
		if resp != nil {
			_ = resp.Body.Close()
		}
		if err == nil || !c.is(err) {
			t.Errorf("%s: %v", c.url, err)
		}
	}
	if n := len(s.Requests()); n != 1 {
		t.Errorf("%d requests arrived, want 1", n)
	}
}

// TestHang: a provider that never answers lets go when its caller leaves, and
// when the server closes.
func TestHang(t *testing.T) {
	s := start(t, sandbox.Options{Behaviour: map[string]sandbox.Behaviour{"openai": sandbox.Hang}})
	ctx, leave := context.WithCancel(t.Context())
	done := make(chan error, 2)
	get := func(ctx context.Context) {
		req, _ := http.NewRequestWithContext(ctx, "GET", s.URL()+"/openai/v1/models", nil)
		resp, err := http.DefaultTransport.RoundTrip(req)
		if resp != nil {
			_ = resp.Body.Close()
		}
		done <- err
	}
	go get(ctx)
	go get(t.Context())
	for len(s.Requests()) < 2 { // both are inside
		select {
		case err := <-done:
			t.Fatalf("answered: %v", err)
		case <-time.After(time.Millisecond):
		}
	}
	leave()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("the caller that left got %v", err)
	}
	if err := s.Close(); err != nil {
		t.Errorf("close: %v", err)
	}
	if err := <-done; err == nil {
		t.Error("a call that hung was answered by closing")
	}
}

// TestTwenty is the rig of the benchmark: twenty providers that answer late,
// all at once.
func TestTwenty(t *testing.T) {
	keys := map[string][]string{}
	for i := range 20 {
		keys[fmt.Sprintf("p%02d", i)] = []string{rightKey}
	}
	s := start(t, sandbox.Options{Keys: keys, Delay: 20 * time.Millisecond})
	var all sync.WaitGroup
	rt := s.Transport()
	for name := range keys {
		all.Go(func() {
			req, _ := http.NewRequestWithContext(t.Context(), "GET", s.Base(name)+"/models", nil)
			req.Header.Set("Authorization", "Bearer "+rightKey)
			began := time.Now()
			resp, err := rt.RoundTrip(req)
			if err != nil {
				t.Errorf("%s: %v", name, err)
				return
			}
			defer func() { _ = resp.Body.Close() }()
			var list struct{ Data []struct{ ID string } }
			if err := json.NewDecoder(resp.Body).Decode(&list); err != nil || len(list.Data) != 2 {
				t.Errorf("%s: %v %+v", name, err, list)
			}
			if took := time.Since(began); took < 20*time.Millisecond {
				t.Errorf("%s answered after %s", name, took)
			}
		})
	}
	all.Wait()
	if n := len(s.Requests()); n != 20 {
		t.Errorf("%d requests", n)
	}
}
