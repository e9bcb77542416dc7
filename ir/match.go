package ir

import (
	"crypto/sha256"
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

// list matches all of items and of the keyword arguments. A rest takes as few
// items as let what follows it match, up to the next rest; this is not gone
// back on, so the work is at most the product of the sizes.
func (m *matcher) list(pattern, items []*Node, kwargs []Kwarg) bool {
	first := nextRest(pattern)
	if first == len(pattern) {
		return len(items) == len(pattern) && len(kwargs) == 0 && m.run(pattern, items)
	}
	if !m.run(pattern[:first], items) {
		return false
	}
	items = items[first:]
	for pattern = pattern[first:]; len(pattern) > 0; {
		rest := pattern[0].Text("name")
		end := 1 + nextRest(pattern[1:])
		segment, last := pattern[1:end], end == len(pattern)
		at := 0
		if last {
			at = max(0, len(items)-len(segment))
		}
		for ; !m.run(segment, items[at:]); at++ {
			if last || len(items)-at <= len(segment) || m.work > maxMatchWork {
				return false
			}
		}
		taken := Binding{Nodes: items[:at:at], Rest: true}
		if last {
			taken.Kwargs = kwargs
		}
		if !m.bind(rest, taken) {
			return false
		}
		pattern, items = pattern[end:], items[at+len(segment):]
	}
	return true
}

func nextRest(pattern []*Node) int {
	if i := slices.IndexFunc(pattern, (*Node).IsRest); i >= 0 {
		return i
	}
	return len(pattern)
}

// run matches items, one for one, from the first; it binds nothing unless all
// of the patterns match.
func (m *matcher) run(pattern, items []*Node) bool {
	if len(items) < len(pattern) {
		return false
	}
	bound, claimed := len(m.bound), len(m.claimed)
	for i, p := range pattern {
		if !m.node(p, items[i]) {
			m.bound, m.claimed = m.bound[:bound], m.claimed[:claimed]
			return false
		}
	}
	return true
}

// sequence matches a run of statements that begins with the first of items and
// returns its length. Pattern begins and ends with no rest.
func (m *matcher) sequence(pattern, items []*Node) (length int, ok bool) {
	first := nextRest(pattern)
	if !m.run(pattern[:first], items) {
		return 0, false
	}
	length = first
	for pattern = pattern[first:]; len(pattern) > 0; {
		end := 1 + nextRest(pattern[1:])
		segment, at := pattern[1:end], length
		for ; !m.run(segment, items[at:]); at++ {
			if len(items)-at <= len(segment) || m.work > maxMatchWork {
				return 0, false
			}
		}
		if !m.bind(pattern[0].Text("name"), Binding{Nodes: items[length:at:at], Rest: true}) {
			return 0, false
		}
		pattern, length = pattern[end:], at+len(segment)
	}
	return length, true
}

// bind binds a metavariable, or reports whether it is bound to the same.
func (m *matcher) bind(name string, b Binding) bool {
	if name != AnyName {
		m.work += len(m.bound) / 16
		for i := range m.bound {
			if m.bound[i].name == name {
				if !m.same(&m.bound[i].Binding, &b) {
					return false
				}
				break
			}
		}
	}
	m.bound = append(m.bound, boundName{name, b})
	return true
}

func (m *matcher) same(a, b *Binding) bool {
	if a.Name != "" || b.Name != "" {
		return a.register() == b.register()
	}
	return slices.EqualFunc(a.Nodes, b.Nodes, m.sameNode) &&
		slices.EqualFunc(a.Kwargs, b.Kwargs, func(x, y Kwarg) bool { return x.Name == y.Name && m.sameNode(x.Node, y.Node) })
}

func (m *matcher) sameNode(a, b *Node) bool { return a == b || m.digest(a) == m.digest(b) }

// digest is the like of [NodeDigest], made of the digests of what n consists of,
// so that every node is looked at once.
func (m *matcher) digest(n *Node) string {
	if d, ok := m.digests[n]; ok {
		return d
	}
	d := digester{h: sha256.New()}
	d.text(n.Op)
	d.count(len(n.Attrs))
	for _, a := range n.Attrs {
		d.text(a.Name)
		d.value(a.Value)
	}
	d.count(len(n.Args))
	for _, arg := range n.Args {
		d.text(m.digest(arg))
	}
	d.count(len(n.Kwargs))
	for _, k := range n.Kwargs {
		d.text(k.Name)
		d.text(m.digest(k.Node))
	}
	d.count(len(n.Regions))
	for _, r := range n.Regions {
		d.text(r.Field)
		d.value(r.When)
		d.count(len(r.Body))
		for _, statement := range r.Body {
			d.text(m.digest(statement))
		}
	}
	if m.digests == nil {
		m.digests = map[*Node]string{}
	}
	m.digests[n] = string(d.h.Sum(nil))
	return m.digests[n]
}
