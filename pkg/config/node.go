package config

import "github.com/llmctl/llmctl/pkg/secret"

// Kind is the kind of a Node.
type Kind string

// The kinds.
const (
	Null   Kind = "null"
	Scalar Kind = "scalar"
	List   Kind = "list"
	Map    Kind = "map"
)

// Node is one YAML value with its place. Methods work on a nil Node, which is
// an absent value: Kind Null, no text, no fields, no items.
type Node struct {
	kind   Kind
	tag    string // "!!str", "!!int", "!!bool", "!!float", "!!null" …
	text   *string
	pos    Pos
	from   Pos // where it is written, when that is not pos
	anchor bool
	fields []Field
	items  []*Node

	height int // levels below, itself included
	size   int // values below, itself included, aliases counted at each use
}

// Field is one key of a map, in the order of the file. A key that stands twice
// is here twice; Get returns the last.
type Field struct {
	Name  string
	Pos   Pos // of the key; of the "<<" that merged it in
	Value *Node

	from Pos // where the key is written, when that is not Pos
}

// Written is where the key itself is written: behind a merge, in the anchor.
func (f Field) Written() Pos {
	if f.from.Line != 0 {
		return f.from
	}
	return f.Pos
}

// Kind is Null for a nil Node.
func (n *Node) Kind() Kind {
	if n == nil {
		return Null
	}
	return n.kind
}

// Pos is where the value begins; the zero Pos for a nil Node. Behind an alias or
// a merge it is where the value is used: Written is where it has to be edited.
func (n *Node) Pos() Pos {
	if n == nil {
		return Pos{}
	}
	return n.pos
}

// Written is where the text of the value stands: for a value behind an alias or
// a merge, the place inside the anchor.
func (n *Node) Written() Pos {
	if n != nil && n.from.Line != 0 {
		return n.from
	}
	return n.Pos()
}

// Tag is YAML's resolved tag: "!!str", "!!int", "!!bool" …; "" for a nil Node.
func (n *Node) Tag() string {
	if n == nil {
		return ""
	}
	return n.tag
}

// Text is the text of a scalar that is no credential; "" otherwise. For a value
// that may be one, use Secret.
func (n *Node) Text() string {
	if n == nil || n.text == nil {
		return ""
	}
	return *n.text
}

// Secret is the text of a scalar as a credential.
func (n *Node) Secret() secret.Secret { return secret.New(n.Text()) }

// Fields are the keys of a map.
func (n *Node) Fields() []Field {
	if n == nil {
		return nil
	}
	return n.fields
}

// Items are the elements of a list.
func (n *Node) Items() []*Node {
	if n == nil {
		return nil
	}
	return n.items
}

// Get is the value of a map's key, nil when it is absent. Of a key that stands
// twice it is the last, as every YAML reader has it.
func (n *Node) Get(name string) *Node {
	f := n.Field(name)
	if f == nil {
		return nil
	}
	return f.Value
}

// Field is a map's key with its place, nil when it is absent.
func (n *Node) Field(name string) *Field {
	if n == nil {
		return nil
	}
	for i := len(n.fields) - 1; i >= 0; i-- {
		if n.fields[i].Name == name {
			return &n.fields[i]
		}
	}
	return nil
}
