package config

import (
	"slices"
	"strconv"
	"strings"

	"github.com/llmctl/llmctl/pkg/fault"
)

func itoa(n int) string { return strconv.Itoa(n) }

// section is one part of the file whose names are known.
type section struct {
	name string
	has  []string // the names
	// open sections take any name: only a near miss is reported, or a name that
	// works in another section.
	open bool
	// wants are the sections that a foreign name may belong to, best first.
	wants []string
}

// schema is the table of sections.
func schema() []section {
	return []section{
		{"the top level", topNames(), false, []string{"general_settings", "litellm_settings", "router_settings"}},
		{"model_list", entryNames(), false, []string{"litellm_params", "model_info"}},
		{"litellm_params", paramNames(), true, []string{"model_info"}},
		{"model_info", infoNames(), true, nil},
		{"litellm_settings", litellmNames(), true, []string{"general_settings", "router_settings", "litellm_params"}},
		{"router_settings", routerNames(), false, []string{"litellm_settings", "general_settings", "litellm_params"}},
		{"general_settings", generalNames(), true, []string{"litellm_settings", "router_settings"}},
	}
}

func sectionOf(name string) section {
	for _, s := range schema() {
		if s.name == name {
			return s
		}
	}
	return section{}
}

// meant are names that people write for another one. Source: public configs.
func meant(section, name string) string {
	words := map[string]map[string]string{
		"litellm_params": {
			"rpm_limit": "rpm", "tpm_limit": "tpm", "api_url": "api_base", "api_endpoint": "api_base", "endpoint": "api_base", "key": "api_key",
			"retries": "max_retries", "provider_name": "custom_llm_provider", "llm_provider": "custom_llm_provider", "request_timeout": "timeout", "azure_endpoint": "api_base",
		},
		"router_settings":  {"retries": "num_retries", "max_retries": "num_retries", "request_timeout": "timeout", "strategy": "routing_strategy", "model_alias": "model_group_alias", "aliases": "model_group_alias", "cooldown": "cooldown_time"},
		"litellm_settings": {"timeout": "request_timeout", "max_retries": "num_retries", "retries": "num_retries"},
		"model_list":       {"name": "model_name", "model_id": "model_name", "params": "litellm_params"},
		"general_settings": {"masterkey": "master_key", "proxy_master_key": "master_key", "database": "database_url", "db_url": "database_url"},
		"the top level":    {"models": "model_list", "settings": "litellm_settings", "env": "environment_variables", "environment": "environment_variables", "proxy_settings": "general_settings", "includes": "include"},
	}
	return words[section][name]
}

// sections looks at the names of the top level and of the settings.
func (l *linter) sections() {
	l.fields(sectionOf("the top level"), l.c.top, "")
	for name, n := range map[string]*Node{"litellm_settings": l.c.Litellm, "router_settings": l.c.Router, "general_settings": l.c.General} {
		l.fields(sectionOf(name), n.Fields(), "")
	}
}

// entries looks at the names of each deployment.
func (l *linter) entries() {
	entry, params, info := sectionOf("model_list"), sectionOf("litellm_params"), sectionOf("model_info")
	for _, m := range l.c.Models {
		l.fields(entry, m.Node.Fields(), m.Name)
		l.fields(params, m.Params.Fields(), m.Name)
		l.fields(info, m.Info.Fields(), m.Name)
		l.credentialsInInfo(m)
	}
}

// credentialsInInfo finds what has to be in litellm_params and is accepted
// without a word in model_info.
func (l *linter) credentialsInInfo(m Model) {
	for _, f := range m.Info.Fields() {
		if slices.Contains([]string{"api_key", "api_base", "base_url", "api_version", "custom_llm_provider", "litellm_credential_name", "model"}, f.Name) {
			l.misplaced(f, "model_info", "litellm_params", m.Name)
		}
	}
}

func (l *linter) fields(s section, fields []Field, deployment string) {
	for _, f := range fields {
		if slices.Contains(s.has, f.Name) || l.exempt(s, f) {
			continue
		}
		if len(l.found) >= maxFindings {
			return
		}
		l.foreign(s, f, deployment)
	}
}

// exempt are names that are nobody's business: extensions, and holders of an
// anchor.
func (l *linter) exempt(s section, f Field) bool {
	switch {
	case s.name == "the top level" && (strings.HasPrefix(f.Name, "x-") || strings.HasPrefix(f.Name, "x_") || strings.HasPrefix(f.Name, "_") || strings.HasPrefix(f.Name, ".")):
		return true
	case s.name == "the top level" && l.c.anchored(f.Value):
		return true
	case s.name == "litellm_settings" && f.Name == "cooldown_time":
		return true // inert says more about it
	case s.name == "litellm_settings" && strings.HasSuffix(f.Name, "_key") && len(f.Name) > 5:
		// A provider's own global: "deepseek_key". Whether anybody reads it is
		// the provider table's knowledge.
		return nearest(f.Name, s.has) == "" && f.Name != "master_key"
	}
	return false
}

// foreign says what is wrong with a name that a section does not know.
func (l *linter) foreign(s section, f Field, deployment string) {
	near := meant(s.name, f.Name)
	elsewhere := home(s, f.Name)
	if near == "" && (elsewhere == "" || s.name == "the top level" && foldedName(f.Name, s.has)) {
		near = nearest(f.Name, s.has)
	}
	switch {
	case near != "" && s.has != nil:
		found := l.add("config.unknown-key", f.Written(), deployment, clip(f.Name)+" in "+s.name+": did you mean "+near+"?")
		if s.name == "litellm_params" {
			found.Title = "a name close to a known one, sent on to the provider as it is"
		}
		found.Fix.Summary, found.Fix.Commands = "write "+near, rename(f.Written(), f.Name, near)
	case elsewhere != "":
		l.misplaced(f, s.name, elsewhere, deployment)
	case s.name == "general_settings":
		l.add("config.unknown-key", f.Written(), deployment, clip(f.Name)+" in general_settings is no setting that LiteLLM 1.109.1 reads").Severity = fault.Info
	case !s.open:
		found := l.add("config.unknown-key", f.Written(), deployment, clip(f.Name)+" in "+s.name+" is not read")
		if s.name == "model_list" {
			found.Detail = clip(f.Name) + " beside model_name is not read"
		}
	}
}

func foldedName(name string, known []string) bool {
	n := nearest(name, known)
	return n != "" && fold(n) == fold(name)
}

// home is the section where a name works, "" when there is none.
func home(s section, name string) string {
	for _, w := range s.wants {
		if w == "litellm_params" && s.name != "model_list" && !perModel(name) {
			continue
		}
		if w == "model_info" && s.name == "litellm_params" && !onlyInfo(name) {
			continue
		}
		if slices.Contains(sectionOf(w).has, name) {
			return w
		}
	}
	return ""
}

// perModel are the names that are clearly meant for a deployment.
func perModel(name string) bool {
	return slices.Contains([]string{"temperature", "top_p", "max_completion_tokens", "stream", "rpm", "tpm", "reasoning_effort", "api_base", "extra_body", "weight", "order"}, name)
}

// onlyInfo are the names of model_info that do nothing in litellm_params but
// travel to the provider.
func onlyInfo(name string) bool {
	return slices.Contains([]string{"mode", "access_groups", "health_check_model", "health_check_timeout", "supported_environments", "disable_background_health_check",
		"max_input_tokens", "max_output_tokens", "team_id", "allowed_fails", "allowed_fails_policy", "display_name"}, name) || strings.HasPrefix(name, "supports_") && name != "supports_system_message"
}

func (l *linter) misplaced(f Field, here, there, deployment string) {
	detail := clip(f.Name) + " has no effect in " + here + "; it belongs in " + there
	if here == "model_list" {
		detail = clip(f.Name) + " beside model_name has no effect; it belongs in " + there
	}
	found := l.add("config.misplaced-key", f.Written(), deployment, detail)
	if here == "model_list" && f.Name == "model" {
		found.Severity = fault.Error // without it the deployment cannot be loaded
	}
	found.Fix.Summary = "move the line into " + there
	if here == "litellm_params" {
		found.Title = "a setting that is not read here but sent to the provider"
		found.Detail = clip(f.Name) + " in litellm_params is sent to the provider; it belongs in " + there
	}
	if here == "router_settings" && (f.Name == "health_check_interval" || f.Name == "health_check_concurrency") {
		found.Severity = fault.Error
		found.Detail += ": LiteLLM 1.109.1 refuses to start"
	}
}

// anchored reports whether a value holds what an alias uses elsewhere.
func (c *Config) anchored(n *Node) bool {
	if n == nil {
		return false
	}
	if n.anchor {
		return true
	}
	return slices.ContainsFunc(n.items, c.anchored) || slices.ContainsFunc(n.fields, func(f Field) bool { return c.anchored(f.Value) })
}
