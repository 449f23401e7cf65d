package config

import (
	"strings"
)

// Find gives the deployments whose model_name is exactly name, in order.
func (c *Config) Find(name string) []Model {
	if c == nil {
		return nil
	}
	var out []Model
	for _, m := range c.Models {
		if m.Name == name && name != "" {
			out = append(out, m)
		}
	}
	return out
}

// Match gives the deployments that serve name: those of that model_name, else
// those of the longest pattern that matches it. rest is what the first "*" of
// the pattern stood for; "" without one.
func (c *Config) Match(name string) (models []Model, rest string) {
	if models = c.Find(name); len(models) > 0 || c == nil {
		return models, ""
	}
	best := ""
	for _, m := range c.Models {
		if r, ok := MatchWildcard(m.Name, name); ok && len(m.Name) > len(best) {
			best, rest = m.Name, r
		}
	}
	return c.Find(best), rest
}

// MatchWildcard matches name against a pattern in which each "*" stands for any
// text, the empty one included. rest is what the first "*" stood for. A pattern
// without "*" matches nothing: that is what Find is for.
func MatchWildcard(pattern, name string) (rest string, ok bool) {
	head, tail, ok := strings.Cut(pattern, "*")
	if !ok || !strings.HasPrefix(name, head) {
		return "", false
	}
	name = name[len(head):]
	if !strings.Contains(tail, "*") {
		return strings.CutSuffix(name, tail)
	}
	// As a regular expression would, the first star takes as much as it can.
	for cut := len(name); cut >= 0; cut-- {
		if glob(tail, name[cut:]) {
			return name[:cut], true
		}
	}
	return "", false
}

// glob matches greedily without going back further than the last star.
func glob(pattern, name string) bool {
	parts := strings.Split(pattern, "*")
	if !strings.HasPrefix(name, parts[0]) {
		return false
	}
	name = name[len(parts[0]):]
	for _, p := range parts[1 : len(parts)-1] {
		i := strings.Index(name, p)
		if i < 0 {
			return false
		}
		name = name[i+len(p):]
	}
	return strings.HasSuffix(name, parts[len(parts)-1])
}

// Alias gives the target of a router_settings.model_group_alias, written as a
// text or as {model, hidden}. pos is that of the target. ok is false when there
// is no such alias or it names nothing.
func (c *Config) Alias(name string) (target string, pos Pos, ok bool) {
	if c == nil {
		return "", Pos{}, false
	}
	n := c.Router.Get("model_group_alias").Get(name)
	if n.Kind() == Map {
		n = n.Get("model")
	}
	return n.Text(), n.Pos(), n.Text() != ""
}

// Global is a setting of litellm_settings, nil when it is absent.
func (c *Config) Global(name string) *Node {
	if c == nil {
		return nil
	}
	return c.Litellm.Get(name)
}

// Credential is the entry of credential_list with that name; of two it is the
// first.
func (c *Config) Credential(name string) (Credential, bool) {
	if c == nil {
		return Credential{}, false
	}
	for _, cred := range c.Credentials {
		if cred.Name == name {
			return cred, true
		}
	}
	return Credential{}, false
}
