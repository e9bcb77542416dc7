package ops

import (
	"fmt"
	"slices"

	"flowc.dev/flowc/ir"
)

func oneHotOp() *Op {
	const name = "one_hot"
	shapeOf := func(buf *extents, x []int, xType ir.DType, classes, dtype ir.Value) ([]int, ir.DType, error) {
		if !xType.IsInteger() {
			return nil, 0, fmt.Errorf("%s: x is %s: want integers", name, xType)
		}
		if len(x) == ir.MaxRank {
			return nil, 0, fmt.Errorf("%s: x of rank %d leaves no room for a new axis", name, len(x))
		}
		n, err := intParam(name, "num_classes", classes)
		if err != nil {
			return nil, 0, err
		}
		if n < 0 {
			return nil, 0, fmt.Errorf("%s: num_classes is %d: want at least 0", name, n)
		}
		d, err := dtypeParam(name, "dtype", dtype)
		return append(append(buf[:0], x...), n), d, err
	}
	return &Op{
		Signature: ir.Signature{Name: name, Results: 1, Params: []ir.Param{
			required("x", "integers of any shape"),
			static("num_classes", "extent of the new last axis"),
			optional("dtype", ir.String("f32"), "dtype of the result")}},
		Batch: batchFirst,
		Doc:   "Along a new last axis 1 at the place that x gives, 0 elsewhere; zeros only where x is not in 0..num_classes-1.",
		Infer: func(args []Arg) ([]ir.Type, error) {
			if err := checkNumber(name, "x", args[0].Type); err != nil {
				return nil, err
			}
			classes, err := literal(name, "num_classes", args[1])
			if err != nil {
				return nil, err
			}
			dtype, err := literal(name, "dtype", args[2])
			if err != nil {
				return nil, err
			}
			var buf extents
			shape, d, err := shapeOf(&buf, args[0].Type.Shape, args[0].Type.DType, classes, dtype)
			return inferred(name, ElementType{DType: d}, slices.Clone(shape), err)
		},
		Eval: func(dst, args []ir.Value) error {
			if !args[0].IsNumber() {
				return wantError(name, "x", args[0], "a number")
			}
			var buf extents
			shape, dtype, err := shapeOf(&buf, args[0].Shape(), args[0].DType(), args[1], args[2])
			if err != nil {
				return err
			}
			out, err := output(&dst[0], dtype, shape)
			if err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			labels, err := operandAs(args[0], ir.I64)
			if err != nil {
				return err
			}
			oneHot(out, ir.Data[int64](labels), shape[len(shape)-1])
			freeOperand(labels, args[0])
			finish(&dst[0], out, false)
			return nil
		},
		Gradient: noGradient(3),
	}
}

func oneHot(out *ir.Tensor, labels []int64, classes int) {
	switch out.DType() {
	case ir.F32:
		oneHotRows(ir.Data[float32](out), labels, classes)
	case ir.F64:
		oneHotRows(ir.Data[float64](out), labels, classes)
	case ir.I64:
		oneHotRows(ir.Data[int64](out), labels, classes)
	case ir.I32:
		oneHotRows(ir.Data[int32](out), labels, classes)
	default:
		oneHotRows(bytesOf(out), labels, classes)
	}
}

func oneHotRows[T number](out []T, labels []int64, classes int) {
	fill(out, 0)
	for i, label := range labels {
		if label >= 0 && label < int64(classes) {
			out[i*classes+int(label)] = 1
		}
	}
}
