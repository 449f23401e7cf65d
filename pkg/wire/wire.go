// Package wire is the only door to the network: one sender, one signer, one
// codec a protocol, stream framing, timings.
//
// It is not a router and not a judge: it never retries, never follows a
// redirect, never chooses a key or an address (package resolve did) and does
// not know what an error body means (package verdict does).
//
// The one rule: everything that leaves goes through (*Client).do, and only the
// signer behind it ever sees the text of a key.
package wire

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/llmctl/llmctl/pkg/fault"
	"github.com/llmctl/llmctl/pkg/provider"
	"github.com/llmctl/llmctl/pkg/resolve"
	"github.com/llmctl/llmctl/pkg/verdict"
)

// Client sends calls. It holds no state of its own and may be used by many
// goroutines at once.
type Client struct {
	// Transport carries the signed requests; NewTransport makes one. Nil
	// means that nothing can be sent.
	Transport http.RoundTripper
	// Now is the clock of the timings; nil leaves every timing 0.
	Now func() time.Time
	// UserAgent is sent as it is; "" sends "llmctl".
	UserAgent string
	// Idle is how long a stream may be quiet (comments and pings count as a
	// sign of life) before it is given up; 0 means for ever.
	Idle time.Duration

	// ReadFile reads the files that a cloud sign-in may start from; a missing
	// one is an error that is fs.ErrNotExist. Nil switches the sign-in off: a
	// deployment of AWS or Google without a key is then not probed.
	ReadFile func(name string) ([]byte, error)
	// Home is where ~/.aws and ~/.config/gcloud are; "" means nowhere.
	Home string
}

// The limits of what is read, in bytes.
const (
	maxBody  = 1 << 20  // probes and error bodies: no error is longer
	maxWhole = 64 << 20 // a whole answer, or one event of a stream: images are that big
)

// call is one request before it is signed. It never holds a credential.
type call struct {
	method string // upper case
	url    string // absolute; made by package resolve
	header []provider.Header
	body   []byte // nil = none
	kind   string // media type of the body; "" = JSON
	stream bool
	sign   signs // of a cloud sign-in; nil = the key of the Resolution
}

// answer is what came back, with the body still to be read.
type answer struct {
	method    string
	url       string // redacted: fit to be shown
	host      string // that was called, without port
	status    int
	header    http.Header
	requestID string
	body      io.ReadCloser
	clock     *clock
}

// do sends one call on a Resolution and hands back whatever answered. It is
// the single place that sends. The error is about the way (network, TLS,
// proxy, redirect, cancelled); an answer with any other status is no error
// here.
func (c *Client) do(ctx context.Context, r *resolve.Resolution, k call) (*answer, *fault.Err) {
	if err := r.Err(); err != nil {
		return nil, err
	}
	if c.Transport == nil {
		return nil, failure(r, "net.failed", "this client has no transport", nil)
	}
	req, ferr := c.request(ctx, r, k)
	if ferr != nil {
		return nil, ferr
	}
	clock := newClock(c.Now)
	req = req.WithContext(clock.watch(req.Context()))
	resp, err := signer{next: c.Transport, r: r, own: k.sign, body: k.body}.RoundTrip(req) //nolint:bodyclose // the answer owns it from here: answer.close
	if err != nil {
		clock.stop()
		return nil, networkFault(ctx, r, req.URL, err)
	}
	resp.Header = scrubHeader(r, resp.Header)
	a := &answer{
		method: k.method, url: r.Redacted(k.url), host: req.URL.Hostname(), status: resp.StatusCode,
		header: resp.Header, requestID: requestID(resp.Header), body: resp.Body, clock: clock,
	}
	if ferr := elsewhere(r, a); ferr != nil {
		a.close()
		return nil, ferr
	}
	return a, nil
}

// request builds the unsigned request.
func (c *Client) request(ctx context.Context, r *resolve.Resolution, k call) (*http.Request, *fault.Err) {
	var body io.Reader
	if k.body != nil {
		body = bytes.NewReader(k.body)
	}
	req, err := http.NewRequestWithContext(ctx, k.method, k.url, body)
	if err != nil || req.URL.Host == "" {
		return nil, failure(r, "base.not-url", "the address "+r.Redacted(k.url)+" cannot be called", nil)
	}
	// Userinfo of a base would become a second credential; the signer's is
	// the only one.
	req.URL.User = nil
	h := req.Header
	for _, x := range r.Headers {
		h.Set(x.Name, x.Value)
	}
	for _, x := range wireHeaders(r) {
		h.Set(x.Name, x.Value)
	}
	for _, x := range k.header {
		h.Set(x.Name, x.Value)
	}
	if k.body != nil {
		h.Set("Content-Type", or(k.kind, "application/json"))
	}
	h.Set("Accept", "application/json")
	if k.stream {
		h.Set("Accept", "text/event-stream, application/json")
	}
	if h.Get("User-Agent") == "" {
		h.Set("User-Agent", or(c.UserAgent, "llmctl"))
	}
	return req, nil
}

// wireHeaders are the headers that a protocol wants beside the credential.
// Sources: Anthropic API versioning page, openai-go v3.95.0 client options.
func wireHeaders(r *resolve.Resolution) []provider.Header {
	var out []provider.Header
	switch r.Provider.Wire {
	case provider.Anthropic:
		out = append(out, provider.Header{Name: "Anthropic-Version", Value: "2023-06-01"})
	case provider.OpenAIChat, provider.OpenAIResponses:
		if o := r.Settings["organization"]; !o.IsZero() {
			out = append(out, provider.Header{Name: "OpenAI-Organization", Value: o.Value})
		}
		if p := r.Settings["project"]; !p.IsZero() {
			out = append(out, provider.Header{Name: "OpenAI-Project", Value: p.Value})
		}
	default: // the others have none
	}
	return out
}

// elsewhere turns the two answers that did not come from the provider's
// endpoint into faults: a redirect, and a proxy that wants credentials.
func elsewhere(r *resolve.Resolution, a *answer) *fault.Err {
	if a.status == http.StatusProxyAuthRequired {
		f := failure(r, "proxy.refused-connect", "the proxy on the way to "+r.Host()+" answered 407: it wants credentials", nil)
		f.Status = a.status
		return f
	}
	to := a.header.Get("Location")
	if a.status < 300 || a.status > 399 || to == "" {
		return nil
	}
	f := failure(r, "net.redirect", a.url+" redirects to "+r.Redacted(redirectTarget(a.url, to)), nil)
	f.Status, f.RequestID = a.status, a.requestID
	return f
}

// redirectTarget names where a Location points without its query, userinfo or
// fragment: they may carry session tokens.
func redirectTarget(from, to string) string {
	base, err1 := url.Parse(from)
	u, err2 := url.Parse(to)
	if err1 != nil || err2 != nil {
		return "an address that cannot be read"
	}
	u = base.ResolveReference(u)
	return u.Scheme + "://" + u.Host + u.EscapedPath()
}

// read reads the whole body up to limit bytes. cut says that there was more.
func (a *answer) read(limit int64) (body []byte, cut bool, err error) {
	body, err = io.ReadAll(io.LimitReader(a.body, limit+1))
	if int64(len(body)) > limit {
		return body[:limit], true, err
	}
	return body, false, err
}

// close ends the answer and its clock.
func (a *answer) close() {
	_ = a.body.Close() // nothing is lost: what was read was read
	a.clock.stop()
}

// ask is what verdict.Classify wants to know.
func (a *answer) ask(r *resolve.Resolution, body []byte, probe bool) verdict.Answer {
	if len(body) > 64<<10 {
		body = body[:64<<10]
	}
	return verdict.Answer{
		Provider: r.Provider.Name, Host: a.host, Status: a.status,
		Header: a.header, Body: body, Probe: probe,
	}
}

// requestID is the name that the provider, or else the edge, gave the call.
// Sources: OpenAI, Anthropic, AWS, Azure and OpenRouter API references;
// Cloudflare docs for cf-ray.
func requestID(h http.Header) string {
	for _, name := range []string{
		"X-Request-Id", "Request-Id", "X-Amzn-Requestid", "Apim-Request-Id", "X-Ms-Request-Id",
		"X-Generation-Id", "X-Goog-Request-Id", "X-Groq-Request-Id", "X-Litellm-Call-Id", "Cf-Ray",
	} {
		if v := h.Get(name); v != "" {
			return v
		}
	}
	return ""
}

// failure makes the error of a call on r.
func failure(r *resolve.Resolution, code fault.Code, message string, cause error) *fault.Err {
	return &fault.Err{
		Code: code, Subject: or(r.Model, r.ModelName), Deployment: r.ModelName,
		Message: message, Cause: cause,
	}
}

// Limit is a context with the user's total time limit: when it runs out the
// call ends as run.timeout. A deadline that is set any other way is one call's
// own limit and ends as net.timeout.
func Limit(ctx context.Context, total time.Duration) (context.Context, context.CancelFunc) {
	if total <= 0 {
		return context.WithCancel(ctx)
	}
	return context.WithTimeoutCause(ctx, total, &fault.Err{
		Code: "run.timeout", Message: "the time limit of " + total.String() + " ran out",
	})
}

// ended says why ctx is over: the fault that its owner gave as the cause, an
// interruption, or one call's own limit. Nil while it is not over.
func ended(ctx context.Context, r *resolve.Resolution) *fault.Err {
	if ctx.Err() == nil {
		return nil
	}
	cause := context.Cause(ctx)
	var f *fault.Err
	if errors.As(cause, &f) {
		own := *f
		own.Subject, own.Deployment = or(own.Subject, or(r.Model, r.ModelName)), or(own.Deployment, r.ModelName)
		return &own
	}
	if errors.Is(cause, context.DeadlineExceeded) {
		return failure(r, "net.timeout", r.Host()+" did not answer in time", cause)
	}
	return failure(r, "run.interrupted", "interrupted while waiting for "+r.Host(), cause)
}

func or(a, b string) string {
	if strings.TrimSpace(a) != "" {
		return a
	}
	return b
}
