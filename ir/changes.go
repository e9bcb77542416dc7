package ir

import "slices"

// An EditMap tells what an edit has done to the nodes of a program. IDs are
// sorted.
type EditMap struct {
	// What describes the edit.
	What string
	// Matches are the places that were edited, in the program as it was.
	Matches []*Match
	// Added are the nodes that are new, Removed those that are gone.
	Added, Removed []ID
	// Edited are the statements that are still there with other operands,
	// attributes or hooks. A change in a body of a statement does not count.
	Edited []ID
}

// Changes compares two versions of a program, in which one ID names one node.
func Changes(old, edited *Program) *EditMap {
	m := &EditMap{}
	if old == edited {
		return m
	}
	before, after := nodesByID(old), nodesByID(edited)
	for id, n := range before {
		now := after[id]
		switch {
		case now == nil:
			m.Removed = append(m.Removed, id)
		case now != n && isStatement(n) && isStatement(now) && NodeDigest(head(n)) != NodeDigest(head(now)):
			m.Edited = append(m.Edited, id)
		}
	}
	for id := range after {
		if before[id] == nil {
			m.Added = append(m.Added, id)
		}
	}
	slices.Sort(m.Added)
	slices.Sort(m.Removed)
	slices.Sort(m.Edited)
	return m
}

func nodesByID(p *Program) map[ID]*Node {
	nodes := map[ID]*Node{}
	Walk(p, func(_ *Path, n *Node) bool {
		if n.ID != 0 {
			nodes[n.ID] = n
		}
		return true
	})
	return nodes
}

func isStatement(n *Node) bool {
	s := SchemaOf(n.Op)
	return s != nil && s.Class&Statement != 0
}

// head returns the statement n with its hooks, but without the statements in
// its bodies.
func head(n *Node) *Node {
	n = n.Copy()
	for i := range n.Regions {
		if n.Regions[i].Field != "hooks" {
			n.Regions[i].Body = nil
		}
	}
	return n
}
