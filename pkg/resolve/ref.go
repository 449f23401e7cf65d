package resolve

import "strings"

// Ref is a model name cut at its first slash. Provider is "" for a bare name.
type Ref struct {
	Provider string // as written: a row's name or alias, or something unknown
	Model    string // what is sent; may hold more slashes, may be ""
}

// ParseRef cuts "provider/model" at the first slash. White space round either
// part is dropped. It takes any text and looks nothing up.
func ParseRef(s string) Ref {
	s = strings.TrimSpace(s)
	name, model, cut := strings.Cut(s, "/")
	if !cut {
		return Ref{Model: s}
	}
	return Ref{Provider: strings.TrimSpace(name), Model: strings.TrimSpace(model)}
}

// String is the name as it would be written; ParseRef reads it back.
func (r Ref) String() string {
	if r.Provider == "" {
		return r.Model
	}
	return r.Provider + "/" + r.Model
}
