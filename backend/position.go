package backend

import (
	"fmt"

	"flowc.dev/flowc/ir"
)

// sourceID returns the ID of the source statement that st is the linked form
// of. A fused leaf stands for several; what it begins with counts.
func sourceID(st *stmt) ir.ID {
	n := st.node
	for n.Op == "graph" || n.Op == "next_n" || n.Op == "block" {
		source := n.Body("source")
		if len(source) == 0 {
			break
		}
		n = source[0]
	}
	return n.ID
}

// A sourceTree tells where the statements of a source program stand.
type sourceTree struct {
	parents map[ir.ID]*ir.Node // nil for the top level of a program or function
}

func newSourceTree(p *ir.Program) *sourceTree {
	t := &sourceTree{parents: map[ir.ID]*ir.Node{}}
	var enter func(parent *ir.Node, body []*ir.Node)
	enter = func(parent *ir.Node, body []*ir.Node) {
		for _, n := range body {
			// What an optimized statement stands for is what runs.
			if source := n.Body("source"); len(source) > 0 {
				enter(parent, source)
				continue
			}
			t.parents[n.ID] = parent
			for i := range n.Regions {
				enter(n, n.Regions[i].Body)
			}
		}
	}
	enter(nil, p.Body)
	for _, f := range p.Functions {
		enter(nil, f.Body)
	}
	return t
}

// between returns the elements that the statement id stands in, outermost first,
// below the element outer, 0 for the top level. Optimization leaves out only
// elements that decide nothing at run time.
func (t *sourceTree) between(outer, id ir.ID) ([]ir.ID, error) {
	var elements []ir.ID
	for {
		parent, ok := t.parents[id]
		switch {
		case !ok:
			return nil, fmt.Errorf("bug: statement %d is not in the source program", id)
		case parent == nil && outer == 0, parent != nil && parent.ID == outer:
			for i, j := 0, len(elements)-1; i < j; i, j = i+1, j-1 {
				elements[i], elements[j] = elements[j], elements[i]
			}
			return elements, nil
		case parent == nil || parent.Op != "seq" && parent.Op != "switch":
			return nil, fmt.Errorf("bug: statement %d does not stand in element %d", id, outer)
		}
		id = parent.ID
		elements = append(elements, id)
	}
}

// locate finds the linked form of the source statement id in a body: the index
// of the statement, and those inside the fused leaves that carry it, outermost
// first. It is nil if the statement is not there.
func locate(body []*stmt, id ir.ID) []int {
	for i, st := range body {
		if st.kind != kindFused {
			if sourceID(st) == id {
				return []int{i}
			}
			continue
		}
		if !carries(st.node, id) {
			continue
		}
		if source, err := st.sources(); err == nil {
			if inner := locate(source, id); inner != nil {
				return append([]int{i}, inner...)
			}
		}
	}
	return nil
}

// carries reports whether a statement that n stands for may have the ID id.
func carries(n *ir.Node, id ir.ID) bool {
	for _, source := range n.Body("source") {
		if source.ID == id || carries(source, id) {
			return true
		}
	}
	return false
}
