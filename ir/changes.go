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
	for id, was := range before {
		now, ok := after[id]
		switch {
		case !ok:
			m.Removed = append(m.Removed, id)
		case now.node != was.node && was.statement && now.statement && NodeDigest(head(was.node)) != NodeDigest(head(now.node)):
			m.Edited = append(m.Edited, id)
		}
	}
	for id := range after {
		if _, ok := before[id]; !ok {
			m.Added = append(m.Added, id)
		}
	}
	slices.Sort(m.Added)
	slices.Sort(m.Removed)
	slices.Sort(m.Edited)
	return m
}

// numberedNode is a node with an ID, and whether it stands as a statement.
type numberedNode struct {
	node      *Node
	statement bool
}

func nodesByID(p *Program) map[ID]numberedNode {
	nodes := map[ID]numberedNode{}
	Visit(p, func(n *Node) bool {
		if _, ok := nodes[n.ID]; !ok && n.ID != 0 {
			nodes[n.ID] = numberedNode{n, false}
		}
		for i := range n.Regions {
			markStatements(nodes, n.Regions[i].Body)
		}
		return true
	})
	markStatements(nodes, p.Body)
	for _, f := range p.Functions {
		markStatements(nodes, f.Body)
	}
	return nodes
}

func markStatements(nodes map[ID]numberedNode, body []*Node) {
	for _, n := range body {
		if n.ID != 0 {
			nodes[n.ID] = numberedNode{n, true}
		}
	}
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
