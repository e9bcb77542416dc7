package ir

import (
	"fmt"
	"iter"
)

// An ID names a statement or expression for the life of a program. IDs survive
// edits and optimization; 0 means "none yet".
type ID uint32

// A Pos is a place in the source: line and column count from 1; the zero Pos is
// unknown.
type Pos struct {
	Line, Column int32
}

// Known reports whether p is a place.
func (p Pos) Known() bool { return p.Line > 0 }

// String returns line:column, or "-" when unknown.
func (p Pos) String() string {
	if !p.Known() {
		return "-"
	}
	return fmt.Sprintf("%d:%d", p.Line, p.Column)
}

// A Node is a statement or an expression. Op names its [Schema], which says
// what operands, attributes and regions it has and what they mean. Nodes are
// immutable once they are part of a program; to change one, copy it.
type Node struct {
	Op      string
	Attrs   []Attr   // sorted by name
	Args    []*Node  // positional operands, in order
	Kwargs  []Kwarg  // named operands, sorted by name
	Regions []Region // in schema order
	ID      ID
	Pos     Pos
	Origins []ID // the source nodes that an optimized node stands for
	Doc     string
}

// A Kwarg is a named operand.
type Kwarg struct {
	Name string
	Node *Node
}

// An Attr is a named constant of a node, such as the registers it stores to.
type Attr struct {
	Name  string
	Value Value
}

// A Region is a sequence of statements that a node owns. Field is the schema
// field it belongs to; When is the label of a case of a switch.
type Region struct {
	Field string
	When  Value
	Doc   string
	Body  []*Node
}

// Attr returns the named attribute, null if the node does not have it.
func (n *Node) Attr(name string) Value {
	for i := range n.Attrs {
		if n.Attrs[i].Name == name {
			return n.Attrs[i].Value
		}
	}
	return Value{}
}

// Text returns a string attribute, "" if the node does not have it.
func (n *Node) Text(name string) string { return n.Attr(name).Text() }

// Names returns an attribute that is a list of names, such as "store". The slice
// must not be changed.
func (n *Node) Names(name string) []string {
	list := n.Attr(name).List()
	if list == nil {
		return nil
	}
	if known := list.names.Load(); known != nil {
		return *known
	}
	names := make([]string, len(list.Items))
	for i, item := range list.Items {
		names[i] = item.Text()
	}
	list.names.Store(&names)
	return names
}

// Kwarg returns the named operand, or nil.
func (n *Node) Kwarg(name string) *Node {
	for i := range n.Kwargs {
		if n.Kwargs[i].Name == name {
			return n.Kwargs[i].Node
		}
	}
	return nil
}

// Region returns the first region of the named field, or nil.
func (n *Node) Region(field string) *Region {
	for i := range n.Regions {
		if n.Regions[i].Field == field {
			return &n.Regions[i]
		}
	}
	return nil
}

// Body returns the statements of the first region of the named field.
func (n *Node) Body(field string) []*Node {
	if r := n.Region(field); r != nil {
		return r.Body
	}
	return nil
}

// Stores returns the registers that receive the node's results. The slice must
// not be changed.
func (n *Node) Stores() []string { return n.Names("store") }

// EachStore goes through the registers that receive the node's results.
func (n *Node) EachStore() iter.Seq2[int, string] {
	return func(yield func(int, string) bool) {
		for i, item := range n.storeItems() {
			if !yield(i, item.Text()) {
				return
			}
		}
	}
}

// storeItems is Stores without a list of its own.
func (n *Node) storeItems() []Value {
	if list := n.Attr("store").List(); list != nil {
		return list.Items
	}
	return nil
}

// Copy returns a shallow copy of n for an edit: its slices are its own, the
// nodes in them are shared.
func (n *Node) Copy() *Node {
	c := *n
	c.Args = append([]*Node(nil), n.Args...)
	c.Kwargs = append([]Kwarg(nil), n.Kwargs...)
	c.Attrs = append([]Attr(nil), n.Attrs...)
	c.Regions = append([]Region(nil), n.Regions...)
	return &c
}

// WithAttr returns a copy of n with the attribute set, or removed when v is
// null.
func (n *Node) WithAttr(name string, v Value) *Node {
	c := n.Copy()
	c.Attrs = c.Attrs[:0:0]
	placed := v.IsNull()
	for _, a := range n.Attrs {
		if a.Name == name {
			continue
		}
		if !placed && a.Name > name {
			c.Attrs = append(c.Attrs, Attr{name, v})
			placed = true
		}
		c.Attrs = append(c.Attrs, a)
	}
	if !placed {
		c.Attrs = append(c.Attrs, Attr{name, v})
	}
	return c
}

// Constructors for the nodes that Go code builds most. Positions and IDs are
// the caller's to set; [Program.AssignIDs] numbers what has none.

// Const returns a literal operand.
func Const(v Value) *Node { return &Node{Op: "const", Attrs: []Attr{{"value", v}}} }

// Reg returns an operand that reads a register or a field of one ("p.W").
func Reg(name string) *Node { return &Node{Op: "reg", Attrs: []Attr{{"reg", String(name)}}} }

// Call returns a call of an op, method or function.
func Call(fn string, args ...*Node) *Node {
	return &Node{Op: "call", Attrs: []Attr{{"call", String(fn)}}, Args: args}
}

// StoringTo returns a copy of n that stores its results to the registers.
func (n *Node) StoringTo(registers ...string) *Node {
	return n.WithAttr("store", Strings(registers...))
}
