package irtest

import "flowc.dev/flowc/ir"

// redundant returns a form of type t that computes more than it has to, or nil.
func (g *generator) redundant(b *block, t ir.Type, depth int) *ir.Node {
	same := func() *ir.Node { return g.expr(b, t, depth-1) }
	rank := len(t.Shape)
	switch g.weighted(2, 2, 2, 2, 2, 1, 2, 2) {
	case 0:
		return ir.Call(pick(g, "multiply", "add", "subtract"), same(), integer(pick(g, 0, 1, -1)))
	case 1:
		x := pick(g, "negative", "abs", "square")
		return ir.Call(pick(g, "negative", "square", "abs"), ir.Call(x, same()))
	case 2:
		return ir.Call(pick(g, "add", "subtract", "multiply"), ir.Call("negative", same()), ir.Call("negative", same()))
	case 3:
		if isFloat(t) {
			return ir.Call("divide", same(), pick(g, real(1), real(8), real(-0.5), real(3)))
		}
		return ir.Call(pick(g, "floor_divide", "remainder"), same(), integer(1))
	case 4:
		if n := g.held(b, t); n != nil {
			return ir.Call(pick(g, "maximum", "minimum"), n, n)
		}
	case 5:
		c := ir.Const(ir.BoolValue(g.chance(0.5)))
		return ir.Call("where", c, same(), same())
	case 6:
		if rank > 0 && !t.Weak {
			fill := ir.Call("full", integers(t.Shape), integer(g.between(0, 3)), text(dtypeOf(t)))
			return ir.Call(pick(g, "add", "multiply", "subtract"), same(), fill)
		}
	case 7:
		if rank > 0 {
			x := ir.Call("broadcast_to", g.expr(b, shaped(t, g.spread(t.Shape)), depth-1), integers(t.Shape))
			return ir.Call(pick(g, "negative", "square"), x)
		}
	}
	return nil
}
