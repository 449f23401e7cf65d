package resolve

import (
	"strings"

	"github.com/llmctl/llmctl/pkg/config"
	"github.com/llmctl/llmctl/pkg/fault"
	"github.com/llmctl/llmctl/pkg/provider"
	"github.com/llmctl/llmctl/pkg/secret"
)

// deployment is one deployment on its way to a Resolution.
type deployment struct {
	name     string // for people
	group    string // model_name in the config; "" without one
	model    string // as written
	upstream string
	row      *provider.Provider // never nil; the empty row when unknown
	noModel  bool               // the model's reference does not resolve

	entry  config.Model
	place  Origin // of the model
	params *config.Node
	cred   *config.Credential

	keys      []slot // what the command line and the deployment name, best first
	bases     []slot
	named     string // host of the base that the deployment itself names
	otherAuth bool   // the deployment names a credential that is no key

	notes []*note
}

// find is the deployments that serve a name. rest is what a wildcard stood for.
func (x *index) find(name string) (models []config.Model, rest string) {
	if x.cfg == nil || name == "" {
		return nil, ""
	}
	if models = x.cfg.Find(name); len(models) > 0 {
		return models, ""
	}
	for range 8 { // an alias may name an alias, and a circle of them ends here
		target, _, ok := x.cfg.Alias(name)
		if !ok {
			break
		}
		name = target
		if models = x.cfg.Find(name); len(models) > 0 {
			return models, ""
		}
	}
	return x.cfg.Match(name)
}

// configured is a deployment of the config. asked is the name that was asked
// for, "" when it is listed as it is written; rest is what the wildcard in its
// model_name stood for.
func (x *index) configured(m config.Model, asked, rest string) *deployment {
	d := &deployment{
		name: m.Name, group: m.Name, entry: m, params: m.Params, row: &provider.Provider{},
		place: Origin{Layer: Deployment, Name: "model", File: m.Pos.File, Line: m.Pos.Line, Column: m.Pos.Column},
	}
	x.modelText(d)
	if asked != "" && strings.Contains(m.Name, "*") {
		d.name = asked
		if d.model == "*" {
			d.model = asked // the whole name, whatever the pattern is
		} else {
			d.model = strings.Replace(d.model, "*", rest, 1)
		}
	}
	if d.name == "" {
		d.name = d.model
	}
	x.credential(d)
	return d
}

// credential finds the credential set that the deployment names.
func (x *index) credential(d *deployment) {
	f := d.params.Field("litellm_credential_name")
	if f == nil || f.Value.Text() == "" {
		return
	}
	if c, ok := x.creds[f.Value.Text()]; ok {
		d.cred = &c
	}
}

// named is what stands for a name that no deployment serves.
func (x *index) named(name string) *deployment {
	d := &deployment{name: name, model: name, row: &provider.Provider{}, place: Origin{Layer: Flag, Name: "--model"}}
	if row, ok := x.row(name); ok {
		d.row, d.name = row, row.Name
	}
	return d
}

// resolve walks model, other settings, base and key, in that order: the base
// has holes that settings fill, and the key depends on the base's host.
func (x *index) resolve(d *deployment) *Resolution {
	r := &Resolution{
		ModelName: d.name, Model: d.model, Group: d.group, Policy: x.policy,
		Settings: map[string]Setting{}, Trace: make(map[string][]Candidate, 4), Headers: []provider.Header{},
		Mode: d.entry.Info.Get("mode").Text(),
	}
	if d.group != "" || d.entry.Pos.Line > 0 {
		r.Location = fault.Location{File: d.entry.Pos.File, Line: d.entry.Pos.Line, Column: d.entry.Pos.Column}
	}
	if d.row.Name == "" && !d.noModel {
		x.chooseModel(d)
	}
	var region string
	r.Upstream, region = upstreamName(d.row, d.upstream)
	r.Provider = *d.row
	x.placesOf(d)
	x.chooseSettings(d, r, region)
	b := x.chooseBase(d, r)
	x.chatHoles(d, r, b)
	x.chooseKey(d, r, b)
	x.cloudParts(d, r, b)
	x.guard(d, r, b)
	r.Headers = x.headers(d)
	r.Other = []Choice{x.other(d, r, b)}
	d.conclude(r)
	return r
}

// placesOf lists what the command line and the deployment itself name.
func (x *index) placesOf(d *deployment) {
	if k := x.s.Flags.Key; k != nil {
		o := k.Origin
		o.Layer = or(o.Layer, Flag)
		s := x.keyedSlot(k.Value, o, nil)
		if s.state == Empty { // named for this call: nothing else may take over
			why := "it gives nothing"
			if err := x.s.RefErrs[k.Name]; err != nil {
				why = err.Message
			}
			s = anySlot(k.Value, o, &broken{"key.unresolved", why})
		}
		d.keys = append(d.keys, s)
	}
	if base := x.s.Flags.APIBase; base != "" {
		d.bases = append(d.bases, x.flagBase(base))
	}
	if d.entry.Node == nil && d.params == nil {
		return
	}
	own := len(d.bases)
	x.ownPlaces(d)
	x.credentialPlaces(d)
	for i := own; i < len(d.bases); i++ {
		if s := &d.bases[i]; s.state == "" {
			d.named = namedHost(s)
			break
		} else if s.state == Unresolved {
			break
		}
	}
	for _, name := range []string{"azure_ad_token", "tenant_id", "client_id", "azure_username", "vertex_credentials", "aws_access_key_id", "aws_profile_name", "aws_role_name"} {
		d.otherAuth = d.otherAuth || d.params.Get(name) != nil || d.cred != nil && d.cred.Values.Get(name) != nil
	}
}

func (x *index) flagBase(text string) slot {
	p := plain{text: strings.TrimSpace(text)}
	p.text, p.hid = bareBase(p.text)
	return slot{text: p.text, hid: p.hid, keyish: false, origin: Origin{Layer: Flag, Name: "--api-base"}}
}

// ownPlaces are those of litellm_params. base_url replaces api_base, as in
// LiteLLM's completion().
func (x *index) ownPlaces(d *deployment) {
	at := d.params.Pos()
	if at.Line == 0 {
		at = d.entry.Pos
	}
	d.keys = append(d.keys, x.keySlot(Deployment, "api_key", d.params.Field("api_key"), at))
	names := []string{"base_url", "api_base"}
	if d.row.Wire == provider.BedrockConverse {
		names = append(names, "aws_bedrock_runtime_endpoint")
	}
	for _, name := range names {
		if f := d.params.Field(name); f != nil || name == "api_base" {
			d.bases = append(d.bases, x.settingSlot(Deployment, name, f, at, false))
		}
	}
}

// credentialPlaces are those of the credential set; one that does not exist is
// a reference that does not resolve.
func (x *index) credentialPlaces(d *deployment) {
	f := d.params.Field("litellm_credential_name")
	if f == nil || f.Value.Text() == "" {
		return
	}
	name := f.Value.Text()
	if d.cred == nil {
		s := anySlot(secret.Secret{}, at(Credential, "litellm_credential_name", f.Value.Pos(), f.Pos),
			&broken{"config.credential-undefined", "no credential_list entry is called " + clip(name)})
		d.keys = append(d.keys, s)
		return
	}
	if v := d.cred.Values.Field("api_key"); v != nil {
		d.keys = append(d.keys, x.keySlot(Credential, name, v, d.cred.Pos))
	}
	if v := d.cred.Values.Field("api_base"); v != nil {
		d.bases = append(d.bases, x.settingSlot(Credential, name, v, d.cred.Pos, false))
	}
}

// namedHost is the host of a base that the deployment names.
func namedHost(s *slot) string {
	if u := parseBase(s.text); u != nil {
		return strings.ToLower(u.Host)
	}
	return ""
}

// chatHoles: the path of a chat call may have holes too.
func (x *index) chatHoles(d *deployment, r *Resolution, b *base) {
	if b.setting.IsZero() || !strings.Contains(d.row.ChatPath, "{") {
		return
	}
	for _, h := range d.row.Callers {
		if strings.Contains(d.row.ChatPath, "{"+h.Name+"}") && r.Settings[h.Name].IsZero() && !d.has("base.hole") {
			if u := parseBase(b.setting.Value); u != nil && r.azureV1(u) {
				continue
			}
			x.openHole(d, r, h.Name, " of the path of a call", Origin{})
		}
	}
}

// guard is the last look at key and base together.
func (x *index) guard(d *deployment, r *Resolution, b *base) {
	if r.Key.IsZero() || !b.http || b.local || b.private {
		return
	}
	for _, n := range d.notes {
		if n.Code == "base.cleartext" {
			n.blocks = true
			return
		}
	}
	x.note(d, "base.cleartext", b.setting.Origin.Source(), "the key from "+r.KeyOrigin.String()+" would go to "+b.host+" over http", true)
}

// providers are the deployments without a config: every row with a key, or with
// a variable of its own set. A variable that several rows read is taken for the
// row that reads it first, so that one key is not listed under ten names.
func (x *index) providers() []*Resolution {
	owner := map[string]*provider.Provider{}
	place := map[string]int{}
	for i := range x.t.Providers {
		for j, name := range x.t.Providers[i].Keys {
			if at, ok := place[name]; !ok || j < at {
				owner[name], place[name] = &x.t.Providers[i], j
			}
		}
	}
	out := []*Resolution{}
	for i := range x.t.Providers {
		p := &x.t.Providers[i]
		if x.offered(p, owner) {
			out = append(out, x.resolve(x.named(p.Name)))
		}
	}
	return out
}

func (x *index) offered(p *provider.Provider, owner map[string]*provider.Provider) bool {
	a := x.surroundings(p)
	for _, s := range a.keys {
		if s.state != Unset && owner[s.origin.Name] == p {
			return true
		}
	}
	for _, s := range a.keysBelow {
		if s.state != Unset && s.origin.Layer != Global {
			return true
		}
	}
	for _, s := range a.bases {
		if p.Local && s.state != Unset && s.state != Empty {
			return true
		}
	}
	return false
}
