package irtest

import (
	"slices"

	"flowc.dev/flowc/ir"
)

func weakInt() ir.Type   { return ir.Type{Kind: ir.Number, DType: ir.I64, Weak: true} }
func weakFloat() ir.Type { return ir.Type{Kind: ir.Number, DType: ir.F64, Weak: true} }

func number(d ir.DType, shape []int) ir.Type { return ir.Type{Kind: ir.Number, DType: d, Shape: shape} }

// shaped returns t with another shape.
func shaped(t ir.Type, shape []int) ir.Type {
	t.Shape = shape
	return t
}

func isScalar(t ir.Type) bool { return t.Kind == ir.Number && len(t.Shape) == 0 }
func isFloat(t ir.Type) bool  { return t.Kind == ir.Number && t.DType.IsFloat() }
func isBool(t ir.Type) bool   { return t.Kind == ir.Number && t.DType == ir.Bool }

func size(shape []int) int {
	n := 1
	for _, k := range shape {
		n *= k
	}
	return n
}

// lattice lists the element types in the order of promotion.
var lattice = []ir.Type{
	{Kind: ir.Number, DType: ir.Bool}, weakInt(), {Kind: ir.Number, DType: ir.U8}, {Kind: ir.Number, DType: ir.I32},
	{Kind: ir.Number, DType: ir.I64}, weakFloat(), {Kind: ir.Number, DType: ir.F32}, {Kind: ir.Number, DType: ir.F64},
}

func height(t ir.Type) int {
	return slices.IndexFunc(lattice, func(u ir.Type) bool { return u.DType == t.DType && u.Weak == t.Weak })
}

// below returns an element type that does not widen t when they meet.
func (g *generator) below(t ir.Type) ir.Type {
	if g.chance(0.5) {
		return t
	}
	return lattice[g.r.IntN(height(t)+1)]
}

func (g *generator) dtype() ir.DType {
	return []ir.DType{ir.F32, ir.F64, ir.I64, ir.I32, ir.U8, ir.Bool}[g.weighted(30, 30, 14, 8, 7, 8)]
}

func (g *generator) floatType() ir.DType { return pick(g, ir.F32, ir.F64) }

func (g *generator) extent() int {
	switch g.weighted(90, 9, 1) {
	case 1:
		return 1
	case 2:
		return 0
	}
	return pick(g, g.extents...)
}

// positive returns an extent of at least 1.
func (g *generator) positive() int { return max(1, g.extent()) }

func (g *generator) shape() []int {
	shape := make([]int, g.weighted(35, 30, 30, 5))
	for i := range shape {
		shape[i] = g.extent()
	}
	return shape
}

// numberType returns a type of a number, mostly one that others have.
func (g *generator) numberType() ir.Type {
	if g.chance(0.6) {
		return pick(g, g.types...)
	}
	return g.newNumberType()
}

// newNumberType returns a type of a number, strong but for some of rank 0.
func (g *generator) newNumberType() ir.Type {
	t := number(g.dtype(), g.shape())
	if len(t.Shape) == 0 {
		t.Shape = nil
		if t.DType == ir.I64 || t.DType == ir.F64 {
			t.Weak = g.chance(0.6)
		}
	}
	return t
}

// floats returns a strong float type.
func (g *generator) floats() ir.Type { return number(g.floatType(), g.shape()) }

var fieldNames = []string{"W", "b", "scale", "inner"}

// recordType returns a record of floats, now and then with a record in it.
func (g *generator) recordType(depth int) ir.Type {
	t := ir.Type{Kind: ir.RecordKind}
	d := g.floatType()
	for _, name := range fieldNames[:g.between(1, 3)] {
		t.Names = append(t.Names, name)
		part := number(d, g.shape())
		if depth > 0 && g.chance(0.1) {
			part = g.recordType(depth - 1)
		}
		t.Parts = append(t.Parts, part)
	}
	return t
}

func (g *generator) listType() ir.Type {
	t := ir.Type{Kind: ir.ListKind}
	for range g.between(1, 3) {
		if g.chance(0.2) {
			t.Parts = append(t.Parts, ir.Type{Kind: ir.Str})
		} else {
			t.Parts = append(t.Parts, g.numberType())
		}
	}
	return t
}

// anyType returns a type for a new register at b.
func (g *generator) anyType(b *block) ir.Type {
	if b.scope.smooth {
		return g.floats()
	}
	switch g.weighted(75, 10, 8, 7) {
	case 1:
		return g.recordType(1)
	case 2:
		return g.listType()
	case 3:
		return ir.Type{Kind: ir.Str}
	}
	return g.numberType()
}
