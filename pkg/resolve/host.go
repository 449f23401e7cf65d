package resolve

import (
	"net/netip"
	"net/url"
	"strings"

	"github.com/llmctl/llmctl/pkg/provider"
)

// OwnHost reports whether host is one of the provider's own: the host of its
// default base, with every hole standing for one label or part of a label, or
// one of Hosts. A port is ignored. A default base whose host is nothing but a
// hole makes no host its own, because any host would fit it.
func OwnHost(p provider.Provider, host string) bool {
	host = bareHost(host)
	if host == "" {
		return false
	}
	if own := hostOf(p.Base); own != "" && fits(own, host) {
		return true
	}
	for _, h := range p.Hosts {
		h = strings.ToLower(h)
		if strings.HasPrefix(h, ".") {
			if len(host) > len(h) && strings.HasSuffix(host, h) {
				return true
			}
		} else if fits(h, host) {
			return true
		}
	}
	return false
}

// Loopback reports whether host is the machine itself: 127.0.0.0/8, ::1,
// localhost and names below it, and the listen addresses 0.0.0.0 and ::, which
// reach it too. A port is ignored. Nothing is looked up.
func Loopback(host string) bool {
	host = bareHost(host)
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	if err != nil {
		return false
	}
	ip = ip.Unmap()
	return ip.IsLoopback() || ip.IsUnspecified()
}

// Private reports whether host can only be in the user's own network: private,
// link-local and shared address space, names without a dot (docker, hosts
// files), and the suffixes that public DNS does not have. Loopback hosts are
// not private: other rules hold for them. A port is ignored.
func Private(host string) bool {
	host = bareHost(host)
	if host == "" || Loopback(host) {
		return false
	}
	if ip, err := netip.ParseAddr(host); err == nil {
		ip = ip.Unmap()
		return ip.IsPrivate() || ip.IsLinkLocalUnicast() || ip.Is4() && ip.As4()[0] == 100 && ip.As4()[1]&0xC0 == 64
	}
	if !strings.Contains(host, ".") {
		return !numeric(host)
	}
	for _, s := range []string{".local", ".internal", ".lan", ".home", ".home.arpa", ".intranet", ".corp", ".localdomain", ".private", ".svc"} {
		if strings.HasSuffix(host, s) {
			return true
		}
	}
	return false
}

// numeric finds "2130706433" and "0x7f000001": addresses that some resolvers
// read as a number and that say nothing of where they lead.
func numeric(host string) bool {
	return host[0] >= '0' && host[0] <= '9'
}

// bareHost is host in lower case without port, brackets, zone and final dot.
func bareHost(host string) string {
	host = strings.ToLower(strings.TrimSpace(host))
	if strings.HasPrefix(host, "[") {
		host, _, _ = strings.Cut(host[1:], "]")
	} else if strings.Count(host, ":") == 1 {
		host, _, _ = strings.Cut(host, ":")
	}
	if strings.Contains(host, ":") {
		host, _, _ = strings.Cut(host, "%")
	}
	return strings.TrimSuffix(host, ".")
}

// hostOf is the host of a base, holes and all, in lower case, without port. It
// is "" for what is no absolute URL.
func hostOf(base string) string {
	_, rest, ok := strings.Cut(base, "://")
	if !ok {
		return ""
	}
	if i := strings.IndexAny(rest, `/?#\`); i >= 0 {
		rest = rest[:i]
	}
	if i := strings.LastIndexByte(rest, '@'); i >= 0 {
		rest = rest[i+1:]
	}
	return bareHost(rest)
}

// fits reports whether host has the form of pattern, in which {hole} stands for
// one or more characters of a single label. The last two labels of a pattern
// with holes must be plain text.
func fits(pattern, host string) bool {
	if !strings.Contains(pattern, "{") {
		return pattern == host
	}
	labels, have := strings.Split(pattern, "."), strings.Split(host, ".")
	if len(labels) != len(have) || len(labels) < 3 {
		return false
	}
	for i, l := range labels {
		before, rest, hole := strings.Cut(l, "{")
		if !hole {
			if l != have[i] {
				return false
			}
			continue
		}
		_, after, closed := strings.Cut(rest, "}")
		if !closed || i >= len(labels)-2 || len(have[i]) <= len(before)+len(after) ||
			!strings.HasPrefix(have[i], before) || !strings.HasSuffix(have[i], after) {
			return false
		}
	}
	return true
}

// parseBase reads a base as an absolute http or https URL. nil when it is none.
func parseBase(base string) *url.URL {
	u, err := url.Parse(base)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
		return nil
	}
	return u
}
