package irtest

import "flowc.dev/flowc/ir"

// elementwise returns an elementwise call with a result of type t, or nil.
func (g *generator) elementwise(b *block, t ir.Type, depth int) *ir.Node {
	if isBool(t) {
		return g.test(b, t, depth)
	}
	// One operand has the type of the result, the other meets it there.
	same := func() *ir.Node { return g.expr(b, t, depth-1) }
	other := func() *ir.Node { return g.expr(b, shaped(g.below(t), g.spread(t.Shape)), depth-1) }
	switch g.weighted(10, 6, 2, 2, 2, 1, 3) {
	case 6:
		return g.redundant(b, t, depth)
	case 0:
		op := pick(g, "add", "subtract", "multiply", "maximum", "minimum")
		if isFloat(t) && g.chance(0.2) {
			op = "divide"
		}
		if g.chance(0.5) {
			return ir.Call(op, same(), other())
		}
		return ir.Call(op, other(), same())
	case 1:
		switch {
		case isFloat(t) && g.chance(0.6):
			return ir.Call(pick(g, "exp", "expm1", "log", "log1p", "tanh", "sigmoid", "softplus", "sqrt", "reciprocal"), same())
		case t.DType == ir.U8:
			return ir.Call(pick(g, "square", "relu", "floor"), same())
		}
		return ir.Call(pick(g, "negative", "abs", "square", "relu", "sign", "floor", "ceil"), same())
	case 2:
		switch {
		case t.Weak && t.DType == ir.F64 && len(t.Shape) == 0 && g.chance(0.5):
			return ir.Call("divide", g.expr(b, weakInt(), depth-1), g.expr(b, weakInt(), depth-1))
		case t.Weak:
			return nil
		}
		return ir.Call("cast", g.expr(b, number(g.dtype(), t.Shape), depth-1), text(dtypeOf(t)))
	case 3:
		return ir.Call("where", g.expr(b, number(ir.Bool, g.spread(t.Shape)), depth-1), same(), other())
	case 4:
		if isFloat(t) {
			if g.chance(0.5) {
				return ir.Call("power", same(), pick(g, integer(0), integer(1), integer(2), integer(3), real(0.5), real(-1)))
			}
			return with(ir.Call("clip", same(), real(-1.5)), "max", real(2))
		}
		if t.DType == ir.U8 {
			return ir.Call(pick(g, "remainder", "floor_divide"), same(), integer(g.between(1, 7)))
		}
		return pick(g,
			ir.Call("remainder", same(), integer(g.between(1, 7))), ir.Call("floor_divide", same(), integer(g.between(2, 5))),
			ir.Call("power", same(), integer(g.between(0, 3))), ir.Call("clip", same(), integer(-3), integer(5)))
	}
	if n := g.held(b, t); n != nil {
		return ir.Call(pick(g, "ones_like", "zeros_like", "identity"), n)
	}
	return nil
}

// test returns a call with a result of bools.
func (g *generator) test(b *block, t ir.Type, depth int) *ir.Node {
	switch g.weighted(6, 2, 1, 1) {
	case 0:
		u := number(g.dtype(), t.Shape)
		return ir.Call(pick(g, "less", "less_equal", "greater", "greater_equal", "equal", "not_equal"),
			g.expr(b, u, depth-1), g.expr(b, shaped(g.below(u), g.spread(t.Shape)), depth-1))
	case 1:
		return ir.Call(pick(g, "logical_and", "logical_or"), g.expr(b, t, depth-1), g.expr(b, shaped(t, g.spread(t.Shape)), depth-1))
	case 2:
		return ir.Call("logical_not", g.expr(b, t, depth-1))
	}
	return ir.Call(pick(g, "isnan", "isfinite"), g.expr(b, number(g.floatType(), t.Shape), depth-1))
}

// spread returns a shape that broadcasts to the given one.
func (g *generator) spread(shape []int) []int {
	switch g.weighted(5, 3, 1, 1) {
	case 1:
		return nil
	case 2:
		if len(shape) > 0 {
			return shape[1:]
		}
	case 3:
		if len(shape) > 0 {
			ones := append([]int(nil), shape...)
			ones[g.r.IntN(len(ones))] = 1
			return ones
		}
	}
	return shape
}

// unstable returns a form that a compiler replaces by a stabler one, or nil.
func (g *generator) unstable(b *block, t ir.Type, depth int) *ir.Node {
	if !isFloat(t) || t.Weak {
		return nil
	}
	x := g.expr(b, t, depth-1)
	one := pick(g, integer(1), real(1))
	switch g.weighted(2, 2, 2, 2, 2, 2, 2, 2) {
	case 0:
		if len(t.Shape) == 0 {
			return nil
		}
		return ir.Call("log", ir.Call("softmax", x))
	case 1:
		return g.logSumExp(b, t, depth)
	case 2:
		if g.chance(0.5) {
			return ir.Call("log", ir.Call("add", one, x))
		}
		return ir.Call("log", ir.Call("add", x, one))
	case 3:
		return ir.Call("log1p", ir.Call("exp", x))
	case 4:
		return ir.Call("subtract", ir.Call("exp", x), one)
	case 5:
		return ir.Call("log", ir.Call("sigmoid", x))
	case 6:
		return ir.Call("log1p", ir.Call("negative", ir.Call("sigmoid", x)))
	}
	return ir.Call("log", ir.Call("subtract", one, ir.Call("sigmoid", x)))
}

func (g *generator) logSumExp(b *block, t ir.Type, depth int) *ir.Node {
	if len(t.Shape) == 0 && g.chance(0.3) {
		return ir.Call("log", ir.Call("sum", ir.Call("exp", g.expr(b, number(t.DType, g.shape()), depth-1))))
	}
	longer, axis := g.longer(t.Shape)
	return ir.Call("log", with(ir.Call("sum", ir.Call("exp", g.expr(b, shaped(t, longer), depth-1))), "axis", integer(axis)))
}
