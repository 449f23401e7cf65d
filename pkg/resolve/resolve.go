// Package resolve decides which key and which base a deployment uses, and says
// why. Snapshot + tables + policy + name → Resolution.
//
// It is pure: same input, same answer; no file, no environment, no clock, no
// network. It is total: it never returns an error. A Resolution that cannot be
// called says so in Err, and its trace survives.
//
// The one rule: every candidate is kept, the losers too, and each carries where
// it stands.
package resolve

import (
	"strings"

	"github.com/llmctl/llmctl/pkg/config"
	"github.com/llmctl/llmctl/pkg/fault"
	"github.com/llmctl/llmctl/pkg/provider"
	"github.com/llmctl/llmctl/pkg/secret"
)

// Policy orders the layers.
type Policy string

// Explicit puts what was named for the deployment before the environment;
// EnvFirst the other way round. product.md §2 gives both orders.
const (
	Explicit Policy = "explicit"
	EnvFirst Policy = "env-first"
)

// Tables is the knowledge that resolution needs beside the snapshot.
type Tables struct {
	Providers []provider.Provider // the built-in rows and the user's
	Kinds     []provider.KeyKind
	// Known lists the providers whose catalog has a bare model name.
	Known func(model string) []string
	// Nearest gives up to n provider/model names close to a name.
	Nearest func(model string, n int) []string
}

// State says what became of a candidate.
type State string

// The states of product.md §2.
const (
	Used       State = "used"
	Shadowed   State = "shadowed"
	Empty      State = "empty"
	Unset      State = "unset"
	Unresolved State = "unresolved"
	Refused    State = "refused"
)

// Candidate is one place where a setting could have come from. Rank counts
// from 1 in the order of the policy. Value is the text of a setting that is no
// credential and is "" for one.
type Candidate struct {
	Rank    int
	State   State
	Differs *bool         // from the value in use; nil when there is nothing to compare
	Key     secret.Secret // for api_key
	Value   string        // for every other setting
	Origin  Origin
	Reason  string // why it is refused, unresolved …; may be empty
}

// Setting is a resolved value that is no credential.
type Setting struct {
	Value  string
	Origin Origin
}

// IsZero reports whether nothing was found.
func (s Setting) IsZero() bool { return s.Value == "" }

// Resolution is everything a call needs, decided once, with the way to it.
type Resolution struct {
	ModelName string         // the public name: model_name, or provider/model, or the provider
	Model     string         // as written: "anthropic/claude-sonnet-4-5"
	Group     string         // model_name again for a deployment of a config, else ""
	Location  fault.Location // of the entry in the config; zero without one
	Provider  provider.Provider
	Upstream  string // the model name that is sent
	Policy    Policy

	Key       secret.Secret
	KeyKind   string // name of a provider.KeyKind; "" = unknown
	KeyOrigin Origin

	// Cloud is what a sign-in at AWS or Google may start from, by the name of the
	// parameter or variable; nil for every other provider, and when there is a
	// key. It is shared between Resolutions and never changed.
	Cloud map[string]Part

	Base     Setting            // holes filled, trimmed, no trailing slash
	Settings map[string]Setting // api_version, organization, project, region, timeout …
	Headers  []provider.Header  // extra headers of the deployment; never a credential
	Mode     string             // model_info.mode; "" = chat

	// Trace keeps every candidate, by setting name ("api_key", "api_base", …).
	Trace map[string][]Candidate

	// Notes are findings about this deployment, worst first. The first one with
	// severity error that says "cannot be called" is Err. Their locations have
	// no snippet: config.Mark gives it.
	Notes []fault.Finding

	// Other is what each other policy would choose.
	Other []Choice

	err *fault.Err
}

// Choice is what another policy would choose.
type Choice struct {
	Policy  Policy
	Key     secret.Secret
	KeyFrom Origin
	Base    Setting
	Differs bool
}

// Err says why the deployment cannot be called; nil when it can.
func (r *Resolution) Err() *fault.Err { return r.err }

// Resolve resolves a name: a model_name of the config (all its deployments), an
// alias, a name that a wildcard deployment serves, a provider's own name, else
// provider/model or a bare model name. It always gives at least one Resolution;
// one that cannot be called says why.
func Resolve(s *Snapshot, t Tables, p Policy, name string) []*Resolution {
	x := newIndex(s, t, p)
	name = strings.TrimSpace(name)
	if models, rest := x.find(name); len(models) > 0 {
		out := make([]*Resolution, len(models))
		for i, m := range models {
			out[i] = x.resolve(x.configured(m, name, rest))
		}
		return out
	}
	return []*Resolution{x.resolve(x.named(name))}
}

// Deployments resolves every deployment of the config, in its order; wildcards
// stay as written. Without a deployment in a config, every provider with a key
// or with its key's variable set is one, named after itself: it has no upstream
// model, so a chat has to name provider/model.
func Deployments(s *Snapshot, t Tables, p Policy) []*Resolution {
	x := newIndex(s, t, p)
	if x.cfg == nil || len(x.cfg.Models) == 0 {
		return x.providers()
	}
	out := make([]*Resolution, len(x.cfg.Models))
	for i, m := range x.cfg.Models {
		out[i] = x.resolve(x.configured(m, "", ""))
	}
	return out
}

// Snapshot is what was read, once. Nobody changes it afterwards.
type Snapshot struct {
	Flags    Flags
	Env      []Entry   // process environment
	EnvFiles []EnvFile // nearest first; only those with Status "read" count
	Config   *config.Config
	Store    []Entry          // key store: Name is the provider's name or a stored name
	Refs     map[string]Entry // file:, keyring: and cmd: references, by their text
	RefErrs  map[string]*fault.Err
}

// Flags are the settings of the command line.
type Flags struct {
	APIBase string
	Key     *Entry // from --key-env, --key-file or --key-stdin; nil without one
}

// Entry is one named value with its place.
type Entry struct {
	Name   string
	Value  secret.Secret // zero when it is set but empty
	Origin Origin
}

// EnvFile is one .env file that was looked at.
type EnvFile struct {
	Path    string
	Status  string // "read", "unused", "unreadable", "broken"
	Reason  string
	Entries []Entry
}
