package ir

import (
	"crypto/sha256"
	"slices"
)

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
