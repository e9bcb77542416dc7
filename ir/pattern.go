package ir

import "strings"

// A pattern is a statement, an operand or a sequence of statements in which
// metavariables stand for parts that may be anything. A metavariable in the
// place of an operand, an argument or a statement is a node of the op [Meta];
// in the place of a name (a register that is stored to, what is called, the
// object of a method) it is a name that begins with "$". Such nodes and names
// stand in patterns and replacements only; [Verify] refuses them in a program.

// Meta is the op of metavariable nodes. Attribute "name" is the name without
// the "$", attribute "rest" is true for $name..., which stands for any number
// of consecutive arguments or statements.
const Meta = "$"

// The metavariables with a meaning of their own.
const (
	// AnyName is that of $_, which matches anything and binds nothing.
	AnyName = "_"
	// WholeName is that of $0, which in a replacement is the whole match.
	WholeName = "0"
)

// Metavariable returns the node for $name, or $name... if rest is set.
func Metavariable(name string, rest bool) *Node {
	n := &Node{Op: Meta, Attrs: []Attr{{"name", String(name)}}}
	if rest {
		n.Attrs = append(n.Attrs, Attr{"rest", BoolValue(true)})
	}
	return n
}

// IsMetavariable reports whether n is a metavariable, and its name.
func (n *Node) IsMetavariable() (name string, ok bool) {
	if n.Op != Meta {
		return "", false
	}
	return n.Text("name"), true
}

// IsRest reports whether n is a metavariable that stands for any number of
// arguments or statements.
func (n *Node) IsRest() bool {
	return n.Op == Meta && n.Attr("rest").Truth()
}

// metavariableName returns the name of the metavariable that stands in the
// place of a name: x for "$x".
func metavariableName(s string) (name string, ok bool) { return strings.CutPrefix(s, "$") }

// holdsNames reports whether an attribute of n consists of names, which may be
// metavariables. In other attributes, such as a literal text, "$" is a
// character like others.
func holdsNames(n *Node, attribute string) bool {
	if n.Op == Meta {
		return attribute == "store"
	}
	schema := SchemaOf(n.Op)
	if schema == nil {
		return false
	}
	f := schema.Field(attribute)
	return f != nil && (f.Attr == NameAttr || f.Attr == NamesAttr) && f.Kind == AttrField
}

// eachVariable calls visit with the metavariables in a name or a list of names.
func eachVariable(names Value, visit func(name string)) {
	if list := names.List(); list != nil {
		for _, item := range list.Items {
			eachVariable(item, visit)
		}
		return
	}
	if names.Kind() != Str || !strings.Contains(names.Text(), "$") {
		return
	}
	for _, part := range strings.Split(names.Text(), ".") {
		if name, ok := metavariableName(part); ok {
			visit(name)
		}
	}
}
