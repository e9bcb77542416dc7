package irtest

import (
	"slices"

	"flowc.dev/flowc/ir"
)

// expr returns an operand of exactly the type t.
func (g *generator) expr(b *block, t ir.Type, depth int) *ir.Node {
	if n := g.held(b, t); n != nil && (depth <= 0 || g.chance(0.3)) {
		return n
	}
	if depth > 0 {
		if n := g.calledFunction(b, t, depth); n != nil && g.chance(0.2) {
			return n
		}
	}
	if depth <= 0 {
		return g.simple(b, t)
	}
	switch t.Kind {
	case ir.RecordKind:
		return g.record(b, t, depth)
	case ir.ListKind:
		items := make([]*ir.Node, len(t.Parts))
		for i, part := range t.Parts {
			items[i] = g.expr(b, part, depth-1)
		}
		return list(items...)
	case ir.Number:
		if n := g.number(b, t, depth); n != nil {
			return n
		}
	}
	return g.simple(b, t)
}

// held returns an operand that reads a value of type t from a register, or nil.
func (g *generator) held(b *block, t ir.Type) *ir.Node {
	var found []*ir.Node
	for i := range b.env.entries {
		n := &b.env.entries[i]
		if n.dynamic {
			continue
		}
		if n.t.Equal(t) {
			found = append(found, ir.Reg(n.name))
		}
		for k, part := range n.t.Parts {
			switch {
			case !part.Equal(t):
			case n.t.Kind == ir.ListKind:
				found = append(found, index(ir.Reg(n.name), integer(k)))
			case g.chance(0.8):
				found = append(found, ir.Reg(n.name+"."+n.t.Names[k]))
			default:
				found = append(found, index(ir.Reg(n.name), text(n.t.Names[k])))
			}
		}
	}
	if len(found) == 0 {
		return nil
	}
	return pick(g, found...)
}

// simple returns an operand of type t with no more calls than it takes.
func (g *generator) simple(b *block, t ir.Type) *ir.Node {
	if n := g.held(b, t); n != nil && g.chance(0.8) {
		return n
	}
	switch {
	case t.Kind == ir.Number && t.Weak && len(t.Shape) > 0:
		return ir.Call("broadcast_to", g.simple(b, shaped(t, nil)), integers(t.Shape))
	case t.Kind == ir.ListKind && slices.ContainsFunc(t.Parts, func(p ir.Type) bool { return p.Kind != ir.Number || p.Weak && len(p.Shape) > 0 }),
		t.Kind == ir.RecordKind:
		return g.compound(b, t)
	case t.Kind == ir.Number && !t.Weak && g.chance(0.6):
		if n := g.adapted(b, t); n != nil {
			return n
		}
	}
	return g.literal(t)
}

// adapted returns a number of type t made from a register of another type, or
// nil.
func (g *generator) adapted(b *block, t ir.Type) *ir.Node {
	numbers := b.env.matching(func(n *entry) bool { return n.t.Kind == ir.Number })
	if len(numbers) == 0 {
		return nil
	}
	e := pick(g, numbers...)
	n := ir.Reg(e.name)
	if !slices.Equal(e.t.Shape, t.Shape) {
		switch {
		case len(e.t.Shape) == 0:
		case size(e.t.Shape) == size(t.Shape):
			n, e = ir.Call("reshape", n, integers(t.Shape)), &entry{t: shaped(e.t, t.Shape)}
		default:
			n = ir.Call(pick(g, "sum", "mean"), n)
		}
		if len(t.Shape) > 0 && !slices.Equal(e.t.Shape, t.Shape) {
			n = ir.Call("broadcast_to", n, integers(t.Shape))
		}
	}
	return ir.Call("cast", n, text(dtypeOf(t)))
}

// compound returns a list or record of simple parts.
func (g *generator) compound(b *block, t ir.Type) *ir.Node {
	if t.Kind == ir.ListKind {
		items := make([]*ir.Node, len(t.Parts))
		for i, part := range t.Parts {
			items[i] = g.simple(b, part)
		}
		return list(items...)
	}
	// The fields of a record literal are sorted by name.
	n := &ir.Node{Op: "record"}
	for i, name := range t.Names {
		n = with(n, name, g.simple(b, t.Parts[i]))
	}
	return n
}

// record returns a record of type t, whose parts are floats or such records.
func (g *generator) record(b *block, t ir.Type, depth int) *ir.Node {
	if !floatRecord(t) {
		return g.compound(b, t)
	}
	same := func() *ir.Node {
		if n := g.held(b, t); n != nil {
			return n
		}
		return g.simple(b, t)
	}
	factor := func() *ir.Node { return g.expr(b, pick(g, weakFloat(), weakInt()), depth-1) }
	switch g.weighted(2, 3, 3, 2, 1, 1) {
	case 0:
		n := &ir.Node{Op: "record"}
		for i, name := range t.Names {
			n = with(n, name, g.expr(b, t.Parts[i], depth-1))
		}
		return n
	case 1: // the step of an optimizer
		return ir.Call("subtract", same(), ir.Call("multiply", factor(), same()))
	case 2:
		return ir.Call(pick(g, "add", "subtract", "multiply", "maximum"), same(), same())
	case 3:
		return ir.Call(pick(g, "negative", "tanh", "square", "sigmoid", "zeros_like", "relu"), same())
	case 4:
		return ir.Call("where", g.expr(b, number(ir.Bool, nil), depth-1), same(), same())
	}
	return ir.Call("clip", same(), real(-2), real(2))
}

// floatRecord reports whether all that is in t is strong floats.
func floatRecord(t ir.Type) bool {
	return t.Kind == ir.RecordKind && slices.IsSorted(t.Names) && !slices.ContainsFunc(t.Parts, func(p ir.Type) bool {
		return !(isFloat(p) && !p.Weak) && !floatRecord(p)
	})
}

// number returns a computed number of type t, nil if the way that was chosen
// does not lead to it.
func (g *generator) number(b *block, t ir.Type, depth int) *ir.Node {
	for range 4 {
		var n *ir.Node
		switch g.weighted(6, 3, 3, 3, 2, 2) {
		case 0:
			n = g.elementwise(b, t, depth)
		case 1:
			n = g.reduction(b, t, depth)
		case 2:
			n = g.rearranged(b, t, depth)
		case 3:
			n = g.product(b, t, depth)
		case 4:
			n = g.unstable(b, t, depth)
		case 5:
			n = g.created(b, t, depth)
		}
		if n != nil {
			return n
		}
	}
	return nil
}
