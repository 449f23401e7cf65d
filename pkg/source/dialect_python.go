package source

import (
	"strings"
	"unicode"
)

// readPython is load_dotenv of python-dotenv, which LiteLLM calls. A line that
// it cannot read is passed over. ${X} is expanded in every kind of quotes, and
// the environment comes before the file.
func readPython(text string, env func(string) (string, bool)) reading {
	p := &python{text: strings.ReplaceAll(text, "\r", "\n"), env: env, out: newReading()}
	for p.pos < len(p.text) {
		if !p.binding() {
			p.restOfLine()
		}
	}
	return p.out
}

type python struct {
	text string
	pos  int
	env  func(string) (string, bool)
	out  reading
}

// pySpace is \s of Python's re.
func pySpace(r rune) bool { return unicode.IsSpace(r) || r >= 0x1c && r <= 0x1f }

func pyBlank(r rune) bool { return pySpace(r) && r != '\n' && r != '\r' }

func (p *python) skip(f func(rune) bool) int {
	rest := strings.TrimLeftFunc(p.text[p.pos:], f)
	n := len(p.text) - p.pos - len(rest)
	p.pos += n
	return n
}

func (p *python) peek() byte {
	if p.pos < len(p.text) {
		return p.text[p.pos]
	}
	return 0
}

func (p *python) restOfLine() {
	if i := strings.IndexByte(p.text[p.pos:], '\n'); i >= 0 {
		p.pos += i + 1
		return
	}
	p.pos = len(p.text)
}

// binding reads one statement; false means that the rest of the line is passed
// over.
func (p *python) binding() bool {
	p.skip(pySpace)
	if p.pos == len(p.text) {
		return true
	}
	if rest, ok := strings.CutPrefix(p.text[p.pos:], "export"); ok && strings.IndexFunc(rest, pyBlank) == 0 {
		p.pos += len("export")
		p.skip(pyBlank)
	}
	name, named, ok := p.name()
	if !ok {
		return false
	}
	p.skip(pyBlank)
	value, given := "", false
	if p.peek() == '=' {
		p.pos++
		given = true
		gap := p.skip(pyBlank) > 0
		if !gap || p.peek() != '#' {
			if value, ok = p.value(); !ok {
				return false
			}
		}
	}
	p.skip(pyBlank)
	if p.peek() == '#' {
		p.skip(func(r rune) bool { return r != '\n' })
	}
	if p.pos < len(p.text) && p.peek() != '\n' {
		return false
	}
	p.pos = min(p.pos+1, len(p.text))
	switch {
	case named && given:
		p.out.set(name, p.expand(value))
	case named: // a name alone takes the place of an earlier value
		delete(p.out.values, name)
	}
	return true
}

func (p *python) name() (name string, named, ok bool) {
	rest := p.text[p.pos:]
	switch p.peek() {
	case '#':
		return "", false, true
	case '\'':
		end := strings.IndexByte(rest[1:], '\'')
		if end < 1 {
			return "", false, false
		}
		p.pos += end + 2
		return rest[1 : end+1], true, true
	}
	end := strings.IndexFunc(rest, func(r rune) bool { return r == '=' || r == '#' || pySpace(r) })
	if end < 0 {
		end = len(rest)
	}
	p.pos += end
	return rest[:end], end > 0, end > 0
}

func (p *python) value() (string, bool) {
	rest := p.text[p.pos:]
	if c := p.peek(); c == '\'' || c == '"' {
		for i := 1; i < len(rest); i++ {
			switch rest[i] {
			case '\\':
				i++
			case c:
				p.pos += i + 1
				return unescapePython(rest[1:i], c), true
			}
		}
		return "", false
	}
	end := strings.IndexByte(rest, '\n')
	if end < 0 {
		end = len(rest)
	}
	p.pos += end
	line := rest[:end]
	for i := range line {
		if line[i] == '#' && i > 0 && strings.TrimRightFunc(line[:i], pySpace) != line[:i] {
			line = line[:i]
			break
		}
	}
	return strings.TrimRightFunc(line, pySpace), true
}

// unescapePython undoes the escapes that count inside these quotes.
func unescapePython(s string, quote byte) string {
	known := map[byte]string{'\\': `\`, '\'': "'"}
	if quote == '"' {
		known = map[byte]string{'\\': `\`, '\'': "'", '"': `"`, 'a': "\a", 'b': "\b", 'f': "\f", 'n': "\n", 'r': "\r", 't': "\t", 'v': "\v"}
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) {
			if with, ok := known[s[i+1]]; ok {
				b.WriteString(with)
				i++
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// expand replaces ${NAME} and ${NAME:-default}.
func (p *python) expand(s string) string {
	var b strings.Builder
	for {
		i := strings.Index(s, "${")
		if i < 0 {
			return b.String() + s
		}
		end := strings.IndexByte(s[i:], '}')
		inner := ""
		if end > 0 {
			inner = s[i+2 : i+end]
		}
		name, instead, hasDefault := strings.Cut(inner, ":")
		if end < 0 || hasDefault && !strings.HasPrefix(instead, "-") {
			b.WriteString(s[:i+2])
			s = s[i+2:]
			continue
		}
		b.WriteString(s[:i])
		if v, ok := p.env(name); ok {
			b.WriteString(v)
		} else if v, ok := p.out.values[name]; ok {
			b.WriteString(v)
		} else {
			b.WriteString(strings.TrimPrefix(instead, "-"))
		}
		s = s[i+end+1:]
	}
}
