package dataflow

import (
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/passes/pass"
)

// maxEdited bounds the calls of a leaf that is edited as expressions.
const maxEdited = ir.MaxNesting / 2

// EditLeaf returns the graph leaf n with its yields, written as expressions,
// replaced by what edit makes of them. A leaf in which a value is used twice, or
// a call has several results, stays as it is, as does one that could not be
// compiled for the family of c afterwards. It is the [pass.Context.EditLeaf] of
// the manager.
func EditLeaf(c *pass.Context, names *pass.Names, n *ir.Node, edit func(operand *ir.Node) (*ir.Node, error)) (*ir.Node, error) {
	if len(n.Body("graph")) > maxEdited {
		return n, nil
	}
	g := NewGraph(c.Registry, false)
	b := &Builder{Graph: g, Names: names, MaxCalls: 2 * maxEdited}
	yields, dead, err := b.ReadLeaf(n)
	if err != nil {
		return nil, err
	}
	if !isForest(append(yields, dead...)) {
		return n, nil
	}
	changed := false
	for i, v := range yields {
		if v.Kind == Input {
			continue
		}
		tree := g.Tree(v, c.NewID)
		edited, err := edit(tree)
		if err != nil {
			return nil, err
		}
		if edited == tree {
			continue
		}
		if yields[i], err = b.Expr(NewFrame(), edited); err != nil {
			return nil, err
		}
		changed = true
	}
	if !changed {
		return n, nil
	}
	if c.Family != pass.FamilyStep {
		values := Reachable(append(dead, yields...)...)
		if !ReadsInput(values) || g.Dynamic(values) != "" {
			return n, nil
		}
	}
	leaf := g.Leaf(Leaf{Statement: n, Origins: n.Origins, Yields: yields, Stores: n.Stores(), Values: LeafValues(n),
		Keep: dead, Steps: n.Attr("steps").Int64(), Source: n.Body("source")}, c.NewID)
	if !c.Fits(leaf) {
		return n, nil
	}
	return leaf, nil
}

// isForest reports whether the roots can be written as expressions without
// computing anything twice.
func isForest(roots []*Value) bool {
	for v, uses := range Uses(roots...) {
		switch v.Kind {
		case Const, Fill, Input:
		case Call, List, Record, Slice:
			if uses > 1 {
				return false
			}
		default:
			return false
		}
	}
	return true
}
