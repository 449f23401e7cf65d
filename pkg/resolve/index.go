package resolve

import (
	"regexp"
	"strings"

	"github.com/llmctl/llmctl/pkg/config"
	"github.com/llmctl/llmctl/pkg/fault"
	"github.com/llmctl/llmctl/pkg/provider"
	"github.com/llmctl/llmctl/pkg/secret"
)

// index is the snapshot and the tables, prepared once for any number of
// deployments. It lives as long as one call of Resolve or Deployments, so its
// memory of what it has worked out is nobody's state.
type index struct {
	s      *Snapshot
	t      Tables
	policy Policy
	cfg    *config.Config

	rows  map[string]*provider.Provider // by name and alias, in lower case
	kinds []kind
	env   map[string]Entry   // the process environment
	files []map[string]Entry // one a .env file that was read, nearest first
	conf  map[string]entry   // environment_variables of the config
	store map[string]Entry   // the key store

	creds     map[string]config.Credential
	ambient   map[string]*ambient // by row: what the surroundings offer
	spots     map[rowAddress]spot
	checked   map[rowAddress][]fault.Finding // by row and base: what is wrong with the base
	described map[secret.Secret]*nature      // by key: its shape
	texts     map[looseText]plain            // by text: a setting of the config, cleaned
	bare      map[string][]string            // by model: the rows whose catalog has it
	blanks    map[fault.Code]fault.Finding
	where     string // the places where variables are looked up, said
}

// kind is a row of the key kinds, compiled.
type kind struct {
	row provider.KeyKind
	re  *regexp.Regexp
}

// entry is a named value that may itself refer to another.
type entry struct {
	value  secret.Secret
	origin Origin
	broken *broken // its reference does not resolve
}

func newIndex(s *Snapshot, t Tables, p Policy) *index {
	if s == nil {
		s = &Snapshot{}
	}
	if p != EnvFirst {
		p = Explicit
	}
	x := &index{
		s: s, t: t, policy: p, cfg: s.Config,
		rows:  map[string]*provider.Provider{},
		env:   map[string]Entry{},
		conf:  map[string]entry{},
		store: map[string]Entry{},
		creds: map[string]config.Credential{},

		ambient: map[string]*ambient{}, spots: map[rowAddress]spot{}, checked: map[rowAddress][]fault.Finding{},
		described: map[secret.Secret]*nature{}, texts: map[looseText]plain{}, bare: map[string][]string{},
		blanks: map[fault.Code]fault.Finding{},
	}
	x.where = x.places()
	x.readRows()
	x.readEntries()
	x.readConfig()
	return x
}

func (x *index) readRows() {
	// Names win over aliases, and an earlier row's alias over a later one's.
	for i := range x.t.Providers {
		name := strings.ToLower(x.t.Providers[i].Name)
		if _, ok := x.rows[name]; !ok && name != "" {
			x.rows[name] = &x.t.Providers[i]
		}
	}
	for i := range x.t.Providers {
		for _, a := range x.t.Providers[i].Aliases {
			a = strings.ToLower(a)
			if _, ok := x.rows[a]; !ok && a != "" {
				x.rows[a] = &x.t.Providers[i]
			}
		}
	}
	for _, k := range x.t.Kinds {
		if re, err := regexp.Compile(k.Pattern); err == nil {
			x.kinds = append(x.kinds, kind{k, re})
		}
	}
}

func (x *index) readEntries() {
	for _, e := range x.s.Env {
		if _, ok := x.env[e.Name]; !ok { // of two the first, as getenv has it
			e.Origin.Layer = or(e.Origin.Layer, Env)
			e.Origin.Name = or(e.Origin.Name, e.Name)
			x.env[e.Name] = e
		}
	}
	for _, f := range x.s.EnvFiles {
		if f.Status != "read" {
			continue
		}
		m := make(map[string]Entry, len(f.Entries))
		for _, e := range f.Entries {
			e.Origin.Layer = or(e.Origin.Layer, DotEnv)
			e.Origin.Name = or(e.Origin.Name, e.Name)
			e.Origin.File = or(e.Origin.File, f.Path)
			m[e.Name] = e // of two lines the last, as godotenv has it
		}
		x.files = append(x.files, m)
	}
	for _, e := range x.s.Store {
		e.Origin.Layer = or(e.Origin.Layer, KeyStore)
		e.Origin.Name = or(e.Origin.Name, e.Name)
		x.store[strings.ToLower(e.Name)] = e
	}
}

func (x *index) readConfig() {
	if x.cfg == nil {
		return
	}
	for _, c := range x.cfg.Credentials {
		if _, ok := x.creds[c.Name]; !ok {
			x.creds[c.Name] = c
		}
	}
	for _, f := range x.cfg.Environment {
		if f.Value.Kind() != config.Scalar {
			continue
		}
		e := entry{value: f.Value.Secret(), origin: at(EnvVariables, f.Name, f.Value.Pos(), f.Pos)}
		if ref, ok := config.ParseReference(f.Value.Text()); ok {
			// Not through environment_variables again: that way lies a circle.
			e.value, e.origin.Via, e.broken = x.follow(ref, f.Value.Text(), false)
		}
		x.conf[f.Name] = e
	}
}

// row is the provider of that name or alias.
func (x *index) row(name string) (*provider.Provider, bool) {
	p, ok := x.rows[strings.ToLower(name)]
	return p, ok
}

// known lists the rows whose catalog has a bare model name.
func (x *index) known(model string) []string {
	if x.t.Known == nil {
		return nil
	}
	names, ok := x.bare[model]
	if !ok {
		names = x.t.Known(model)
		x.bare[model] = names
	}
	return names
}

// variable looks one name up where variables are looked up: the environment,
// the .env files, nearest first, and the config's environment_variables. Every
// place that has the name is given, the set-but-empty ones too.
func (x *index) variable(name string) []entry {
	var out []entry
	if e, ok := x.env[name]; ok {
		out = append(out, entry{value: e.Value, origin: e.Origin})
	}
	for _, m := range x.files {
		if e, ok := m[name]; ok {
			out = append(out, entry{value: e.Value, origin: e.Origin})
		}
	}
	if e, ok := x.conf[name]; ok {
		out = append(out, e)
	}
	return out
}

// set is the first place where a variable has a text.
func (x *index) set(name string) (entry, bool) {
	for _, e := range x.variable(name) {
		if !e.value.IsZero() {
			return e, true
		}
	}
	return entry{}, false
}

// at is the origin of a value in a config file. A value without a place of its
// own stands where its key stands.
func at(l Layer, name string, value, key config.Pos) Origin {
	if value.Line == 0 {
		value = key
	}
	return Origin{Layer: l, Name: name, File: value.File, Line: value.Line, Column: value.Column}
}

// or is the first argument that is not empty.
func or[T ~string](a, b T) T {
	if a != "" {
		return a
	}
	return b
}
