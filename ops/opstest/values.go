package opstest

import (
	"math"

	"flowc.dev/flowc/ir"
)

// Specials are the numbers on which wrong kernels show: zeros of both signs,
// infinities, NaN, subnormal, small and large ones.
func Specials() []float64 {
	return []float64{0, math.Copysign(0, -1), 1, -1, 0.5, 2, -3.5, 100, math.Inf(1), math.Inf(-1), math.NaN(),
		math.MaxFloat32, math.MaxFloat64, math.SmallestNonzeroFloat32, math.SmallestNonzeroFloat64, 1 << 40, -1e30}
}

// InDType returns the number v converted. It is not weak.
func InDType(v ir.Value, dtype ir.DType) ir.Value {
	if v.IsScalar() {
		return v.AsWeak(false).Convert(dtype)
	}
	from, to := v.Boxed(), tensor(dtype, v.Shape()...)
	for i := range to.Size() {
		to.SetAt(i, from.At(i))
	}
	return ir.TensorValue(to)
}

func tensor(dtype ir.DType, shape ...int) *ir.Tensor {
	t, err := ir.NewTensor(dtype, shape...)
	if err != nil {
		panic("bug: " + err.Error())
	}
	return t
}

func zeros(dtype ir.DType, shape ...int) ir.Value { return ir.TensorValue(tensor(dtype, shape...)) }

func ones(dtype ir.DType, shape ...int) ir.Value {
	t := tensor(dtype, shape...)
	for i := range t.Size() {
		t.SetAt(i, ir.Float(1))
	}
	return ir.TensorValue(t)
}

// whole returns a list of literals, as shapes are written.
func whole(values ...int64) ir.Value {
	items := make([]ir.Value, len(values))
	for i, v := range values {
		items[i] = ir.WeakInt(v)
	}
	return ir.ListOf(items...)
}

func size(v ir.Value) int { return v.Boxed().Size() }

func elementAt(v ir.Value, i int) float64 { return v.Boxed().At(i).Float64() }

// copied returns v in storage of its own.
func copied(v ir.Value) ir.Value {
	if t := v.Tensor(); t != nil {
		return ir.TensorValue(t.Clone()).AsWeak(v.Weak())
	}
	if list := v.List(); list != nil {
		return ir.ListOf(allCopied(list.Items)...)
	}
	if record := v.Record(); record != nil {
		return ir.RecordOf(record.Names, allCopied(record.Values))
	}
	return v
}

func allCopied(values []ir.Value) []ir.Value {
	all := make([]ir.Value, len(values))
	for i, v := range values {
		all[i] = copied(v)
	}
	return all
}

// scribble overwrites all numbers in v that are in storage.
func scribble(v ir.Value) {
	if t := v.Tensor(); t != nil {
		for i := range t.Size() {
			t.SetAt(i, ir.Float(77))
		}
	}
	if list := v.List(); list != nil {
		for _, item := range list.Items {
			scribble(item)
		}
	}
	if record := v.Record(); record != nil {
		for _, field := range record.Values {
			scribble(field)
		}
	}
}
