package dataflow

import "flowc.dev/flowc/ir"

// Tree returns v as an expression. What is an exact reading of an expression is
// that expression; other nodes are new, and shared values are written out as
// often as they are used.
func (g *Graph) Tree(v *Value, newID func() ir.ID) *ir.Node {
	if v.Exact != nil {
		return v.Exact
	}
	if v.Kind == Opaque {
		return v.Node
	}
	n := &ir.Node{ID: newID()}
	if v.Node != nil {
		n.Pos, n.Origins = v.Node.Pos, originsOf(v.Node)
	}
	args := v.Args
	switch {
	case v.IsCall("getitem"):
		n.Op = "index"
	case v.Kind == Call:
		n.Op = "call"
		n.Attrs = []ir.Attr{{Name: "call", Value: ir.String(v.Op)}}
		args = g.withoutDefaults(v)
	default:
		describe(n, v)
	}
	for i, arg := range args {
		child := g.Tree(arg, newID)
		if v.Kind == Record {
			n.Kwargs = append(n.Kwargs, ir.Kwarg{Name: v.Names[i], Node: child})
		} else {
			n.Args = append(n.Args, child)
		}
	}
	return n
}

// originsOf returns the source nodes that what is made from n stands for: those
// of n if a pass has made n, otherwise n itself.
func originsOf(n *ir.Node) []ir.ID {
	if len(n.Origins) > 0 || n.ID == 0 {
		return n.Origins
	}
	return []ir.ID{n.ID}
}
