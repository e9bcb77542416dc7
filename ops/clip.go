package ops

import (
	"fmt"

	"flowc.dev/flowc/ir"
)

// clipOp declares the op that keeps elements between two bounds.
func clipOp() *Op {
	const name = "clip"
	null := ir.Value{}
	return mapRecords(3, &Op{
		Signature: ir.Signature{Name: name, Results: 1, Params: []ir.Param{
			required("x", "operand"),
			{Name: "min", Default: &null, Doc: "lower bound, broadcast with x; null for none"},
			{Name: "max", Default: &null, Doc: "upper bound, broadcast with x; null for none"},
		}},
		Doc:         "minimum(maximum(x, min), max), elementwise. The gradient at a bound is that inside.",
		Elementwise: true,
		Gradient:    clipGradient,
		Infer: func(args []Arg) ([]ir.Type, error) {
			e, shape := ElementType{DType: ir.Bool}, []int(nil)
			for i, arg := range args {
				if i > 0 && arg.Type.Kind == ir.Null {
					continue
				}
				if err := checkNumber(name, clipParams[i], arg.Type); err != nil {
					return nil, err
				}
				e = Promote(e, elementOfType(arg.Type))
			}
			for _, arg := range args {
				var err error
				if shape, err = broadcastShape(name, new(extents), shape, arg.Type.Shape); err != nil {
					return nil, err
				}
			}
			return inferred(name, e.toArithmetic(), shape, nil)
		},
		Eval: evalClip,
	})
}

var clipParams = []string{"x", "min", "max"}

func evalClip(dst, args []ir.Value) error {
	const name = "clip"
	e := ElementType{DType: ir.Bool}
	for i, arg := range args {
		if i > 0 && arg.IsNull() {
			continue
		}
		if !arg.IsNumber() {
			return checkNumber(name, clipParams[i], arg.Type())
		}
		e = Promote(e, elementOf(arg))
	}
	e = e.toArithmetic()
	x, low, high := args[0], args[1], args[2]
	switch {
	case low.IsNull() && high.IsNull():
		return evalCast(name, &dst[0], x, e)
	case low.IsNull():
		return minimumKernels.eval(name, &dst[0], &x, &high, e.DType, e)
	case high.IsNull():
		return maximumKernels.eval(name, &dst[0], &x, &low, e.DType, e)
	}
	if x.IsScalar() && low.IsScalar() {
		var raised ir.Value
		if err := maximumKernels.eval(name, &raised, &x, &low, e.DType, e); err != nil {
			return err
		}
		return minimumKernels.eval(name, &dst[0], &raised, &high, e.DType, e)
	}
	var buf extents
	shape, err := broadcastShape(name, &buf, x.Shape(), low.Shape())
	if err != nil {
		return err
	}
	t, err := newScratch(e.DType, shape)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	raised := ir.TensorValue(t)
	defer freeScratch(t)
	if err := maximumKernels.eval(name, &raised, &x, &low, e.DType, e); err != nil {
		return err
	}
	return minimumKernels.eval(name, &dst[0], &raised, &high, e.DType, e)
}

func clipGradient(t Tape, args []*ir.Node, _, dout *ir.Node) []*ir.Node {
	x, low, high := args[0], args[1], args[2]
	zero := weakConst(0)
	dx, dlow, dhigh := dout, dout, dout
	hasLow, hasHigh := !isNull(low), !isNull(high)
	if hasLow {
		dx = t.Call("where", t.Call("less", x, low), zero, dx)
		dlow = t.Call("where", t.Call("less", x, low), dlow, zero)
	}
	if hasHigh {
		dx = t.Call("where", t.Call("greater", x, high), zero, dx)
		raised := x
		if hasLow {
			raised = t.Call("maximum", x, low)
			dlow = t.Call("where", t.Call("greater", low, high), zero, dlow)
			dx = t.Call("where", t.Call("greater", low, high), zero, dx)
		}
		dhigh = t.Call("where", t.Call("greater", raised, high), dhigh, zero)
	}
	adjoints := []*ir.Node{reduced(t, dx, x), nil, nil}
	if hasLow {
		adjoints[1] = reduced(t, dlow, low)
	}
	if hasHigh {
		adjoints[2] = reduced(t, dhigh, high)
	}
	return adjoints
}

// isNull reports whether the operand is the literal null.
func isNull(n *ir.Node) bool { return n.Op == "const" && n.Attr("value").IsNull() }
