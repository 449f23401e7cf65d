package source

import (
	"regexp"
	"strings"
	"sync"
)

// npmLine is the form that npm's dotenv looks for: a name, then = or ": ", then
// a value in one of three quotes or anything up to a # or the line's end.
// Source: npm dotenv 17.4.2 and 18.0.10, whose expression is the same.
var npmLine = sync.OnceValue(func() *regexp.Regexp {
	const s = `[\t\n\v\f\r \x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}\x{feff}]`
	value := func(q string) string { return s + `*` + q + `(?:\\` + q + `|[^` + q + `])*` + q }
	return regexp.MustCompile(`(?m)^` + s + `*(?:export` + s + `+)?([0-9A-Za-z_.-]+)(?:` + s + `*=` + s + `*?|:` + s + `+?)` +
		`(` + value(`'`) + `|` + value(`"`) + `|` + value("`") + `|[^#\r\n]+)?` + s + `*(?:#.*)?$`)
})

// readNpm is config() of npm's dotenv. It expands nothing.
func readNpm(text string, _ func(string) (string, bool)) reading {
	r := newReading()
	text = strings.ReplaceAll(text, "\r", "\n")
	for _, m := range npmLine().FindAllStringSubmatch(text, -1) {
		value := strings.TrimFunc(m[2], jsSpace)
		double := strings.HasPrefix(value, `"`)
		value = unquoteNpm(value)
		if double {
			value = strings.ReplaceAll(strings.ReplaceAll(value, `\n`, "\n"), `\r`, "\r")
		}
		r.set(m[1], value)
	}
	return r
}

// unquoteNpm strips a quote at the beginning of a line together with the last
// of its kind that ends one.
func unquoteNpm(s string) string {
	for at := 0; at < len(s); {
		if strings.IndexByte("'\"`", s[at]) >= 0 {
			for end := len(s) - 1; end > at; end-- {
				if s[end] == s[at] && (end == len(s)-1 || s[end+1] == '\n') {
					s = s[:at] + s[at+1:end] + s[end+1:]
					at = end - 1
					break
				}
			}
		}
		i := strings.IndexByte(s[at:], '\n')
		if i < 0 {
			break
		}
		at += i + 1
	}
	return s
}

// readNode is `node --env-file`. It trims spaces and no other white space,
// drops every carriage return, and takes all text up to the next equals sign
// for the name.
func readNode(text string, _ func(string) (string, bool)) reading {
	r := newReading()
	rest := trimNode(strings.ReplaceAll(text, "\r", ""))
	for rest != "" {
		if rest[0] == '\n' || rest[0] == '#' {
			_, after, ok := strings.Cut(rest, "\n")
			if !ok {
				break
			}
			rest = after
			continue
		}
		name, after, ok := strings.Cut(rest, "=")
		if name = strings.TrimPrefix(trimNode(name), "export "); !ok || name == "" {
			break
		}
		var value string
		if value, rest = nodeValue(after); rest != noValue {
			r.set(name, value)
		} else {
			break
		}
	}
	return r
}

// noValue says that node stores nothing and stops.
const noValue = "\x00"

func trimNode(s string) string { return strings.Trim(s, " ") }

// nodeValue cuts the value from what stands behind the equals sign.
func nodeValue(s string) (value, rest string) {
	if s == "" || s[0] == '\n' {
		return "", strings.TrimPrefix(s, "\n")
	}
	if s = strings.TrimLeft(s, " "); s == "" {
		return "", ""
	}
	line, below := s, ""
	if i := strings.IndexByte(s, '\n'); i >= 0 {
		line, below = s[:i], s[i:]
	}
	if strings.IndexByte("\"'`", s[0]) >= 0 {
		end := strings.IndexByte(s[1:], s[0])
		if end >= 0 {
			value = s[1 : end+1]
			if s[0] == '"' {
				value = strings.ReplaceAll(value, `\n`, "\n")
			}
			if _, after, ok := strings.Cut(s[end+2:], "\n"); ok {
				return value, "\n" + after
			}
			return value, ""
		}
		if below == "" {
			return "", noValue
		}
		return line, below
	}
	line, _, _ = strings.Cut(line, "#")
	return trimNode(line), below
}
