package wire

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/llmctl/llmctl/pkg/fault"
	"github.com/llmctl/llmctl/pkg/llm"
	"github.com/llmctl/llmctl/pkg/provider"
)

const (
	events     = "text/event-stream"
	helloChunk = `data: {"id":"c","model":"m","choices":[{"index":0,"delta":{"content":"Hello"},"finish_reason":null}]}` + "\n\n"
	stopChunk  = `data: {"id":"c","model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}` + "\n\n"
	claudeHead = `event: message_start` + "\n" + `data: {"type":"message_start","message":{"id":"msg","model":"m"}}` + "\n\n"
	claudeText = `event: content_block_delta` + "\n" + `data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hello"}}` + "\n\n"
	claudeEnd  = `event: message_delta` + "\n" + `data: {"type":"message_delta","delta":{"stop_reason":"end_turn"}}` + "\n\n" + `event: message_stop` + "\n" + `data: {"type":"message_stop"}` + "\n\n"
)

// TestWhatSDKsGetWrong holds llmctl to each behaviour of a server that the
// vendors' own clients were measured to mishandle.
func TestWhatSDKsGetWrong(t *testing.T) {
	unnamed := func(s string) string {
		var out []string
		for _, l := range strings.Split(s, "\n") {
			if !strings.HasPrefix(l, "event:") {
				out = append(out, l)
			}
		}
		return strings.Join(out, "\n")
	}
	for _, tc := range []struct {
		name   string
		row    provider.Provider
		status int
		kind   string
		body   string
		text   string
		code   fault.Code
	}{
		{"openai: cut without a terminal event", chatRow(), 200, events, helloChunk, "Hello", "stream.truncated"},
		{"anthropic: cut without a terminal event", claudeRow(), 200, events, claudeHead + claudeText, "Hello", "stream.truncated"},
		{"openai: cut in the middle of a line", chatRow(), 200, events, helloChunk + stopChunk[:40], "Hello", "stream.truncated"},
		{"anthropic: cut in the middle of a line", claudeRow(), 200, events, claudeHead + claudeText + claudeEnd[:60], "Hello", "stream.truncated"},
		{"openai: JSON instead of a stream", chatRow(), 200, "application/json", `{"choices":[{"message":{"content":"Hello"},"finish_reason":"stop"}]}`, "Hello", ""},
		{"anthropic: JSON instead of a stream", claudeRow(), 200, "application/json", `{"type":"message","content":[{"type":"text","text":"Hello"}],"stop_reason":"end_turn"}`, "Hello", ""},
		{"openai: a JSON error instead of a stream", chatRow(), 200, "application/json", openai401, "", "auth.rejected"},
		{"openai: a portal", chatRow(), 200, "text/html", htmlPortal, "", "answer.not-api"},
		{"anthropic: a portal", claudeRow(), 200, "text/html", htmlPortal, "", "answer.not-api"},
		{"a portal that calls itself a stream", chatRow(), 200, events, htmlPortal, "", "answer.not-api"},
		{"openai: comments", chatRow(), 200, events, ": hello\n\n" + helloChunk + ": still here\n\n" + stopChunk, "Hello", ""},
		{"openai: an event line before the data", chatRow(), 200, events, "event: message\n" + helloChunk + "event: message\n" + stopChunk, "Hello", ""},
		{"anthropic: no event lines", claudeRow(), 200, events, unnamed(claudeHead + claudeText + claudeEnd), "Hello", ""},
		{"openai: a trailing [DONE]", chatRow(), 200, events, helloChunk + stopChunk + "data: [DONE]\n\n", "Hello", ""},
		{"anthropic: a trailing [DONE]", claudeRow(), 200, events, claudeHead + claudeText + claudeEnd + "data: [DONE]\n\n", "Hello", ""},
		{"openai: error null inside a chunk", chatRow(), 200, events, strings.Replace(helloChunk, `{"id"`, `{"error":null,"id"`, 1) + stopChunk, "Hello", ""},
		{"openai: a byte order mark", chatRow(), 200, events, "\xEF\xBB\xBF" + helloChunk + stopChunk, "Hello", ""},
		{"anthropic: a byte order mark", claudeRow(), 200, events, "\xEF\xBB\xBF" + claudeHead + claudeText + claudeEnd, "Hello", ""},
		{"an empty body", chatRow(), 200, events, "", "", "answer.empty"},
		{"a blank body", chatRow(), 200, "application/json", " \n\n", "", "answer.empty"},
		{"[DONE] and nothing else", chatRow(), 200, events, "data: [DONE]\n\n", "", "answer.empty"},
		{"401 with a text as error", chatRow(), 401, "application/json", `{"error":"Unauthorized"}`, "", "auth.rejected"},
		{"401 with detail", chatRow(), 401, "application/json", `{"detail":"Unauthorized"}`, "", "auth.rejected"},
		{"401 with a top-level message", chatRow(), 401, "application/json", `{"message":"Unauthorized"}`, "", "auth.rejected"},
		{"401 in an array", chatRow(), 401, "application/json", `[{"error":{"code":401,"message":"bad key","status":"UNAUTHENTICATED"}}]`, "", "auth.rejected"},
		{"401 with HTML", chatRow(), 401, "text/html", "<html><body>401 Authorization Required</body></html>", "", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := serve(t, func(w http.ResponseWriter, req *http.Request) {
				w.Header().Set("X-Request-Id", "req_7")
				say(tc.status, tc.kind, tc.body)(w, req)
			})
			reply, _, f := talk(t, client(t), at(tc.row, s.URL))
			if tc.status != 200 {
				if f == nil || f.Status != tc.status || f.RequestID != "req_7" || tc.code != "" && f.Code != tc.code {
					t.Fatalf("got %+v", f)
				}
				return
			}
			if codeOf(f) != tc.code || reply.Text != tc.text || reply.Complete != (tc.code == "") {
				t.Errorf("got %q %q, complete %v, want %q %q (%v)", reply.Text, codeOf(f), reply.Complete, tc.text, tc.code, f)
			}
			if reply.RequestID != "req_7" {
				t.Errorf("request id %q", reply.RequestID)
			}
		})
	}
}

func TestHeadersOfAGoodStream(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, req *http.Request) {
		w.Header().Set("X-Ratelimit-Remaining-Requests", "41")
		say(200, events, ": ping\n\n"+helloChunk+stopChunk)(w, req)
	})
	st, err := client(t).Chat(t.Context(), at(chatRow(), s.URL), hi())
	if err != nil {
		t.Fatal(err)
	}
	if _, f := drain(t, st); f != nil {
		t.Fatal(f)
	}
	if st.Status != 200 || st.Header.Get("X-Ratelimit-Remaining-Requests") != "41" || st.Comments() != 1 {
		t.Errorf("status %d, header %v, %d comments", st.Status, st.Header, st.Comments())
	}
	for _, err := range st.Events() {
		if asFault(t, err).Code != "stream.failed" {
			t.Errorf("a second reading: %v", err)
		}
	}
}

func TestConnectionLostInsideAStream(t *testing.T) {
	const head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
	chunked := func(parts ...string) string {
		out := head + "Transfer-Encoding: chunked\r\n\r\n"
		for _, p := range parts {
			out += fmt.Sprintf("%x\r\n%s\r\n", len(p), p)
		}
		return out
	}
	for _, tc := range []struct {
		name, sent string
		reset      bool
		text       string
		code       fault.Code
	}{
		{"chunked, cut before anything", chunked(), false, "", "net.reset"},
		{"chunked, cut in the middle", chunked(helloChunk), false, "Hello", "stream.truncated"},
		{"chunked, reset in the middle", chunked(helloChunk), true, "Hello", "stream.truncated"},
		{"until close, cut in the middle", head + "Connection: close\r\n\r\n" + helloChunk, false, "Hello", "stream.truncated"},
		{"cut behind the proof", chunked(helloChunk, stopChunk), false, "Hello", ""},
		{"JSON, cut", strings.Replace(chunked(`{"choices":[{"message":`), "text/event-stream", "application/json", 1), false, "", "stream.truncated"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			read := make(chan bool)
			base := listen(t, func(c net.Conn) {
				readHead(c)
				_, _ = io.WriteString(c, tc.sent)
				<-read
				if tc.reset {
					_ = c.(*net.TCPConn).SetLinger(0)
				}
				_ = c.Close()
			})
			st, err := client(t).Chat(t.Context(), at(chatRow(), "http://"+base), hi())
			close(read)
			if err != nil {
				t.Fatal(err)
			}
			_, f := drain(t, st)
			if reply := st.Reply(); codeOf(f) != tc.code || !tc.reset && reply.Text != tc.text {
				t.Errorf("got %q %v, want %q %q", reply.Text, f, tc.text, tc.code)
			}
		})
	}
}

// Over HTTP/2 a failure resets one stream and not the connection.
func TestHTTP2(t *testing.T) {
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		w.Header().Set("Content-Type", events)
		_, _ = io.WriteString(w, helloChunk)
		w.(http.Flusher).Flush()
		if req.ProtoMajor != 2 || req.Header.Get("X-Fail") != "" {
			panic(http.ErrAbortHandler)
		}
		_, _ = io.WriteString(w, stopChunk)
	}))
	s.EnableHTTP2 = true
	s.StartTLS()
	defer s.Close()
	pool := x509.NewCertPool()
	pool.AddCert(s.Certificate())
	tr := NewTransport(nil)
	tr.TLSClientConfig = &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}
	defer tr.CloseIdleConnections()
	c := &Client{Transport: tr, Now: time.Now}
	r := at(chatRow(), s.URL)
	if reply, _, f := talk(t, c, r); f != nil || reply.Text != "Hello" {
		t.Fatalf("over HTTP/2: %q %v", reply.Text, f)
	}
	r.Headers = []provider.Header{{Name: "X-Fail", Value: "1"}}
	if reply, _, f := talk(t, c, r); codeOf(f) != "stream.truncated" || reply.Text != "Hello" {
		t.Errorf("a stream that was reset: %q %v", reply.Text, f)
	}
}

// quiet says what it is told and then nothing until the client goes away.
func quiet(gone chan<- bool, said string) http.HandlerFunc {
	return func(w http.ResponseWriter, req *http.Request) {
		w.Header().Set("Content-Type", events)
		_, _ = io.WriteString(w, said)
		w.(http.Flusher).Flush()
		<-req.Context().Done()
		gone <- true
	}
}

// bubbled answers with what write writes, without a network, so that the clock
// of the bubble stands still until everybody waits. The stream stays open until
// the caller gives the request up; left says that it did.
type bubbled struct {
	write func(w io.Writer)
	left  chan bool
}

func (b bubbled) RoundTrip(req *http.Request) (*http.Response, error) {
	r, w := io.Pipe()
	go b.write(w)
	context.AfterFunc(req.Context(), func() {
		_ = w.CloseWithError(req.Context().Err())
		b.left <- true
	})
	return &http.Response{StatusCode: 200, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{"Content-Type": {events}}, Body: r, Request: req}, nil
}

func TestQuietStream(t *testing.T) {
	for _, tc := range []struct {
		name, said string
		total      time.Duration
		code       fault.Code
	}{
		{"from the start", "", 0, "net.timeout"},
		{"in the middle", helloChunk, 0, "stream.truncated"},
		{"behind the proof", helloChunk + stopChunk, 0, ""},
		{"under the user's limit", helloChunk, 30 * time.Second, "run.timeout"},
	} {
		synctest.Test(t, func(t *testing.T) {
			b := bubbled{left: make(chan bool, 1), write: func(w io.Writer) { _, _ = io.WriteString(w, tc.said) }}
			c := &Client{Transport: b, Now: time.Now, Idle: time.Minute}
			ctx, stop := Limit(t.Context(), tc.total)
			defer stop()
			st, err := c.Chat(ctx, at(chatRow(), "https://api.provider.test/v1"), hi())
			if err != nil {
				t.Fatal(err)
			}
			if _, f := drain(t, st); codeOf(f) != tc.code {
				t.Errorf("%s: got %v, want %q", tc.name, f, tc.code)
			}
			<-b.left
		})
	}
}

func TestSignsOfLifeKeepAStream(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := bubbled{left: make(chan bool, 1), write: func(w io.Writer) {
			for range 10 {
				_, _ = io.WriteString(w, ": ping\n\n")
				time.Sleep(50 * time.Second)
			}
			_, _ = io.WriteString(w, helloChunk+stopChunk)
		}}
		c := &Client{Transport: b, Now: time.Now, Idle: time.Minute} // less than all pings take
		if reply, _, f := talk(t, c, at(chatRow(), "https://api.provider.test/v1")); f != nil || reply.Text != "Hello" {
			t.Errorf("got %q %v", reply.Text, f)
		}
	})
}

func TestCancelReachesTheServer(t *testing.T) {
	for _, how := range []string{"cancelled", "closed", "loop left"} {
		gone := make(chan bool, 1)
		s := serve(t, quiet(gone, helloChunk))
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		st, err := client(t).Chat(ctx, at(chatRow(), s.URL), hi())
		if err != nil {
			t.Fatal(err)
		}
		if how == "closed" {
			_ = st.Close()
		}
		var last *fault.Err
		for e, err := range st.Events() {
			if err != nil {
				last = asFault(t, err)
				break
			}
			if e.Type != llm.EventText {
				continue
			}
			if how == "cancelled" {
				cancel()
			}
			if how == "loop left" {
				break
			}
		}
		if how == "cancelled" && codeOf(last) != "run.interrupted" {
			t.Errorf("%s: got %v", how, last)
		}
		if st.Reply().Complete {
			t.Errorf("%s: called complete", how)
		}
		<-gone
	}
}

// A follow-up must not pay for a new connection.
func TestConnectionIsUsedAgain(t *testing.T) {
	ended := make(chan bool)
	s := serve(t, func(w http.ResponseWriter, req *http.Request) {
		say(200, events, helloChunk+stopChunk+"data: [DONE]\n\n")(w, req)
		w.(http.Flusher).Flush() // the end of the body is a packet of its own
		<-ended
	})
	c := client(t)
	for i := range 2 {
		st, err := c.Chat(t.Context(), at(chatRow(), s.URL), hi())
		if err != nil {
			t.Fatal(err)
		}
		for e, err := range st.Events() {
			if err != nil {
				t.Fatal(err)
			}
			if e.Type == llm.EventFinish {
				ended <- true
			}
		}
		if st.Timing().Reused != (i == 1) {
			t.Errorf("call %d: reused is %v", i, st.Timing().Reused)
		}
	}
}

func TestTimings(t *testing.T) {
	s := serve(t, say(200, events, helloChunk+stopChunk))
	c := client(t)
	now := time.Unix(0, 0)
	c.Now = func() time.Time { now = now.Add(time.Millisecond); return now }
	c.Transport = serial{c.Transport}
	st, err := c.Chat(t.Context(), at(chatRow(), s.URL), hi())
	if err != nil {
		t.Fatal(err)
	}
	if _, f := drain(t, st); f != nil {
		t.Fatal(f)
	}
	got := st.Timing()
	if got.FirstByteMS <= 0 || got.FirstTokenMS <= got.FirstByteMS || got.TotalMS <= got.FirstTokenMS {
		t.Errorf("timings out of order: %+v", got)
	}
	c.Now = nil
	if p := c.Probe(t.Context(), at(chatRow(), s.URL)); p.Timing.TotalMS != 0 {
		t.Errorf("timings without a clock: %+v", p.Timing)
	}
}

// serial answers without sockets, so that the hooks are called in this
// goroutine and a counting clock needs no lock.
type serial struct{ http.RoundTripper }

func (s serial) RoundTrip(req *http.Request) (*http.Response, error) {
	return s.RoundTripper.RoundTrip(req)
}
