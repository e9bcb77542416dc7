package json

import (
	"cmp"
	"math"
	"slices"
	"strconv"

	"flowc.dev/flowc/ir"
)

// node reads a statement, an operand that is an object, or a hook clause. It
// returns nil if there is none.
func (d *decoder) node(p place, class ir.Class) *ir.Node {
	if d.kind(p) != '{' {
		d.found(p, wanted(class))
		return nil
	}
	if !d.deeper(p) {
		return nil
	}
	defer func() { d.depth-- }()
	members := d.fixedMembers(p)
	defer d.release(members)
	s := d.element(p, members, class)
	if s == nil || !d.countNode(p) {
		return nil
	}
	if d.constant && !slices.Contains(constantOps, s.Op) {
		d.report(int(p.pos), "%s is not a constant: want a literal, or a tensor, list or record of literals", s.Op)
		return nil
	}
	n := &ir.Node{Op: s.Op, Pos: d.pos(p)}
	for i := range members {
		if d.stopped {
			return nil
		}
		d.enter(members[i].key)
		d.member(n, s, class, &members[i])
		d.leave()
	}
	d.missing(n, s, class, p, members)
	if len(n.Kwargs) > 1 {
		slices.SortFunc(n.Kwargs, func(a, b ir.Kwarg) int { return cmp.Compare(a.Name, b.Name) })
	}
	if len(n.Attrs) > 1 {
		slices.SortFunc(n.Attrs, func(a, b ir.Attr) int { return cmp.Compare(a.Name, b.Name) })
	}
	if len(n.Regions) > 1 {
		order := func(r ir.Region) int {
			return slices.IndexFunc(s.Fields, func(f ir.Field) bool { return f.Name == r.Field })
		}
		slices.SortStableFunc(n.Regions, func(a, b ir.Region) int { return cmp.Compare(order(a), order(b)) })
	}
	return n
}

// deeper counts one more level of nesting; the caller takes it back.
func (d *decoder) deeper(p place) bool {
	if d.depth >= ir.MaxNesting {
		d.report(int(p.pos), "statements and operands are nested more than %d deep", ir.MaxNesting)
		d.stopped = true
		return false
	}
	d.depth++
	return true
}

// element returns the element that an object is, by its one element key.
func (d *decoder) element(p place, members []member, class ir.Class) *ir.Schema {
	v := vocabularyFor(class)
	if class == ir.HookClause && len(v.keys) == 1 { // told by its place
		return v.elements[v.keys[0]]
	}
	var found *member
	for i := range members {
		m := &members[i]
		switch {
		case v.elements[m.key] == nil:
		case found == nil:
			found = m
		default:
			d.report(int(m.keyPos), "found the element keys %q and %q in one object: want exactly one", found.key, m.key)
			return nil
		}
	}
	if found != nil {
		return v.elements[found.key]
	}
	if d.stopped {
		return nil
	}
	for i := range members {
		m := &members[i]
		if class == ir.Expression && statements.elements[m.key] != nil {
			d.report(int(m.keyPos), "found the statement %q: want %s", m.key, wanted(class))
			return nil
		}
		if class == ir.Statement && expressions.elements[m.key] != nil {
			d.report(int(m.keyPos), "found the operand %q: want a statement; to evaluate operands call an op", m.key)
			return nil
		}
	}
	for i := range members {
		m := &members[i]
		if s := suggest(m.key, v.keys); s != "" && m.key != idKey && m.key != docKey && m.key != storeKey {
			d.report(int(m.keyPos), "unknown element %s: did you mean %q?", quote(m.key), s)
			m.key = s // to find the problems further in
			return v.elements[s]
		}
	}
	d.report(int(p.pos), "found an object with %s: want one of the element keys %s", keysOf(members), alternatives(v.keys))
	return nil
}

// keysOf lists the keys of an object in a message.
func keysOf(members []member) string {
	const most = 4
	if len(members) == 0 {
		return "no keys"
	}
	s := "the keys "
	if len(members) == 1 {
		s = "the key "
	}
	for i, m := range members[:min(len(members), most)] {
		if i > 0 {
			s += ", "
		}
		s += quote(m.key)
	}
	if len(members) > most {
		s += ", ..."
	}
	return s
}

// member reads one member of a node's object.
func (d *decoder) member(n *ir.Node, s *ir.Schema, class ir.Class, m *member) {
	key := m.key
	if target, ok := aliases[key]; ok && s.Key().Name == target {
		key = target
	}
	if f := s.Field(key); f != nil && !nested(s, f) {
		if !allowed(f, class) {
			d.report(int(m.keyPos), "found %q on an operand: only statements have it", key)
			return
		}
		d.field(n, s, f, m.value)
		return
	}
	switch key {
	case idKey:
		d.id(n, m.value)
	case docKey:
		d.doc(&n.Doc, m.value)
	case originsKey:
		d.origins(n, m.value)
	default:
		d.report(int(m.keyPos), "unknown key %s in %s%s", quote(key), s.Op, orSuggestion(key, fieldNames(s, class)))
	}
}

// missing reports the fields that a node must have and lacks.
func (d *decoder) missing(n *ir.Node, s *ir.Schema, class ir.Class, p place, members []member) {
	has := func(name string) bool {
		return slices.ContainsFunc(members, func(m member) bool { return m.key == name || aliases[m.key] == name })
	}
	regions := 0
	for i := range s.Fields {
		f := &s.Fields[i]
		if has(f.Name) && f.Kind == ir.RegionField {
			regions++
		}
		if f.Optional || nested(s, f) || has(f.Name) {
			continue
		}
		d.report(int(p.pos), "%s lacks %q: want %s", s.Op, f.Name, orDefault(f.Doc, fieldForm(f)))
	}
	if class == ir.HookClause && regions == 0 {
		d.report(int(p.pos), "found a hook without statements: want \"before\" or \"after\"")
	}
}

func orDefault(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// id reads an explicit ID.
func (d *decoder) id(n *ir.Node, p place) {
	id, ok := d.idValue(p)
	if !ok {
		return
	}
	n.ID = id
	d.maxID = max(d.maxID, id)
	if d.derived > 0 {
		return
	}
	if first, again := d.ids[id]; again {
		d.report(int(p.pos), "duplicate id %d: the first one is at %s", id, first)
		return
	}
	d.ids[id] = d.pos(p)
}

func (d *decoder) idValue(p place) (ir.ID, bool) {
	if d.isInteger(p) {
		if id, err := strconv.ParseUint(string(d.scalar(p)), 10, 32); err == nil && id > 0 {
			return ir.ID(id), true
		}
	}
	d.found(p, "an id, a whole number from 1 to "+strconv.Itoa(math.MaxUint32))
	return 0, false
}

// origins reads the IDs of the source nodes that a node stands for.
func (d *decoder) origins(n *ir.Node, p place) {
	if d.kind(p) != '[' {
		d.found(p, "a list of ids")
		return
	}
	for _, item := range d.listItems(p) {
		if !d.countItem(item) {
			return
		}
		if id, ok := d.idValue(item); ok {
			n.Origins = append(n.Origins, id)
		}
	}
}

// doc reads a comment.
func (d *decoder) doc(doc *string, p place) {
	if d.kind(p) != '"' {
		d.found(p, "a text")
		return
	}
	*doc = d.str(int(p.pos))
}
