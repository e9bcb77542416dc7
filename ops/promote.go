package ops

import (
	"fmt"
	"strings"

	"flowc.dev/flowc/ir"
)

// An ElementType is a dtype with weakness, a point of the promotion lattice.
// Only i64 and f64 can be weak.
type ElementType struct {
	DType ir.DType
	Weak  bool
}

// The weak element types, those of literals.
var (
	weakInt   = ElementType{ir.I64, true}
	weakFloat = ElementType{ir.F64, true}
)

// lattice lists every element type from the least to the greatest. It is JAX's
// promotion lattice for these dtypes, where it is a total order.
var lattice = []ElementType{
	{ir.Bool, false}, weakInt, {ir.U8, false}, {ir.I32, false}, {ir.I64, false},
	weakFloat, {ir.F32, false}, {ir.F64, false},
}

// height returns the place of e in the lattice.
func (e ElementType) height() int {
	switch e.DType {
	case ir.Bool:
		return 0
	case ir.U8:
		return 2
	case ir.I32:
		return 3
	case ir.I64:
		if e.Weak {
			return 1
		}
		return 4
	case ir.F32:
		return 6
	default:
		if e.Weak {
			return 5
		}
		return 7
	}
}

// String returns the dtype's name, with "weak " before it if e is weak.
func (e ElementType) String() string {
	if e.Weak {
		return "weak " + e.DType.String()
	}
	return e.DType.String()
}

// Promote returns the element type in which numbers of a and of b meet: the
// greater one of JAX's lattice
//
//	bool < weak i64 < u8 < i32 < i64 < weak f64 < f32 < f64
//
// so that literals never widen a tensor and integers never turn f32 into f64.
// See "Type promotion semantics" in the documentation of JAX.
func Promote(a, b ElementType) ElementType {
	if a.height() >= b.height() {
		return a
	}
	return b
}

// toArithmetic returns the element type in which e is calculated with: bools
// count as weak integers.
func (e ElementType) toArithmetic() ElementType {
	if e.DType == ir.Bool {
		return weakInt
	}
	return e
}

// toInexact returns the float type for functions that have no integer results:
// weak f64 for integers and bools.
func (e ElementType) toInexact() ElementType {
	if e.DType.IsFloat() {
		return e
	}
	return weakFloat
}

// elementOf returns the element type of the number v.
func elementOf(v ir.Value) ElementType { return ElementType{v.DType(), v.Weak()} }

// elementOfType returns the element type of the number type t.
func elementOfType(t ir.Type) ElementType { return ElementType{t.DType, t.Weak} }

// typeOf returns the type of a number of element type e and the given shape.
func (e ElementType) typeOf(shape []int) ir.Type {
	return ir.Type{Kind: ir.Number, DType: e.DType, Weak: e.Weak, Shape: shape}
}

// PromotionTable returns the table of Promote as text with aligned columns.
func PromotionTable() string {
	var b strings.Builder
	row := func(head string, cell func(e ElementType) string) {
		line := fmt.Sprintf("%-9s", head)
		for _, e := range lattice {
			line += fmt.Sprintf(" %-9s", cell(e))
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	row("", ElementType.String)
	for _, a := range lattice {
		row(a.String(), func(e ElementType) string { return Promote(a, e).String() })
	}
	return b.String()
}
