package ir

import (
	"fmt"
	"slices"
)

// Numbered returns p with an ID of its own on every node, p itself if it has
// them. A node that stands at several places gets copies, so that a position
// names one of them. The statement that an optimized one stands for alone shares
// its ID.
func (p *Program) Numbered() *Program { return numbered(p, p.MaxID()+1) }

// unshared returns p without nodes that stand at two places: the second gets a
// copy.
func unshared(p *Program) *Program {
	seen := map[*Node]bool{}
	return mapBodies(p, func(n *Node) *Node {
		if seen[n] {
			n = n.Copy()
		}
		seen[n] = true
		return n
	})
}

// numbered gives the nodes of p that have no ID, or that of a node before them,
// IDs from next on.
func numbered(p *Program, next ID) *Program {
	var seen idTable
	count := 0
	return mapNodes(p, func(n *Node) *Node {
		count++
		if other := seen.get(n.ID); n.ID == 0 || other != nil && !standsFor(other, n) {
			n = n.Copy()
			n.ID = next
			next++
		}
		seen.set(n.ID, n, count)
		return n
	})
}

// mapNodes is mapBodies for all nodes of p, those of declarations included.
func mapNodes(p *Program, change func(*Node) *Node) *Program {
	result := mapBodies(p, change)
	edit := func() {
		if result == p {
			result = p.Copy()
		}
	}
	objects := slices.Clone(p.Objects)
	for i := range objects {
		for j, arg := range objects[i].Args {
			if m := mapNode(arg.Node, change); m != arg.Node {
				edit()
				objects[i].Args = slices.Clone(objects[i].Args)
				objects[i].Args[j].Node = m
				result.Objects = objects
			}
		}
	}
	if registers, changed := mapRegisters(p.Registers, change); changed {
		edit()
		result.Registers = registers
	}
	functions := slices.Clone(result.Functions)
	for i, f := range functions {
		if registers, changed := mapRegisters(f.Registers, change); changed {
			edit()
			copied := *f
			copied.Registers = registers
			functions[i] = &copied
			result.Functions = functions
		}
	}
	return result
}

func mapRegisters(registers []Register, change func(*Node) *Node) (mapped []Register, changed bool) {
	mapped = slices.Clone(registers)
	for i := range mapped {
		if init := mapped[i].Init; init != nil {
			mapped[i].Init = mapNode(init, change)
			changed = changed || mapped[i].Init != init
		}
	}
	return mapped, changed
}

// mapBodies applies change to the nodes of p's bodies, parents first. What
// change returns has the same operands and regions.
func mapBodies(p *Program, change func(*Node) *Node) *Program {
	result := p.Copy()
	changed := false
	functions := make([]*Function, len(p.Functions))
	for i, f := range p.Functions {
		functions[i] = f
		if body := mapBody(f.Body, change); !slices.Equal(body, f.Body) {
			copied := *f
			copied.Body = body
			functions[i], changed = &copied, true
		}
	}
	if changed {
		result.Functions = functions
	}
	result.Body = mapBody(p.Body, change)
	if !changed && slices.Equal(result.Body, p.Body) {
		return p
	}
	return result
}

func mapBody(body []*Node, change func(*Node) *Node) []*Node {
	mapped := body
	for i, n := range body {
		if m := mapNode(n, change); m != n {
			if &mapped[0] == &body[0] {
				mapped = slices.Clone(body)
			}
			mapped[i] = m
		}
	}
	return mapped
}

func mapNode(n *Node, change func(*Node) *Node) *Node {
	result := change(n)
	own := result != n // a copy already
	copied := func() *Node {
		if !own {
			result, own = result.Copy(), true
		}
		return result
	}
	for i, arg := range n.Args {
		if m := mapNode(arg, change); m != arg {
			copied().Args[i] = m
		}
	}
	for i, k := range n.Kwargs {
		if m := mapNode(k.Node, change); m != k.Node {
			copied().Kwargs[i].Node = m
		}
	}
	for i := range n.Regions {
		if body := mapBody(n.Regions[i].Body, change); !slices.Equal(body, n.Regions[i].Body) {
			copied().Regions[i].Body = body
		}
	}
	return result
}

// sizer measures trees, each node once, so that an edit that doubles what it
// finds ends before memory does.
type sizer map[*Node]treeSize

type treeSize struct{ nodes, depth int }

func (s sizer) check(nodes []*Node) error {
	for _, n := range nodes {
		switch size := s.of(n); {
		case size.nodes > MaxNodes:
			return fmt.Errorf("the edit makes more than %d nodes of it", MaxNodes)
		case size.depth > 3*MaxNesting:
			return fmt.Errorf("the edit nests it deeper than %d", MaxNesting)
		}
	}
	return nil
}

func (s sizer) of(n *Node) treeSize {
	if size, ok := s[n]; ok {
		return size
	}
	size := treeSize{nodes: 1}
	add := func(n *Node) {
		part := s.of(n)
		size.nodes = min(size.nodes+part.nodes, MaxNodes+1)
		size.depth = max(size.depth, part.depth)
	}
	for _, arg := range n.Args {
		add(arg)
	}
	for _, k := range n.Kwargs {
		add(k.Node)
	}
	for i := range n.Regions {
		for _, statement := range n.Regions[i].Body {
			add(statement)
		}
	}
	size.depth++
	s[n] = size
	return size
}
