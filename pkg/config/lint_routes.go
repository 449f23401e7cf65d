package config

import (
	"slices"
	"strings"

	"github.com/llmctl/llmctl/pkg/fault"
)

// fallbackNames are the settings that hold {source: [targets]}.
func fallbackNames() []string {
	return []string{"fallbacks", "context_window_fallbacks", "content_policy_fallbacks"}
}

// edge is one step of a fallback.
type edge struct {
	from, to string
	at       Pos // of the target
}

// routes looks at the fallbacks of both sections: router_settings beats
// litellm_settings.
func (l *linter) routes() {
	for _, name := range fallbackNames() {
		var edges []edge
		for _, s := range []*Node{l.c.Litellm, l.c.Router} {
			if f := s.Field(name); f != nil {
				edges = append(edges, l.fallbacks(*f)...)
			}
		}
		l.cycles(name, edges)
	}
	for _, s := range []*Node{l.c.Litellm, l.c.Router} {
		for _, n := range l.list(s.Field("default_fallbacks")) {
			l.target(n, "default_fallbacks")
		}
	}
}

// list gives the items of a field that has to be a list.
func (l *linter) list(f *Field) []*Node {
	if f == nil || f.Value.Kind() == Null {
		return nil
	}
	if f.Value.Kind() != List {
		l.add("config.shape", f.Written(), "", f.Name+" has to be a list")
	}
	return f.Value.Items()
}

func (l *linter) fallbacks(f Field) []edge {
	var out []edge
	for _, item := range l.list(&f) {
		if item.Kind() != Map {
			l.add("config.shape", item.Written(), "", f.Name+" is a list of maps: - model: [other, another]")
			continue
		}
		if len(item.Fields()) != 1 {
			l.add("config.shape", item.Written(), "", "an entry of "+f.Name+" has exactly one model, and this one has "+itoa(len(item.Fields())))
		}
		for _, from := range item.Fields() {
			out = append(out, l.fallback(f.Name, from)...)
		}
	}
	return out
}

// fallback looks at one source and its targets.
func (l *linter) fallback(setting string, from Field) []edge {
	if from.Name == "*" && setting != "fallbacks" {
		f := l.add("config.inert-setting", from.Written(), "", "* is not honoured in "+setting+": only an exact name is")
		f.Fix.Summary = "name each model"
	} else if from.Name != "*" && !l.source(from.Name) {
		f := l.add("route.fallback-undefined", from.Written(), "", clip(from.Name)+" is no model_name, so this entry of "+setting+" never takes effect")
		f.Title = "a fallback for a model that does not exist"
		l.undefined(f, from.Name)
	}
	targets := from.Value.Items()
	if from.Value.Kind() == Scalar {
		targets = []*Node{from.Value}
		l.add("config.shape", from.Value.Written(), "", "the fallbacks of "+clip(from.Name)+" have to be a list")
	}
	var out []edge
	for _, n := range targets {
		if to := l.target(n, setting); to != "" {
			out = append(out, edge{from.Name, to, n.Written()})
		}
	}
	return out
}

// target looks at one target: a name, or a map with model. It gives the name,
// "" when there is none to follow.
func (l *linter) target(n *Node, setting string) string {
	if n.Kind() == Map {
		n = n.Get("model")
	}
	name, scalar := text(n)
	if !scalar || name == "" {
		return ""
	}
	if !l.defined(name) {
		f := l.add("route.fallback-undefined", n.Written(), "", setting+" names "+clip(name)+", which is no model_name")
		l.undefined(f, name)
	}
	return name
}

// undefined adds what may be meant. Models that are in a database cannot be
// seen from here.
func (l *linter) undefined(f *fault.Finding, name string) {
	if l.stored() || len(l.c.Models) == 0 {
		f.Severity = fault.Warning
		f.Detail += "; it may be in the proxy's database"
	}
	var names []string
	for _, m := range l.c.Models {
		names = append(names, m.Name)
	}
	if near := nearest(name, names); near != "" {
		f.Detail += "; did you mean " + clip(near) + "?"
		f.Fix.Summary = "write " + mask(near)
		f.Fix.Commands = rename2(Pos{f.Location.File, f.Location.Line, f.Location.Column}, name, near)
	}
}

// defined reports whether a request for name finds a deployment: by model_name,
// alias, pattern, or the model that a deployment calls.
func (l *linter) defined(name string) bool {
	if models, _ := l.c.Match(name); len(models) > 0 {
		return true
	}
	if _, _, ok := l.c.Alias(name); ok {
		return true
	}
	return slices.ContainsFunc(l.c.Models, func(m Model) bool {
		return m.Params.Get("model").Text() == name || m.Info.Get("id").Text() == name
	})
}

// source reports whether a fallback's source can be asked for. LiteLLM also
// tries the name without its provider.
func (l *linter) source(name string) bool {
	return l.defined(name) || slices.ContainsFunc(l.c.Models, func(m Model) bool {
		_, bare, cut := strings.Cut(m.Name, "/")
		return cut && bare == name
	})
}

// cycles reports circles of fallbacks at the step that closes them. Of circles
// that share a model it reports one: the others are the same knot.
func (l *linter) cycles(setting string, edges []edge) {
	next := map[string][]edge{}
	for _, e := range edges {
		next[e.from] = append(next[e.from], e)
	}
	state := map[string]int{} // 1: on the path, 2: done
	told := map[string]bool{}
	var path []string
	var visit func(name string)
	visit = func(name string) {
		state[name] = 1
		path = append(path, name)
		for _, e := range next[name] {
			switch state[e.to] {
			case 0:
				visit(e.to)
			case 1:
				circle := append(slices.Clone(path[slices.Index(path, e.to):]), e.to)
				if !slices.ContainsFunc(circle, func(n string) bool { return told[n] }) {
					l.circle(setting, e, circle)
				}
				for _, n := range circle {
					told[n] = true
				}
			}
		}
		path = path[:len(path)-1]
		state[name] = 2
	}
	for _, e := range edges {
		if state[e.from] == 0 {
			visit(e.from)
		}
	}
}

func (l *linter) circle(setting string, e edge, circle []string) {
	shownAs := make([]string, len(circle))
	for i, n := range circle {
		shownAs[i] = mask(n)
	}
	f := l.add("route.fallback-cycle", e.at, mask(e.from), setting+": "+strings.Join(shownAs, " → "))
	if len(circle) == 2 {
		f.Detail = setting + ": " + shownAs[0] + " falls back to itself, which LiteLLM skips"
	}
}

// aliases looks at the targets of model_group_alias.
func (l *linter) aliases() {
	f := l.c.Router.Field("model_group_alias")
	if f == nil || f.Value.Kind() == Null {
		return
	}
	if f.Value.Kind() != Map {
		l.add("config.shape", f.Written(), "", "model_group_alias has to be a map: alias: model_name")
		return
	}
	for _, a := range f.Value.Fields() {
		target, _, ok := l.c.Alias(a.Name)
		at := a.Value
		if a.Value.Kind() == Map {
			at = a.Value.Get("model")
		}
		if !ok {
			l.add("config.shape", a.Written(), "", "the alias "+clip(a.Name)+" names no model")
			continue
		}
		if models, _ := l.c.Match(target); len(models) == 0 {
			found := l.add("route.alias-undefined", at.Written(), "", "the alias "+clip(a.Name)+" points at "+clip(target)+", which is no model_name")
			l.undefined(found, target)
		}
	}
}

// strategies are the values of routing_strategy.
// Source: LiteLLM 1.80.10 and 1.109.1.
func strategies() []string {
	return []string{"simple-shuffle", "least-busy", "latency-based-routing", "cost-based-routing", "usage-based-routing", "usage-based-routing-v2", "provider-budget-routing", "lar1"}
}

func (l *linter) strategy() {
	f := l.c.Router.Field("routing_strategy")
	if f == nil || f.Value.Kind() == Null {
		return
	}
	t, scalar := text(f.Value)
	if _, ref := ParseReference(t); scalar && (ref || slices.Contains(strategies(), t)) {
		return
	}
	found := l.add("route.strategy-invalid", f.Value.Written(), "", clip(t)+" is no routing strategy; there are "+strings.Join(strategies(), ", "))
	near := nearest(t, strategies())
	for _, s := range strategies() {
		if near == "" && t != "" && (strings.HasPrefix(fold(s), fold(t)) || strings.HasPrefix(fold(t), fold(s))) {
			near = s
		}
	}
	if near != "" {
		found.Fix.Summary, found.Fix.Commands = "write "+near, rename(f.Value.Written(), t, near)
	}
}

// inert finds settings that change nothing.
func (l *linter) inert() {
	say := func(f *Field, detail, fix string, severity fault.Severity) {
		if f == nil {
			return
		}
		found := l.add("config.inert-setting", f.Written(), "", detail)
		found.Fix.Summary, found.Severity = fix, severity
	}
	say(l.c.Litellm.Field("cooldown_time"), "nothing reads cooldown_time in litellm_settings", "move it into router_settings, or into the deployment", fault.Warning)
	say(l.c.Litellm.Field("allowed_fails"), "allowed_fails in litellm_settings does not reach the cooldown: the router compares it with itself", "move it into router_settings", fault.Warning)
	if f := l.c.Router.Field("allowed_fails"); f != nil && f.Value.Text() == "3" {
		say(f, "3 is the default: LiteLLM 1.80.10 takes it for not set (1.109.1 counts it)", "write another number if it is meant", fault.Info)
	}
	if f := l.c.Router.Field("cooldown_time"); f != nil && (f.Value.Text() == "0" || f.Value.Text() == "0.0") {
		say(f, "0 counts as not set and becomes 5 seconds", "write disable_cooldowns: true", fault.Warning)
	}
	l.order()
}

// order finds the first use of order without the check that older versions of
// LiteLLM need for it.
func (l *linter) order() {
	if l.c.Router.Get("enable_pre_call_checks").Text() == "true" {
		return
	}
	n := 0
	var first *Field
	var name string
	members := map[string]int{}
	for _, m := range l.c.Models {
		members[m.Name]++
	}
	for _, m := range l.c.Models {
		if f := m.Params.Field("order"); f != nil && members[m.Name] > 1 {
			if n++; first == nil {
				first, name = f, m.Name
			}
		}
	}
	if first == nil {
		return
	}
	f := l.add("config.inert-setting", first.Written(), name, "order counts only with enable_pre_call_checks in LiteLLM 1.80.10 (1.109.1 follows it without); "+itoa(n)+" deployment"+plural(n)+" of this file use it")
	f.Severity, f.Fix.Summary = fault.Info, "add router_settings: {enable_pre_call_checks: true}"
}
