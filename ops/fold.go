package ops

import (
	"slices"

	"flowc.dev/flowc/ir"
)

// FoldBlock divides the sizes of the blocks, but for the last, that a Folder
// takes.
const FoldBlock = lanes

// A Folder computes a reduction over all elements of a tensor from its blocks,
// in row-major order, with the bits of the whole.
type Folder interface {
	Start()
	Add(block *ir.Tensor)
	// Result returns the reduction of what was added.
	Result() ir.Value
}

// Folder returns a folder for the op as a reduction over all elements of a tensor
// of type t, or nil if there is none.
func (o *Op) Folder(t ir.Type) Folder {
	op := o.Name
	if !o.folds || len(t.Shape) == 0 || slices.Contains(t.Shape, 0) {
		return nil
	}
	switch t.DType {
	case ir.F32:
		return newFolder(op, t, &sumF32, &maxF32, &minF32, ir.Float32)
	case ir.F64:
		return newFolder(op, t, &sumF64, &maxF64, &minF64, ir.Float)
	}
	return nil
}

func newFolder[T float](op string, t ir.Type, sum, largest, least *reduction[T, T], value func(T) ir.Value) Folder {
	f := &folder[T]{weak: t.Weak, value: value}
	for _, extent := range t.Shape {
		f.count = max(f.count, 1) * extent
	}
	switch op {
	case "sum":
		f.reduction = sum
	case "mean":
		f.reduction, f.divisor = sum, T(f.count)
	case "max":
		f.reduction = largest
	case "min":
		f.reduction = least
	default:
		return nil
	}
	return f
}

type folder[T float] struct {
	reduction *reduction[T, T]
	acc       [lanes]T
	count     int
	divisor   T // of a mean, otherwise 0
	weak      bool
	value     func(T) ir.Value
}

func (f *folder[T]) Start() { fill(f.acc[:], f.reduction.identity) }

func (f *folder[T]) Add(block *ir.Tensor) { f.reduction.accumulate(f.acc[:], ir.Data[T](block)) }

func (f *folder[T]) Result() ir.Value {
	f.reduction.tree(f.acc[:], 1, f.count)
	result := f.acc[0]
	if f.divisor != 0 {
		result /= f.divisor
	}
	return f.value(result).AsWeak(f.weak)
}
