package config

import (
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/llmctl/llmctl/pkg/fault"
	"github.com/llmctl/llmctl/pkg/provider"
)

// names looks at what each deployment is called and what it calls.
func (l *linter) names() {
	for _, m := range l.c.Models {
		if m.Name == "" && m.Node.Get("model_name").Kind() != List && m.Node.Get("model_name").Kind() != Map {
			l.add("config.name-missing", m.Node.Written(), "", "this entry has no model_name, so nobody can ask for it")
		}
		if kind := m.Node.Get("litellm_params").Kind(); kind != Map && kind != Null {
			continue // its shape is reported already
		}
		f := m.Params.Field("model")
		if f == nil {
			l.modelMissing(m)
			continue
		}
		t, scalar := text(f.Value)
		switch {
		case !scalar || t == "":
			l.add("config.model-missing", f.Written(), m.Name, "model has no value")
		case wrongReference(t):
		default:
			if _, ref := ParseReference(t); !ref {
				l.model(m, f.Value, t)
			}
		}
		l.credentialName(m)
		l.mode(m, t)
	}
}

// modelMissing reports a deployment without model. When it stands beside
// model_name, the misplaced line is reported already and is the cause.
func (l *linter) modelMissing(m Model) {
	if m.Node.Field("model") != nil {
		return
	}
	at := m.Node.Written()
	if f := m.Node.Field("litellm_params"); f != nil {
		at = f.Written()
	}
	l.add("config.model-missing", at, m.Name, "litellm_params has no model")
}

// model looks at the name that is called.
func (l *linter) model(m Model, at *Node, name string) {
	if named := m.Params.Get("custom_llm_provider").Text(); named != "" {
		l.named(m, named)
		return
	}
	prefix, _, cut := strings.Cut(name, "/")
	switch {
	case prefix == "*" || name == "":
	case !cut:
		l.bare(m, at, name)
	case len(l.q.Providers) == 0 || slices.Contains(routers(), prefix):
	default:
		l.prefix(m, at, prefix, name)
	}
}

// routers are prefixes that name a way to choose and no provider.
func routers() []string {
	return []string{"auto_router", "complexity_router", "adaptive_router", "quality_router", "litellm_agent", "a2a", "a2a_agent", "langgraph", "pydantic_ai_agents"}
}

// named looks at custom_llm_provider.
func (l *linter) named(m Model, name string) {
	if len(l.q.Providers) == 0 || slices.Contains(routers(), name) {
		return
	}
	if _, ref := ParseReference(name); ref {
		return
	}
	if _, ok := provider.Lookup(l.q.Providers, name); ok || l.handled(name) {
		return
	}
	f := l.add("model.unknown-provider", m.Params.Get("custom_llm_provider").Written(), m.Name, "custom_llm_provider: no provider is called "+clip(name))
	l.suggest(f, name)
}

func (l *linter) suggest(f *fault.Finding, name string) {
	var names []string
	for _, p := range l.q.Providers {
		names = append(append(names, p.Name), p.Aliases...)
	}
	if near := nearest(name, names); near != "" {
		f.Detail += "; did you mean " + near + "?"
		f.Fix.Summary = "write " + near
		f.Fix.Commands = rename(Pos{f.Location.File, f.Location.Line, f.Location.Column}, name, near)
	}
}

// prefix looks at the part before the slash.
func (l *linter) prefix(m Model, at *Node, prefix, name string) {
	p, ok := provider.Lookup(l.q.Providers, prefix)
	if ok && (prefix == p.Name || slices.Contains(p.Aliases, prefix)) {
		return
	}
	if ok {
		f := l.add("model.unknown-provider", at.Written(), m.Name, clip(prefix)+" is "+p.Name+" for llmctl, but LiteLLM tells upper and lower case apart")
		f.Severity, f.Fix.Summary = fault.Warning, "write "+strings.ToLower(prefix)
		f.Fix.Commands = rename(at.Written(), prefix, strings.ToLower(prefix))
		return
	}
	if l.ownedHost(m.host()) || l.handled(prefix) {
		return // LiteLLM knows the provider by the base, or a handler of the file's own serves it
	}
	f := l.add("model.unknown-provider", at.Written(), m.Name, "no provider is called "+clip(prefix)+", the part of "+clip(name)+" before the slash")
	if m.base() != nil {
		f.Fix.Summary = "write openai/" + mask(name) + " for an OpenAI-compatible host"
	} else if known := l.known(name); len(known) > 0 {
		f.Fix.Summary = "write " + known[0] + "/" + mask(name)
		f.Detail += "; " + strings.Join(known[:min(3, len(known))], ", ") + " has a model of that whole name"
		return
	}
	l.suggest(f, prefix)
}

func (l *linter) known(name string) []string {
	if l.q.Known == nil {
		return nil
	}
	return l.q.Known(name)
}

// ownedHost reports whether a host is that of some provider's default base.
func (l *linter) ownedHost(host string) bool {
	return host != "" && slices.ContainsFunc(l.q.Providers, func(p provider.Provider) bool { return ownHost(p, host) })
}

// handled reports whether litellm_settings.custom_provider_map gives a provider
// a handler in Python.
func (l *linter) handled(name string) bool {
	return slices.ContainsFunc(l.c.Litellm.Get("custom_provider_map").Items(), func(n *Node) bool { return n.Get("provider").Text() == name })
}

// bare looks at a model without a provider.
func (l *linter) bare(m Model, at *Node, name string) {
	if l.q.Known == nil || l.ownedHost(m.host()) {
		return
	}
	known := l.q.Known(name)
	var near []string
	if l.q.Nearest != nil {
		near = l.q.Nearest(name, 3)
	}
	switch {
	case len(known) == 1:
		f := l.add("model.bare", at.Written(), m.Name, clip(name)+" names no provider; "+known[0]+" is guessed, from a list that changes")
		f.Fix.Summary, f.Fix.Commands = "write "+known[0]+"/"+mask(name), rename2(at.Written(), name, known[0]+"/"+name)
	case len(known) > 1:
		f := l.add("model.ambiguous", at.Written(), m.Name, clip(name)+" is a model of "+strings.Join(known[:min(3, len(known))], ", "))
		f.Fix.Summary = "write " + known[0] + "/" + mask(name)
	default:
		f := l.add("model.unknown", at.Written(), m.Name, clip(name)+" names no provider, and no provider in the catalog has it")
		if m.base() != nil {
			f.Fix.Summary = "write openai/" + mask(name) + " for an OpenAI-compatible host"
		} else if len(near) > 0 {
			f.Fix.Summary = "did you mean " + strings.Join(near, ", ") + "?"
		}
	}
}

// rename2 is rename for texts with slashes.
func rename2(at Pos, from, to string) []string {
	if strings.ContainsAny(from+to, "|'\\&$*[]^ \"\n") || strings.ContainsAny(at.File, "'\n") || at.File == "" {
		return []string{}
	}
	return []string{"sed -i.bak '" + itoa(at.Line) + "s|" + strings.ReplaceAll(from, ".", `\.`) + "|" + to + "|' " + quoteFile(at.File)}
}

// credentialName looks up litellm_credential_name.
func (l *linter) credentialName(m Model) {
	f := m.Params.Field("litellm_credential_name")
	if f == nil {
		return
	}
	name, _ := text(f.Value)
	if _, ok := l.c.Credential(name); ok || name == "" {
		return
	}
	if _, ref := ParseReference(name); ref {
		return
	}
	found := l.add("config.credential-undefined", f.Value.Written(), m.Name, "credential_list has no "+clip(name))
	var names []string
	for _, c := range l.c.Credentials {
		names = append(names, c.Name)
	}
	if near := nearest(name, names); near != "" {
		found.Detail += "; did you mean " + clip(near) + "?"
	}
	if l.stored() {
		found.Severity = fault.Warning
		found.Detail += "; it may be in the proxy's database"
	}
}

// stored reports whether models and credentials can be in a database too.
func (l *linter) stored() bool { return l.c.General.Get("store_model_in_db").Text() == "true" }

// mode misses model_info.mode of an embedding model.
func (l *linter) mode(m Model, name string) {
	if !provider.EmbeddingName(name) || m.Info.Get("mode").Kind() == Scalar || strings.Contains(name, "*") {
		return
	}
	f := l.add("config.embedding-mode", m.Params.Get("model").Written(), m.Name, clip(name)+" makes embeddings, and model_info has no mode: health checks ask it to chat")
	f.Fix.Summary = "add model_info: {mode: embedding}"
}

// bases looks at the address of each deployment.
func (l *linter) bases() {
	for _, m := range l.c.Models {
		f := m.base()
		if f == nil || f.Value.Kind() != Scalar {
			continue
		}
		p, _ := l.provider(m)
		for _, found := range CheckBase(f.Value.Text(), p) {
			at := f.Value.Written()
			found.Location = &fault.Location{File: at.File, Line: at.Line, Column: at.Column}
			found.Deployment = m.Name
			l.found = append(l.found, found)
		}
		l.withoutKey(m, f, p)
	}
}

// withoutKey finds a base of one's own that would be called with whatever key
// the environment has for the provider.
func (l *linter) withoutKey(m Model, f *Field, p provider.Provider) {
	host := m.host()
	if host == "" || p.Base == "" || p.Local || loopback(host) || private(host) || ownHost(p, host) || strings.Contains(p.Base, "{") {
		return
	}
	switch p.Auth {
	case provider.Bearer, provider.Token, provider.XAPIKey, provider.APIKey, provider.GoogAPIKey:
	default:
		return
	}
	for _, key := range []string{"api_key", "litellm_credential_name", "extra_headers", "headers", "azure_ad_token", "token"} {
		if m.Params.Field(key) != nil {
			return
		}
	}
	found := l.add("base.without-key", f.Value.Written(), m.Name, "api_base is "+bareHost(host)+" and there is no api_key: the key of "+p.Title+" in the environment does not belong there")
	found.Fix.Summary = "name the key beside the base: api_key: os.environ/NAME"
}

// pools looks at deployments that share a name.
func (l *linter) pools() {
	groups, order := map[string][]Model{}, []string{}
	for _, m := range l.c.Models {
		if m.Name == "" {
			continue
		}
		if groups[m.Name] == nil {
			order = append(order, m.Name)
		}
		groups[m.Name] = append(groups[m.Name], m)
	}
	var pools []string
	for _, name := range order {
		if pool := groups[name]; len(pool) > 1 && l.pool(name, pool) {
			pools = append(pools, name)
		}
	}
	const few = 3 // names that are worth a finding each
	if len(pools) > few {
		l.manyPools(pools, groups)
		return
	}
	for _, name := range pools {
		pool := groups[name]
		l.add("config.duplicate-model", pool[1].Node.Written(), name, itoa(len(pool))+" deployments are called "+clip(name)+", the first in line "+itoa(pool[0].Node.Written().Line)+"; LiteLLM spreads calls over them")
	}
}

// manyPools says it once of a file that is built of pools: nobody writes so many
// by mistake.
func (l *linter) manyPools(pools []string, groups map[string][]Model) {
	const most = 5 // names that are shown
	shownAs := make([]string, 0, most)
	for _, name := range pools[:min(most, len(pools))] {
		shownAs = append(shownAs, clip(name)+" ("+itoa(len(groups[name]))+")")
	}
	more := ""
	if n := len(pools) - most; n > 0 {
		more = " and " + itoa(n) + " more"
	}
	at := groups[pools[0]][1]
	f := l.add("config.duplicate-model", at.Node.Written(), "", itoa(len(pools))+" names have several deployments: "+strings.Join(shownAs, ", ")+more+"; LiteLLM spreads calls over them")
	f.Title = "several deployments share a model_name: pools"
}

// pool looks at the deployments of one name; it reports whether they differ.
func (l *linter) pool(name string, pool []Model) bool {
	seen := map[string]Model{}
	for _, m := range pool {
		id := identity(m)
		if first, twice := seen[id]; twice {
			l.add("config.same-deployment", m.Node.Written(), name, "the same model, base and key as the entry in line "+itoa(first.Node.Written().Line)+": two of it share one limit and fail together")
			continue
		}
		seen[id] = m
	}
	l.mixed(name, pool)
	l.weights(name, pool)
	return len(seen) > 1
}

// identity is what makes a deployment: everything that is sent, but not how it
// is chosen.
func identity(m Model) string {
	var b strings.Builder
	fields := slices.Clone(m.Params.Fields())
	slices.SortFunc(fields, func(a, b Field) int { return strings.Compare(a.Name, b.Name) })
	for _, f := range fields {
		switch f.Name {
		case "rpm", "tpm", "weight", "order", "timeout", "stream_timeout", "max_retries", "num_retries", "cooldown_time", "max_parallel_requests":
			continue
		}
		b.WriteString(f.Name + "\x00")
		writeNode(&b, f.Value, 8)
	}
	return b.String()
}

func writeNode(b *strings.Builder, n *Node, levels int) {
	if levels == 0 || b.Len() > 1<<16 {
		return
	}
	b.WriteString(string(n.Kind()) + "\x01" + n.Text() + "\x02")
	for _, i := range n.Items() {
		writeNode(b, i, levels-1)
	}
	for _, f := range n.Fields() {
		b.WriteString(f.Name + "\x03")
		writeNode(b, f.Value, levels-1)
	}
}

var family = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)(?:^|[/._-])(claude|gpt|o[134]|gemini|llama|codellama|mistral|mixtral|codestral|qwen\d*|qwq|deepseek|grok|command|nova|phi|gemma|kimi|glm|titan)(?:[-._:]|\d|$)`)
})

// familyOf is the family that a model's name tells, "" when it tells none.
func familyOf(name string) string {
	m := family().FindStringSubmatch(name)
	if m == nil {
		return ""
	}
	f := strings.TrimRight(strings.ToLower(m[1]), "0123456789")
	switch f {
	case "o", "gpt":
		return "gpt"
	case "mixtral", "codestral":
		return "mistral"
	case "codellama":
		return "llama"
	case "qwq":
		return "qwen"
	}
	return f
}

// mixed finds a pool whose name promises one family of models and that holds
// another too. A pool under a name of one's own ("fast") may hold anything.
func (l *linter) mixed(name string, pool []Model) {
	promised := familyOf(name)
	if promised == "" || strings.Contains(name, "*") {
		return
	}
	for _, m := range pool {
		called := m.Params.Get("model").Text()
		if f := familyOf(called[strings.LastIndexByte(called, '/')+1:]); f != "" && f != promised && !strings.Contains(strings.ToLower(name), f) && familyOf(called) == f {
			l.add("config.mixed-pool", m.Params.Get("model").Written(), name, clip(name)+" is answered by "+clip(called)+" as well: a caller cannot know which model it gets")
			return
		}
	}
}

// weights finds a pool in which some deployments have a weight and others not.
func (l *linter) weights(name string, pool []Model) {
	with := 0
	for _, m := range pool {
		if m.Params.Field("weight") != nil {
			with++
		}
	}
	if with == 0 || with == len(pool) {
		return
	}
	for _, m := range pool {
		if m.Params.Field("weight") != nil {
			continue
		}
		f := l.add("config.inert-setting", m.Node.Written(), name, "this deployment has no weight and others of its pool have one: it counts as 0 and gets no calls (LiteLLM 1.109.1)")
		if m.Pos == pool[0].Pos {
			f.Detail += ", or no weight counts at all, because it is the first (LiteLLM 1.80.10)"
		}
		f.Title, f.Fix.Summary = "weights on some deployments of a pool only", "give every deployment of the pool a weight, or none"
		return
	}
}
