package sandbox

import (
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/llmctl/llmctl/pkg/provider"
)

// house is one provider that is played.
type house struct {
	name   string
	row    provider.Provider
	path   string   // path of its base, "/openai/v1"
	hosts  []string // host, host:port, ".suffix", or "prefix*suffix" for a hole
	probe  string   // path of its special probe, "" = none
	atRoot bool     // the probe is at the root of the host, whatever the base's path
	keys   []string
	models []string
	every  bool // no list of models was given: every model is served
}

// build makes the houses of the rows, and of the names that only have keys.
func build(o Options) []house {
	var out []house
	rows := o.Providers
	if rows == nil {
		rows = provider.All()
	}
	for _, row := range rows {
		out = append(out, newHouse(row, o))
	}
	names := make([]string, 0, len(o.Keys)+len(o.Models))
	for n := range o.Keys {
		names = append(names, n)
	}
	for n := range o.Models {
		names = append(names, n)
	}
	slices.Sort(names)
	for _, n := range slices.Compact(names) {
		if !slices.ContainsFunc(out, func(h house) bool { return h.name == n }) {
			row := provider.Provider{Name: n, Base: "http://" + n + ".invalid/v1", Auth: provider.Bearer, Wire: provider.OpenAIChat}
			out = append(out, newHouse(row, o))
		}
	}
	return out
}

func newHouse(row provider.Provider, o Options) house {
	h := house{name: row.Name, row: row, keys: o.Keys[row.Name], models: o.Models[row.Name]}
	if h.models == nil {
		h.models, h.every = []string{"sandbox-small", "sandbox-large"}, true
	}
	var host string
	host, h.path = split(row.Base)
	if host != "" {
		h.hosts = append(h.hosts, host)
	}
	for _, other := range row.Hosts {
		other, _ = split(other)
		h.hosts = append(h.hosts, other)
	}
	h.probe = row.Probe.Path
	if rest, ok := strings.CutPrefix(row.Probe.URL, "{origin}"); ok { // beside the base, at the same host
		h.probe, h.atRoot = rest, true
	} else if row.Probe.URL != "" {
		host, h.probe = split(row.Probe.URL)
		h.hosts = append(h.hosts, host)
	}
	h.probe, _, _ = strings.Cut(h.probe, "?")
	return h
}

// split cuts a base into host and path. Holes make it no URL, so it is cut as
// text; a hole in the host becomes "*".
func split(base string) (host, path string) {
	_, rest, ok := strings.Cut(base, "://")
	if !ok {
		rest = base
	}
	host, path, _ = strings.Cut(rest, "/")
	if path = strings.TrimRight(path, "/"); path != "" {
		path = "/" + path
	}
	if i, j := strings.IndexByte(host, '{'), strings.LastIndexByte(host, '}'); i >= 0 && j > i {
		host = host[:i] + "*" + host[j+1:]
	}
	return strings.ToLower(host), path
}

// find says who is asked: by the Host header, else by the first part of the
// path, which is then cut off. byHost says which.
func (s *Server) find(r *http.Request) (h house, path string, byHost, ok bool) {
	full := strings.ToLower(r.Host)
	bare := full
	if n, _, err := net.SplitHostPort(full); err == nil {
		bare = n
	}
	if full != s.listen.Addr().String() {
		var near house
		for _, h := range s.houses {
			for i, host := range h.hosts {
				if matches(host, full) || matches(host, bare) {
					if i == 0 || !strings.ContainsAny(host[:1], ".-") { // an exact host before somebody's suffix
						return h, r.URL.Path, true, true
					}
					if near.name == "" {
						near = h
					}
				}
			}
		}
		if near.name != "" {
			return near, r.URL.Path, true, true
		}
	}
	name, rest, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	for _, h := range s.houses {
		if h.name == name {
			return h, "/" + rest, false, true
		}
	}
	for _, h := range s.houses {
		if h.atRoot && h.probe == r.URL.Path {
			return h, r.URL.Path, false, true
		}
	}
	return house{}, r.URL.Path, false, false
}

func matches(pattern, host string) bool {
	if front, back, ok := strings.Cut(pattern, "*"); ok {
		return len(host) > len(front)+len(back) && strings.HasPrefix(host, front) && strings.HasSuffix(host, back)
	}
	return pattern == host || strings.HasPrefix(pattern, ".") && strings.HasSuffix(host, pattern)
}

// credentials are the keys that a request carries, in every form.
func (h house) credentials(r *http.Request) (all []SeenKey, texts []string) {
	add := func(form provider.Auth, text string) {
		all = append(all, SeenKey{Form: form, Fingerprint: fingerprint(text), Right: h.reads(form, r), Known: slices.Contains(h.keys, text)})
		texts = append(texts, text)
	}
	if v := r.Header.Get("Authorization"); v != "" {
		word, text, _ := strings.Cut(v, " ")
		switch strings.ToLower(word) {
		case "bearer":
			if text = strings.TrimSpace(text); text != "" {
				add(provider.Bearer, text)
			}
		case "token":
			add(provider.Token, strings.TrimSpace(text))
		case "aws4-hmac-sha256":
			add(provider.SigV4, text)
		default:
			add(provider.OtherAuth, v)
		}
	}
	for _, form := range []provider.Auth{provider.XAPIKey, provider.APIKey, provider.GoogAPIKey} {
		if v := r.Header.Get(string(form)); v != "" {
			add(form, v)
		}
	}
	if q, err := url.ParseQuery(r.URL.RawQuery); err == nil && q.Get("key") != "" {
		add("query", q.Get("key"))
	}
	return all, texts
}

// reads reports whether the provider looks for its key there.
// Sources: the vendors' API references; llmctl's own rows.
func (h house) reads(form provider.Auth, r *http.Request) bool {
	switch h.row.Auth {
	case provider.GoogAPIKey:
		if strings.Contains(r.URL.Path, "/openai/") { // the OpenAI-compatible side
			return form == provider.Bearer
		}
		return form == provider.GoogAPIKey || form == "query"
	case provider.SigV4:
		return form == provider.Bearer || form == provider.SigV4
	case provider.APIKey:
		return form == provider.APIKey || form == provider.Bearer && h.name != "azure"
	case provider.GoogleOAuth, provider.None, provider.Bearer:
		return form == provider.Bearer
	default: // one header, the one that the row names
		return form == h.row.Auth
	}
}

// entry is what the door says.
type entry int

const (
	open    entry = iota // no key is asked for
	welcome              // the key is one of ours
	missing              // no key came in the form that is read
	wrong                // a key came, and is not ours
)

// door looks at the key. It returns the text of the one that decided.
func (h house) door(keys []SeenKey, texts []string) (entry, string) {
	e, text := missing, ""
	for i, k := range keys {
		if k.Right && k.Known {
			return welcome, texts[i]
		}
		if k.Right && e == missing {
			e, text = wrong, texts[i]
		}
	}
	if len(h.keys) == 0 && (h.row.Local || h.row.Auth == provider.None) {
		return open, text
	}
	return e, text
}
