package config

import (
	"regexp"
	"strings"
	"sync"
)

// Reference is a value that names where the real value is.
type Reference struct {
	Scheme string // "env" (also for os.environ/NAME), "file", "keyring", "cmd"
	Name   string // what follows the scheme, trimmed; never empty
}

// ParseReference reads os.environ/NAME (LiteLLM's form), env:NAME, file:PATH,
// keyring:NAME and cmd:COMMAND. The whole text has to be the reference: nobody
// interpolates inside a longer one.
func ParseReference(text string) (Reference, bool) {
	t := strings.TrimSpace(text)
	for _, s := range []struct{ prefix, scheme string }{
		{"os.environ/", "env"}, {"env:", "env"}, {"file:", "file"}, {"keyring:", "keyring"}, {"cmd:", "cmd"},
	} {
		name, ok := strings.CutPrefix(t, s.prefix)
		name = strings.TrimSpace(name)
		if !ok || name == "" {
			continue
		}
		if s.scheme == "env" && !variable().MatchString(name) {
			return Reference{}, false
		}
		return Reference{Scheme: s.scheme, Name: name}, true
	}
	return Reference{}, false
}

var variable = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_.-]*$`) })

// wrongReference reports whether text is a form that people write and nobody
// resolves: ${X}, $X, $(X), {{ X }}, {X}, %X%, os.environ.X, os.environ['X'],
// os.getenv("X"), environ/X, os.environ:X, process.env.X.
func wrongReference(text string) bool {
	_, right := ParseReference(text)
	return !right && wrongForm().MatchString(strings.TrimSpace(text))
}

var wrongForm = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(?:\$\{[A-Za-z_][A-Za-z0-9_]*(?::?[-?][^}]{0,40})?\}|\$\(?[A-Za-z_][A-Za-z0-9_]*\)?|\{\{[^{}]{1,60}\}\}|\{[A-Z_][A-Z0-9_]*\}|%[A-Za-z_][A-Za-z0-9_]*%|` +
		`(?i:os\.environ(?:[.:]\s*|//+|/\s*|\[['"]?|\.get\(['"]?)|os\.getenv\(['"]?|os/environ/|os\.env/|environ[./]|env/|process\.env\.)[A-Za-z_]?[A-Za-z0-9_]*(?:['"]?[\])])?)$`)
})

// variableIn is the variable that a reference of a wrong form means, "" when
// none can be read from it.
func variableIn(text string) string {
	t := strings.Trim(strings.TrimSpace(text), "${}()%[]'\" ")
	if i := strings.IndexAny(t, ":?-"); i > 0 && !strings.HasPrefix(strings.ToLower(t), "os.environ:") {
		t = t[:i]
	}
	if i := strings.LastIndexAny(t, "./:['\"( "); i >= 0 {
		t = t[i+1:]
	}
	if !variable().MatchString(t) {
		return ""
	}
	return t
}
