package source

import (
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/joho/godotenv"

	"github.com/llmctl/llmctl/pkg/fault"
	"github.com/llmctl/llmctl/pkg/secret"
)

// lint says what is wrong with a .env, in the order of its lines; what is true
// of the whole file comes first. One cause makes one finding a line, and what
// every line of a file has in common makes one for the file. A file that every
// program reads alike has none.
func (s FS) lint(d *dotenv, known []string) []fault.Finding {
	if len(d.text) > maxLint {
		f := fault.New("dotenv.too-large", d.path+" is read, but too large to be checked line by line")
		f.Severity, f.Location = fault.Info, &fault.Location{File: d.path}
		return []fault.Finding{f}
	}
	l := &linter{dotenv: d, differs: d.differences(s.lookup)}
	l.file()
	l.keys(s)
	for i, a := range d.found {
		l.line(i, a)
		l.duplicate(i, a)
		l.typo(a, known)
	}
	if d.broken != nil {
		f := l.at(d.broken.at, "dotenv.syntax", d.broken.why+"; godotenv reads nothing of a file with such a line")
		l.out = append(l.out, f)
	}
	slices.SortStableFunc(l.out, func(a, b fault.Finding) int { return a.Location.Line - b.Location.Line })
	return l.out
}

// How much is checked: bytes of a file, and pairs of duplicates whose values
// are compared. Both keep a hostile file from costing seconds.
const (
	maxLint  = 64 << 10
	maxTwice = 20
)

// linter gathers the findings of one file.
type linter struct {
	*dotenv
	differs [][]difference // by assignment
	twice   int            // duplicates so far
	out     []fault.Finding
}

// at makes a finding at a place.
func (l *linter) at(p place, code fault.Code, detail string) fault.Finding {
	f := fault.New(code, detail)
	f.Location = l.location(p)
	return f
}

func (l *linter) add(p place, code fault.Code, detail string) {
	l.out = append(l.out, l.at(p, code, detail))
}

// file is what is true of the whole file.
func (l *linter) file() {
	if l.bom {
		l.add(place{1, 1}, "dotenv.bom", "read without it here; node --env-file and a shell lose the first variable, godotenv refuses the file")
	}
	if l.crlf > 0 {
		first := place{1, 0}
		l.add(first, "dotenv.crlf", count(l.crlf, "line")+"; a shell keeps the carriage return in each value, and a key with one is refused")
	}
	exports, quotes := 0, 0
	var firstExport, firstQuote place
	for i, a := range l.found {
		if a.export {
			if exports++; exports == 1 {
				firstExport = a.at
			}
		}
		if l.onlyQuotes(i) {
			if quotes++; quotes == 1 {
				firstQuote = a.value
			}
		}
	}
	if exports > 0 {
		l.add(firstExport, "dotenv.export", count(exports, "line")+", first here; docker --env-file refuses the whole file")
	}
	if quotes > 0 {
		f := l.at(firstQuote, "dotenv.dialect", count(quotes, "value")+" in quotes, first here; docker --env-file keeps the quotes as part of the value")
		f.Fix.Summary = "nothing to do unless docker --env-file reads this file; then remove the quotes"
		l.out = append(l.out, f)
	}
}

func count(n int, of string) string {
	if n == 1 {
		return "1 " + of
	}
	return strconv.Itoa(n) + " " + of + "s"
}

// onlyQuotes reports whether the quotes round a value are all that another
// program sees differently.
func (l *linter) onlyQuotes(i int) bool {
	a := l.found[i]
	return a.quote != 0 && !strings.Contains(a.raw, "\n") && only(l.differs[i], "docker --env-file") && !a.export && !a.before && !a.after && !a.colon
}

// only reports whether one program alone differs.
func only(ds []difference, program string) bool {
	return len(ds) == 1 && ds[0].program == program
}

// keys is about a file that holds credentials: who else can read it.
func (l *linter) keys(s FS) {
	var held assignment
	for _, a := range l.found {
		if secret.LooksLikeKey(l.values[a.name]) {
			if _, lint := secret.New(l.values[a.name]).Clean(); !lint.Placeholder && !lint.Masked {
				held = a
				break
			}
		}
	}
	if held.name == "" {
		return
	}
	if s.open(l.path) {
		f := fault.New("dotenv.permissions", l.path+" holds keys ("+shown(held.name)+" at line "+strconv.Itoa(held.at.line)+"), and others on this machine can read it")
		f.Location = &fault.Location{File: l.path}
		f.Fix.Commands = []string{"chmod 600 " + quoted(l.path)}
		l.out = append(l.out, f)
	}
	if s.tracked(l.path) {
		f := fault.New("dotenv.tracked", l.path+" holds keys ("+shown(held.name)+" at line "+strconv.Itoa(held.at.line)+") and is in git's index: whoever has the repository has them")
		f.Location = &fault.Location{File: l.path}
		f.Fix.Commands = []string{"git rm --cached " + quoted(l.path), "echo " + quoted(filepath.Base(l.path)) + " >> .gitignore"}
		l.out = append(l.out, f)
	}
}

// shown is a name that may be printed: a key in the place of one may not.
func shown(name string) string {
	if secret.LooksLikeKey(name) || len(name) > 80 || !utf8.ValidString(name) {
		return "a name that looks like a key"
	}
	return strconv.QuoteToASCII(name)[1 : len(strconv.QuoteToASCII(name))-1]
}

// line is what is wrong with one assignment: what is wrong with its text for
// everybody, else the one cause for which programs differ.
func (l *linter) line(i int, a assignment) {
	value := l.values[a.name]
	if l.final[a.name] != i {
		value = strings.Trim(a.raw, string(rune(a.quote))) // an earlier one of a duplicate
	}
	switch {
	case l.name(a):
	case l.spaces(a, l.differs[i]):
		l.quotes(a, value, nil)
	case l.quotes(a, value, l.differs[i]):
	case l.onlyQuotes(i): // said once for the file
	default:
		l.cause(a, l.differs[i])
	}
	l.ascii(a, value)
}

// name is about names that nothing can look up.
func (l *linter) name(a assignment) bool {
	switch {
	case a.name == "":
		l.add(a.at, "dotenv.name", "there is no name in front of the value; write NAME=value")
	case strings.IndexFunc(a.name, space) >= 0:
		l.add(a.at, "dotenv.name", "the name has white space in it: "+shown(a.name))
	default:
		return false
	}
	return true
}

// spaces is about white space round the sign, and about a colon for one.
func (l *linter) spaces(a assignment, ds []difference) bool {
	switch {
	case a.colon:
		f := l.differing(a.at, "dotenv.dialect", "a colon in place of the equals sign", ds)
		f.Fix.Summary = "write NAME=value"
		l.out = append(l.out, f)
	case a.quote == 0 && a.after && strings.HasPrefix(a.raw, "#"):
		l.differ(a.value, "dotenv.inline-comment", "what looks like a comment is the value of "+shown(a.name)+" here: godotenv takes a # for one only behind a value", ds)
	case a.before || a.after:
		l.differ(a.at, "dotenv.spaces", "round the equals sign of "+shown(a.name), ds)
	default:
		return false
	}
	return true
}

// curly are typographic quotes.
const curly = "\u201c\u201d\u201e\u201f\u2018\u2019\u201a\u201b\u00ab\u00bb"

// quotes is about quotes that became part of the value.
func (l *linter) quotes(a assignment, value string, ds []difference) bool {
	first, _ := utf8.DecodeRuneInString(value)
	last, _ := utf8.DecodeLastRuneInString(value)
	one := strings.ContainsRune("'\"`", first) || strings.ContainsRune("\"`", last) // John's is no pair
	switch {
	case value == "":
		return false
	case strings.ContainsRune(curly, first) || strings.ContainsRune(curly, last):
		l.add(a.value, "dotenv.curly-quotes", "they are part of the value of "+shown(a.name)+", for every program")
	case one && first == last && len(value) > 1:
		l.differ(a.value, "dotenv.quotes-kept", "the value of "+shown(a.name)+" begins and ends with one", ds)
	case one && (strings.Count(value, string(first))%2 == 1 || strings.Count(value, string(last))%2 == 1):
		l.differ(a.value, "dotenv.quotes-kept", "the value of "+shown(a.name)+" has a quote at one end only", ds)
	default:
		return false
	}
	return true
}

// ascii is about characters that no key has, and those that nobody sees.
func (l *linter) ascii(a assignment, value string) {
	const unseen = "\u00a0\u00ad\u200b\u200c\u200d\u200e\u200f\u2028\u2029\u2060\ufeff"
	upper := strings.ToUpper(a.name)
	key := strings.HasSuffix(upper, "KEY") || strings.HasSuffix(upper, "TOKEN") || secret.LooksLikeKey(value)
	index := 0
	for _, r := range a.raw {
		if r > 0x7E && (strings.ContainsRune(unseen, r) || key && !strings.ContainsRune(curly, r)) {
			p := place{a.value.line, a.value.col + index}
			if strings.Contains(a.raw, "\n") {
				p.col = a.value.col
			}
			l.add(p, "dotenv.non-ascii", unicodeName(r)+" in the value of "+shown(a.name))
			return
		}
		index++
	}
}

// cause names the one reason for which programs read this line differently.
func (l *linter) cause(a assignment, ds []difference) {
	name := shown(a.name)
	if a.export { // said once for the file
		ds = without(ds, "docker --env-file")
	}
	elsewhere, from := l.fromElsewhere(a)
	switch {
	case a.quote == 0 && (a.comment || strings.Contains(a.raw, "#")) && len(ds) > 0:
		l.differ(a.value, "dotenv.inline-comment", "the # behind the value of "+name, ds)
	case l.expands(a) && (len(ds) > 0 || elsewhere):
		detail := "the $ in the value of " + name
		if elsewhere {
			detail += ": " + from + " is not set above in this file, and godotenv looks nowhere else, so it is empty"
		}
		f := l.differing(a.value, "dotenv.expansion", detail, ds)
		if !elsewhere && len(without(ds, "python-dotenv")) == len(ds) {
			f.Severity = fault.Info // those that expand it agree; the others never expand
		}
		l.out = append(l.out, f)
	case l.trailing(a):
		l.differ(a.value, "dotenv.trailing-space", "behind the value of "+name, ds)
	case len(ds) > 0:
		detail, fix := l.oddity(a)
		f := l.differing(a.value, "dotenv.dialect", name+": "+detail, ds)
		f.Fix.Summary = fix
		l.out = append(l.out, f)
	}
}

// oddity says what it is about a line that programs read differently, and what
// all of them read alike.
func (l *linter) oddity(a assignment) (detail, fix string) {
	const quote = "put the value in single quotes"
	switch {
	case !shellName(a.name):
		return "a name that a shell does not take", "use letters, digits and underscores"
	case strings.Contains(a.raw, "\n"):
		return "a value of several lines", "write it in one line, with \\n in double quotes, or put it in a file of its own"
	case strings.Contains(a.raw, "\\"):
		return "a backslash", "use a value without one, or single quotes"
	case a.quote == 0 && strings.ContainsAny(a.raw, "&;|()<>"):
		return "a character that a shell acts on", quote
	case a.quote == 0 && strings.ContainsAny(a.raw, "\"'`"):
		return "a quote inside a value without quotes", quote
	case a.quote == 0 && strings.IndexFunc(a.raw, space) >= 0:
		return "white space in a value without quotes", quote
	case a.quote == 0 && strings.Contains(a.raw, "~"):
		return "a tilde", "write the folder out"
	case strings.HasPrefix(l.lines[a.at.line-1], "\t"), a.at.line > 1 && strings.TrimLeft(l.lines[a.at.line-2], " \t") != l.lines[a.at.line-2]:
		return "white space at the beginning of this line or the one above", "begin every line at its first column"
	}
	return "something else on the same line", "put each assignment, and each comment, on a line of its own"
}

// differing makes a finding that names the programs.
func (l *linter) differing(p place, code fault.Code, detail string, ds []difference) fault.Finding {
	if len(ds) > 0 {
		detail += " (" + saidOf(ds) + ")"
	}
	return l.at(p, code, detail)
}

// differ adds such a finding. Where docker alone differs it is for
// information: few of these files are read by it.
func (l *linter) differ(p place, code fault.Code, detail string, ds []difference) {
	f := l.differing(p, code, detail, ds)
	if only(ds, "docker --env-file") && code != "dotenv.quotes-kept" {
		f.Severity = fault.Info
	}
	l.out = append(l.out, f)
}

// trailing reports white space at the end of the line of an assignment.
func (l *linter) trailing(a assignment) bool {
	line := l.lines[a.at.line-1]
	return !strings.Contains(a.raw, "\n") && strings.TrimRightFunc(line, space) != line
}

// expands reports whether a value has a $ that somebody expands.
func (l *linter) expands(a assignment) bool {
	return strings.Contains(a.raw, "$") && (a.quote != '\'' || strings.Contains(a.raw, "${"))
}

// fromElsewhere reports whether the value asks for a variable that no earlier
// line sets. Its name is said only when it stands in braces: behind a bare $ it
// may be a piece of a password.
func (l *linter) fromElsewhere(a assignment) (yes bool, name string) {
	if a.quote == '\'' {
		return false, ""
	}
	for rest := a.raw; ; {
		i := strings.IndexByte(rest, '$')
		if i < 0 {
			return false, ""
		}
		escaped := i > 0 && rest[i-1] == '\\'
		var braces bool
		rest, braces = strings.CutPrefix(rest[i+1:], "{")
		n := 0
		for n < len(rest) && strings.IndexByte("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_", rest[n]) >= 0 {
			n++
		}
		if n == 0 || escaped || l.above(rest[:n], a.start) {
			continue
		}
		if braces && n < len(rest) && rest[n] == '}' {
			return true, shown(rest[:n])
		}
		return true, "the variable"
	}
}

// above reports whether a name is set before an offset.
func (l *linter) above(name string, offset int) bool {
	i, ok := l.first[name]
	return ok && l.found[i].start < offset
}

// duplicate is about a name that is set again.
func (l *linter) duplicate(i int, a assignment) {
	j := l.first[a.name]
	if j == i || a.name == "" {
		return
	}
	first := l.found[j]
	f := l.at(a.at, "dotenv.duplicate", shown(a.name)+" is already set at line "+strconv.Itoa(first.at.line)+"; the later one counts")
	if l.twice++; l.twice <= maxTwice && l.valueAt(first) == l.valueAt(a) {
		f.Severity = fault.Info
		f.Detail = shown(a.name) + " is already set at line " + strconv.Itoa(first.at.line) + ", to the same value"
	}
	l.out = append(l.out, f)
}

// valueAt is what an assignment gives, whatever stands below it.
func (l *linter) valueAt(a assignment) string {
	values, err := godotenv.Unmarshal(l.text[:a.end])
	if err != nil {
		return ""
	}
	return values[a.name]
}

// typo is about a name that nothing reads and that is close to one that is.
func (l *linter) typo(a assignment, known []string) {
	if l.values[a.name] == "" || slices.Contains(known, a.name) {
		return
	}
	if meant := nearest(a.name, known); meant != "" {
		f := l.at(a.at, "dotenv.typo", shown(a.name)+" is read by nothing; "+meant+" is")
		f.Fix.Summary = "if " + meant + " was meant, write it so"
		l.out = append(l.out, f)
	}
}
