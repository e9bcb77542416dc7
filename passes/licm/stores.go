package licm

import (
	"slices"

	"flowc.dev/flowc/ir"
)

// stores knows where in loops the registers of a scope are stored to. Places are
// numbers in the order of the text, so that a loop is a range of them.
type stores struct {
	at     map[string][]int
	ranges map[*ir.Node][2]int // of loops: first place, and the one after the last
	loops  bool                // there is one
	outs   map[string]bool     // of all spawns: any join may store them
	joins  []int               // places
	next   int
	depth  int // loops around
}

// storesOf goes through a scope once, regions of all kinds included: what a hook,
// a strand, or a statement behind an optimized one stores counts as stored.
func storesOf(body []*ir.Node) *stores {
	s := &stores{at: map[string][]int{}, ranges: map[*ir.Node][2]int{}, outs: map[string]bool{}}
	s.body(body)
	return s
}

func (s *stores) body(body []*ir.Node) {
	for _, n := range body {
		s.statement(n)
	}
}

func (s *stores) statement(n *ir.Node) {
	start := s.next
	s.next++
	loop := isLoop(n)
	if loop { // its own counter and value are stored in it
		s.depth++
	}
	if s.depth > 0 {
		s.element(n, start)
	}
	if n.Op == "spawn" {
		for _, name := range n.Names("out") {
			s.outs[name] = true
		}
	}
	for i := range n.Regions {
		if r := &n.Regions[i]; r.Field != "graph" && r.Field != "hoisted" {
			s.body(r.Body)
		}
	}
	if loop {
		s.depth--
		s.loops = true
		s.ranges[n] = [2]int{start, s.next}
	}
}

// element notes what n itself stores.
func (s *stores) element(n *ir.Node, at int) {
	for _, name := range n.EachStore() {
		s.store(name, at)
	}
	if counter := n.Text("as"); counter != "" {
		s.store(counter, at)
	}
	if n.Op == "join" {
		s.joins = append(s.joins, at)
	}
}

func (s *stores) store(name string, at int) {
	if name != ir.Discard {
		s.at[name] = append(s.at[name], at)
	}
}

// in reports whether the register is stored to in the loop, its counter and the
// hooks of the loop included.
func (s *stores) in(loop *ir.Node, register string) bool {
	bounds := s.ranges[loop]
	holds := func(places []int) bool {
		i, _ := slices.BinarySearch(places, bounds[0])
		return i < len(places) && places[i] < bounds[1]
	}
	return holds(s.at[register]) || s.outs[register] && holds(s.joins)
}

// level returns how many of the loops, outermost first, a value of the register
// has to be inside of to be the same throughout: 0 if none stores to it.
func (s *stores) level(loops []*ir.Node, register string) int {
	// A loop stores what the loops in it store.
	i, _ := slices.BinarySearchFunc(loops, false, func(loop *ir.Node, _ bool) int {
		if s.in(loop, register) {
			return -1
		}
		return 1
	})
	return i
}
