package wire

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/llmctl/llmctl/pkg/fault"
	"github.com/llmctl/llmctl/pkg/provider"
	"github.com/llmctl/llmctl/pkg/resolve"
	"github.com/llmctl/llmctl/pkg/secret"
)

func TestForms(t *testing.T) {
	for _, tc := range []struct {
		auth         provider.Auth
		key          string
		header, want string
	}{
		{provider.Bearer, canary, "Authorization", "Bearer " + canary},
		{provider.Token, canary, "Authorization", "Token " + canary},
		{provider.XAPIKey, canary, "X-Api-Key", canary},
		{provider.XAPIKey, "sk-ant-oat01-abcdefgh", "Authorization", "Bearer sk-ant-oat01-abcdefgh"},
		{provider.APIKey, canary, "Api-Key", canary},
		{provider.GoogAPIKey, canary, "X-Goog-Api-Key", canary},
		{provider.SigV4, canary, "Authorization", "Bearer " + canary},
		{provider.GoogleOAuth, canary, "Authorization", "Bearer " + canary},
		{provider.None, canary, "Authorization", "Bearer " + canary},
	} {
		s := serve(t, say(200, "application/json", listBody))
		row := chatRow()
		row.Auth, row.Hosts = tc.auth, []string{"127.0.0.1"}
		r := at(row, s.URL+"/v1")
		r.Key = secret.New(tc.key)
		if p := client(t).Probe(t.Context(), r); !p.OK {
			t.Fatalf("%s: %+v", tc.auth, p)
		}
		req := s.requests()[0]
		for _, name := range []string{"Authorization", "X-Api-Key", "Api-Key", "X-Goog-Api-Key"} {
			want := ""
			if name == tc.header {
				want = tc.want
			}
			if got := req.Header.Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", tc.auth, name, got, want)
			}
		}
		if strings.Contains(req.URL.String(), tc.key) {
			t.Errorf("%s: the key stands in the address", tc.auth)
		}
	}
	row := chatRow()
	row.Auth = provider.OtherAuth
	if p := client(t).Probe(t.Context(), at(row, "http://127.0.0.1:1")); p.Code != "wire.unsupported" {
		t.Errorf("an unknown form: %+v", p)
	}
}

func TestAnthropicVersion(t *testing.T) {
	s := serve(t, say(200, "application/json", `{"data":[]}`))
	_ = client(t).Probe(t.Context(), at(claudeRow(), s.URL))
	if got := s.requests()[0].Header.Get("Anthropic-Version"); got != "2023-06-01" {
		t.Errorf("anthropic-version is %q", got)
	}
}

func TestRedirectIsNotFollowed(t *testing.T) {
	thief := serve(t, say(200, "application/json", listBody))
	for _, status := range []int{301, 302, 303, 307, 308} {
		for _, row := range []provider.Provider{chatRow(), claudeRow()} {
			s := serve(t, func(w http.ResponseWriter, req *http.Request) {
				w.Header().Set("Location", thief.URL+"/v1/models?token="+canary)
				w.WriteHeader(status)
			})
			c := client(t)
			p := c.Probe(t.Context(), at(row, s.URL))
			_, err := c.Chat(t.Context(), at(row, s.URL), hi())
			for _, f := range []*fault.Err{p.Err, asFault(t, err)} {
				if codeOf(f) != "net.redirect" || !strings.Contains(f.Message, strings.TrimPrefix(thief.URL, "http://")) {
					t.Errorf("%d: got %v", status, f)
				}
				if strings.Contains(fmt.Sprintf("%+v %v", f, f), canary) {
					t.Errorf("%d: the query of the target is printed", status)
				}
			}
			if len(s.requests()) != 2 {
				t.Errorf("%d: %d requests", status, len(s.requests()))
			}
		}
	}
	if n := len(thief.requests()); n != 0 {
		t.Errorf("%d requests went where the redirect pointed", n)
	}
}

func TestKeyGoesToItsHostOnly(t *testing.T) {
	stranger := serve(t, say(200, "application/json", listBody))
	r := at(chatRow(), "https://api.openai.com/v1")
	for _, to := range []string{
		stranger.URL + "/v1/models", "http://api.openai.com/v1/models", "https://api.openai.com.evil.test/v1",
		"https://api.openai.com:8443@evil.test/v1", "https://evil.test/api.openai.com",
	} {
		_, f := client(t).do(t.Context(), r, call{method: "GET", url: to})
		if codeOf(f) != "binding.foreign-host" {
			t.Errorf("%s: got %v", to, f)
		}
	}
	if n := len(stranger.requests()); n != 0 {
		t.Errorf("%d requests reached a stranger", n)
	}
	row := provider.Provider{Name: "huggingface", Base: "https://router.huggingface.co/v1", Hosts: []string{"huggingface.co"}}
	own := signer{r: at(row, "https://router.huggingface.co/v1")}
	for to, want := range map[string]bool{
		"https://router.huggingface.co/v1/models":  true,
		"https://huggingface.co/api/whoami-v2":     true,
		"http://huggingface.co/api/whoami-v2":      false,
		"https://huggingface.co.evil.test/whoami":  false,
		"https://ROUTER.huggingface.co/v1/models":  true,
		"https://router.huggingface.co:8443/v1/me": true, // another port of the same vendor
	} {
		u, err := url.Parse(to)
		if err != nil {
			t.Fatal(err)
		}
		if own.belongs(u) != want {
			t.Errorf("%s: belongs is %v", to, !want)
		}
	}
	foreign := signer{r: at(row, "https://gateway.test/v1")}
	if u, _ := url.Parse("https://huggingface.co/api/whoami-v2"); foreign.belongs(u) {
		t.Error("a gateway's key went to the vendor")
	}
}

// recorder stands behind the signer and counts the requests that have the key.
type recorder struct {
	next   http.RoundTripper
	mu     sync.Mutex
	signed int
}

func (c *recorder) RoundTrip(req *http.Request) (*http.Response, error) {
	c.mu.Lock()
	if strings.Contains(fmt.Sprint(req.Header), canary) {
		c.signed++
	}
	c.mu.Unlock()
	return c.next.RoundTrip(req)
}

func TestNothingAboveTheSignerHoldsTheKey(t *testing.T) {
	echo := func(w http.ResponseWriter, req *http.Request) {
		key := req.Header.Get("X-Api-Key") + strings.TrimPrefix(req.Header.Get("Authorization"), "Bearer ")
		w.Header().Set("X-Request-Id", "req_"+key)
		say(401, "application/json", `{"error":{"message":"no such key: `+key+`","type":"authentication_error","code":"invalid_api_key"}}`)(w, req)
	}
	streamEcho := func(w http.ResponseWriter, req *http.Request) {
		key := req.Header.Get("X-Api-Key") + strings.TrimPrefix(req.Header.Get("Authorization"), "Bearer ")
		say(200, events, `data: {"error":{"message":"no such key: `+key+`"}}`+"\n\n")(w, req)
	}
	broken := func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }
	good := func(w http.ResponseWriter, req *http.Request) {
		w.Header().Set("X-Echo", req.Header.Get("Authorization")+req.Header.Get("X-Api-Key"))
		say(200, events, helloChunk+stopChunk)(w, req)
	}
	for name, h := range map[string]http.HandlerFunc{"echo": echo, "stream echo": streamEcho, "broken": broken, "good": good} {
		for _, row := range []provider.Provider{chatRow(), claudeRow()} {
			s := serve(t, h)
			c := client(t)
			rec := &recorder{next: c.Transport}
			c.Transport = rec
			r := at(row, s.URL)
			var seen []any
			a, f := c.do(t.Context(), r, call{method: "GET", url: s.URL + "/v1/models"})
			if seen = append(seen, f, a); a != nil {
				seen = append(seen, *a)
				a.close()
			}
			p := c.Probe(t.Context(), r)
			seen = append(seen, p, p.Err, r, *r)
			st, err := c.Chat(t.Context(), r, hi())
			if seen = append(seen, err, st); st != nil {
				_, f := drain(t, st)
				seen = append(seen, f, st, *st, st.Reply())
			}
			for _, x := range seen {
				noKey(t, name, x)
			}
			if rec.signed == 0 {
				t.Errorf("%s: the socket never saw the key: this test looks at nothing", name)
			}
		}
	}
}

// noKey looks for the key in every way of printing x, and in every error that
// it wraps.
func noKey(t *testing.T, name string, x any) {
	t.Helper()
	if f, ok := x.(*fault.Err); ok && f == nil {
		return
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
		text := fmt.Sprintf(verb, x)
		for _, form := range []string{canary, base64.StdEncoding.EncodeToString([]byte(canary)), url.QueryEscape(canary)} {
			if strings.Contains(text, form) {
				t.Errorf("%s: %s of %T holds the key", name, verb, x)
			}
		}
	}
	if err, ok := x.(error); ok && err != nil {
		if inner := errors.Unwrap(err); inner != nil {
			noKey(t, name, inner)
		}
	}
}

func TestResponseCarriesTheUnsignedRequest(t *testing.T) {
	s := serve(t, say(200, "application/json", listBody))
	req, err := http.NewRequestWithContext(t.Context(), "GET", s.URL+"/v1/models", nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := signer{next: client(t).Transport, r: at(chatRow(), s.URL+"/v1")}.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	_, _ = io.Copy(io.Discard, resp.Body)
	if s.requests()[0].Header.Get("Authorization") == "" {
		t.Fatal("the request was not signed: this test looks at nothing")
	}
	if resp.Request != req || req.Header.Get("Authorization") != "" {
		t.Error("the signed request is in reach")
	}
}

func TestScrub(t *testing.T) {
	r := at(chatRow(), "https://x.test")
	if got := string(scrub(r, []byte("a "+canary+" b"))); strings.Contains(got, canary) || !strings.Contains(got, r.Key.Fingerprint()) {
		t.Errorf("got %q", got)
	}
	r.Key = secret.New("none")
	if got := string(scrub(r, []byte("none of it"))); got != "none of it" {
		t.Errorf("a short key garbles words: %q", got)
	}
	if got := string(scrub(&resolve.Resolution{}, []byte("text"))); got != "text" {
		t.Errorf("no key: %q", got)
	}
}
