package ops

import "flowc.dev/flowc/ir"

func weakConst(x float64) *ir.Node { return ir.Const(ir.WeakFloat(x)) }

// noGradient is the rule of ops that are constant almost everywhere or whose
// result is no float: nothing flows back to their n arguments.
func noGradient(n int) Gradient {
	return func(Tape, []*ir.Node, *ir.Node, *ir.Node) []*ir.Node { return make([]*ir.Node, n) }
}

// reduced undoes the broadcasting of x for its adjoint d.
func reduced(t Tape, d, x *ir.Node) *ir.Node { return t.Call("sum_to_like", d, x) }

func addGradient(t Tape, args []*ir.Node, _, dout *ir.Node) []*ir.Node {
	return []*ir.Node{reduced(t, dout, args[0]), reduced(t, dout, args[1])}
}

func subtractGradient(t Tape, args []*ir.Node, _, dout *ir.Node) []*ir.Node {
	return []*ir.Node{reduced(t, dout, args[0]), reduced(t, t.Call("negative", dout), args[1])}
}

func multiplyGradient(t Tape, args []*ir.Node, _, dout *ir.Node) []*ir.Node {
	a, b := args[0], args[1]
	return []*ir.Node{
		reduced(t, t.Call("multiply", dout, b), a),
		reduced(t, t.Call("multiply", dout, a), b),
	}
}

func divideGradient(t Tape, args []*ir.Node, out, dout *ir.Node) []*ir.Node {
	a, b := args[0], args[1]
	da := t.Call("divide", dout, b)
	return []*ir.Node{
		reduced(t, da, a),
		reduced(t, t.Call("negative", t.Call("multiply", da, out)), b),
	}
}

func remainderGradient(t Tape, args []*ir.Node, _, dout *ir.Node) []*ir.Node {
	a, b := args[0], args[1]
	quotient := t.Call("floor_divide", a, b)
	return []*ir.Node{
		reduced(t, dout, a),
		reduced(t, t.Call("negative", t.Call("multiply", dout, quotient)), b),
	}
}

// powerGradient keeps away from the infinities that the plain rule has at base
// or exponent 0.
func powerGradient(t Tape, args []*ir.Node, out, dout *ir.Node) []*ir.Node {
	a, b := args[0], args[1]
	zero, one := weakConst(0), weakConst(1)
	less := t.Call("where", t.Call("equal", b, zero), one, t.Call("subtract", b, one))
	slope := t.Call("multiply", b, t.Call("power", a, less))
	log := t.Call("log", t.Call("where", t.Call("equal", a, zero), one, a))
	return []*ir.Node{
		reduced(t, t.Call("multiply", dout, slope), a),
		reduced(t, t.Call("multiply", dout, t.Call("multiply", out, log)), b),
	}
}

// extremeGradient gives the adjoint to the operand that wins by the comparison,
// half to each on a tie.
func extremeGradient(wins string) Gradient {
	return func(t Tape, args []*ir.Node, _, dout *ir.Node) []*ir.Node {
		a, b := args[0], args[1]
		tie := t.Call("where", t.Call("equal", a, b), t.Call("multiply", dout, weakConst(0.5)), weakConst(0))
		return []*ir.Node{
			reduced(t, t.Call("where", t.Call(wins, a, b), dout, tie), a),
			reduced(t, t.Call("where", t.Call(wins, b, a), dout, tie), b),
		}
	}
}

func negativeGradient(t Tape, _ []*ir.Node, _, dout *ir.Node) []*ir.Node {
	return []*ir.Node{t.Call("negative", dout)}
}

func absGradient(t Tape, args []*ir.Node, _, dout *ir.Node) []*ir.Node {
	return []*ir.Node{t.Call("multiply", dout, t.Call("sign", args[0]))}
}

func squareGradient(t Tape, args []*ir.Node, _, dout *ir.Node) []*ir.Node {
	return []*ir.Node{t.Call("multiply", dout, t.Call("multiply", weakConst(2), args[0]))}
}

func reluGradient(t Tape, args []*ir.Node, _, dout *ir.Node) []*ir.Node {
	return []*ir.Node{t.Call("where", t.Call("greater", args[0], weakConst(0)), dout, weakConst(0))}
}

func sqrtGradient(t Tape, _ []*ir.Node, out, dout *ir.Node) []*ir.Node {
	return []*ir.Node{t.Call("divide", t.Call("multiply", weakConst(0.5), dout), out)}
}

func reciprocalGradient(t Tape, _ []*ir.Node, out, dout *ir.Node) []*ir.Node {
	return []*ir.Node{t.Call("negative", t.Call("multiply", dout, t.Call("square", out)))}
}

func expGradient(t Tape, _ []*ir.Node, out, dout *ir.Node) []*ir.Node {
	return []*ir.Node{t.Call("multiply", dout, out)}
}

func expm1Gradient(t Tape, _ []*ir.Node, out, dout *ir.Node) []*ir.Node {
	return []*ir.Node{t.Call("multiply", dout, t.Call("add", out, weakConst(1)))}
}

func logGradient(t Tape, args []*ir.Node, _, dout *ir.Node) []*ir.Node {
	return []*ir.Node{t.Call("divide", dout, args[0])}
}

func log1pGradient(t Tape, args []*ir.Node, _, dout *ir.Node) []*ir.Node {
	return []*ir.Node{t.Call("divide", dout, t.Call("add", args[0], weakConst(1)))}
}

func tanhGradient(t Tape, _ []*ir.Node, out, dout *ir.Node) []*ir.Node {
	return []*ir.Node{t.Call("multiply", dout, t.Call("subtract", weakConst(1), t.Call("square", out)))}
}

func sigmoidGradient(t Tape, _ []*ir.Node, out, dout *ir.Node) []*ir.Node {
	return []*ir.Node{t.Call("multiply", dout, t.Call("multiply", out, t.Call("subtract", weakConst(1), out)))}
}

func softplusGradient(t Tape, args []*ir.Node, _, dout *ir.Node) []*ir.Node {
	return []*ir.Node{t.Call("multiply", dout, t.Call("sigmoid", args[0]))}
}
