package ops

import (
	"fmt"
	"slices"

	"flowc.dev/flowc/ir"
)

func shapeOps() []*Op {
	x := required("x", "number")
	ops := []*Op{
		reshaping("reshape", []ir.Param{x, static("shape", "extents of the result; one may be -1 and follows from the others")},
			"The elements of x in row-major order with another shape.", reshapeShape),
		reshaping("expand_dims", []ir.Param{x, static("axis", "where the new axis, or each of a list of new axes, is in the result")},
			"x with new axes of extent 1.", expandDimsShape),
		reshaping("squeeze", []ir.Param{x, optional("axis", ir.Value{}, "axis or list of axes of extent 1, or null for all of them")},
			"x without axes of extent 1.", squeezeShape),
		broadcastToOp(),
		shapeOp(),
		sizeOp(),
	}
	ops[0].Batch = batchReshape
	return slices.Concat(ops, transposeOps(), likeOps(), joinOps())
}

// A shapeRule returns the shape of the result, a slice of buf, from that of x
// and the second argument.
type shapeRule func(op string, buf *extents, x []int, param ir.Value) ([]int, error)

// reshaping returns an op whose result has the elements of x in another shape.
func reshaping(name string, params []ir.Param, doc string, rule shapeRule) *Op {
	return &Op{
		Signature: ir.Signature{Name: name, Results: 1, Params: params},
		Doc:       doc,
		Infer: func(args []Arg) ([]ir.Type, error) {
			if err := checkNumber(name, "x", args[0].Type); err != nil {
				return nil, err
			}
			param, err := literal(name, params[1].Name, args[1])
			if err != nil {
				return nil, err
			}
			var buf extents
			shape, err := rule(name, &buf, args[0].Type.Shape, param)
			if err != nil {
				return nil, err
			}
			return []ir.Type{elementOfType(args[0].Type).typeOf(slices.Clone(shape))}, nil
		},
		Eval: func(dst, args []ir.Value) error {
			if !args[0].IsNumber() {
				return wantError(name, "x", args[0], "a number")
			}
			buf := shapes.get()
			defer shapes.put(buf)
			shape, err := rule(name, buf, args[0].Shape(), args[1])
			if err != nil {
				return err
			}
			return copyShaped(&dst[0], args[0], shape)
		},
		Gradient: func(t Tape, args []*ir.Node, _, dout *ir.Node) []*ir.Node {
			return []*ir.Node{t.Call("reshape_like", dout, args[0]), nil}
		},
	}
}

// copyShaped makes *dst a copy of the number x with another shape of its size.
func copyShaped(dst *ir.Value, x ir.Value, shape []int) error {
	out, err := newResult(dst, x.DType(), shape)
	if err != nil {
		return err
	}
	if t := x.Tensor(); t != nil {
		copyElements(out, t)
	} else {
		setScalar(out, x)
	}
	setResult(dst, out, x.Weak())
	return nil
}

func reshapeShape(op string, buf *extents, x []int, param ir.Value) ([]int, error) {
	shape, err := intsParam(op, "shape", buf, param)
	if err != nil {
		return nil, err
	}
	fail := func() error {
		return fmt.Errorf("%s: x of shape %s has %d elements, which do not fill the shape %s",
			op, ir.FormatShape(x), elementCount(x), ir.FormatShape(shape))
	}
	free, known, size := -1, 1, elementCount(x)
	for i, extent := range shape {
		switch {
		case extent == -1 && free < 0:
			free = i
		case extent < 0:
			return nil, fmt.Errorf("%s: shape is %s: want extents of at least 0, one of them may be -1", op, ir.FormatShape(shape))
		case extent > 0 && known > ir.MaxTensorBytes/extent:
			return nil, fail()
		default:
			known *= extent
		}
	}
	if free >= 0 {
		if known == 0 || size%known != 0 {
			return nil, fail()
		}
		shape[free] = size / known
	} else if known != size {
		return nil, fail()
	}
	return shape, nil
}

func expandDimsShape(op string, buf *extents, x []int, param ir.Value) ([]int, error) {
	if param.IsNull() {
		return nil, wantError(op, "axis", param, "a whole number or a list of them")
	}
	var at extents
	axes, err := intsParam(op, "axis", &at, param)
	if err != nil {
		return nil, err
	}
	rank := len(x) + len(axes)
	if rank > ir.MaxRank {
		return nil, fmt.Errorf("%s: the result has rank %d, more than %d", op, rank, ir.MaxRank)
	}
	if axes, err = axesParam(op, "axis", &at, param, rank); err != nil {
		return nil, err
	}
	shape := buf[:0]
	for axis := range rank {
		if len(axes) > 0 && axes[0] == axis {
			shape, axes = append(shape, 1), axes[1:]
		} else {
			shape, x = append(shape, x[0]), x[1:]
		}
	}
	return shape, nil
}

func squeezeShape(op string, buf *extents, x []int, param ir.Value) ([]int, error) {
	shape := buf[:0]
	if param.IsNull() {
		for _, extent := range x {
			if extent != 1 {
				shape = append(shape, extent)
			}
		}
		return shape, nil
	}
	var at extents
	axes, err := axesParam(op, "axis", &at, param, len(x))
	if err != nil {
		return nil, err
	}
	for _, axis := range axes {
		if x[axis] != 1 {
			return nil, fmt.Errorf("%s: axis %d of x of shape %s has extent %d: want 1", op, axis, ir.FormatShape(x), x[axis])
		}
	}
	return reducedShape(buf, x, axes, false), nil
}

func shapeOp() *Op {
	return &Op{
		Signature: ir.Signature{Name: "shape", Results: 1, Params: []ir.Param{required("x", "number")}},
		Doc:       "The extents of x, an i64 of rank 1.",
		Infer: func(args []Arg) ([]ir.Type, error) {
			if err := checkNumber("shape", "x", args[0].Type); err != nil {
				return nil, err
			}
			return []ir.Type{ir.NumberType(ir.I64, len(args[0].Type.Shape))}, nil
		},
		Eval: func(dst, args []ir.Value) error {
			if !args[0].IsNumber() {
				return wantError("shape", "x", args[0], "a number")
			}
			var rank extents
			rank[0] = len(args[0].Shape())
			out, err := output(&dst[0], ir.I64, rank[:1])
			if err != nil {
				return err
			}
			data := ir.Data[int64](out)
			for i, extent := range args[0].Shape() {
				data[i] = int64(extent)
			}
			finish(&dst[0], out, false)
			return nil
		},
		Gradient: noGradient(1),
	}
}

func sizeOp() *Op {
	return &Op{
		Signature: ir.Signature{Name: "size", Results: 1, Params: []ir.Param{required("x", "number")}},
		Doc:       "The number of elements of x, an i64.",
		Infer: func(args []Arg) ([]ir.Type, error) {
			if err := checkNumber("size", "x", args[0].Type); err != nil {
				return nil, err
			}
			return []ir.Type{ir.NumberType(ir.I64)}, nil
		},
		Eval: func(dst, args []ir.Value) error {
			if !args[0].IsNumber() {
				return wantError("size", "x", args[0], "a number")
			}
			dst[0] = ir.Int(int64(elementCount(args[0].Shape())))
			return nil
		},
		Gradient: noGradient(1),
	}
}
