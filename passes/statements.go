package passes

import (
	"slices"
	"strconv"
	"strings"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/passes/pass"
)

// checkStatements verifies that a pass has kept the statements: that those after
// it, optimized nodes counting as what they stand for, have the IDs, elements and
// stores of those before it and stand in the same order. So all effects stay, and
// every step and every position of a run. A pass that drops dead code may leave
// some out. What both programs share is not looked at.
func checkStatements(ps *Pass, before, after *ir.Program) error {
	if err := sameStatements(ps, before.Body, after.Body); err != nil {
		return err
	}
	if len(before.Functions) != len(after.Functions) {
		return pass.Errorf(nil, "bug: the program had %d functions and has %d", len(before.Functions), len(after.Functions))
	}
	for i, old := range before.Functions {
		now := after.Functions[i]
		if now == old {
			continue
		}
		if now.Name != old.Name {
			return pass.Errorf(nil, "bug: function %s stands where %s stood", now.Name, old.Name)
		}
		if err := sameStatements(ps, old.Body, now.Body); err != nil {
			return err
		}
	}
	return nil
}

func sameStatements(ps *Pass, before, after []*ir.Node) error {
	old, now := reader{}, reader{}
	old.enter(before)
	now.enter(after)
	for {
		x, y := old.peek(), now.peek()
		switch {
		case x.node != nil && x == y:
			old.skip()
			now.skip()
		case x.transparent():
			old.next()
		case y.transparent():
			now.next()
		case x.node == nil && y.node == nil:
			return nil
		case x.same(y):
			old.next()
			now.next()
		case ps.DropsDead && x.node != nil:
			old.next()
		default:
			return different(x, y, before, after)
		}
	}
}

// different says what is wrong where y stands in the place of x.
func different(x, y statement, before, after []*ir.Node) error {
	switch {
	case x.node != nil && y.node != nil && x.end == y.end && x.node.ID == y.node.ID:
		return pass.Errorf(x.node, "bug: %s has become %s", x.whole(), y.whole())
	case x.node != nil && !x.end && !holds(after, x.node.ID):
		return pass.Errorf(x.node, "bug: %s is lost", x)
	case y.node != nil && !y.end && !holds(before, y.node.ID):
		return pass.Errorf(y.node, "bug: %s is none of the program's statements", y)
	case x.node == nil || x.end:
		return pass.Errorf(y.node, "bug: %s is out of order", y)
	}
	return pass.Errorf(x.node, "bug: %s is out of order", x)
}

// holds reports whether a statement of body has the ID.
func holds(body []*ir.Node, id ir.ID) bool {
	r := reader{}
	r.enter(body)
	for s := r.peek(); s.node != nil; s = r.peek() {
		if !s.transparent() && s.node.ID == id {
			return true
		}
		r.next()
	}
	return false
}

// A statement is one, or the end of one that has others inside.
type statement struct {
	node *ir.Node // nil after the last
	end  bool
}

// transparent reports whether only what is inside counts.
func (s statement) transparent() bool {
	n := s.node
	return n != nil && (pass.Optimized(n) || n.Op == "seq" && len(n.Stores()) == 0 && len(n.Body("hooks")) == 0)
}

func (s statement) same(t statement) bool {
	n, m := s.node, t.node
	if n == nil || m == nil || s.end != t.end || n.ID != m.ID || n.Op != m.Op {
		return false
	}
	return s.end || slices.Equal(n.Stores(), m.Stores()) && method(n) == method(m)
}

// method returns the method that n calls, "" if none.
func method(n *ir.Node) string {
	if name := n.Text("call"); strings.Contains(name, ".") {
		return name
	}
	return ""
}

// String returns the element or what it calls, and the ID.
func (s statement) String() string {
	name := s.node.Text("call")
	if name == "" {
		name = s.node.Op
	}
	if s.end {
		name = "the end of " + name
	}
	return name + " (id " + strconv.FormatUint(uint64(s.node.ID), 10) + ")"
}

// whole is String with the stores.
func (s statement) whole() string {
	if stores := s.node.Stores(); len(stores) > 0 {
		return strings.Join(stores, ", ") + " = " + s.String()
	}
	return s.String()
}

// A reader goes through statements in the order of the text.
type reader struct{ stack []reading }

// A reading is how far a reader is in what is inside of a node.
type reading struct {
	body    []*ir.Node
	regions []ir.Region // after body
	owner   *ir.Node    // ends with them, unless nil
}

func (r *reader) enter(body []*ir.Node) { r.stack = append(r.stack, reading{body: body}) }

// peek returns the statement at which the reader is.
func (r *reader) peek() statement {
	for len(r.stack) > 0 {
		top := &r.stack[len(r.stack)-1]
		switch {
		case len(top.body) > 0:
			return statement{node: top.body[0]}
		case len(top.regions) > 0:
			top.body, top.regions = top.regions[0].Body, top.regions[1:]
		case top.owner != nil:
			return statement{node: top.owner, end: true}
		default:
			r.stack = r.stack[:len(r.stack)-1]
		}
	}
	return statement{}
}

// skip goes past the statement and what is inside.
func (r *reader) skip() {
	top := &r.stack[len(r.stack)-1]
	if len(top.body) > 0 {
		top.body = top.body[1:]
	} else {
		top.owner = nil
	}
}

// next goes into the statement, or past it if nothing is inside.
func (r *reader) next() {
	s := r.peek()
	r.skip()
	n := s.node
	switch {
	case s.end:
	case pass.Optimized(n):
		r.enter(n.Body("source"))
	case s.transparent():
		r.stack = append(r.stack, reading{regions: n.Regions})
	case len(n.Regions) > 0:
		r.stack = append(r.stack, reading{regions: n.Regions, owner: n})
	}
}
