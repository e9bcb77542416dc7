package star

import "flowc.dev/flowc/ir"

// share returns the statements that compute results of a traced function and
// store them. What is used more than once gets a register of its own, so that
// the body is no larger than the def's computation.
func (c *call) share(f *ir.Function, results []*term) []*ir.Node {
	s := sharer{uses: map[*ir.Node]int{}, done: map[*ir.Node]*ir.Node{}, f: f, methods: c.methods}
	for _, t := range results {
		t.placed = true
		s.count(t.node)
	}
	for i, t := range results {
		n := s.rebuild(t.node, true)
		if n.Op != "call" || !n.Attr(storeKey).IsNull() {
			n = &ir.Node{Op: "call", Pos: n.Pos, Attrs: []ir.Attr{{Name: "call", Value: ir.String("identity")}}, Args: []*ir.Node{n}}
		}
		s.body = append(s.body, n.StoringTo(f.Returns[i]))
	}
	return s.body
}

type sharer struct {
	uses    map[*ir.Node]int
	done    map[*ir.Node]*ir.Node // nodes that have been rebuilt
	f       *ir.Function
	methods map[*ir.Node]*object
	body    []*ir.Node
	locals  int
}

// count counts how often each node is used, going below each node once.
func (s *sharer) count(n *ir.Node) {
	s.uses[n]++
	if s.uses[n] > 1 {
		return
	}
	for _, arg := range n.Args {
		s.count(arg)
	}
	for _, k := range n.Kwargs {
		s.count(k.Node)
	}
}

// rebuild returns the expression n with what is shared in registers. The value
// of a result is stored by its own statement, even if shared.
func (s *sharer) rebuild(n *ir.Node, result bool) *ir.Node {
	if again := s.done[n]; again != nil {
		return again
	}
	if len(n.Args) == 0 && len(n.Kwargs) == 0 {
		return n
	}
	c := n.Copy()
	for i, arg := range n.Args {
		c.Args[i] = s.rebuild(arg, false)
	}
	for i, k := range n.Kwargs {
		c.Kwargs[i].Node = s.rebuild(k.Node, false)
	}
	if object := s.methods[n]; object != nil {
		s.methods[c] = object
	}
	if s.uses[n] < 2 || n.Op == "slice" || isConstant(n) {
		return c
	}
	if c.Op != "call" {
		c = &ir.Node{Op: "call", Pos: n.Pos, Attrs: []ir.Attr{{Name: "call", Value: ir.String("identity")}}, Args: []*ir.Node{c}}
	}
	s.locals++
	name := fresh(s.f, "shared", s.locals-1, true)
	s.body = append(s.body, c.StoringTo(name))
	read := ir.Reg(name)
	read.Pos = n.Pos
	s.done[n] = read
	return read
}
