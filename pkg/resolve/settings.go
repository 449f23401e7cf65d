package resolve

import (
	"strings"

	"github.com/llmctl/llmctl/pkg/config"
	"github.com/llmctl/llmctl/pkg/provider"
	"github.com/llmctl/llmctl/pkg/secret"
)

// passing are the settings that a deployment alone names, and that travel with
// it as they are.
func passing(name string) bool {
	switch name {
	case "timeout", "stream_timeout", "max_retries", "num_retries", "rpm", "tpm", "weight", "order", "cooldown_time", "max_parallel_requests":
		return true
	}
	return false
}

// chooseSettings resolves everything that is neither key nor base: what fills
// the holes of the address, the organization, and limits.
func (x *index) chooseSettings(d *deployment, r *Resolution, region string) {
	a := x.surroundings(d.row)
	for i := range a.holes {
		h := &a.holes[i]
		x.choose(r, h.Name, x.ownSetting(d, h.Param, h.Name, region), h.vars, h.low)
	}
	if d.row.Name == "openai" {
		var low []slot
		if f := x.cfgGlobal("organization"); f != nil {
			low = append(low, x.settingSlot(Global, "organization", f, f.Pos, true))
		}
		x.choose(r, "organization", x.ownSetting(d, "organization", "", ""), a.org, low)
		if d.params.Field("project") != nil {
			x.choose(r, "project", x.ownSetting(d, "project", "", ""), nil, nil)
		}
	} else if d.params.Field("organization") != nil {
		x.choose(r, "organization", x.ownSetting(d, "organization", "", ""), nil, nil)
	}
	for _, f := range d.params.Fields() {
		if passing(f.Name) {
			x.choose(r, f.Name, []slot{x.settingSlot(Deployment, f.Name, &f, f.Pos, true)}, nil, nil)
		}
	}
}

// ownSetting is what the deployment and its credential set say. A region in
// front of the model name counts for the hole of that name.
func (x *index) ownSetting(d *deployment, param, name, region string) []slot {
	var out []slot
	if f := d.params.Field(param); f != nil {
		out = append(out, x.settingSlot(Deployment, param, f, f.Pos, true))
	}
	if region != "" && name == "region" {
		out = append(out, slot{text: region, value: secret.New(region), origin: d.place})
	}
	if d.cred != nil {
		if f := d.cred.Values.Field(param); f != nil {
			out = append(out, x.settingSlot(Credential, d.cred.Name, f, f.Pos, true))
		}
	}
	return out
}

// choose walks one setting and keeps its trace when anything is there.
func (x *index) choose(r *Resolution, name string, own, vars, low []slot) {
	slots := make([]*slot, 0, len(own)+len(vars)+len(low))
	if x.policy == EnvFirst {
		slots = append(append(slots, pointers(vars)...), pointers(own)...)
	} else {
		slots = append(append(slots, pointers(own)...), pointers(vars)...)
	}
	slots = append(slots, pointers(low)...)
	if len(slots) == 0 {
		return
	}
	won, stop := pick(slots, nil, keyish)
	r.Trace[name] = trace(slots, won, stop, nil, keyish, false)
	if won != nil {
		r.Settings[name] = Setting{Value: won.text, Origin: won.origin}
	}
}

// headers are the extra headers of a deployment that hold no credential. One
// that does is left out and said: the key has one place.
func (x *index) headers(d *deployment) []provider.Header {
	out := []provider.Header{}
	for _, section := range []string{"headers", "extra_headers"} {
		for _, f := range d.params.Get(section).Fields() {
			if f.Value.Kind() != config.Scalar {
				continue
			}
			s := x.settingSlot(Deployment, f.Name, &f, f.Pos, true)
			switch {
			case s.state != "":
			case config.Sensitive(f.Name) || s.keyish:
				x.note(d, "config.inert-setting", s.origin, section+": "+clip(f.Name)+" holds a credential and is not sent: llmctl sends the one from api_key", false)
			case validHeader(f.Name, s.text):
				out = append(out, provider.Header{Name: f.Name, Value: s.text})
			}
		}
	}
	return out
}

// validHeader reports whether a header can be sent at all.
func validHeader(name, value string) bool {
	const token = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	return name != "" && strings.Trim(name, token) == "" && !strings.ContainsFunc(value, func(c rune) bool { return c < 0x20 || c == 0x7F })
}
