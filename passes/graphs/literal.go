package graphs

import (
	"math"
	"slices"
	"sync"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops"
)

var castOp = sync.OnceValue(func() *ops.Op { return ops.Standard().Lookup("cast") })

// as returns the rank-0 number v converted to dtype, strong.
func as(v ir.Value, dtype ir.DType) ir.Value {
	dst := make([]ir.Value, 1)
	if err := castOp().Eval(dst, []ir.Value{v, ir.String(dtype.String())}); err != nil {
		panic("bug: cast: " + err.Error())
	}
	return dst[0]
}

// typed returns v converted to the element type of t.
func typed(v ir.Value, t ir.Type) ir.Value { return as(v, t.DType).AsWeak(t.Weak) }

// isNumber reports whether v is a literal of rank 0 that is x in the given
// dtype, with the sign of x if that is 0.
func isNumber(v *value, dtype ir.DType, x float64) bool {
	lit, ok := scalarLiteral(v)
	if !ok {
		return false
	}
	lit = as(lit, dtype)
	if !dtype.IsFloat() {
		return dtype != ir.Bool && lit.Int64() == int64(x)
	}
	f := lit.Float64()
	return f == x && math.Signbit(f) == math.Signbit(x)
}

// scalarLiteral returns the value of a literal of rank 0.
func scalarLiteral(v *value) (ir.Value, bool) {
	if v == nil {
		return ir.Value{}, false
	}
	lit, ok := v.literal()
	return lit, ok && lit.IsScalar()
}

// otherThan returns the operand of the call, of two, beside one that is the
// number x, or nil.
func otherThan(s *step, x float64) *value {
	dtype := s.out().typ.DType
	switch {
	case isNumber(s.args[1], dtype, x):
		return s.args[0]
	case isNumber(s.args[0], dtype, x):
		return s.args[1]
	}
	return nil
}

// floatLike returns the literal x for the place of lit in arithmetic whose
// results are floats of the given dtype.
func (r *rewriter) floatLike(lit ir.Value, dtype ir.DType, x float64) *value {
	if lit.Weak() {
		return r.lit(ir.WeakFloat(x))
	}
	return r.lit(as(ir.Float(x), dtype))
}

// shapeLiteral returns a shape as ops take it.
func shapeLiteral(shape []int) ir.Value {
	items := make([]ir.Value, len(shape))
	for i, extent := range shape {
		items[i] = ir.WeakInt(int64(extent))
	}
	return ir.ListOf(items...)
}

// allOf reports whether every value has the dtype of the call's result.
func allOf(s *step, values ...*value) bool {
	return !slices.ContainsFunc(values, func(v *value) bool { return v.typ.DType != s.out().typ.DType })
}

func isFloat(s *step) bool { return s.out().typ.DType.IsFloat() }

func isInteger(s *step) bool { return s.out().typ.DType.IsInteger() }

// wholeNumbers reads a whole number, or a list or rank-1 tensor of them.
func wholeNumbers(v ir.Value) []int {
	var numbers []int
	switch list, t := v.List(), v.Tensor(); {
	case list != nil:
		for _, item := range list.Items {
			numbers = append(numbers, int(item.Int64()))
		}
	case t != nil:
		for i := range t.Size() {
			numbers = append(numbers, int(t.At(i).Int64()))
		}
	default:
		numbers = []int{int(v.Int64())}
	}
	return numbers
}

// axesOf reads an axis parameter: the axes, ascending, for an operand of the
// given rank. The type rule has accepted it.
func axesOf(axis ir.Value, rank int) []int {
	var axes []int
	if axis.IsNull() {
		for i := range rank {
			axes = append(axes, i)
		}
	} else {
		axes = wholeNumbers(axis)
	}
	for i := range axes {
		if axes[i] < 0 {
			axes[i] += rank
		}
	}
	slices.Sort(axes)
	return axes
}

// kept returns the shape with extent 1 along the axes.
func kept(shape, axes []int) []int {
	shape = slices.Clone(shape)
	for _, axis := range axes {
		shape[axis] = 1
	}
	return shape
}
