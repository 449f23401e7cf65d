package source

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// scan finds the assignments of a .env as godotenv 1.5.1 does, with their
// places. The mistake says where godotenv gives up; nil when it does not.
//
// Some of what looks odd here is godotenv's: it looks at the bytes of a name,
// not at its runes; a file that ends without an equals sign has an empty name;
// behind a closing quote the same line may go on with another assignment.
// FuzzDotEnv holds the two against each other.
func scan(text string) ([]assignment, *mistake) {
	s := &scanner{text: text, line: 1}
	for s.next() {
		a, m := s.name()
		if m == nil {
			m = s.value(&a)
		}
		if m != nil {
			return s.found, m
		}
		s.found = append(s.found, a)
	}
	return s.found, nil
}

// scanner is a position in a text. line and col belong to mark, the offset up
// to which they were counted.
type scanner struct {
	text      string
	pos       int
	mark      int
	line, col int
	found     []assignment
}

// place is the line and column of a byte offset. Offsets are asked for in
// rising order, so that the text is counted once.
func (s *scanner) place(offset int) place {
	for s.mark < offset {
		r, size := utf8.DecodeRuneInString(s.text[s.mark:])
		if r == '\n' {
			s.line, s.col = s.line+1, 0
		} else {
			s.col++
		}
		s.mark += size
	}
	return place{s.line, s.col + 1}
}

// skip moves over runes of a kind.
func (s *scanner) skip(f func(rune) bool) {
	s.pos += len(s.text[s.pos:]) - len(strings.TrimLeftFunc(s.text[s.pos:], f))
}

// next moves to the next statement, over blank lines and comments.
func (s *scanner) next() bool {
	for {
		s.skip(unicode.IsSpace)
		if s.pos == len(s.text) {
			return false
		}
		if s.text[s.pos] != '#' {
			return true
		}
		i := strings.IndexByte(s.text[s.pos:], '\n')
		if i < 0 {
			return false
		}
		s.pos += i
	}
}

// name reads up to and over the equals sign.
func (s *scanner) name() (assignment, *mistake) {
	a := assignment{start: s.pos}
	if rest, ok := strings.CutPrefix(s.text[s.pos:], "export"); ok && strings.IndexFunc(rest, space) == 0 {
		a.export = true
		s.pos += len("export")
		s.skip(space)
	}
	if s.pos == len(s.text) {
		return a, &mistake{s.place(a.start), "export without a name"}
	}
	a.at = s.place(s.pos)
	for i := s.pos; i < len(s.text); i++ {
		c := s.text[i]
		switch {
		case space(rune(c)), c == '_', c == '.', unicode.IsLetter(rune(c)), unicode.IsNumber(rune(c)):
		case c == '=' || c == ':':
			a.name = strings.TrimRightFunc(s.text[s.pos:i], unicode.IsSpace)
			a.before = a.name != s.text[s.pos:i]
			a.colon = c == ':'
			s.pos = i + 1
			s.skip(space)
			a.after = s.pos > i+1
			return a, nil
		default:
			return a, s.badName(i)
		}
	}
	return a, nil // no equals sign up to the end: an empty name, as godotenv has it
}

func (s *scanner) badName(i int) *mistake {
	if s.text[i] == '\n' {
		return &mistake{s.place(s.pos), "no = behind the name"}
	}
	for !utf8.RuneStart(s.text[i]) && i > s.pos {
		i--
	}
	r, _ := utf8.DecodeRuneInString(s.text[i:])
	why := "a character that no name may have (" + unicodeName(r) + ")"
	switch r {
	case '"', '\'':
		why = "a quote where a name should be: perhaps text behind a closing quote"
	case '-':
		why = "a dash in a name"
	case utf8.RuneError, 0:
		why = "the file is not text"
	}
	return &mistake{s.place(i), why}
}

// value reads a value and moves behind it.
func (s *scanner) value(a *assignment) *mistake {
	rest := s.text[s.pos:]
	a.value, a.end = s.place(s.pos), s.pos
	if rest != "" && (rest[0] == '"' || rest[0] == '\'') {
		return s.quoted(a, rest)
	}
	end := strings.IndexAny(rest, "\r\n")
	if end < 0 {
		end = len(rest)
	}
	line := rest[:end]
	s.pos += end
	if line == "" {
		a.after = false
		return nil
	}
	// The last # behind white space begins the comment, unless it is the first
	// character.
	for i := len(line) - 1; i > 0; i-- {
		if line[i] != '#' {
			continue
		}
		if r, _ := utf8.DecodeLastRuneInString(line[:i]); space(r) {
			line, a.comment = line[:i], true
			break
		}
	}
	a.raw = strings.TrimFunc(line, space)
	a.end = s.pos
	a.after = a.after && a.raw != ""
	return nil
}

// quoted reads a value in quotes, over as many lines as it has.
func (s *scanner) quoted(a *assignment, rest string) *mistake {
	a.quote = rest[0]
	for i := 1; i < len(rest); i++ {
		if rest[i] == a.quote && rest[i-1] != '\\' {
			a.raw = rest[:i+1]
			s.pos += i + 1
			a.end = s.pos
			return nil
		}
	}
	return &mistake{a.value, "a quote that is not closed"}
}

// unicodeName is "U+200B" and the like.
func unicodeName(r rune) string {
	const hex = "0123456789ABCDEF"
	out := "U+"
	for shift := 20; shift >= 0; shift -= 4 {
		d := r >> shift & 0xF
		if shift >= 16 && d == 0 && out == "U+" {
			continue
		}
		out += string(hex[d])
	}
	return out
}
