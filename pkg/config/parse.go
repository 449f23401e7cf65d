package config

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"github.com/llmctl/llmctl/pkg/fault"
)

// The limits of a config file. Real ones stay far below: the largest of 74
// public configs has 2,759 lines, and the schema needs about eight levels.
const (
	maxBytes  = 8 << 20 // bytes of one file
	maxItems  = 1 << 19 // lines, commas and "- " of one file: some seconds to parse
	maxLevels = 64      // nesting
	maxValues = 1 << 20 // values, aliases counted at each use

	maxFindings = 2000 // nobody reads more; the first ones are kept
)

// document is one parsed file.
type document struct {
	path     string
	root     *Node
	lines    []string
	hidden   func() map[int][]span // line → columns that hold a credential
	problems []fault.Finding
}

// parse reads one file's bytes. The document is never nil: of a file that
// cannot be parsed it has the lines, for snippets.
func parse(path string, data []byte) (*document, *fault.Err) {
	d := &document{path: path, hidden: func() map[int][]span { return nil }}
	if len(data) > maxBytes {
		return d, d.fail("config.too-large", 0, strconv.Itoa(len(data)>>20)+" MiB; a config has at most 8 MiB")
	}
	if n := items(data); n > maxItems {
		return d, d.fail("config.too-large", 0, "more than half a million lines and items")
	}
	data = bytes.TrimPrefix(data, []byte("\xEF\xBB\xBF"))
	if err := d.text(data); err != nil {
		return d, err
	}
	d.lines = strings.Split(strings.ReplaceAll(string(data), "\r\n", "\n"), "\n")
	root, err := d.decode(data)
	if err != nil || root == nil {
		return d, err
	}
	// Most runs show no line: where credentials stand is looked up on demand.
	d.hidden = sync.OnceValue(func() map[int][]span { return hide(root, d.lines) })
	r := reader{doc: d, done: map[*yaml.Node]*Node{}, open: map[*yaml.Node]bool{}}
	d.root = r.node(root, 1)
	switch {
	case r.deep.Line != 0 || d.root.height > maxLevels:
		return d, d.fail("config.too-deep", r.deep.Line, "more than "+strconv.Itoa(maxLevels)+" levels")
	case d.root.size > maxValues:
		d.root = nil
		return d, d.fail("config.too-large", 0, "its aliases expand to more than a million values")
	}
	return d, nil
}

// items estimates how many values a file holds, before it is parsed.
func items(data []byte) int {
	return bytes.Count(data, []byte("\n")) + bytes.Count(data, []byte(",")) + bytes.Count(data, []byte("- "))
}

// text refuses what is no UTF-8 text.
func (d *document) text(data []byte) *fault.Err {
	if bytes.HasPrefix(data, []byte("\xFF\xFE")) || bytes.HasPrefix(data, []byte("\xFE\xFF")) {
		return d.fail("config.not-text", 0, "it is UTF-16")
	}
	if i := bytes.IndexByte(data, 0); i >= 0 {
		return d.fail("config.not-text", 1+bytes.Count(data[:i], []byte("\n")), "a zero byte: a binary file, or UTF-16")
	}
	if utf8.Valid(data) {
		return nil
	}
	line := 1
	for l := range bytes.SplitSeq(data, []byte("\n")) {
		if !utf8.Valid(l) {
			break
		}
		line++
	}
	return d.fail("config.not-text", line, "a byte that is not UTF-8")
}

// decode gives the first YAML document, nil when there is none.
func (d *document) decode(data []byte) (*yaml.Node, *fault.Err) {
	dec := yaml.NewDecoder(bytes.NewReader(data))
	var first, second yaml.Node
	if err := dec.Decode(&first); errors.Is(err, io.EOF) {
		return nil, nil
	} else if err != nil {
		return nil, d.fail("config.syntax", d.badLine(data, err), yamlText(err))
	}
	if err := dec.Decode(&second); !errors.Is(err, io.EOF) {
		line := second.Line
		if err != nil {
			line = d.badLine(data, err)
		}
		d.note("config.many-documents", Pos{d.path, line, 1}, "a second YAML document starts before this line")
	}
	if len(first.Content) == 0 {
		return nil, nil
	}
	return first.Content[0], nil
}

var yamlLine = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^yaml: (?:line (\d+): )?`) })

// yamlText is the library's message without its line, which names where the
// construct began and is often one off: badLine finds a better one.
func yamlText(err error) string {
	return yamlLine().ReplaceAllString(err.Error(), "")
}

// badLine is the line at which the text stops being YAML: the one after the
// longest prefix of whole lines that parses. A prefix that ends inside a quoted
// text or a bracket does not parse either, so that a search by halves can stop
// too early; it then goes on behind the next prefix that does. For a file that
// is too large for so many tries the library's line has to do.
func (d *document) badLine(data []byte, err error) int {
	const near = 40   // lines that a quoted text or a bracket may go on
	budget := 8 << 20 // bytes to parse, in all tries: a second or so
	ends := []int{0}
	for i, b := range data {
		if b == '\n' {
			ends = append(ends, i+1)
		}
	}
	ends = append(ends, len(data))
	good := func(lines int) bool {
		budget -= ends[lines]
		return budget > 0 && parses(data[:ends[lines]])
	}
	low, high := 0, len(ends)-1
	for next := 0; budget > 0; low, high, next = next, len(ends)-1, 0 {
		for high-low > 1 {
			if mid := (low + high) / 2; good(mid) {
				low = mid
			} else {
				high = mid
			}
		}
		for k := high + 1; k < len(ends) && k < high+near; k++ {
			if good(k) {
				next = k
			}
		}
		if next == 0 && budget > 0 {
			return high
		}
	}
	line := 0
	if m := yamlLine().FindStringSubmatch(err.Error()); m != nil {
		line, _ = strconv.Atoi(m[1])
	}
	return line
}

func parses(data []byte) bool {
	dec := yaml.NewDecoder(bytes.NewReader(data))
	for {
		var n yaml.Node
		if err := dec.Decode(&n); err != nil {
			return errors.Is(err, io.EOF)
		}
	}
}

// fail makes the error of a file that cannot be used, and the finding of it.
func (d *document) fail(code fault.Code, line int, detail string) *fault.Err {
	f := fault.New(code, detail)
	subject := d.path
	f.Location = &fault.Location{File: d.path, Line: line}
	if line > 0 {
		subject += ":" + strconv.Itoa(line)
	}
	d.problems = append(d.problems, f)
	return &fault.Err{Code: code, Subject: subject, Message: detail}
}

// note keeps a finding about a place in the file. Its snippet is filled in when
// it is asked for.
func (d *document) note(code fault.Code, at Pos, detail string) {
	if len(d.problems) >= maxFindings {
		return
	}
	f := fault.New(code, detail)
	f.Location = &fault.Location{File: at.File, Line: at.Line, Column: at.Column}
	d.problems = append(d.problems, f)
}

// reader turns the library's nodes into ours. A node that is reached through
// several aliases is read once and shared, so that a bomb of aliases costs
// nothing here; size and height say what it would cost a walker.
type reader struct {
	doc  *document
	done map[*yaml.Node]*Node
	open map[*yaml.Node]bool // being read: an alias to it is a circle
	deep Pos                 // the first place below maxLevels
}

func (r *reader) pos(y *yaml.Node) Pos { return Pos{r.doc.path, y.Line, y.Column} }

func (r *reader) node(y *yaml.Node, level int) *Node {
	if y.Kind == yaml.AliasNode {
		return r.alias(y, level)
	}
	if n := r.done[y]; n != nil {
		if level+n.height > maxLevels && r.deep.Line == 0 {
			r.deep = n.pos
		}
		return n
	}
	n := &Node{kind: Null, tag: y.ShortTag(), pos: r.pos(y), height: 1, size: 1, anchor: y.Anchor != ""}
	r.done[y] = n
	if level > maxLevels {
		if r.deep.Line == 0 {
			r.deep = n.pos
		}
		return n
	}
	r.open[y] = true
	defer delete(r.open, y)
	if !strings.HasPrefix(n.tag, "!!") && n.tag != "" {
		r.doc.note("config.shape", n.pos, "the tag "+clip(n.tag)+" is not read: LiteLLM refuses the file")
	}
	switch y.Kind {
	case yaml.ScalarNode:
		if n.tag != "!!null" {
			text := y.Value
			n.kind, n.text = Scalar, &text
		}
	case yaml.SequenceNode:
		n.kind = List
		for _, c := range y.Content {
			n.items = append(n.items, n.grow(r.node(c, level+1)))
		}
	case yaml.MappingNode:
		n.kind = Map
		r.fields(n, y, level)
	default: // a document or an alias, which node and alias have opened
	}
	return n
}

// alias gives the anchor's value the place of the use.
func (r *reader) alias(y *yaml.Node, level int) *Node {
	if y.Alias == nil || r.open[y.Alias] {
		r.doc.note("config.shape", r.pos(y), "an anchor that contains itself; the inner use is read as null")
		return &Node{kind: Null, tag: "!!null", pos: r.pos(y), height: 1, size: 1}
	}
	n := *r.node(y.Alias, level)
	if n.from.Line == 0 {
		n.from = n.pos
	}
	n.pos = r.pos(y)
	return &n
}

// fields reads a map's pairs. What "<<" merges in stands in front, so that the
// map's own keys win, and is dropped where the map has the key itself.
func (r *reader) fields(n *Node, y *yaml.Node, level int) {
	var merged []Field
	first := map[string]Pos{}
	for i := 0; i+1 < len(y.Content); i += 2 {
		k, v := y.Content[i], y.Content[i+1]
		if k.ShortTag() == "!!merge" {
			merged = append(merged, r.merge(v, level)...)
			continue
		}
		name, at := k.Value, r.pos(k)
		if k.Kind == yaml.AliasNode && k.Alias != nil {
			k = k.Alias
			name = k.Value
		}
		if k.Kind != yaml.ScalarNode {
			r.doc.note("config.shape", at, "a key that is a list or a map; it is left out")
			continue
		}
		if before, twice := first[name]; twice {
			r.doc.note("config.duplicate-key", at, clip(name)+" stands in line "+strconv.Itoa(before.Line)+" already; this one wins")
		} else {
			first[name] = at
		}
		n.fields = append(n.fields, Field{Name: name, Pos: at, Value: n.grow(r.node(v, level+1))})
	}
	var keep []Field
	seen := map[string]bool{}
	for _, f := range merged {
		if _, own := first[f.Name]; own || seen[f.Name] {
			continue
		}
		seen[f.Name] = true
		n.grow(f.Value)
		keep = append(keep, f)
	}
	if len(keep) > 0 {
		n.fields = append(keep, n.fields...)
	}
}

// merge gives the fields of the maps that a "<<" names; of a list of maps the
// earlier one wins.
func (r *reader) merge(v *yaml.Node, level int) []Field {
	at := r.pos(v)
	if v.Kind == yaml.SequenceNode {
		var all []Field
		for _, c := range v.Content {
			all = append(all, r.merge(c, level)...)
			if len(all) > maxValues {
				break
			}
		}
		return all
	}
	m := r.node(v, level)
	if m.Kind() != Map {
		r.doc.note("config.shape", at, "<< merges a map, or a list of maps")
		return nil
	}
	out := make([]Field, 0, len(m.fields))
	for i, f := range m.fields {
		// A key that stands twice in the anchor: the last counts.
		if m.Field(f.Name) != &m.fields[i] {
			continue
		}
		value := *f.Value
		if value.from.Line == 0 {
			value.from = value.pos
		}
		value.pos = at
		out = append(out, Field{Name: f.Name, Pos: at, from: f.Written(), Value: &value})
	}
	return out
}

// grow adds a child's measures to its parent's.
func (n *Node) grow(child *Node) *Node {
	n.height = max(n.height, child.height+1)
	n.size = min(n.size+child.size, maxValues+1)
	return child
}

// clip shortens a name from the file for a message, and never shows a
// credential that stands where a name should.
func clip(name string) string {
	const most = 60 // runes
	name = mask(strings.ToValidUTF8(name, "?"))
	if r := []rune(name); len(r) > most {
		name = string(r[:most]) + "…"
	}
	return strconv.Quote(name)
}
