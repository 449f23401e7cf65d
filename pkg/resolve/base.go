package resolve

import (
	"net/url"
	"slices"
	"strings"

	"github.com/llmctl/llmctl/pkg/config"
	"github.com/llmctl/llmctl/pkg/fault"
	"github.com/llmctl/llmctl/pkg/provider"
)

// chooseBase walks the places of the base, fills its holes and looks at it.
func (x *index) chooseBase(d *deployment, r *Resolution) *base {
	slots := x.baseSlots(d, x.policy)
	won, stop := pick(slots, nil, keyish)
	r.Trace["api_base"] = trace(slots, won, stop, nil, keyish, false)
	b := &base{slot: won}
	switch {
	case stop != nil:
		x.baseStops(d, stop)
	case won == nil:
		x.noBase(d)
	default:
		x.settleBase(d, r, b)
	}
	x.otherBaseNames(d, won)
	r.Base = b.setting
	return b
}

// baseSlots are the places of the base in the order of a policy.
func (x *index) baseSlots(d *deployment, p Policy) []*slot {
	a := x.surroundings(d.row)
	out := make([]*slot, 0, len(d.bases)+len(a.bases)+len(a.basesLow))
	if p == EnvFirst {
		out = append(append(out, pointers(a.bases)...), pointers(d.bases)...)
	} else {
		out = append(append(out, pointers(d.bases)...), pointers(a.bases)...)
	}
	return append(out, pointers(a.basesLow)...)
}

func keyish(s *slot) string {
	if s.keyish {
		return "it looks like a key"
	}
	return ""
}

// baseStops: the walk ended at a reference that does not resolve, or at a key.
func (x *index) baseStops(d *deployment, s *slot) {
	if s.broken == nil {
		x.note(d, "base.looks-like-key", s.origin.Source(), s.origin.String()+": "+keyish(s), true)
		return
	}
	if s.broken.code == "config.credential-undefined" {
		x.undefined(d, s)
		return
	}
	code := fault.Code("base.unresolved")
	if s.broken.code == "key.exec-refused" {
		code = s.broken.code
	}
	x.note(d, code, s.origin, s.origin.String()+": "+s.reason, true)
}

// undefined notes once that litellm_credential_name names nothing.
func (x *index) undefined(d *deployment, s *slot) {
	if !d.has("config.credential-undefined") {
		x.note(d, "config.credential-undefined", s.origin, s.reason, true)
	}
}

// noBase: there is no address at all. A local server without one would be
// called at OpenAI by LiteLLM.
func (x *index) noBase(d *deployment) {
	switch {
	case d.row.Name == "":
	case d.row.Local && d.row.Wire == provider.OpenAIChat && d.row.Name != "oobabooga": // there LiteLLM refuses
		x.note(d, "base.openai-default", d.place, d.row.Name+" has no address of its own, and LiteLLM would call api.openai.com"+looked(d.row.Bases, x.where), true)
	default:
		x.note(d, "base.missing", d.place, d.row.Name+" has no address of its own"+looked(d.row.Bases, x.where), true)
	}
}

func looked(names []string, where string) string {
	if len(names) == 0 {
		return ""
	}
	return "; looked for " + strings.Join(names, ", ") + " in " + where
}

// settleBase turns the chosen text into the address.
func (x *index) settleBase(d *deployment, r *Resolution, b *base) {
	o := b.slot.origin
	text := b.slot.text
	if b.slot.hid {
		x.note(d, "base.credential", o.Source(), o.String()+" holds a user name, a password or a key; it is left out", false)
	}
	if strings.Contains(text, "${") {
		x.shellForm(d, o)
		return
	}
	filled, holes, missing := fillBase(text, r.Settings)
	for _, h := range missing {
		x.openHole(d, r, h, " of the address", o)
	}
	b.setting = Setting{Value: trimmed(filled), Origin: o}
	b.from = comesFrom(o, holes, r.Settings)
	if len(missing) > 0 {
		b.setting = Setting{}
		return
	}
	b.spot = x.spotOf(d.row, b.setting.Value)
	if b.host == "" {
		x.notURL(d, b, o)
		return
	}
	if o.Layer == Default {
		return
	}
	r.Base = b.setting
	for _, f := range x.checkBase(d.row, b.setting.Value) {
		n := x.note(d, f.Code, o.Source(), f.Detail+" ("+o.String()+")", false)
		n.Severity, n.Title, n.Fix = f.Severity, f.Title, f.Fix
		if u := r.ChatURL(); u != "" && mended(f.Code) {
			n.Severity = fault.Warning
			n.Detail += "; llmctl calls " + u + ", other programs do not"
		}
	}
}

// mended are the spellings that URL puts right: here they only stop others.
func mended(c fault.Code) bool {
	return c == "base.anthropic-version" || c == "base.doubled-version" || c == "base.operation-path"
}

// trimmed is an address without slashes at its end.
func trimmed(address string) string {
	if t := strings.TrimRight(address, "/"); parseBase(t) != nil {
		return t
	}
	return address
}

// notURL: the text is no address. Without a scheme it is nearly one.
func (x *index) notURL(d *deployment, b *base, o Origin) {
	code := fault.Code("base.not-url")
	if !strings.Contains(b.setting.Value, "://") && parseBase("https://"+b.setting.Value) != nil && !strings.HasPrefix(b.setting.Value, "/") {
		code = "base.missing-scheme"
	}
	n := x.note(d, code, o.Source(), clip(b.setting.Value)+" from "+o.String()+" is not an http or https URL", true)
	for _, f := range config.CheckBase(b.setting.Value, *d.row) {
		if f.Code == "base.not-url" || f.Code == "base.missing-scheme" {
			n.Code, n.Title, n.Fix = f.Code, f.Title, f.Fix
			n.Detail = f.Detail + " (" + o.String() + ")"
		}
	}
}

// shellForm: the base holds a reference as a shell would write it, and nobody
// resolves those here.
func (x *index) shellForm(d *deployment, o Origin) {
	code := fault.Code("base.unresolved")
	if inConfig(o.Source()) {
		code = "config.reference-form"
	}
	x.note(d, code, o.Source(), o.String()+" holds ${…}, a form of reference that is not resolved", true)
}

// openHole: a part of the address is not known.
func (x *index) openHole(d *deployment, r *Resolution, name, of string, o Origin) {
	detail := "{" + name + "}" + of + " is not known"
	if o.Layer != "" {
		detail += " (" + o.String() + ")"
	}
	place := d.place
	for _, c := range r.Trace[name] {
		if c.State == Unresolved || c.State == Refused {
			detail += ": " + c.Origin.String() + ": " + c.Reason
			if c.Origin.Line > 0 {
				place = c.Origin // what has to be mended stands there
			}
		}
	}
	f := x.note(d, "base.hole", place, detail, true)
	if d.row.Auth == provider.GoogleOAuth && name == "project" {
		f.Severity = fault.Unknown // a service account names its project, and none is read here
	}
	for _, h := range d.row.Callers {
		if h.Name == name {
			f.Fix.Summary = "set " + strings.Join(append(nonEmpty(h.Param), h.Vars...), " or ")
		}
	}
}

func nonEmpty(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}

// otherBaseNames: the vendor's own variable of the base is set, and the base
// comes from further away.
func (x *index) otherBaseNames(d *deployment, won *slot) {
	if won != nil && won.origin.Layer != Default && won.origin.Layer != Global || len(d.row.Bases) == 0 {
		return
	}
	for _, o := range x.surroundings(d.row).others {
		if o.base {
			x.otherName(d, o, d.row.Bases[0])
		}
	}
}

// fillBase fills the holes of a base. holes are those of its host; missing are
// those that nothing fills, or whose value would change where the host ends.
func fillBase(text string, settings map[string]Setting) (filled string, holes, missing []string) {
	scheme, rest, ok := strings.Cut(text, "://")
	if !ok || !strings.Contains(text, "{") {
		_, _, missing = cutHoles(text, nil)
		return text, nil, missing
	}
	end := strings.IndexByte(rest, '/')
	if end < 0 {
		end = len(rest)
	}
	host, path := vertexRule(rest[:end], settings), rest[end:]
	host, holes, missing = cutHoles(host, func(name string) (string, bool) {
		v := strings.TrimRight(afterScheme(settings[name].Value), "/")
		return v, v != "" && !strings.ContainsAny(v, "/@#?\\ {}%")
	})
	path, _, open := cutHoles(path, func(name string) (string, bool) {
		v := settings[name].Value
		return url.PathEscape(v), v != ""
	})
	return scheme + "://" + host + path, holes, append(missing, open...)
}

func afterScheme(s string) string {
	if _, rest, ok := strings.Cut(s, "://"); ok {
		return rest
	}
	return s
}

// vertexRule: Vertex AI's global and multi-regional hosts have another form.
// Source: google genai client, anthropic SDK vertex.go, read 2026-11-21.
func vertexRule(host string, settings map[string]Setting) string {
	if host != "{location}-aiplatform.googleapis.com" {
		return host
	}
	switch l := settings["location"].Value; l {
	case "global":
		return "aiplatform.googleapis.com"
	case "us", "eu":
		return "aiplatform." + l + ".rep.googleapis.com"
	}
	return host
}

// cutHoles replaces each {name} by what value gives. It returns the names of
// all holes, and of those that stay open.
func cutHoles(text string, value func(string) (string, bool)) (out string, holes, open []string) {
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(text, "{")
		name, after, closed := strings.Cut(rest, "}")
		if !ok || !closed {
			b.WriteString(text)
			return b.String(), holes, open
		}
		b.WriteString(before)
		holes = append(holes, name)
		v, good := "", false
		if value != nil {
			v, good = value(name)
		}
		if !good {
			v = "{" + name + "}"
			if !slices.Contains(open, name) {
				open = append(open, name)
			}
		}
		b.WriteString(v)
		text = after
	}
}

// comesFrom is where an address came from: its own origin, and the origins of
// what filled the holes of its host. A default base is nobody's choice, so that
// with holes only their origins count.
func comesFrom(o Origin, holes []string, settings map[string]Setting) []Origin {
	var out []Origin
	if o.Layer != Default || len(holes) == 0 {
		out = append(out, o)
	}
	for _, h := range holes {
		if from := settings[h].Origin; from.Layer != Default {
			out = append(out, from)
		}
	}
	return out
}

// bareBase drops from an address what must not be printed and is never sent:
// user and password, and query values that are credentials.
func bareBase(text string) (out string, hid bool) {
	scheme, rest, ok := strings.Cut(text, "://")
	if !ok {
		if i := strings.LastIndexByte(text, '@'); i >= 0 {
			return text[i+1:], true
		}
		return text, false
	}
	end := strings.IndexAny(rest, "/?#")
	if end < 0 {
		end = len(rest)
	}
	host, tail := rest[:end], rest[end:]
	if i := strings.LastIndexByte(host, '@'); i >= 0 {
		host, hid = host[i+1:], true
	}
	tail, _, _ = strings.Cut(tail, "#")
	path, query, asked := strings.Cut(tail, "?")
	if !asked {
		return scheme + "://" + host + path, hid
	}
	var keep []string
	for _, q := range strings.Split(query, "&") {
		if secretQuery(q) {
			hid = true
		} else if q != "" {
			keep = append(keep, q)
		}
	}
	out = scheme + "://" + host + path
	if len(keep) > 0 {
		out += "?" + strings.Join(keep, "&")
	}
	return out, hid
}
