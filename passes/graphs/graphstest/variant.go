package graphstest

import (
	"slices"

	"flowc.dev/flowc/ir"
)

// ElementTypes are those that the registers of a case are given.
var ElementTypes = []ir.Type{
	{Kind: ir.Number, DType: ir.F32}, {Kind: ir.Number, DType: ir.F64}, {Kind: ir.Number, DType: ir.F64, Weak: true},
	{Kind: ir.Number, DType: ir.I64}, {Kind: ir.Number, DType: ir.I64, Weak: true},
	{Kind: ir.Number, DType: ir.I32}, {Kind: ir.Number, DType: ir.U8}, {Kind: ir.Number, DType: ir.Bool},
}

// Variants returns the types of a case, and others: every dtype for all
// registers and for one of them, extents of 0, of 1 and large ones, rank 0. They
// are not types that the statements must accept.
func (c *Case) Variants() []map[string]ir.Type {
	all := []map[string]ir.Type{c.Types}
	with := func(change func(i int, t ir.Type) ir.Type) {
		types := map[string]ir.Type{}
		for i, register := range c.Order {
			types[register] = change(i, c.Types[register])
		}
		all = append(all, types)
	}
	for _, e := range ElementTypes {
		for only := -1; only < len(c.Order); only++ {
			with(func(i int, t ir.Type) ir.Type {
				if only < 0 || only == i {
					t.DType, t.Weak = e.DType, e.Weak
				}
				return t
			})
		}
		for _, extent := range []int{0, 1, 33} {
			with(func(_ int, t ir.Type) ir.Type {
				shape := slices.Clone(t.Shape)
				for i := range shape {
					if extent < 33 || shape[i] > 1 {
						shape[i] = extent
					}
				}
				return ir.Type{Kind: ir.Number, DType: e.DType, Weak: e.Weak, Shape: shape}
			})
		}
		for only := range c.Order {
			with(func(i int, t ir.Type) ir.Type {
				if t.DType, t.Weak = e.DType, e.Weak; i == only {
					t.Shape = nil
				}
				return t
			})
		}
	}
	return all
}
