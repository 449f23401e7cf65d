package resolve

import (
	"strings"

	"github.com/llmctl/llmctl/pkg/config"
	"github.com/llmctl/llmctl/pkg/fault"
	"github.com/llmctl/llmctl/pkg/secret"
)

// broken is a reference that does not resolve: the code of a key, and why.
type broken struct {
	code   fault.Code // key.unresolved or what the reader of the reference said
	reason string
}

// follow finds the value of a reference. via is where it stands; nil when it
// was not found. A variable that is set but empty is not set.
func (x *index) follow(ref config.Reference, text string, all bool) (secret.Secret, *Origin, *broken) {
	if ref.Scheme != "env" {
		return x.read(ref, text)
	}
	empty := ""
	for _, e := range x.variable(ref.Name) {
		if !all && e.origin.Layer == EnvVariables {
			continue
		}
		if e.broken != nil {
			return secret.Secret{}, nil, &broken{e.broken.code, ref.Name + " at " + e.origin.Place() + ": " + e.broken.reason}
		}
		clean, _ := e.value.Clean()
		if clean.IsZero() {
			empty = or(empty, e.origin.String())
			continue
		}
		o := e.origin
		return e.value, &o, nil
	}
	if empty != "" {
		return secret.Secret{}, nil, &broken{"key.unresolved", empty + " is set but empty"}
	}
	return secret.Secret{}, nil, &broken{"key.unresolved", ref.Name + " is not set in " + x.where}
}

// read looks up a file:, keyring: or cmd: reference among those that were read
// beforehand.
func (x *index) read(ref config.Reference, text string) (secret.Secret, *Origin, *broken) {
	for _, t := range []string{text, strings.TrimSpace(text)} {
		if err := x.s.RefErrs[t]; err != nil {
			return secret.Secret{}, nil, &broken{or(err.Code, "key.unresolved"), or(err.Message, ref.Scheme+" reference cannot be read")}
		}
		if e, ok := x.s.Refs[t]; ok {
			if e.Value.IsZero() {
				return secret.Secret{}, nil, &broken{"key.unresolved", "the " + ref.Scheme + " reference gives nothing"}
			}
			o := e.Origin
			return e.Value, &o, nil
		}
	}
	return secret.Secret{}, nil, &broken{"key.unresolved", "the " + ref.Scheme + " reference was not read"}
}

// places says where variables were looked up.
func (x *index) places() string {
	out := []string{"the environment"}
	for i := range x.s.EnvFiles {
		if x.s.EnvFiles[i].Status == "read" {
			out = append(out, x.s.EnvFiles[i].Path)
		}
	}
	if x.cfg != nil && x.cfg.Path != "" {
		out = append(out, x.cfg.Path)
	}
	return strings.Join(out, ", ")
}
