package resolve

import (
	"slices"
	"strconv"

	"github.com/llmctl/llmctl/pkg/fault"
	"github.com/llmctl/llmctl/pkg/provider"
	"github.com/llmctl/llmctl/pkg/secret"
)

// nature is what can be said of a key from its text alone.
type nature struct {
	clean  secret.Secret
	lint   secret.Lint
	fits   []int // kinds whose pattern matches, by index; see kindsOf
	sorted bool  // fits is known
}

// look cleans each key once, however many deployments use it.
func (x *index) look(v secret.Secret) *nature {
	n, ok := x.described[v]
	if !ok {
		n = &nature{}
		n.clean, n.lint = v.Clean()
		x.described[v] = n
	}
	return n
}

// kindsOf is look, with the kinds that fit.
func (x *index) kindsOf(v secret.Secret) *nature {
	n := x.look(v)
	if !n.sorted {
		n.sorted = true
		for i := range x.kinds {
			if n.clean.Match(x.kinds[i].re) {
				n.fits = append(n.fits, i)
			}
		}
	}
	return n
}

// kind is the kind of a key: one that the provider has, else the first that
// fits. nil when nothing is known of its shape.
func (x *index) kind(v secret.Secret, p *provider.Provider) *provider.KeyKind {
	n := x.kindsOf(v)
	for _, i := range n.fits {
		if k := &x.kinds[i].row; p.Name != "" && k.Provider == p.Name || slices.Contains(p.KeyKinds, k.Name) {
			return k
		}
	}
	if len(n.fits) > 0 {
		return &x.kinds[n.fits[0]].row
	}
	return nil
}

// bad says with which code a key's text forbids its use; "" when it does not.
// Servers of one's own take any text, and want one so often that sample values
// are what people write there.
func (x *index) bad(s *slot, anyText bool) (fault.Code, string) {
	l := x.look(s.value).lint
	switch {
	case l.Reference != "" && inConfig(s.origin.Source()):
		return "config.reference-form", "it is a form of reference that is not resolved"
	case l.Placeholder && !anyText:
		return "key.placeholder", "it is a sample value"
	case l.Masked && !l.Placeholder:
		return "key.masked", "it was copied from a screen that hides it"
	case l.Prefix != "":
		return "key.pasted-prefix", "it begins with " + strconv.Quote(l.Prefix)
	case l.Reference != "":
		return "key.is-reference", "it is a reference that nobody resolved"
	case l.URL:
		return "key.is-url", "it is a URL"
	case l.BadRune:
		return "key.bad-character", "it holds " + l.BadName + " at index " + strconv.Itoa(l.BadIndex)
	case l.OneQuote:
		return "key.bad-character", "it has a quote at one end"
	}
	return "", ""
}

// optional reports whether a call without a key makes sense: the server may
// want none, or its credential is one that is not found in a key at all.
func optional(p *provider.Provider, b *base) bool {
	switch p.Auth {
	case provider.None, provider.SigV4, provider.GoogleOAuth, provider.OtherAuth:
		return true
	case provider.Bearer, provider.Token, provider.XAPIKey, provider.APIKey, provider.GoogAPIKey:
	}
	return p.Local || b.local
}

// anyText reports whether a sample value may be sent as a key. Without an
// address nothing is sent, and there is nothing to say against it either.
func anyText(p *provider.Provider, b *base) bool {
	return b.host == "" || p.Local || p.Auth == provider.None || b.local || b.private
}

// chooseKey walks the places of the key.
func (x *index) chooseKey(d *deployment, r *Resolution, b *base) {
	slots := x.keySlots(d, x.policy)
	may, bad := x.rules(d, b)
	won, stop := pick(slots, may, bad)
	cands := trace(slots, won, stop, may, bad, true)
	r.Trace["api_key"] = cands
	if won != nil {
		r.Key = won.clean
		r.KeyOrigin = won.origin
		if k := x.kind(won.value, d.row); k != nil {
			r.KeyKind = k.Name
		}
	}
	x.judgeKey(d, b, cands, won, stop)
}

// rules are what may forbid a key: where it would go, and its own text.
func (x *index) rules(d *deployment, b *base) (may, bad func(*slot) string) {
	bind := binding{p: d.row, b: b, named: d.named}
	free := anyText(d.row, b)
	bad = func(s *slot) string { _, why := x.bad(s, free); return why }
	if d.row.Auth != provider.GoogleOAuth {
		return bind.may, bad
	}
	return func(s *slot) string {
		if k := x.kind(s.value, d.row); k == nil || !slices.Contains(d.row.KeyKinds, k.Name) {
			return noToken
		}
		return bind.may(s)
	}, bad
}

// noToken: what Google's variables hold is mostly the path or the text of a
// service account. A sign-in makes a token of it; see Resolution.Cloud.
const noToken = "it is no access token: a sign-in makes one of it"

// keySlots are the places of the key in the order of a policy.
func (x *index) keySlots(d *deployment, p Policy) []*slot {
	a := x.surroundings(d.row)
	named := d.keys
	out := make([]*slot, 0, len(named)+len(a.keys)+len(a.keysBelow))
	if p == EnvFirst {
		out = append(append(out, pointers(a.keys)...), pointers(named)...)
	} else {
		out = append(append(out, pointers(named)...), pointers(a.keys)...)
	}
	return append(out, pointers(a.keysBelow)...)
}

func pointers(s []slot) []*slot {
	out := make([]*slot, len(s))
	for i := range s {
		out[i] = &s[i]
	}
	return out
}
