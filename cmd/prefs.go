package cmd

import (
	"strconv"
	"strings"

	"github.com/spf13/viper"

	"github.com/llmctl/llmctl/pkg/config"
	"github.com/llmctl/llmctl/pkg/fault"
	"github.com/llmctl/llmctl/pkg/resolve"
)

// prefs are llmctl's own preferences: how it looks and how it hurries. They are
// viper's: flag > LLMCTL_* > project file > user file > default. Models, keys
// and bases never pass through here: viper lower-cases keys, splits names at
// dots and forgets where a value stood.
type prefs struct{ v *viper.Viper }

// The preferences, each with its default. The variable of one is LLMCTL_ and
// its name in capitals.
func defaults() map[string]string {
	return map[string]string{
		"output":      "text",
		"color":       "auto",
		"policy":      string(resolve.Explicit),
		"model":       "",
		"timeout":     "0s",
		"concurrency": "16",
		"fail_on":     "error",
	}
}

// preferences merges the layers. user and project are the llmctl: sections of
// the two files; either may be nil.
func (a *app) preferences(user, project *config.Node) prefs {
	v := viper.New()
	for name, value := range defaults() {
		v.SetDefault(name, value)
	}
	for _, layer := range []*config.Node{user, project} {
		m := map[string]any{}
		for _, f := range layer.Fields() {
			m[f.Name] = f.Value.Text()
		}
		_ = v.MergeConfigMap(m) // a map of strings always merges
	}
	for name := range defaults() {
		if value, ok := a.env("LLMCTL_" + strings.ToUpper(name)); ok && value != "" {
			v.Set(name, value)
		}
	}
	for name, value := range map[string]string{
		"output": a.flags.output, "color": a.flags.color, "policy": a.flags.policy, "model": a.flags.model,
	} {
		if value != "" {
			v.Set(name, value)
		}
	}
	return prefs{v}
}

func (p prefs) policy() resolve.Policy { return resolve.Policy(p.v.GetString("policy")) }

// check refuses a preference that no flag would have let through.
func (p prefs) check() error {
	for name, allowed := range map[string][]string{
		"output":  {"text", "json", "jsonl"},
		"color":   {"auto", "always", "never"},
		"policy":  {string(resolve.Explicit), string(resolve.EnvFirst)},
		"fail_on": {"warn", "warning", "error", "unknown"},
	} {
		if got := p.v.GetString(name); !oneOf(got, allowed) {
			return &fault.Err{Code: "usage.invalid", Subject: "llmctl." + name,
				Message: strconv.Quote(got) + " is not one of " + list(allowed),
				Hint:    "correct it under llmctl: in the config, or in LLMCTL_" + strings.ToUpper(name)}
		}
	}
	return nil
}

// env is the last value of a variable in the System's environment.
func (a *app) env(name string) (string, bool) {
	for i := len(a.sys.Environ) - 1; i >= 0; i-- {
		if k, v, ok := strings.Cut(a.sys.Environ[i], "="); ok && k == name {
			return v, true
		}
	}
	return "", false
}
