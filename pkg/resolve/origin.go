package resolve

import (
	"strconv"
	"strings"
)

// Layer is a kind of place where a setting is chosen. Its text is fixed by
// product.md §6.
type Layer string

// The layers.
const (
	Flag           Layer = "flag"
	Deployment     Layer = "deployment"
	Credential     Layer = "credential"
	Env            Layer = "env"
	DotEnv         Layer = "dotenv"
	EnvVariables   Layer = "environment_variables"
	KeyStore       Layer = "keystore"
	ProviderGlobal Layer = "provider-global"
	Global         Layer = "global"
	Default        Layer = "default"
)

// Origin is where a value stands. Layer is where the choice was made; Via is
// where a reference found its value. It travels with the value and is never
// rebuilt afterwards.
type Origin struct {
	Layer  Layer   `json:"layer"`
	Name   string  `json:"name"`
	File   string  `json:"file"`
	Line   int     `json:"line"`
	Column int     `json:"column"`
	Via    *Origin `json:"via"`
}

// Source is the innermost origin: where the value itself stands.
func (o Origin) Source() Origin {
	for o.Via != nil {
		o = *o.Via
	}
	return o
}

// Place is "file:line", or "" when the value stands in no file.
func (o Origin) Place() string {
	if o.File == "" {
		return ""
	}
	if o.Line == 0 {
		return o.File
	}
	return o.File + ":" + strconv.Itoa(o.Line)
}

// String is how an origin is said to a person: "OPENAI_API_KEY in .env:3",
// "config.yaml:6 via OPENAI_API_KEY in the environment".
func (o Origin) String() string {
	var b strings.Builder
	switch o.Layer {
	case Env:
		b.WriteString(o.Name + " in the environment")
	case DotEnv, EnvVariables:
		b.WriteString(o.Name + " in " + o.Place())
	case KeyStore:
		b.WriteString("key store (" + o.Name + ")")
	case Default:
		b.WriteString("default of " + o.Name)
	case Flag:
		b.WriteString(o.Name)
	case Deployment, Credential, ProviderGlobal, Global:
		b.WriteString(o.Name + " at " + o.Place())
	}
	if o.Via != nil {
		b.WriteString(" via " + o.Via.String())
	}
	return b.String()
}
