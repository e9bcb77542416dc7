package ops

import (
	"fmt"

	"flowc.dev/flowc/ir"
)

// assertFiniteOp guards a value: a statement by itself, or an operand in place
// of the value.
func assertFiniteOp() *Op {
	const name = "assert_finite"
	return mapRecords(1, &Op{
		Signature: ir.Signature{Name: name, Results: 1, Params: []ir.Param{required("x", "number, or record of them")}},
		Doc:       "x itself, of any dtype. It is an error if an element is NaN or infinite, which tells the first of them.",
		CanFail:   true,
		Infer: func(args []Arg) ([]ir.Type, error) {
			if err := checkNumber(name, "x", args[0].Type); err != nil {
				return nil, err
			}
			return []ir.Type{args[0].Type}, nil
		},
		Eval: func(dst, args []ir.Value) error {
			if !args[0].IsNumber() {
				return wantError(name, "x", args[0], "a number")
			}
			if args[0].DType().IsFloat() {
				if err := checkFinite(name, args[0]); err != nil {
					return err
				}
			}
			return copyNumber(&dst[0], args[0])
		},
		Gradient: func(_ Tape, _ []*ir.Node, _, dout *ir.Node) []*ir.Node { return []*ir.Node{dout} },
	})
}

// copyNumber makes a copy of the number v the result *dst.
func copyNumber(dst *ir.Value, v ir.Value) error {
	t := v.Tensor()
	if t == nil {
		*dst = v
		return nil
	}
	out, err := newResult(dst, t.DType(), t.Shape())
	if err != nil {
		return err
	}
	out.CopyFrom(t)
	setResult(dst, out, v.Weak())
	return nil
}

// checkFinite returns an error that tells how many elements of x, a float, are
// not finite, and the first of them.
func checkFinite(op string, x ir.Value) error {
	t := x.Tensor()
	if t == nil {
		if v := x.Float64(); v-v != 0 {
			return fmt.Errorf("%s: x is %s: want a finite number", op, ir.FormatNumber(x))
		}
		return nil
	}
	var count, first int
	if t.DType() == ir.F32 {
		count, first = notFinite(ir.Data[float32](t))
	} else {
		count, first = notFinite(ir.Data[float64](t))
	}
	if count == 0 {
		return nil
	}
	return fmt.Errorf("%s: %d of %d elements are nan or infinite, the first is %s at %s: want finite numbers",
		op, count, t.Size(), ir.FormatNumber(t.At(first)), position(first, t.Shape()))
}

// notFinite returns the number of elements that are NaN or infinite, and the
// first.
func notFinite[T float](x []T) (count, first int) {
	for i, v := range x {
		if v-v != 0 {
			if count == 0 {
				first = i
			}
			count++
		}
	}
	return count, first
}

// position returns the index of element i of a tensor of the shape.
func position(i int, shape []int) string {
	index := make([]int, len(shape))
	for axis := len(shape) - 1; axis >= 0; axis-- {
		index[axis], i = i%shape[axis], i/shape[axis]
	}
	return ir.FormatShape(index)
}
