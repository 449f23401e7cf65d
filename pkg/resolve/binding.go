package resolve

import (
	"slices"
	"strings"

	"github.com/llmctl/llmctl/pkg/provider"
)

// base is the address of one deployment while its key is being chosen.
type base struct {
	setting Setting
	slot    *slot
	spot

	// from is where the address came from: the origin of the base, or, for a
	// default base whose host has holes, the origins of what filled them.
	from []Origin
}

// spot is what can be said of an address for one row.
type spot struct {
	host    string // with the port; "" for what is no address
	own     bool   // one of the provider's own hosts
	local   bool   // the machine itself
	private bool   // the user's own network
	http    bool   // no TLS
}

// spotOf looks at each address once a row.
func (x *index) spotOf(p *provider.Provider, address string) spot {
	key := rowAddress{p.Name, address}
	s, ok := x.spots[key]
	if ok {
		return s
	}
	if u := parseBase(address); u != nil {
		host := strings.ToLower(u.Host)
		s = spot{host: host, own: OwnHost(*p, host), local: Loopback(host), private: Private(host), http: u.Scheme == "http"}
	}
	x.spots[key] = s
	return s
}

type rowAddress struct{ row, address string }

// binding answers for one deployment which key may go to its base.
//
// A key that was named together with a base belongs to that base's host. A key
// that merely lies around (under a provider's default variable, in the key
// store, in a global) belongs to the provider's own hosts, or to a base that
// came from the same place. Whoever can write a .env must not be able to
// collect the keys of the environment, nor whoever can write a config.
type binding struct {
	p     *provider.Provider
	b     *base
	named string // host of the base that the deployment itself names; "" = none
}

// may says why a key must not go to the base; "" when it may.
func (n binding) may(s *slot) string {
	if n.b.host == "" {
		return "" // nothing is sent anyway, and what would be used is worth knowing
	}
	switch s.origin.Layer {
	case Flag:
		return n.flag(s)
	case Deployment, Credential:
		return n.deployment(s)
	case Env, DotEnv, EnvVariables, KeyStore, ProviderGlobal, Global, Default:
	}
	return n.ambient(s)
}

// flag: the user names the key for this call, so it goes where the user or the
// deployment says, but not to an address that only the surroundings offer.
func (n binding) flag(s *slot) string {
	if n.b.own || n.b.local || n.all(func(o Origin) bool { return o.Layer == Flag || o.Layer == Deployment || o.Layer == Credential }) || n.sameSource(s) {
		return ""
	}
	return n.foreign()
}

// deployment: a key that the deployment names.
func (n binding) deployment(s *slot) string {
	if n.named != "" {
		if n.b.host == n.named {
			return ""
		}
		return "it is named beside " + n.named + " and not for " + n.b.host
	}
	if n.b.own || n.b.local || n.all(inConfig) || n.sameSource(s) {
		return ""
	}
	return n.foreign()
}

// ambient: a key that nobody named for this deployment.
func (n binding) ambient(s *slot) string {
	pair := n.all(func(o Origin) bool { return offers(o, n.p) != "" && offers(o, n.p) == offers(s.origin, n.p) })
	if n.b.local {
		if pair && !publicHome(n.p) {
			return ""
		}
		return "a local server gets no key from the surroundings"
	}
	if n.b.own || pair {
		return ""
	}
	return n.foreign()
}

func (n binding) foreign() string {
	if home := homeOf(n.p); home != "" {
		return "it belongs to " + home + " and not to " + n.b.host
	}
	return "it was not set for " + n.b.host
}

func (n binding) all(ok func(Origin) bool) bool {
	return len(n.b.from) > 0 && !slices.ContainsFunc(n.b.from, func(o Origin) bool { return !ok(o) })
}

// sameSource: the key and the address both stand in the process environment,
// or both in one .env file, however they were chosen.
func (n binding) sameSource(s *slot) bool {
	key := s.origin.Source()
	if key.Layer != Env && key.Layer != DotEnv {
		return false
	}
	return n.all(func(o Origin) bool {
		o = o.Source()
		return o.Layer == key.Layer && o.File == key.File
	})
}

func inConfig(o Origin) bool {
	switch o.Layer {
	case Deployment, Credential, EnvVariables, ProviderGlobal, Global:
		return true
	case Flag, Env, DotEnv, KeyStore, Default:
	}
	return false
}

// offers names the place that offers an ambient value, "" when nothing that is
// found there can be a pair. A deployment that merely repeats the provider's
// own base variable changes nothing of where the base came from.
func offers(o Origin, p *provider.Provider) string {
	switch o.Layer {
	case Env, EnvVariables:
		return string(o.Layer)
	case DotEnv:
		return string(o.Layer) + " " + o.File
	case ProviderGlobal, Global:
		return "litellm_settings"
	case Deployment, Credential:
		if o.Via != nil && o.Via.Via == nil && slices.Contains(p.Bases, o.Via.Name) {
			return offers(*o.Via, p)
		}
	case Flag, KeyStore, Default:
	}
	return ""
}

// publicHome reports whether the provider has hosts of its own that are neither
// this machine nor a private network.
func publicHome(p *provider.Provider) bool { return homeOf(p) != "" }

func homeOf(p *provider.Provider) string {
	if h := hostOf(p.Base); h != "" && !Loopback(h) && !Private(h) && !p.Local {
		return h
	}
	for _, h := range p.Hosts {
		if !Loopback(h) && !Private(strings.TrimPrefix(h, ".")) {
			return h
		}
	}
	return ""
}
