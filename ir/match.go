package ir

import (
	"slices"
	"strings"
)

// maxMatchWork bounds the comparisons of pattern nodes with program nodes in
// one search.
const maxMatchWork = 1 << 24

// A Binding is what a metavariable stands for in a match: a name, an operand, a
// statement, or for a rest, any number of arguments or statements.
type Binding struct {
	// Name is a register, object, op, method or function; "" for nodes.
	Name string
	// Nodes are the operand or statement, or the arguments or statements of a
	// rest.
	Nodes []*Node
	// Kwargs are the keyword arguments among the arguments of a rest.
	Kwargs []Kwarg
	// Rest says that the metavariable is a rest.
	Rest bool
}

// register returns the name that b consists of, a plain register's included.
func (b *Binding) register() string {
	if b.Name == "" && !b.Rest && len(b.Nodes) == 1 && b.Nodes[0].Op == "reg" {
		return b.Nodes[0].Text("reg")
	}
	return b.Name
}

// A matcher compares patterns with nodes. What has been bound and claimed is
// undone by cutting the slices back.
type matcher struct {
	bound []boundName
	// claimed are the nodes that nodes of the pattern other than metavariables
	// have matched.
	claimed []*Node
	digests map[*Node]string
	work    int
}

// A boundName is a metavariable, AnyName included, with what it stands for.
type boundName struct {
	name string
	Binding
}

func (m *matcher) reset() { m.bound, m.claimed = m.bound[:0], m.claimed[:0] }

// node reports whether pattern matches n.
func (m *matcher) node(pattern, n *Node) bool {
	if m.work++; m.work > maxMatchWork {
		return false
	}
	if name, ok := pattern.IsMetavariable(); ok {
		return m.attribute(pattern, n, "store") && m.bind(name, Binding{Nodes: []*Node{n}})
	}
	if pattern.Op != n.Op || !m.attributes(pattern, n) {
		return false
	}
	m.claimed = append(m.claimed, n)
	return m.operands(pattern, n) && m.regions(pattern, n)
}

func (m *matcher) attributes(pattern, n *Node) bool {
	for _, a := range pattern.Attrs {
		if !m.attribute(pattern, n, a.Name) {
			return false
		}
	}
	return true
}

// attribute matches one attribute, which does not matter if the pattern does
// not have it.
func (m *matcher) attribute(pattern, n *Node, name string) bool {
	want, got := pattern.Attr(name), n.Attr(name)
	switch {
	case !holdsNames(pattern, name):
		return sameValue(want, got)
	case want.IsNull():
		return true
	case want.Kind() == Str:
		return got.Kind() == Str && m.name(want.Text(), got.Text())
	}
	return slices.EqualFunc(pattern.Names(name), n.Names(name), m.name)
}

// sameValue is [SameValue], quick where types differ.
func sameValue(a, b Value) bool { return a.Type().Equal(b.Type()) && SameValue(a, b) }

// name matches a name: $f stands for the whole of it, otherwise the parts
// between dots are matched one by one.
func (m *matcher) name(pattern, name string) bool {
	if !strings.Contains(pattern, "$") {
		return pattern == name
	}
	parts, got := strings.Split(pattern, "."), []string{name}
	if len(parts) > 1 {
		got = strings.Split(name, ".")
	}
	if len(parts) != len(got) {
		return false
	}
	for i, part := range parts {
		if variable, ok := metavariableName(part); ok {
			if !m.bind(variable, Binding{Name: got[i]}) {
				return false
			}
		} else if part != got[i] {
			return false
		}
	}
	return true
}

// operands matches the positional and named operands. Keyword arguments that
// the pattern does not name are taken by the last rest among the positional
// ones.
func (m *matcher) operands(pattern, n *Node) bool {
	for _, k := range pattern.Kwargs {
		operand := n.Kwarg(k.Name)
		if operand == nil || !m.node(k.Node, operand) {
			return false
		}
	}
	var others []Kwarg
	for _, k := range n.Kwargs {
		if f := SchemaOf(n.Op).Field(k.Name); f != nil && f.Kind == NamedField {
			continue // like an attribute that the pattern does not mention
		}
		if pattern.Kwarg(k.Name) == nil {
			others = append(others, k)
		}
	}
	return m.list(pattern.Args, n.Args, others)
}

// regions matches regions by field and label. Hooks that the pattern does not
// mention do not matter.
func (m *matcher) regions(pattern, n *Node) bool {
	regions := n.Regions
	if pattern.Region("hooks") == nil {
		regions = slices.DeleteFunc(slices.Clone(regions), func(r Region) bool { return r.Field == "hooks" })
	}
	if len(pattern.Regions) != len(regions) {
		return false
	}
	for i := range regions {
		want, got := &pattern.Regions[i], &regions[i]
		if want.Field != got.Field || !sameValue(want.When, got.When) || !m.list(want.Body, got.Body, nil) {
			return false
		}
	}
	return true
}
