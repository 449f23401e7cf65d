package report

import (
	"github.com/llmctl/llmctl/pkg/fault"
	"github.com/llmctl/llmctl/pkg/resolve"
)

// Deployment is one resolution, with the way to it.
type Deployment struct {
	ModelName     string                 `json:"model_name"`
	Model         string                 `json:"model"` // as written
	Provider      string                 `json:"provider"`
	Wire          string                 `json:"wire"`
	UpstreamModel string                 `json:"upstream_model"`
	Location      *fault.Location        `json:"location"` // nil without a config
	Callable      bool                   `json:"callable"`
	Code          fault.Code             `json:"code"` // why not; "" when callable
	URL           string                 `json:"url"`  // of a chat call, redacted; "" when it is not known
	APIKey        *KeySetting            `json:"api_key"`
	APIBase       *Setting               `json:"api_base"`
	Candidates    map[string][]Candidate `json:"candidates"` // by setting, in the order of the policy
	Policy        resolve.Policy         `json:"policy"`
	OtherPolicies []OtherPolicy          `json:"other_policies"`
}

// KeySetting is a key that is in use: its name, never its text.
type KeySetting struct {
	Fingerprint string         `json:"fingerprint"`
	Kind        string         `json:"kind"`   // "" = no known shape
	Length      int            `json:"length"` // bytes
	Origin      resolve.Origin `json:"origin"`
}

// Setting is a value that is no credential.
type Setting struct {
	Value  string         `json:"value"`
	Origin resolve.Origin `json:"origin"`
}

// Candidate is one place where a setting could have come from. A key has a
// fingerprint, every other setting a value; "" is nothing there.
type Candidate struct {
	Rank        int            `json:"rank"` // from 1
	State       resolve.State  `json:"state"`
	Differs     *bool          `json:"differs"` // from the value in use; null when there is nothing to compare
	Fingerprint *string        `json:"fingerprint,omitempty"`
	Value       *string        `json:"value,omitempty"`
	Origin      resolve.Origin `json:"origin"`
	Reason      string         `json:"reason"`
}

// OtherPolicy is what another policy would choose.
type OtherPolicy struct {
	Policy  resolve.Policy `json:"policy"`
	APIKey  *KeySetting    `json:"api_key"`
	APIBase *Setting       `json:"api_base"`
	Differs bool           `json:"differs"`
}

// Deployments makes the objects of resolutions, in their order.
func Deployments(rs []*resolve.Resolution) []Deployment {
	out := make([]Deployment, 0, len(rs))
	for _, r := range rs {
		out = append(out, deployment(r))
	}
	return out
}

func deployment(r *resolve.Resolution) Deployment {
	d := Deployment{
		ModelName: r.ModelName, Model: r.Model, Provider: r.Provider.Name, Wire: string(r.Provider.Wire),
		UpstreamModel: r.Upstream, Callable: r.Err() == nil, URL: r.Redacted(r.ChatURL()),
		APIBase: setting(r, r.Base), Candidates: map[string][]Candidate{},
		Policy: r.Policy, OtherPolicies: []OtherPolicy{},
	}
	if err := r.Err(); err != nil {
		d.Code = err.Code
	}
	if r.Location.File != "" {
		loc := r.Location
		d.Location = &loc
	}
	if !r.Key.IsZero() {
		d.APIKey = &KeySetting{Fingerprint: r.Key.Fingerprint(), Kind: r.KeyKind, Length: r.Key.Len(), Origin: r.KeyOrigin}
	}
	for name, trace := range r.Trace {
		d.Candidates[name] = candidates(r, name, trace)
	}
	for _, o := range r.Other {
		p := OtherPolicy{Policy: o.Policy, APIBase: setting(r, o.Base), Differs: o.Differs}
		if !o.Key.IsZero() {
			p.APIKey = &KeySetting{Fingerprint: o.Key.Fingerprint(), Length: o.Key.Len(), Origin: o.KeyFrom}
		}
		d.OtherPolicies = append(d.OtherPolicies, p)
	}
	return d
}

func setting(r *resolve.Resolution, s resolve.Setting) *Setting {
	if s.IsZero() {
		return nil
	}
	return &Setting{Value: r.Redacted(s.Value), Origin: s.Origin}
}

func candidates(r *resolve.Resolution, name string, trace []resolve.Candidate) []Candidate {
	out := make([]Candidate, 0, len(trace))
	for _, c := range trace {
		x := Candidate{Rank: c.Rank, State: c.State, Differs: c.Differs, Origin: c.Origin, Reason: c.Reason}
		if name == "api_key" || !c.Key.IsZero() {
			fp := c.Key.Fingerprint()
			x.Fingerprint = &fp
		} else {
			v := r.Redacted(c.Value)
			x.Value = &v
		}
		out = append(out, x)
	}
	return out
}
