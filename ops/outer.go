package ops

import (
	"fmt"

	"flowc.dev/flowc/ir"
)

func outerShape(a, b []int) (m, n int, err error) {
	if len(a) != 1 || len(b) != 1 {
		return 0, 0, fmt.Errorf("outer: shapes %s and %s: operands have rank 1; reshape them to [-1] first",
			ir.FormatShape(a), ir.FormatShape(b))
	}
	return a[0], b[0], nil
}

// outerInto sets the elements of out to the outer product of a and b, or adds
// it to them.
func outerInto(out *ir.Tensor, a, b ir.Value, add bool) error {
	ta, err := operandAs(a, out.DType())
	if err != nil {
		return err
	}
	defer freeOperand(ta, a)
	tb, err := operandAs(b, out.DType())
	if err != nil {
		return err
	}
	defer freeOperand(tb, b)
	switch out.DType() {
	case ir.F32:
		outerRows(ir.Data[float32](out), ir.Data[float32](ta), ir.Data[float32](tb), add, axpyF32)
	case ir.F64:
		outerRows(ir.Data[float64](out), ir.Data[float64](ta), ir.Data[float64](tb), add, axpyF64)
	case ir.I64:
		outerRows(ir.Data[int64](out), ir.Data[int64](ta), ir.Data[int64](tb), add, axpyLoop[int64])
	case ir.I32:
		outerRows(ir.Data[int32](out), ir.Data[int32](ta), ir.Data[int32](tb), add, axpyLoop[int32])
	default:
		outerRows(ir.Data[uint8](out), ir.Data[uint8](ta), ir.Data[uint8](tb), add, axpyLoop[uint8])
	}
	return nil
}

func outerRows[T number](out, a, b []T, add bool, addRow axpy[T]) {
	for i, x := range a {
		row := out[i*len(b) : (i+1)*len(b)]
		if add {
			addRow(x, b, row)
			continue
		}
		for j, y := range b {
			row[j] = x * y
		}
	}
}
