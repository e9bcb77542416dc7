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
		n.Pos = v.Node.Pos
		if v.Node.ID != 0 {
			n.Origins = []ir.ID{v.Node.ID}
		}
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
