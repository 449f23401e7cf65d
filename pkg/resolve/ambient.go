package resolve

import (
	"slices"

	"github.com/llmctl/llmctl/pkg/config"
	"github.com/llmctl/llmctl/pkg/provider"
	"github.com/llmctl/llmctl/pkg/secret"
)

// ambient is what the surroundings offer to every deployment of one row: the
// same slots for all of them, so they are made once.
type ambient struct {
	keys      []slot // the provider's variables
	keysBelow []slot // key store, provider global, general key
	bases     []slot // the provider's base variables
	basesLow  []slot // litellm_settings.api_base, default base
	holes     []hole
	org       []slot // variables of the organization
	others    []otherName
	cloud     map[string]Part // of a sign-in; nil until it is asked for
}

// hole is a hole of the row with its slots outside the deployment.
type hole struct {
	provider.Hole
	vars []slot
	low  []slot // litellm_settings, default
}

// otherName is a variable of the vendor's that is set but not read.
type otherName struct {
	name   string
	origin Origin
	base   bool
}

// surroundings gives the ambient slots of a row. A nil row has none but those
// of the config.
func (x *index) surroundings(p *provider.Provider) *ambient {
	if a, ok := x.ambient[p.Name]; ok {
		return a
	}
	a := &ambient{}
	x.ambient[p.Name] = a
	for _, name := range p.Keys {
		a.keys = append(a.keys, x.variableSlots(name, x.keyedSlot)...)
	}
	for _, name := range p.Bases {
		a.bases = append(a.bases, x.variableSlots(name, x.tight)...)
	}
	if p.Name != "" {
		a.keysBelow = append(a.keysBelow, x.stored(p))
	}
	x.globals(p, a)
	x.defaults(p, a)
	for _, h := range p.Callers {
		a.holes = append(a.holes, x.holeOf(h))
	}
	if p.Name == "openai" {
		a.org = x.variableSlots("OPENAI_ORGANIZATION", x.loose)
	}
	x.otherNames(p, a)
	return a
}

func (x *index) tight(v secret.Secret, o Origin, b *broken) slot { return x.textSlot(v, o, b, false) }
func (x *index) loose(v secret.Secret, o Origin, b *broken) slot { return x.textSlot(v, o, b, true) }

// stored is the slot of the key store, under the row's name or an alias.
func (x *index) stored(p *provider.Provider) slot {
	for _, name := range append([]string{p.Name}, p.Aliases...) {
		if e, ok := x.store[name]; ok {
			return x.keyedSlot(e.Value, e.Origin, nil)
		}
	}
	return slot{state: Unset, origin: Origin{Layer: KeyStore, Name: p.Name}}
}

// globals adds the keys and the base of litellm_settings. What is absent there
// is listed only when the section exists: otherwise it is no place at all.
func (x *index) globals(p *provider.Provider, a *ambient) {
	if x.cfg == nil || x.cfg.Litellm.Kind() != config.Map {
		return
	}
	section := x.cfg.Litellm
	for _, name := range p.Globals {
		if name != "api_key" {
			a.keysBelow = append(a.keysBelow, x.keySlot(ProviderGlobal, name, section.Field(name), section.Pos()))
		}
	}
	a.keysBelow = append(a.keysBelow, x.keySlot(Global, "api_key", section.Field("api_key"), section.Pos()))
	a.basesLow = append(a.basesLow, x.settingSlot(Global, "api_base", section.Field("api_base"), section.Pos(), false))
}

func (x *index) defaults(p *provider.Provider, a *ambient) {
	if p.Base != "" {
		a.basesLow = append(a.basesLow, slot{text: p.Base, value: secret.New(p.Base), origin: Origin{Layer: Default, Name: p.Name}})
	}
}

func (x *index) holeOf(h provider.Hole) hole {
	out := hole{Hole: h}
	for _, name := range h.Vars {
		out.vars = append(out.vars, x.variableSlots(name, x.loose)...)
	}
	if f := x.cfgGlobal(h.Param); f != nil {
		out.low = append(out.low, x.settingSlot(Global, h.Param, f, f.Pos, true))
	}
	if h.Default != "" {
		out.low = append(out.low, slot{text: h.Default, value: secret.New(h.Default), origin: Origin{Layer: Default, Name: h.Name}})
	}
	return out
}

func (x *index) cfgGlobal(name string) *config.Field {
	if x.cfg == nil || name == "" {
		return nil
	}
	return x.cfg.Litellm.Field(name)
}

// otherNames notes the variables that the vendor's tools read and this row does
// not, when they are set.
func (x *index) otherNames(p *provider.Provider, a *ambient) {
	add := func(names, read []string, isBase bool) {
		for _, n := range names {
			if e, ok := x.set(n); ok && !slices.Contains(read, n) {
				a.others = append(a.others, otherName{n, e.origin, isBase})
			}
		}
	}
	add(p.VendorKeys, p.Keys, false)
	add(p.VendorBase, p.Bases, true)
}
