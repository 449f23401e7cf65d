package config

import (
	"errors"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/llmctl/llmctl/pkg/fault"
)

// Load reads the file at path and what it includes, through read. The Config is
// never nil: after an error it holds what could be read, and its Lint begins
// with the error as a finding. An include that cannot be read is a finding, not
// an error: the rest counts.
//
// The error is a *fault.Err: config.not-found, config.unreadable,
// config.too-large, config.not-text, config.syntax, config.too-deep,
// config.shape.
func Load(path string, read func(path string) ([]byte, error)) (*Config, error) {
	data, err := read(path)
	if err != nil {
		c := &Config{Path: path}
		return c, c.unread(path, err)
	}
	return load(path, data, read)
}

// Parse reads one file's bytes and follows no include. Otherwise it is Load.
func Parse(path string, data []byte) (*Config, error) { return load(path, data, nil) }

func load(path string, data []byte, read func(string) ([]byte, error)) (*Config, error) {
	c := &Config{Path: path, lines: map[string][]string{}, hidden: map[string]func() map[int][]span{}}
	doc, err := parse(path, data)
	c.add(doc)
	if err == nil && doc.root.Kind() != Map && doc.root.Kind() != Null {
		err = doc.fail("config.shape", doc.root.Pos().Line, "the file has to be a map with model_list and the other sections")
	}
	c.problems = append(c.problems, doc.problems...)
	if err != nil {
		c.Files = []File{{path, Broken}}
		return c, err
	}
	c.Files = []File{{path, Read}}
	c.Root = doc.root
	if doc.root.Kind() == Null {
		f := fault.New("config.shape", "the file is empty: LiteLLM refuses to start with it")
		f.Severity, f.Location = fault.Warning, &fault.Location{File: path}
		c.problems = append(c.problems, f)
	}
	m := merge{config: c, read: read, top: slices.Clone(doc.root.Fields())}
	m.includes()
	c.sections(m.top)
	return c, nil
}

// unread is the error of a file that read could not give.
func (c *Config) unread(path string, cause error) *fault.Err {
	code, status := fault.Code("config.unreadable"), Broken
	if errors.Is(cause, fs.ErrNotExist) {
		code, status = "config.not-found", NotFound
	}
	c.Files = append(c.Files, File{path, status})
	f := fault.New(code, reason(cause))
	f.Location = &fault.Location{File: path}
	c.problems = append(c.problems, f)
	return &fault.Err{Code: code, Subject: path, Message: reason(cause), Cause: cause}
}

// reason is what the operating system says, without the path, which the
// subject names already.
func reason(err error) string {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err.Error()
	}
	return err.Error()
}

// add keeps a document's lines and comments.
func (c *Config) add(d *document) {
	c.lines[d.path], c.hidden[d.path] = d.lines, d.hidden
	c.Ignores = append(c.Ignores, d.ignores()...)
}

// merge joins included files to the main one, as LiteLLM does: a list extends a
// list, anything else replaces the main file's value whole.
type merge struct {
	config *Config
	read   func(string) ([]byte, error)
	top    []Field
	done   []string // included paths

	pending []inclusion // in the order in which they are read
}

func (m *merge) field(name string) *Field {
	for i := len(m.top) - 1; i >= 0; i-- {
		if m.top[i].Name == name {
			return &m.top[i]
		}
	}
	return nil
}

func (m *merge) includes() {
	list := m.config.Root.Get("include")
	if list == nil || list.Kind() == Null || m.read == nil {
		return
	}
	m.queue(list, []string{m.config.Path})
	for len(m.pending) > 0 {
		next := m.pending[0]
		m.pending = m.pending[1:]
		m.include(next)
	}
}

// inclusion is one file that is named and not read yet.
type inclusion struct {
	node *Node
	by   []string // the files that lead to it, the main one first
}

// queue takes the paths of one include: section. Each file is read once, in the
// order in which the names are met.
// Source: LiteLLM 1.109.1, config_includes.py, read 2026-11-21; releases before
// it follow the main file's include only.
func (m *merge) queue(list *Node, by []string) {
	items := list.Items()
	if list.Kind() != List {
		m.config.note("config.shape", list.Pos(), "include has to be a list of paths")
		items = []*Node{list}
	}
	for _, n := range items {
		if n.Text() == "" {
			m.config.note("config.shape", n.Pos(), "include lists paths, as text")
			continue
		}
		m.pending = append(m.pending, inclusion{n, by})
	}
}

// locate is the file that an entry names: beside the file that declares it,
// else beside the main one.
func (m *merge) locate(x inclusion) (path string, data []byte, err error) {
	name := x.node.Text()
	if filepath.IsAbs(name) {
		data, err = m.read(name)
		return name, data, err
	}
	path = filepath.Join(filepath.Dir(x.by[len(x.by)-1]), name)
	if data, err = m.read(path); err == nil || !errors.Is(err, fs.ErrNotExist) {
		return path, data, err
	}
	beside := filepath.Join(filepath.Dir(m.config.Path), name)
	if other, otherErr := m.read(beside); otherErr == nil {
		return beside, other, nil
	}
	return path, data, err
}

// include reads one file.
func (m *merge) include(x inclusion) {
	c, n := m.config, x.node
	path, data, err := m.locate(x)
	for _, above := range x.by {
		if same(path, above) {
			c.note("config.include-cycle", n.Pos(), clip(n.Text())+" is the file that is being read")
			return
		}
	}
	if slices.Contains(m.done, path) {
		c.note("config.include-ignored", n.Pos(), clip(n.Text())+" was read already, and is read once")
		return
	}
	m.done = append(m.done, path)
	if err != nil {
		code, status := fault.Code("config.unreadable"), Broken
		if errors.Is(err, fs.ErrNotExist) {
			code, status = "config.include-missing", NotFound
		}
		c.Files = append(c.Files, File{path, status})
		c.note(code, n.Pos(), path+": "+reason(err))
		return
	}
	doc, bad := parse(path, data)
	if bad == nil && doc.root.Kind() != Map {
		bad = doc.fail("config.shape", doc.root.Pos().Line, "an included file has to be a map of sections")
	}
	c.add(doc)
	c.problems = append(c.problems, doc.problems...)
	if bad != nil {
		c.Files = append(c.Files, File{path, Broken})
		return
	}
	c.Files = append(c.Files, File{path, Included})
	for _, f := range doc.root.Fields() {
		m.merge(f, doc.root)
	}
	if inner := doc.root.Get("include"); inner.Kind() != Null {
		c.note("config.include-nested", inner.Pos(), "LiteLLM follows it since 1.109; older releases ignore it")
		m.queue(inner, append(slices.Clone(x.by), path))
	}
}

// merge adds one section of an included file.
func (m *merge) merge(f Field, from *Node) {
	if from.Field(f.Name).Pos != f.Pos {
		return // stands twice in its file: the last counts
	}
	if f.Name == "include" {
		return // not a section: include reads it
	}
	have := m.field(f.Name)
	switch {
	case have == nil:
		m.top = append(m.top, f)
	case have.Value.Kind() == List && f.Value.Kind() == List:
		both := *have.Value
		both.items = append(slices.Clone(both.items), f.Value.items...)
		have.Value = &both
	default:
		if have.Value.Kind() != Null {
			m.config.note("config.include-replaces", f.Pos, "this "+clip(f.Name)+" replaces the whole one at "+place(have.Pos))
		}
		*have = f
	}
}

func same(a, b string) bool { return filepath.Clean(a) == filepath.Clean(b) }

// place is "file:line".
func place(p Pos) string { return p.File + ":" + strconv.Itoa(p.Line) }

// finding makes a finding about a place. Lint fills in the snippet.
func (c *Config) finding(code fault.Code, at Pos, detail string) fault.Finding {
	f := fault.New(code, detail)
	f.Location = &fault.Location{File: at.File, Line: at.Line, Column: at.Column}
	return f
}

func (c *Config) note(code fault.Code, at Pos, detail string) {
	if len(c.problems) >= maxFindings {
		return
	}
	c.problems = append(c.problems, c.finding(code, at, detail))
}

// sections fills the typed fields from the merged top level.
func (c *Config) sections(top []Field) {
	maps := map[string]**Node{
		"litellm_settings": &c.Litellm, "router_settings": &c.Router, "general_settings": &c.General, "llmctl": &c.Preferences,
	}
	for _, f := range top {
		if into, ok := maps[f.Name]; ok {
			*into = c.want(f, Map)
		}
		switch f.Name {
		case "model_list":
			c.models(c.want(f, List))
		case "credential_list":
			c.credentials(c.want(f, List))
		case "environment_variables":
			c.Environment = c.want(f, Map).Fields()
		case "tools":
			c.Tools = f.Value
		case "providers":
			c.Providers = f.Value
		}
	}
	c.top = top
}

// want gives the value when it has the kind; a null counts as absent.
func (c *Config) want(f Field, kind Kind) *Node {
	switch f.Value.Kind() {
	case kind:
		return f.Value
	case Null:
		return nil
	default:
		c.note("config.shape", f.Pos, clip(f.Name)+" has to be a "+string(kind)+", and is a "+string(f.Value.Kind()))
		return nil
	}
}

func (c *Config) models(list *Node) {
	c.Models = nil
	for i, n := range list.Items() {
		if n.Kind() != Map {
			c.note("config.shape", n.Pos(), "entry "+strconv.Itoa(i+1)+" of model_list has to be a map with model_name and litellm_params")
			continue
		}
		m := Model{Pos: n.Pos(), Node: n}
		if f := n.Field("model_name"); f != nil {
			if f.Value.Kind() == Map || f.Value.Kind() == List {
				c.note("config.shape", f.Pos, "model_name has to be a text")
			}
			m.Name = strings.TrimSpace(f.Value.Text())
		}
		for name, into := range map[string]**Node{"litellm_params": &m.Params, "model_info": &m.Info} {
			if f := n.Field(name); f != nil {
				*into = c.want(*f, Map)
			}
		}
		c.Models = append(c.Models, m)
	}
}

func (c *Config) credentials(list *Node) {
	c.Credentials = nil
	for i, n := range list.Items() {
		name := n.Get("credential_name").Text()
		if n.Kind() != Map || name == "" {
			c.note("config.shape", n.Pos(), "entry "+strconv.Itoa(i+1)+" of credential_list has to be a map with credential_name and credential_values")
			continue
		}
		cred := Credential{Name: name, Pos: n.Pos()}
		if f := n.Field("credential_values"); f != nil {
			cred.Values = c.want(*f, Map)
		}
		c.Credentials = append(c.Credentials, cred)
	}
}
