package irtest

import (
	"math"

	"flowc.dev/flowc/ir"
)

// literal returns a literal operand of type t.
func (g *generator) literal(t ir.Type) *ir.Node {
	switch t.Kind {
	case ir.Str:
		return text(pick(g, "red", "green", "blue", "a b", ""))
	case ir.ListKind:
		items := make([]*ir.Node, len(t.Parts))
		for i, part := range t.Parts {
			items[i] = g.literal(part)
		}
		return list(items...)
	case ir.RecordKind:
		n := &ir.Node{Op: "record"}
		for i, name := range t.Names {
			n = with(n, name, g.literal(t.Parts[i]))
		}
		return n
	case ir.Null:
		return null()
	}
	switch {
	case t.Weak && len(t.Shape) == 0:
		return ir.Const(g.scalar(t.DType).AsWeak(true))
	case g.chance(0.3) && !t.Weak:
		return fill(t, g.scalar(t.DType))
	}
	tensor, err := ir.NewTensor(t.DType, t.Shape...)
	if err != nil {
		panic("bug: " + err.Error())
	}
	for i := range tensor.Size() {
		tensor.SetAt(i, g.scalar(t.DType))
	}
	return ir.Const(ir.TensorValue(tensor).AsWeak(t.Weak))
}

// fill returns a tensor literal with one value everywhere.
func fill(t ir.Type, v ir.Value) *ir.Node {
	extents := make([]ir.Value, len(t.Shape))
	for i, k := range t.Shape {
		extents[i] = ir.Int(int64(k))
	}
	if t.DType != ir.Bool {
		v = ir.WeakFloat(v.Float64())
		if t.DType.IsInteger() {
			v = ir.WeakInt(v.Int64())
		}
	}
	return &ir.Node{Op: "tensor", Attrs: []ir.Attr{
		{Name: "dtype", Value: ir.String(t.DType.String())}, {Name: "fill", Value: v}, {Name: "shape", Value: ir.ListOf(extents...)}}}
}

// scalar returns a strong number of rank 0, mostly a small one.
func (g *generator) scalar(d ir.DType) ir.Value {
	switch d {
	case ir.Bool:
		return ir.BoolValue(g.chance(0.5))
	case ir.U8:
		return ir.Int(int64(g.between(0, 9))).Convert(d)
	case ir.I32, ir.I64:
		if g.chance(0.02) {
			return ir.Int(pick[int64](g, math.MaxInt64, math.MinInt64, 1<<31)).Convert(d)
		}
		return ir.Int(int64(g.between(-5, 9))).Convert(d)
	}
	if g.chance(0.03) {
		return ir.Float(pick(g, math.NaN(), math.Inf(1), math.Inf(-1), math.Copysign(0, -1), 1e30, 1e-30)).Convert(d)
	}
	return ir.Float(float64(g.between(-16, 24)) / 8).Convert(d)
}
