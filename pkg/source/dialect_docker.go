package source

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// readDocker is `docker run --env-file`: everything behind the first equals
// sign is the value, quotes, spaces and comments included.
func readDocker(text string, env func(string) (string, bool)) reading {
	r := newReading()
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimLeftFunc(strings.TrimSuffix(line, "\r"), unicode.IsSpace)
		if line == "" || line[0] == '#' {
			continue
		}
		name, value, ok := strings.Cut(line, "=")
		switch {
		case !utf8.ValidString(line), name == "", strings.ContainsAny(name, " \t"):
			r.refused[i+1] = true
		case ok:
			r.set(name, value)
		default: // a name alone passes the caller's variable on
			if v, ok := env(line); ok {
				r.set(strings.TrimSpace(line), v)
			}
		}
	}
	return r
}
