package ops

import (
	"fmt"
	"slices"

	"flowc.dev/flowc/ir"
)

func transposeOps() []*Op {
	return []*Op{
		transposing("transpose", false, transposeGradient, "x with its axes in another order."),
		transposing("transpose_adjoint", true, nil, "x with the order of its axes that transpose with these axes undoes."),
	}
}

func transposing(name string, inverse bool, gradient Gradient, doc string) *Op {
	return &Op{
		Signature: ir.Signature{Name: name, Results: 1, Params: []ir.Param{
			required("x", "number"),
			optional("axes", ir.Value{}, "the axes of x in the order of transpose's result, or null for the reverse order")}},
		Doc: doc,
		Infer: func(args []Arg) ([]ir.Type, error) {
			if err := checkNumber(name, "x", args[0].Type); err != nil {
				return nil, err
			}
			param, err := literal(name, "axes", args[1])
			if err != nil {
				return nil, err
			}
			x := args[0].Type
			var buf extents
			axes, err := permutation(name, &buf, param, len(x.Shape), inverse)
			if err != nil {
				return nil, err
			}
			shape := make([]int, len(axes))
			for i, axis := range axes {
				shape[i] = x.Shape[axis]
			}
			return []ir.Type{elementOfType(x).typeOf(shape)}, nil
		},
		Eval: func(dst, args []ir.Value) error {
			if !args[0].IsNumber() {
				return wantError(name, "x", args[0], "a number")
			}
			var buf extents
			axes, err := permutation(name, &buf, args[1], len(args[0].Shape()), inverse)
			if err != nil {
				return err
			}
			return transposeTo(&dst[0], args[0], axes)
		},
		Gradient: gradient,
	}
}

// transposeTo makes *dst the number x with its axes in the given order.
func transposeTo(dst *ir.Value, x ir.Value, axes []int) error {
	if x.IsScalar() {
		*dst = x
		return nil
	}
	var stride, shape extents
	in := x.Shape()
	step := 1
	for i := len(in) - 1; i >= 0; i-- {
		stride[i] = step
		step *= in[i]
	}
	var l axisLoop
	for i, axis := range axes {
		shape[i] = in[axis]
		if in[axis] != 1 {
			l.add(in[axis], stride[axis])
		}
	}
	out, err := output(dst, x.DType(), shape[:len(axes)])
	if err != nil {
		return err
	}
	permuteInto(out, x.Tensor(), 0, &l)
	finish(dst, out, x.Weak())
	return nil
}

// permutation reads the axes of transpose, or the inverse permutation, into buf.
func permutation(op string, buf *extents, param ir.Value, rank int, inverse bool) ([]int, error) {
	if param.IsNull() {
		for i := range rank {
			buf[i] = rank - 1 - i
		}
		return buf[:rank], nil
	}
	axes, err := intsParam(op, "axes", buf, param)
	if err != nil {
		return nil, err
	}
	if len(axes) != rank {
		return nil, fmt.Errorf("%s: axes is %s, but the rank of x is %d: want each axis once", op, ir.FormatShape(axes), rank)
	}
	var place extents // of each axis in axes, counted from 1
	for i, axis := range axes {
		if axes[i], err = normalAxis(op, "axes", axis, rank); err != nil {
			return nil, err
		}
		if place[axes[i]] > 0 {
			return nil, fmt.Errorf("%s: axes names axis %d twice: want each axis once", op, axes[i])
		}
		place[axes[i]] = i + 1
	}
	if inverse {
		for axis := range axes {
			axes[axis] = place[axis] - 1
		}
	}
	return axes, nil
}

// transposeGradient computes the inverse permutation where it can, so that one
// op less needs a lowering.
func transposeGradient(t Tape, args []*ir.Node, _, dout *ir.Node) []*ir.Node {
	param, ok := literalNode(args[1])
	if ok && param.IsNull() {
		return []*ir.Node{t.Call("transpose", dout, args[1]), nil}
	}
	if list := param.List(); ok && list != nil {
		var buf extents
		if axes, err := permutation("transpose", &buf, param, len(list.Items), true); err == nil {
			inverse := make([]ir.Value, len(axes))
			for i, axis := range axes {
				inverse[i] = ir.WeakInt(int64(axis))
			}
			return []*ir.Node{t.Call("transpose", dout, ir.Const(ir.ListOf(inverse...))), nil}
		}
	}
	return []*ir.Node{t.Call("transpose_adjoint", dout, args[1]), nil}
}

// literalNode returns the value of an operand made of literals.
func literalNode(n *ir.Node) (v ir.Value, ok bool) {
	switch n.Op {
	case "const":
		return n.Attr("value"), true
	case "list":
		items := make([]ir.Value, len(n.Args))
		for i, arg := range n.Args {
			if items[i], ok = literalNode(arg); !ok {
				return ir.Value{}, false
			}
		}
		return ir.ListOf(slices.Clip(items)...), true
	}
	return ir.Value{}, false
}

func broadcastToOp() *Op {
	rule := func(x []int, shape []int) error {
		if !broadcastsTo(x, shape) {
			return fmt.Errorf("broadcast_to: x of shape %s does not broadcast to the shape %s: aligned at the last axis, extents must be equal or 1 in x",
				ir.FormatShape(x), ir.FormatShape(shape))
		}
		return nil
	}
	return &Op{
		Signature: ir.Signature{Name: "broadcast_to", Results: 1, Params: []ir.Param{
			required("x", "number"), static("shape", "extents of the result")}},
		Doc: "x repeated along axes of extent 1 and new leading axes to the given shape.",
		Infer: func(args []Arg) ([]ir.Type, error) {
			if err := checkNumber("broadcast_to", "x", args[0].Type); err != nil {
				return nil, err
			}
			param, err := literal("broadcast_to", "shape", args[1])
			if err != nil {
				return nil, err
			}
			var buf extents
			shape, err := shapeParam("broadcast_to", "shape", &buf, param)
			if err != nil {
				return nil, err
			}
			if err := rule(args[0].Type.Shape, shape); err != nil {
				return nil, err
			}
			return inferred("broadcast_to", elementOfType(args[0].Type), slices.Clone(shape), nil)
		},
		Eval: func(dst, args []ir.Value) error {
			if !args[0].IsNumber() {
				return wantError("broadcast_to", "x", args[0], "a number")
			}
			var buf extents
			shape, err := shapeParam("broadcast_to", "shape", &buf, args[1])
			if err != nil {
				return err
			}
			if err := rule(args[0].Shape(), shape); err != nil {
				return err
			}
			if err := broadcastTo(&dst[0], args[0], shape); err != nil {
				return fmt.Errorf("broadcast_to: %w", err)
			}
			return nil
		},
		Gradient: func(t Tape, args []*ir.Node, _, dout *ir.Node) []*ir.Node {
			return []*ir.Node{t.Call("sum_to_like", dout, args[0]), nil}
		},
	}
}

// broadcastTo makes *dst the number x broadcast to shape.
func broadcastTo(dst *ir.Value, x ir.Value, shape []int) error {
	out, err := newResult(dst, x.DType(), shape)
	if err != nil {
		return err
	}
	broadcastInto(out, x)
	setResult(dst, out, x.Weak())
	return nil
}
