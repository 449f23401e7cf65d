package config

import (
	"cmp"
	"slices"
	"strings"

	"github.com/llmctl/llmctl/pkg/fault"
	"github.com/llmctl/llmctl/pkg/provider"
)

// Questions are what lint asks of the world outside the file. A nil function
// or an empty table skips the rules that need it.
type Questions struct {
	Providers []provider.Provider
	// Set reports whether a variable is set in the process environment or in a
	// .env file that counts, and whether it is empty there. The file's own
	// environment_variables do not count: lint knows them.
	Set func(name string) (set, empty bool)
	// Known lists the providers whose catalog has a bare model name.
	Known func(model string) []string
	// Nearest gives up to n provider/model names close to a name.
	Nearest func(model string, n int) []string
}

// Lint is everything that can be said of the file without calling anybody, and
// what reading it found, sorted by place. Each finding stands at the line that
// has to be edited, with that line, credentials masked. A finding that a comment
// suppresses has Ignored set.
func (c *Config) Lint(q Questions) []fault.Finding {
	if c == nil {
		return nil
	}
	l := &linter{c: c, q: q, found: slices.Clone(c.problems)}
	for _, rule := range []func(){
		l.sections, l.entries, l.references, l.environment, l.secrets, l.masterKey,
		l.names, l.bases, l.pools, l.routes, l.aliases, l.strategy, l.inert,
	} {
		rule()
	}
	_, rows := c.ProviderRows()
	l.found = append(l.found, rows...)
	return l.sorted()
}

// linter collects what the rules find.
type linter struct {
	c     *Config
	q     Questions
	found []fault.Finding
}

// add notes a finding at a place and gives it for further detail; it is valid
// until the next one is added.
func (l *linter) add(code fault.Code, at Pos, deployment, detail string) *fault.Finding {
	if len(l.found) >= maxFindings {
		return &fault.Finding{Location: &fault.Location{}}
	}
	f := l.c.finding(code, at, detail)
	f.Deployment = deployment
	l.found = append(l.found, f)
	return &l.found[len(l.found)-1]
}

// sorted puts the findings in the order of the files and lines, each once, and
// marks them.
func (l *linter) sorted() []fault.Finding {
	rank := map[string]int{}
	for i, f := range l.c.Files {
		rank[f.Path] = i
	}
	slices.SortStableFunc(l.found, func(a, b fault.Finding) int {
		return cmp.Or(cmp.Compare(rank[a.Location.File], rank[b.Location.File]), cmp.Compare(a.Location.Line, b.Location.Line),
			cmp.Compare(a.Location.Column, b.Location.Column), cmp.Compare(a.Code, b.Code))
	})
	type key struct {
		code fault.Code
		at   fault.Location
		why  string
	}
	seen := map[key]bool{}
	type line struct {
		file string
		n    int
	}
	snippets := map[line]string{} // many findings may stand in one long line
	out := make([]fault.Finding, 0, len(l.found))
	for _, f := range l.found {
		k := key{f.Code, *f.Location, f.Detail}
		if seen[k] {
			continue
		}
		seen[k] = true
		at := line{f.Location.File, f.Location.Line}
		if s, have := snippets[at]; have && f.Location.Snippet == "" {
			here := *f.Location
			here.Snippet, f.Location = s, &here
		}
		f = l.c.Mark(f)
		snippets[at] = f.Location.Snippet
		out = append(out, f)
	}
	return out
}

// rename is the command that corrects a name in one line. It keeps the old file
// as FILE.bak, which both GNU's and BSD's sed can.
func rename(at Pos, from, to string) []string {
	if strings.ContainsAny(from+to, "/'\\&|$*[]^ \"\n") || strings.ContainsAny(at.File, "'\n") || at.File == "" || from == "" {
		return []string{}
	}
	return []string{"sed -i.bak '" + itoa(at.Line) + "s/" + strings.ReplaceAll(from, ".", `\.`) + "/" + to + "/' " + quoteFile(at.File)}
}

// quoteFile quotes a path for a shell when it needs it.
func quoteFile(path string) string {
	if strings.ContainsFunc(path, func(r rune) bool {
		return !strings.ContainsRune("/._-+~", r) && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	}) {
		return "'" + path + "'"
	}
	return path
}

// text is a scalar that is no null, trimmed; ok is false for anything else.
func text(n *Node) (string, bool) {
	return strings.TrimSpace(n.Text()), n.Kind() == Scalar
}

// base is the base that a deployment gives: api_base, else base_url.
func (m Model) base() *Field {
	if f := m.Params.Field("api_base"); f != nil {
		return f
	}
	return m.Params.Field("base_url")
}

// provider finds the row of a deployment: custom_llm_provider, else the part of
// the model before the slash. ok is false when there is none.
func (l *linter) provider(m Model) (p provider.Provider, ok bool) {
	name := m.Params.Get("custom_llm_provider").Text()
	if name == "" {
		var cut bool
		if name, _, cut = strings.Cut(strings.TrimSpace(m.Params.Get("model").Text()), "/"); !cut {
			return provider.Provider{}, false
		}
	}
	return provider.Lookup(l.q.Providers, name)
}
