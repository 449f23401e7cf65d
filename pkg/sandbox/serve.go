package sandbox

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// visit is one request on its way through a house.
type visit struct {
	*Server
	house
	w      http.ResponseWriter
	r      *http.Request
	path   string // below the house
	byHost bool   // the real host was called: only its real paths exist
	how    Behaviour
	entry  entry
	key    string // the text that decided, for the echo only
	seen   int    // index into Server.seen
}

// ServeHTTP answers as the provider that is asked.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h, path, byHost, ok := s.find(r)
	v := &visit{Server: s, house: h, w: w, r: r, path: path, byHost: byHost}
	keys, texts := h.credentials(r)
	v.seen = s.note(Seen{Method: r.Method, Path: r.URL.Path, Host: r.Host, Provider: h.name, Keys: keys})
	if !ok {
		v.write(http.StatusNotFound, `{"error":"the sandbox plays no provider at this host or path"}`)
		return
	}
	v.entry, v.key = h.door(keys, texts)
	v.how = s.options.Behaviour[h.name]
	if b, ok := s.options.Behaviour[v.key]; ok && v.key != "" {
		v.how = b
	}
	if !v.pause(s.delay(h.name)) {
		hangUp()
	}
	v.serve()
}

func (s *Server) delay(name string) time.Duration {
	if d, ok := s.options.Delays[name]; ok {
		return d
	}
	return s.options.Delay
}

// note keeps what arrived and returns its place.
func (s *Server) note(x Seen) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen = append(s.seen, x)
	return len(s.seen) - 1
}

// pause waits, unless the caller or the server goes away first.
func (v *visit) pause(d time.Duration) bool {
	if d <= 0 {
		return true
	}
	ctx, stop := context.WithTimeout(v.r.Context(), d)
	defer stop()
	select {
	case <-ctx.Done():
		return v.r.Context().Err() == nil // the time is over, and the caller is there
	case <-v.done:
		return false
	}
}

// hangUp ends a connection without an answer, the way net/http has for it: to
// return would be a 200.
func hangUp() { panic(http.ErrAbortHandler) }

func (v *visit) serve() {
	switch v.how { // what stands in front of the provider does not look at keys
	case Hang:
		select {
		case <-v.r.Context().Done():
		case <-v.done:
		}
		hangUp()
	case Portal:
		v.page(http.StatusOK, portalPage)
		return
	case Redirect:
		v.w.Header().Set("Location", "https://moved.example.invalid"+v.r.URL.Path)
		v.write(http.StatusMovedPermanently, "")
		return
	default: // the provider itself is reached
	}
	op := v.operation()
	if op.kind == nowhere { // whatever the key is
		v.notFound()
		return
	}
	public := op.kind == list && v.publicList()
	if v.how != AnyKey && !public {
		switch v.entry {
		case missing:
			v.refuse(refusals(v.name).missing)
			return
		case wrong:
			v.refuse(refusals(v.name).wrong)
			return
		case open, welcome:
		}
	}
	stranger := v.entry == missing || v.entry == wrong
	if !(public && stranger) && v.misbehaves(op) { // an account's trouble is not a stranger's
		return
	}
	switch op.kind {
	case list:
		v.list()
	case show:
		v.show(op.model)
	case probe:
		v.probed()
	case chat:
		v.chat()
	case messages:
		v.messages()
	case generate:
		v.generate(op.model, false)
	case generateStream:
		v.generate(op.model, true)
	case count:
		v.count(op.model)
	case nowhere: // told above
	}
}

// kind is what a path asks for.
type kind int

const (
	nowhere kind = iota
	list
	show
	probe
	chat
	messages
	generate
	generateStream
	count
)

type operation struct {
	kind  kind
	model string
}

// operation reads method and path. By its host a provider has only its real
// paths; by a prefix it takes a base with and without version.
func (v *visit) operation() operation {
	p := strings.TrimRight(v.path, "/")
	if v.house.probe != "" && v.isProbe(p) {
		return operation{kind: probe}
	}
	if v.byHost && !v.below(p) {
		return operation{}
	}
	get, post := v.r.Method == http.MethodGet, v.r.Method == http.MethodPost
	switch {
	case get && strings.HasSuffix(p, "/models"):
		return operation{kind: list}
	case get && strings.Contains(p, "/models/"):
		return operation{kind: show, model: p[strings.Index(p, "/models/")+len("/models/"):]}
	case post && v.speaksAnthropic() && (p == "/v1/messages" || !v.byHost && p == "/messages"):
		return operation{kind: messages}
	case post && v.speaksAnthropic() && strings.HasSuffix(p, "/messages/count_tokens"):
		return operation{kind: count}
	case post && strings.HasSuffix(p, ":countTokens"):
		return operation{count, geminiModel(p)}
	case post && !v.speaksAnthropic() && strings.HasSuffix(p, "/chat/completions"):
		return operation{kind: chat}
	case post && strings.HasSuffix(p, ":generateContent"):
		return operation{generate, geminiModel(p)}
	case post && strings.HasSuffix(p, ":streamGenerateContent"):
		return operation{generateStream, geminiModel(p)}
	}
	return operation{}
}

// isProbe compares the path with the row's own probe. A list of models is
// left to list.
func (v *visit) isProbe(p string) bool {
	want := strings.TrimRight(v.house.probe, "/")
	if !strings.HasPrefix(want, "/") {
		want = "/" + want
	}
	if strings.HasSuffix(want, "/models") {
		return false
	}
	return p == want || p == v.house.path+want || !v.byHost && strings.HasSuffix(p, want)
}

// below reports whether a path lies below the provider's base.
func (v *visit) below(p string) bool {
	base := v.house.path
	if i := strings.IndexByte(base, '{'); i >= 0 {
		base = base[:i]
	}
	rest, ok := strings.CutPrefix(p, base)
	if !ok || strings.Contains(p, "/v1/v1/") {
		return false
	}
	if v.speaksAnthropic() {
		return strings.HasPrefix(p, "/v1/")
	}
	if v.row.Wire == "azure-openai" {
		return strings.HasPrefix(p, "/openai/")
	}
	return !strings.HasPrefix(rest, "/chat/completions/")
}

func (v *visit) speaksAnthropic() bool { return v.row.Wire == "anthropic" }

func geminiModel(p string) string {
	p = p[strings.LastIndexByte(p, '/')+1:]
	m, _, _ := strings.Cut(p, ":")
	return m
}

// body decodes the request. What is no JSON is answered, and false returned.
func (v *visit) body(into any) bool {
	raw, err := io.ReadAll(io.LimitReader(v.r.Body, 16<<20))
	if err == nil {
		err = json.Unmarshal(raw, into)
	}
	if err != nil {
		v.refuse(invalid(v.row.Wire, "the body of the request is not valid JSON"))
		return false
	}
	return true
}

// asked notes which model was asked for, and how.
func (v *visit) asked(model string, stream bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.Server.seen[v.seen].Model, v.Server.seen[v.seen].Stream = model, stream
}

func (v *visit) answered(status int) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.Server.seen[v.seen].Status = status
}

// write answers with a whole JSON document.
func (v *visit) write(status int, body string) {
	if v.w.Header().Get("Content-Type") == "" {
		v.w.Header().Set("Content-Type", "application/json")
	}
	v.w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	v.answered(status)
	v.w.WriteHeader(status)
	_, _ = io.WriteString(v.w, body) // the caller may be gone
}

func (v *visit) page(status int, body string) {
	v.w.Header().Set("Content-Type", "text/html; charset=utf-8")
	v.write(status, body)
}

// encode answers with x as a JSON document.
func (v *visit) encode(x any) {
	b, err := json.Marshal(x)
	if err != nil {
		v.write(http.StatusInternalServerError, `{"error":"the sandbox could not encode its answer"}`)
		return
	}
	v.write(http.StatusOK, string(b))
}
