package config

import (
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/llmctl/llmctl/pkg/fault"
)

// embedded finds a reference inside a longer text.
var embedded = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`\$\{[A-Za-z_][A-Za-z0-9_]*(?::?-[^}]*)?\}|os\.environ[/.]`)
})

// leaf is one scalar of the file, with the way to it.
type leaf struct {
	node   *Node
	name   string // of the nearest key above
	path   []string
	inList bool // it is itself an item of a list
	model  string
	of     *Model // the deployment; nil outside model_list
}

// leaves gives every scalar of the sections that LiteLLM reads. A value behind
// several aliases is given once a use, up to a limit that only a bomb reaches.
func (l *linter) leaves(visit func(leaf)) {
	budget := maxValues
	for _, f := range l.c.top {
		if slices.Contains([]string{"tools", "providers", "llmctl", "include", "prompts", "model_list"}, f.Name) {
			continue
		}
		walk(leaf{node: f.Value, name: f.Name, path: []string{f.Name}}, visit, &budget)
	}
	for i := range l.c.Models {
		m := &l.c.Models[i]
		walk(leaf{node: m.Node, name: "model_list", path: []string{"model_list"}, model: m.Name, of: m}, visit, &budget)
	}
}

func walk(at leaf, visit func(leaf), budget *int) {
	if *budget--; *budget < 0 {
		return
	}
	if at.node.Kind() == Scalar {
		visit(at)
		return
	}
	for _, n := range at.node.Items() {
		next := at
		next.node, next.inList = n, true
		walk(next, visit, budget)
	}
	for _, f := range at.node.Fields() {
		next := at
		next.node, next.name, next.inList = f.Value, f.Name, false
		next.path = append(slices.Clone(at.path), f.Name)
		walk(next, visit, budget)
	}
}

// prose are the keys below which a dollar sign or braces are text.
func prose(path []string) bool {
	return slices.ContainsFunc(path, func(n string) bool {
		for _, p := range []string{"prompt", "message", "content", "template", "description", "regex", "pattern", "guardrail", "text"} {
			if strings.Contains(strings.ToLower(n), p) {
				return true
			}
		}
		return false
	})
}

// use is where the file refers to a variable.
type use struct {
	at    Pos
	model string
	name  string // the setting
	calls bool   // it belongs to a call: model_list, credential_list
}

// references looks at every value that refers to something, or tries to.
func (l *linter) references() {
	uses := map[string][]use{}
	l.leaves(func(v leaf) {
		t, _ := text(v.node)
		if t == "" {
			return
		}
		ref, ok := ParseReference(t)
		switch {
		case ok && ref.Scheme == "env" && v.inList && strings.HasPrefix(t, "os.environ/"):
			f := l.add("config.reference-form", v.node.Written(), v.model, "os.environ/"+ref.Name+" stands as an item of a list, where LiteLLM does not resolve it: it stays this very text")
			f.Fix.Summary = "write the value itself, or use the key of a map"
		case ok && ref.Scheme == "env":
			uses[ref.Name] = append(uses[ref.Name], use{v.node.Written(), v.model, v.name, v.path[0] == "model_list" || v.path[0] == "credential_list"})
		case ok:
		case wrongReference(t):
			l.wrong(v, t)
		case !prose(v.path) && v.path[0] != "pass_through_endpoints" && !slices.Contains(v.path, "pass_through_endpoints"):
			l.inside(v, t)
		}
	})
	l.variables(uses)
}

// wrong reports a whole value in a form that nobody resolves. Braces and
// percent signs count only where a reference is to be expected.
func (l *linter) wrong(v leaf, t string) {
	plain := strings.HasPrefix(t, "{") || strings.HasPrefix(t, "%") || strings.HasPrefix(t, "$(")
	if prose(v.path) || plain && !Sensitive(v.name) && !addressName(v.name) {
		return
	}
	shownAs := clip(t)
	if len(v.path) == 2 && v.path[0] == "environment_variables" {
		l.wrongVariable(v, shownAs, variableIn(t))
		return
	}
	f := l.add("config.reference-form", v.node.Written(), v.model, v.name+": "+shownAs+" is not resolved: the text itself is used")
	if name := variableIn(t); name != "" {
		f.Fix.Summary = "write os.environ/" + name
	}
}

// wrongVariable: environment_variables is written over the environment, so a
// text that was meant to fetch a value destroys it. A variable that only fetches
// itself needs no line at all. Source: LiteLLM 1.109.1, _load_environment_variables.
func (l *linter) wrongVariable(v leaf, shownAs, name string) {
	f := l.add("config.reference-form", v.node.Written(), v.model, v.name+" is set to the very text "+shownAs+", also where the environment has a value")
	switch name {
	case "", v.name:
		f.Fix.Summary = "remove the line: LiteLLM sees the environment without it"
	default:
		f.Fix.Summary = "write os.environ/" + name
	}
}

// inside reports a reference in the middle of a longer text.
func (l *linter) inside(v leaf, t string) {
	m := embedded().FindString(t)
	if m == "" {
		return
	}
	f := l.add("config.reference-form", v.node.Written(), v.model, v.name+": "+clip(m)+" inside a longer text is not resolved: a reference has to be the whole value")
	f.Fix.Summary = "put the whole text into one variable and write os.environ/NAME"
}

func addressName(name string) bool {
	n := strings.ToLower(name)
	for _, end := range []string{"base", "url", "host", "endpoint", "version", "region", "region_name", "location", "project", "port"} {
		if strings.HasSuffix(n, end) {
			return true
		}
	}
	return false
}

// variables looks for each variable once, and reports it at its first use.
func (l *linter) variables(uses map[string][]use) {
	if l.q.Set == nil {
		return
	}
	names := make([]string, 0, len(uses))
	for name := range uses {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		set, empty := l.q.Set(name)
		if set && !empty {
			continue
		}
		l.unset(name, uses[name], set)
	}
}

func (l *linter) unset(name string, uses []use, empty bool) {
	first := uses[0]
	more := ""
	if n := len(uses) - 1; n > 0 {
		more = "; used in " + itoa(n) + " more place" + plural(n) + ", next in line " + itoa(uses[1].at.Line)
	}
	if at, broken := l.inEnvironment(name); broken {
		return // what stands there is reported, and is the cause
	} else if at.Line > 0 {
		f := l.add("config.reference-order", first.at, first.model, name+" is set by environment_variables in line "+itoa(at.Line)+" only: LiteLLM resolves references before it applies that section"+more)
		f.Fix.Summary = "set " + name + " in the environment or in .env"
		return
	}
	state := "is not set"
	if empty {
		state = "is set but empty"
	}
	effect := ": LiteLLM takes " + first.name + " for absent, without a word"
	if first.name == "master_key" {
		effect = ": older versions of LiteLLM then serve everybody as an administrator, newer ones refuse to start"
	}
	f := l.add("config.reference-unset", first.at, first.model, name+" "+state+effect+more)
	if !slices.ContainsFunc(uses, func(u use) bool { return u.calls }) {
		// A setting of the proxy, whose environment may be another one: no call
		// of llmctl depends on it.
		f.Severity = fault.Warning
	}
	if near := l.likely(name); near != "" {
		f.Fix.Summary = "did you mean " + near + "? it is set"
		f.Fix.Commands = rename(first.at, name, near)
	}
}

// likely is a variable that is set and differs from name by a slip: among those
// that providers read and those of the file.
func (l *linter) likely(name string) string {
	var known []string
	for _, p := range l.q.Providers {
		known = append(append(append(known, p.Keys...), p.Bases...), p.VendorKeys...)
	}
	near := nearest(name, known)
	if near == "" || variableKind(near) != variableKind(name) {
		return ""
	}
	if set, empty := l.q.Set(near); !set || empty {
		return ""
	}
	return near
}

// variableKind keeps OPENAI_API_KEY and OPENAI_API_BASE apart.
func variableKind(name string) string { return name[strings.LastIndexByte(name, '_')+1:] }

func plural(n int) string {
	if n == 1 {
		return ""
	}
	return "s"
}

// inEnvironment is the place where environment_variables gives name a value;
// broken says that the value is a reference in a form that nobody resolves.
func (l *linter) inEnvironment(name string) (at Pos, broken bool) {
	for _, f := range l.c.Environment {
		if t, _ := text(f.Value); f.Name == name && t != "" && t != "os.environ/"+name {
			return f.Pos, wrongReference(t)
		}
	}
	return Pos{}, false
}

// environment finds variables that environment_variables would set to the text
// "None": LiteLLM turns every value into text, and an absent one is None.
func (l *linter) environment() {
	for _, f := range l.c.Environment {
		t, scalar := text(f.Value)
		switch {
		case f.Value.Kind() == List || f.Value.Kind() == Map:
			l.add("config.shape", f.Written(), "", clip(f.Name)+" has to be a text: a variable holds nothing else")
		case !scalar:
			l.none(f, "has no value")
		default:
			ref, ok := ParseReference(t)
			if !ok || ref.Scheme != "env" || l.q.Set == nil {
				continue
			}
			if set, empty := l.q.Set(ref.Name); !set || empty {
				l.none(f, "refers to "+ref.Name+", which is not set")
			}
		}
	}
}

func (l *linter) none(f Field, why string) {
	found := l.add("config.text-none", f.Written(), "", clip(f.Name)+" "+why+": LiteLLM sets it to the text None")
	if l.q.Set == nil {
		return
	}
	if set, empty := l.q.Set(f.Name); set && !empty {
		found.Detail += ", over the value that it has in the environment"
	}
	found.Severity = fault.Error
}
