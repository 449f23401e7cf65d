package provider

import "strings"

// Owns reports whether host (without port) is one of the provider's own: the
// host of its default base, or one of Hosts. A hole stands for one label of a
// name, so {region} cannot smuggle in another domain. The hosts of a local
// server belong to nobody: a loopback name is never owned.
func (p Provider) Owns(host string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if host == "" || loopback(host) {
		return false
	}
	if own := hostOf(p.Base); own != "" && matchHost(own, host) {
		return true
	}
	for _, pattern := range p.Hosts {
		if matchHost(pattern, host) {
			return true
		}
	}
	return false
}

// hostOf is the host of a base, holes included and port excluded.
func hostOf(base string) string {
	_, rest, ok := strings.Cut(base, "://")
	if !ok {
		return ""
	}
	host, _, _ := strings.Cut(rest, "/")
	host, _, _ = strings.Cut(host, ":")
	return strings.ToLower(host)
}

func loopback(host string) bool {
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || strings.HasPrefix(host, "127.") || host == "::1" || host == "[::1]"
}

// matchHost compares label by label. A pattern that begins with a dot is a
// suffix: it wants at least one label in front.
func matchHost(pattern, host string) bool {
	if strings.HasPrefix(pattern, ".") {
		return strings.HasSuffix(host, pattern) && len(host) > len(pattern)
	}
	want, got := strings.Split(pattern, "."), strings.Split(host, ".")
	if len(want) != len(got) {
		return false
	}
	for i, w := range want {
		if !matchLabel(w, got[i]) {
			return false
		}
	}
	return true
}

// matchLabel compares one label; one {hole} in it stands for any letters,
// digits and hyphens, at least one.
func matchLabel(pattern, label string) bool {
	front, rest, ok := strings.Cut(pattern, "{")
	if !ok {
		return pattern == label
	}
	_, back, _ := strings.Cut(rest, "}")
	if len(label) <= len(front)+len(back) || !strings.HasPrefix(label, front) || !strings.HasSuffix(label, back) {
		return false
	}
	return strings.Trim(label, "abcdefghijklmnopqrstuvwxyz0123456789-_") == ""
}
