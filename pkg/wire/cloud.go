package wire

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"github.com/llmctl/llmctl/pkg/fault"
	"github.com/llmctl/llmctl/pkg/provider"
	"github.com/llmctl/llmctl/pkg/resolve"
	"github.com/llmctl/llmctl/pkg/secret"
)

// Cloud sign-in: AWS and Google want no key but proof of who is calling. What
// the proof is made of comes from the Resolution and from files that
// Client.ReadFile reads; no environment, no command and no metadata server is
// asked here. Every call of a sign-in goes through do, as any other.

// signsIn reports whether a Resolution without a key signs in at a cloud.
func signsIn(r *resolve.Resolution) bool {
	return r.Key.IsZero() && (r.Provider.Auth == provider.SigV4 || r.Provider.Auth == provider.GoogleOAuth)
}

// signIn is the probe of a deployment without a key.
func (c *Client) signIn(ctx context.Context, r *resolve.Resolution) Probe {
	switch {
	case c.ReadFile == nil:
		return none(r, "the sign-in of "+r.Provider.Name+" is off here")
	case r.Provider.Auth == provider.SigV4:
		return c.aws(ctx, r)
	}
	return c.google(ctx, r)
}

// stopped is a sign-in that ended before anybody was asked.
func stopped(r *resolve.Resolution, code fault.Code, message, hint string) *Probe {
	err := failure(r, code, message, nil)
	err.Hint = hint
	return &Probe{Code: code, Err: err, DecidedBy: "sign-in"}
}

// instead is r for a call of its sign-in: another base, and nothing of the
// deployment that is meant for the provider's.
func instead(r *resolve.Resolution, base string) *resolve.Resolution {
	own := *r
	own.Base = resolve.Setting{Value: base, Origin: resolve.Origin{Layer: resolve.Default, Name: "sign-in"}}
	own.Headers, own.Key = nil, secret.Secret{}
	return &own
}

// step makes one call of a sign-in. Err of the Probe is nil when the answer is
// good: fine says so of a body that is not JSON; nil means none is. The texts
// of hide are taken out of what a refusal says.
func (c *Client) step(ctx context.Context, r *resolve.Resolution, k call, fine func([]byte) bool, hide ...secret.Secret) (Probe, []byte, http.Header) {
	p := Probe{Method: k.method, URL: r.Redacted(bare(k.url))}
	a, err := c.do(ctx, r, k)
	if err != nil {
		p.Code, p.Err, p.Status, p.RequestID, p.DecidedBy = err.Code, err, err.Status, err.RequestID, string(err.Code)
		return p, nil, nil
	}
	a.url = p.URL
	p.Status, p.RequestID = a.status, a.requestID
	body, cut, rerr := a.read(maxBody)
	a.close()
	p.Timing = a.clock.timing()
	if rerr != nil {
		f := readFault(ctx, r, a, rerr)
		p.Code, p.Err, p.DecidedBy = f.Code, f, string(f.Code)
		return p, nil, nil
	}
	if a.status/100 == 2 && fine != nil && fine(body) {
		p.OK = true
		return p, body, a.header
	}
	shown := body
	for _, s := range hide {
		shown = s.Scrub(shown)
	}
	p.Verdict = judge(r, a, shown, cut)
	p.DecidedBy, p.RequestID = p.Verdict.DecidedBy, or(p.RequestID, p.Verdict.RequestID)
	if p.Code = p.Verdict.Code; p.Code == "" {
		p.OK = true
		return p, body, a.header
	}
	p.Err = refused(r, a, p.Verdict)
	return p, nil, nil
}

// bare is an address without its query: those of a sign-in name accounts.
func bare(address string) string {
	out, _, _ := strings.Cut(address, "?")
	return out
}

// door lets a library call through do. It keeps what the last answer meant,
// because libraries turn refusals into text.
type door struct {
	c    *Client
	r    *resolve.Resolution
	hide []secret.Secret
	p    Probe
}

func (d *door) RoundTrip(req *http.Request) (*http.Response, error) {
	var body []byte
	if req.Body != nil {
		defer func() { _ = req.Body.Close() }()
		b, err := io.ReadAll(io.LimitReader(req.Body, maxBody))
		if err != nil {
			return nil, err
		}
		body = b
	}
	r := instead(d.r, req.URL.Scheme+"://"+req.URL.Host)
	k := call{method: req.Method, url: req.URL.String(), body: body, kind: req.Header.Get("Content-Type"), sign: signAs(req.Header)}
	p, answer, header := d.c.step(req.Context(), r, k, nil, d.hide...)
	d.p = p
	if p.Err != nil {
		return nil, p.Err
	}
	return &http.Response{
		StatusCode: p.Status, Status: strconv.Itoa(p.Status), Header: header, Request: req,
		Body: io.NopCloser(bytes.NewReader(answer)), ContentLength: int64(len(answer)), ProtoMajor: 1, ProtoMinor: 1,
	}, nil
}

// part is a value that a sign-in may start from; ok is false without one.
func part(r *resolve.Resolution, name string) (p resolve.Part, ok bool) {
	p, ok = r.Cloud[name]
	return p, ok && (p.Code != "" || !p.Key.IsZero())
}

// plainPart is a part that is no credential: a profile, a role, a path.
func plainPart(r *resolve.Resolution, name string) string {
	text, _ := r.Cloud[name].Key.ID()
	return text
}

// halted is the end of a sign-in at a part that must not be used: nothing below
// it may take over.
func halted(r *resolve.Resolution, name string, p resolve.Part) *Probe {
	return stopped(r, p.Code, p.Origin.String()+": "+or(p.Reason, name+" cannot be used"), "")
}

// inHome is a path below the home directory.
func (c *Client) inHome(parts ...string) string {
	if c.Home == "" {
		return ""
	}
	return strings.TrimRight(c.Home, `/\`) + "/" + strings.Join(parts, "/")
}

// expand replaces ~ as a shell does.
func (c *Client) expand(path string) string {
	if rest, ok := strings.CutPrefix(path, "~/"); ok {
		return c.inHome(rest)
	}
	return path
}

// label is what may stand in a host name: regions come from settings.
var label = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[a-z0-9]+(?:-[a-z0-9]+)*$`) })

// proven fills in a good end.
func (p Probe) proven(grade fault.Grade, by, says string) Probe {
	p.OK, p.Grade, p.DecidedBy, p.Says = true, grade, by, says
	return p
}

var _ http.RoundTripper = (*door)(nil)
