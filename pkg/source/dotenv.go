package source

import (
	"bytes"
	"errors"
	"strings"
	"unicode/utf8"

	"github.com/joho/godotenv"

	"github.com/llmctl/llmctl/pkg/fault"
	"github.com/llmctl/llmctl/pkg/resolve"
	"github.com/llmctl/llmctl/pkg/secret"
)

// dotenv is one .env file, read. Values are godotenv's own; where they stand is
// found by a scanner of ours, as godotenv forgets it. Where the two do not find
// the same names, unsure is true and no place is claimed.
type dotenv struct {
	path   string
	text   string // without byte order mark, line ends as LF
	bom    bool
	crlf   int // lines that end in CR LF
	lines  []string
	found  []assignment
	first  map[string]int // name → its first place in found
	final  map[string]int // name → its last, which counts
	onLine map[int]int    // line → the first assignment on it
	values map[string]string
	broken *mistake // why godotenv refuses the file; nil when it does not
	unsure bool
}

// assignment is one NAME=value as godotenv takes it apart. Its texts may hold a
// credential: it never leaves the package.
type assignment struct {
	name    string
	at      place // of the name, behind export
	value   place // of the value, its quote included; where it would be when empty
	raw     string
	quote   byte // ' or " when the value is quoted, else 0
	export  bool
	colon   bool // NAME: value
	before  bool // white space before the equals sign
	after   bool // white space between the equals sign and a value
	comment bool // an unquoted value followed by white space and #
	start   int  // byte offset of the statement, export included
	end     int  // byte offset behind the value
}

// place is a position in the text. Line and col count from 1, col in runes.
type place struct{ line, col int }

// mistake is a place that godotenv cannot read, and why, without the text.
type mistake struct {
	at  place
	why string
}

// errUTF16 is a file in which every second byte is zero.
var errUTF16 = errors.New("UTF-16")

// parseDotEnv reads the bytes of a .env file. The error is errUTF16 or nil:
// what godotenv refuses is broken.
func parseDotEnv(path string, data []byte) (*dotenv, error) {
	if bytes.HasPrefix(data, []byte{0xFF, 0xFE}) || bytes.HasPrefix(data, []byte{0xFE, 0xFF}) || wide(data) {
		return nil, errUTF16
	}
	d := &dotenv{path: path}
	// godotenv takes the mark for part of the first name and refuses the file.
	data, d.bom = bytes.CutPrefix(data, []byte("\uFEFF"))
	d.crlf = bytes.Count(data, []byte("\r\n"))
	d.text = strings.ReplaceAll(string(data), "\r\n", "\n")
	d.lines = strings.Split(d.text, "\n")
	d.found, d.broken = scan(d.text)
	d.first, d.final, d.onLine = map[string]int{}, map[string]int{}, map[int]int{}
	for i, a := range d.found {
		if _, ok := d.onLine[a.at.line]; !ok {
			d.onLine[a.at.line] = i
		}
		if _, ok := d.first[a.name]; !ok {
			d.first[a.name] = i
		}
		d.final[a.name] = i
	}

	values, err := godotenv.Parse(bytes.NewReader(data))
	d.values = values
	if err != nil && d.broken == nil {
		// godotenv's own words quote the line, so they are not passed on.
		d.unsure, d.broken = true, &mistake{why: "godotenv cannot read it"}
	}
	if err == nil {
		d.broken = nil
		d.unsure = !d.agree()
	}
	return d, nil
}

// wide reports whether text without a mark looks like UTF-16.
func wide(data []byte) bool {
	head := data[:min(len(data), 64)]
	return len(head) >= 4 && bytes.Count(head, []byte{0}) >= len(head)/3
}

// agree reports whether the scanner found godotenv's names and no others.
func (d *dotenv) agree() bool {
	for name := range d.final {
		if _, ok := d.values[name]; !ok {
			return false
		}
	}
	return len(d.final) == len(d.values)
}

// last is the assignment of a name that counts: the last one.
func (d *dotenv) last(name string) (assignment, bool) {
	i, ok := d.final[name]
	if !ok {
		return assignment{}, false
	}
	return d.found[i], true
}

// entries are the values that count, in the order of the file. A file that
// godotenv refuses has none.
func (d *dotenv) entries() []resolve.Entry {
	if d.broken != nil {
		return nil
	}
	if d.unsure { // values without places are better than wrong places
		var out []resolve.Entry
		for name, value := range d.values {
			out = append(out, resolve.Entry{Name: name, Value: secret.New(value), Origin: resolve.Origin{Layer: resolve.DotEnv, Name: name, File: d.path}})
		}
		return out
	}
	out := make([]resolve.Entry, 0, len(d.found))
	for i, a := range d.found {
		if d.final[a.name] != i {
			continue
		}
		out = append(out, resolve.Entry{Name: a.name, Value: secret.New(d.values[a.name]), Origin: resolve.Origin{
			Layer: resolve.DotEnv, Name: a.name, File: d.path, Line: a.value.line, Column: a.value.col,
		}})
	}
	return out
}

// location is a place of the file with the line, its values masked.
func (d *dotenv) location(p place) *fault.Location {
	return &fault.Location{File: d.path, Line: p.line, Column: p.col, Snippet: d.snippet(p.line)}
}

// snippet is a line in which only what cannot be a credential is left: names,
// signs, quotes, comments without key-like words. A value becomes "…".
func (d *dotenv) snippet(line int) string {
	if line < 1 || line > len(d.lines) {
		return ""
	}
	text := d.lines[line-1]
	if t := strings.TrimSpace(text); strings.HasPrefix(t, "#") {
		return "# …"
	}
	if i, ok := d.onLine[line]; ok {
		return mask(d.found[i])
	}
	return "…" // inside a value of several lines, or behind a mistake
}

// mask writes an assignment without its value.
func mask(a assignment) string {
	var b strings.Builder
	if a.export {
		b.WriteString("export ")
	}
	if secret.LooksLikeKey(a.name) || !utf8.ValidString(a.name) || len(a.name) > 80 {
		b.WriteString("…") // a key pasted where a name belongs
	} else {
		b.WriteString(a.name)
	}
	sign := "="
	if a.colon {
		sign = ":"
	}
	if a.before {
		b.WriteString(" ")
	}
	b.WriteString(sign)
	if a.after {
		b.WriteString(" ")
	}
	switch {
	case a.quote != 0:
		b.WriteString(string(a.quote) + "…" + string(a.quote))
	case a.raw != "":
		b.WriteString("…")
	}
	if a.comment {
		b.WriteString(" # …")
	}
	return b.String()
}

// space is godotenv's white space inside a line.
func space(r rune) bool {
	switch r {
	case '\t', '\v', '\f', '\r', ' ', 0x85, 0xA0:
		return true
	}
	return false
}
