package wire

import (
	"context"

	"github.com/llmctl/llmctl/pkg/fault"
	"github.com/llmctl/llmctl/pkg/resolve"
	"github.com/llmctl/llmctl/pkg/verdict"
)

// Probe is what a free call said about a key and its address.
type Probe struct {
	// OK says that nothing stands in the way of a call as far as a free probe
	// can see. It is false for a failure and for "could not tell".
	OK bool
	// Code is "" for a plainly good answer. A good answer may still carry a
	// code: probe.no-credential, auth.restricted. When OK is false it is
	// Err.Code.
	Code fault.Code
	// Grade is how much a good answer proves; "" when there was none.
	Grade fault.Grade
	// Says is what a good answer of a sign-in means, in a sentence; "" for a
	// probe with a key, whose meaning stands in the provider's row.
	Says    string
	Err     *fault.Err // nil when OK
	Verdict verdict.Verdict

	// The answer that decided. URL is fit to be shown. Status is 0 when no
	// answer came.
	Method, URL, RequestID, DecidedBy string
	Status                            int
	Timing                            Timing

	// Models are the ids that the answer lists; nil when the probe lists none.
	Models []string
	// Complete says that Models is the whole list and not its first page.
	Complete bool
	// Control says that the call was repeated with a wrong key, and
	// ControlStatus what that was answered with (0: no answer).
	Control       bool
	ControlStatus int
}

// Evidence is the probe as the ground of a finding.
func (p Probe) Evidence() fault.Evidence {
	kind := "http"
	if p.Status == 0 {
		kind = "network"
	}
	return fault.Evidence{
		Kind: kind, Method: p.Method, URL: p.URL, Status: p.Status,
		RequestID: p.RequestID, DecidedBy: p.DecidedBy, Grade: p.Grade,
	}
}

// Probe makes the free call of the provider's row with the real key, and once
// more with a wrong one where a good answer would prove nothing otherwise. It
// costs nothing and changes nothing at the provider.
func (c *Client) Probe(ctx context.Context, r *resolve.Resolution) Probe {
	if err := r.Err(); err != nil {
		return Probe{Code: err.Code, Err: err}
	}
	if signsIn(r) {
		return c.signIn(ctx, r)
	}
	method, address, ok := r.ProbeURL()
	if !ok {
		return none(r, "no free call of "+r.Provider.Name+" tells about a key")
	}
	k := call{method: method, url: address, header: r.Provider.Probe.Header}
	if b := r.Provider.Probe.Body; b != "" {
		k.body = []byte(b)
	}
	p := c.probe(ctx, r, k)
	if p.Err == nil && p.Code == "" {
		c.grade(ctx, r, k, &p)
	}
	return p
}

func none(r *resolve.Resolution, why string) Probe {
	return Probe{Code: "probe.none", Err: failure(r, "probe.none", why, nil)}
}

// probe is one call and what its answer means.
func (c *Client) probe(ctx context.Context, r *resolve.Resolution, k call) Probe {
	p := Probe{Method: k.method, URL: r.Redacted(k.url)}
	a, err := c.do(ctx, r, k)
	if err != nil {
		p.Code, p.Err, p.Status, p.RequestID, p.DecidedBy = err.Code, err, err.Status, err.RequestID, string(err.Code)
		return p
	}
	p.Status, p.RequestID = a.status, a.requestID
	body, cut, rerr := a.read(maxBody)
	a.close()
	p.Timing = a.clock.timing()
	if rerr != nil {
		f := readFault(ctx, r, a, rerr)
		p.Code, p.Err, p.DecidedBy = f.Code, f, string(f.Code)
		return p
	}
	body = scrub(r, body)
	p.Verdict = judge(r, a, body, cut)
	p.DecidedBy, p.RequestID = p.Verdict.DecidedBy, or(p.RequestID, p.Verdict.RequestID)
	p.Code = p.Verdict.Code
	if p.Code == "" {
		p.OK = true
		if r.Provider.Probe.List && !cut {
			p.Models, p.Complete = models(body)
		}
		return p
	}
	if row, _ := fault.Lookup(p.Code); row.Key == fault.Good && row.Severity == fault.Info {
		p.OK, p.Grade = true, fault.Scoped // valid, with limits that a call may not meet
		return p
	}
	p.Err = refused(r, a, p.Verdict)
	return p
}

// readFault is a body that did not arrive whole.
func readFault(ctx context.Context, r *resolve.Resolution, a *answer, err error) *fault.Err {
	if f := ended(ctx, r); f != nil {
		return f
	}
	f := failure(r, "net.reset", r.Host()+" cut the connection inside its answer", err)
	f.Status, f.RequestID = a.status, a.requestID
	return f
}

// grade says how much a good answer proves.
func (c *Client) grade(ctx context.Context, r *resolve.Resolution, k call, p *Probe) {
	// What the table knows of an endpoint is known of the provider's own
	// host, not of a gateway that copies its paths.
	own := resolve.OwnHost(r.Provider, r.Host())
	switch {
	case r.Key.IsZero():
		p.Grade, p.Code = fault.ReachableOnly, "probe.no-credential"
	case own && r.Provider.Probe.NeedsKey:
		p.Grade = fault.Proven
	case own && r.Provider.Probe.Public:
		p.unproven(r, p.URL+" answers without a key")
	default:
		c.control(ctx, r, k, p)
	}
}

// control repeats the call with a wrong key.
func (c *Client) control(ctx context.Context, r *resolve.Resolution, k call, p *Probe) {
	wrong := c.probe(ctx, control(r), k)
	p.Control, p.ControlStatus = true, wrong.Status
	row, _ := fault.Lookup(wrong.Code)
	switch {
	case wrong.Err == nil:
		p.unproven(r, p.URL+" accepts a wrong key as well")
		p.DecidedBy = "the same call with a wrong key"
	case wrong.Verdict.Key == fault.Bad, row.Key == fault.Bad, wrong.Status == 401, wrong.Status == 403:
		p.Grade = fault.Proven
		p.DecidedBy = or(p.DecidedBy, "a wrong key is refused")
	case wrong.Code == "run.interrupted" || wrong.Code == "run.timeout":
		p.OK, p.Code, p.Err = false, wrong.Code, wrong.Err
	default:
		p.unproven(r, "the call with a wrong key told nothing: "+wrong.Err.Message)
	}
}

func (p *Probe) unproven(r *resolve.Resolution, why string) {
	p.OK, p.Grade, p.Code = false, fault.Unproven, "probe.unproven"
	p.Err = failure(r, p.Code, why, nil)
	p.Err.Status, p.Err.RequestID = p.Status, p.RequestID
}

// refused is the error of an answer that is no good.
func refused(r *resolve.Resolution, a *answer, v verdict.Verdict) *fault.Err {
	f := failure(r, v.Code, answered(a, v), nil)
	f.Status, f.RequestID = a.status, or(a.requestID, v.RequestID)
	return f
}
