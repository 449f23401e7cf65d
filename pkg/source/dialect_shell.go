package source

import (
	"slices"
	"strings"
)

// readShell is `set -a; . ./.env` in a POSIX shell. It follows simple commands:
// assignments, export, quotes, $NAME, ${NAME} and ${NAME:-default}, and what
// ends a command. Where a line runs something, its assignments are lost, as
// they are the command's own. Beyond that it says that it is not sure.
func readShell(text string, env func(string) (string, bool)) reading {
	s := &shell{text: text, line: 1, env: env, out: newReading()}
	for s.pos < len(s.text) && !s.stop {
		s.command()
	}
	return s.out
}

type shell struct {
	text string
	pos  int
	line int
	env  func(string) (string, bool)
	out  reading
	stop bool // nothing behind this is predicted
}

// word is one word of a command. name and value are those of an assignment.
type word struct {
	text   string
	name   string // "" when the word is no assignment
	value  string
	unsure bool
	runs   bool // a command's output is in it
}

// command reads up to what ends a simple command, and does it.
func (s *shell) command() {
	begin := s.line
	var words []word
	for {
		s.blanks()
		c := s.peek()
		switch {
		case s.pos >= len(s.text), c == '\n':
			s.do(words, begin)
			s.advance()
			return
		case c == '#':
			s.comment()
		case c == ';':
			s.pos++
			s.do(words, begin)
			return
		case c == '&' || c == '|':
			twice := strings.HasPrefix(s.text[s.pos+1:], string(c))
			s.pos++
			if twice {
				s.pos++
				s.do(words, begin)
				return
			}
			if c == '|' { // both sides run on their own: nothing is set here
				s.skipLine()
			}
			return
		case c == '(' || c == ')':
			s.refuse(begin)
			return
		case c == '<' || c == '>':
			s.redirect(begin)
			return
		default:
			w, ok := s.word()
			if !ok {
				s.out.refused[begin] = true
				s.stop = true // an open quote swallows the rest
				return
			}
			words = append(words, w)
		}
	}
}

func (s *shell) peek() byte {
	if s.pos < len(s.text) {
		return s.text[s.pos]
	}
	return 0
}

// advance moves over one byte and counts lines.
func (s *shell) advance() {
	if s.pos < len(s.text) {
		if s.text[s.pos] == '\n' {
			s.line++
		}
		s.pos++
	}
}

func (s *shell) blanks() {
	for s.pos < len(s.text) {
		switch {
		case s.peek() == ' ' || s.peek() == '\t':
			s.pos++
		case strings.HasPrefix(s.text[s.pos:], "\\\n"):
			s.pos++
			s.advance()
		default:
			return
		}
	}
}

func (s *shell) comment() {
	for s.pos < len(s.text) && s.peek() != '\n' {
		s.pos++
	}
}

func (s *shell) skipLine() {
	s.comment()
	s.advance()
}

// refuse is a syntax error: a real shell stops there. The next line is read as
// if nothing had happened.
func (s *shell) refuse(line int) {
	s.out.refused[line] = true
	s.skipLine()
}

// redirect is < or >. Of the many forms only the one that a placeholder has,
// <word>, is known: a syntax error.
func (s *shell) redirect(line int) {
	rest := s.text[s.pos:]
	if i := strings.IndexByte(rest, '\n'); i >= 0 {
		rest = rest[:i]
	}
	if strings.HasSuffix(strings.TrimRight(rest, " \t"), ">") {
		s.refuse(line)
		return
	}
	s.out.lost[line] = true
	s.skipLine()
}

// do runs a command: assignments alone are kept.
func (s *shell) do(words []word, line int) {
	lead := 0
	for lead < len(words) && words[lead].name != "" {
		lead++
	}
	if lead == len(words) {
		for _, w := range words {
			s.assign(w)
		}
		return
	}
	switch name := words[lead].text; {
	case name == "export" || name == "readonly":
		for _, w := range words[lead+1:] {
			switch {
			case w.name != "":
				s.assign(w)
			case !shellName(w.text):
				s.out.refused[line] = true
			}
		}
	case name == "unset":
		for _, w := range words[lead+1:] {
			delete(s.out.values, w.text)
		}
	case slices.Contains([]string{"if", "for", "while", "until", "case", "{", "}", "!", "do", "done", "then", "fi", "esac", "function",
		".", ":", "eval", "exec", "exit", "return", "trap", "cd", "source"}, name) || words[lead].unsure:
		s.out.lost[line] = true
	}
}

func (s *shell) assign(w word) {
	s.out.set(w.name, w.value)
	if w.unsure {
		s.out.unsure[w.name] = true
	}
	if w.runs {
		s.out.runs[w.name] = true
	}
}

// word reads one word; false means an open quote.
func (s *shell) word() (word, bool) {
	var w word
	var b strings.Builder
	plain := true // nothing was quoted or expanded yet: a name may still come
	for s.pos < len(s.text) {
		c := s.peek()
		switch {
		case strings.IndexByte(" \t\n;&|()<>", c) >= 0:
			return w.done(b.String()), true
		case c == '=' && plain && w.name == "" && shellName(b.String()):
			w.name = b.String()
			b.Reset()
			s.pos++
			s.tilde(&w, &b)
			continue
		case c == '\'':
			plain = false
			end := strings.IndexByte(s.text[s.pos+1:], '\'')
			if end < 0 {
				return w, false
			}
			body := s.text[s.pos+1 : s.pos+1+end]
			b.WriteString(body)
			s.line += strings.Count(body, "\n")
			s.pos += end + 2
		case c == '"':
			plain = false
			if !s.double(&w, &b) {
				return w, false
			}
		case c == '\\':
			plain = false
			s.pos++
			if s.peek() != '\n' && s.pos < len(s.text) {
				b.WriteByte(s.peek())
			}
			s.advance()
		case c == '$' || c == '`':
			plain = false
			if !s.dollar(&w, &b) {
				return w, false
			}
		default:
			b.WriteByte(c)
			s.pos++
			if c == ':' && w.name != "" {
				s.tilde(&w, &b)
			}
		}
	}
	return w.done(b.String()), true
}

func (w word) done(text string) word {
	w.value, w.text = text, text
	if w.name != "" {
		w.text = w.name + "=" + text
	}
	return w
}

// tilde expands ~ at the beginning of an assigned value and behind a colon.
func (s *shell) tilde(w *word, b *strings.Builder) {
	if s.peek() != '~' {
		return
	}
	next := byte('\n')
	if s.pos+1 < len(s.text) {
		next = s.text[s.pos+1]
	}
	home, ok := s.env("HOME")
	if !ok || strings.IndexByte("/: \t\n;&|", next) < 0 {
		w.unsure = true
		return
	}
	b.WriteString(home)
	s.pos++
}

// double reads text in double quotes.
func (s *shell) double(w *word, b *strings.Builder) bool {
	s.pos++
	for s.pos < len(s.text) {
		switch c := s.peek(); c {
		case '"':
			s.pos++
			return true
		case '\\':
			s.pos++
			next := s.peek()
			if next == '\n' {
				s.advance()
				continue
			}
			if strings.IndexByte("$`\"\\", next) < 0 {
				b.WriteByte('\\')
			}
			if s.pos < len(s.text) {
				b.WriteByte(next)
				s.pos++
			}
		case '$', '`':
			if !s.dollar(w, b) {
				return false
			}
		default:
			b.WriteByte(c)
			s.advance()
		}
	}
	return false
}

// dollar expands what begins with $ or a backtick; false means that it is not
// closed. What a command would print is not known.
func (s *shell) dollar(w *word, b *strings.Builder) bool {
	rest := s.text[s.pos+1:]
	switch {
	case s.peek() == '`':
		return s.over(w, "`", rest)
	case strings.HasPrefix(rest, "("):
		return s.over(w, ")", rest)
	case strings.HasPrefix(rest, "{"):
		end := strings.IndexByte(rest, '}')
		if end < 0 {
			return false
		}
		s.pos += end + 2
		s.parameter(w, b, rest[1:end])
	default:
		n := 0
		for n < len(rest) && (shellName(rest[n:n+1]) || n > 0 && rest[n] >= '0' && rest[n] <= '9') {
			n++
		}
		switch {
		case n > 0:
			s.pos += n + 1
			b.WriteString(s.value(w, rest[:n]))
		case rest != "" && rest[0] >= '1' && rest[0] <= '9': // no arguments are given
			s.pos += 2
		case rest != "" && strings.IndexByte("$!?#@*-0", rest[0]) >= 0:
			s.pos += 2
			w.unsure = true
		default:
			b.WriteByte('$')
			s.pos++
		}
	}
	return true
}

// over passes over a command whose output is not known.
func (s *shell) over(w *word, closing, rest string) bool {
	end := strings.Index(rest, closing)
	if end < 0 {
		return false
	}
	w.unsure, w.runs = true, true
	s.line += strings.Count(rest[:end], "\n")
	s.pos += end + 2
	return true
}

// parameter is the inside of ${…}.
func (s *shell) parameter(w *word, b *strings.Builder, inner string) {
	if shellName(inner) {
		b.WriteString(s.value(w, inner))
		return
	}
	name, instead, ok := strings.Cut(inner, ":-")
	if !ok || !shellName(name) || strings.ContainsAny(instead, "$`\"'\\~{") {
		w.unsure = true
		return
	}
	if v := s.value(w, name); v != "" {
		instead = v
	}
	b.WriteString(instead)
}

// value is a variable's value in the shell: the file's, else the caller's.
func (s *shell) value(w *word, name string) string {
	if s.out.unsure[name] {
		w.unsure = true
	}
	if v, ok := s.out.values[name]; ok {
		return v
	}
	v, _ := s.env(name)
	return v
}

// shellName reports whether a text is a name that a shell takes.
func shellName(t string) bool {
	for i, r := range t {
		if r != '_' && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') && (i == 0 || r < '0' || r > '9') {
			return false
		}
	}
	return t != ""
}
