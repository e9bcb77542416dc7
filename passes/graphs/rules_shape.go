package graphs

import (
	"slices"

	"flowc.dev/flowc/ir"
)

var reshapes = []string{"reshape", "expand_dims", "squeeze", "reshape_like"}

var transpositions = []string{"transpose", "transpose_adjoint"}

var castRules = []Rule{
	{Name: "cast(x, its dtype) -> x", Level: Exact, ops: []string{"cast"}, Doc: "Of strong x: a cast of weak x makes it strong.",
		match: func(_ *rewriter, s *step) *value { return s.args[0] }},
	{Name: "cast(cast(x)) -> cast(x)", Level: Exact, ops: []string{"cast"},
		Doc: "Where the first cast keeps every number: of bools, of integers to wider integers or to floats that have them all, of f32 to f64.",
		match: func(r *rewriter, s *step) *value {
			c := s.args[0].call("cast")
			if c == nil || !holds(c.out().typ.DType, c.args[0].typ.DType) {
				return nil
			}
			return r.call(s, "cast", c.args[0], s.static[1])
		}},
}

// holds reports whether dtype has every number of from.
func holds(dtype, from ir.DType) bool {
	if dtype == from {
		return true
	}
	switch from {
	case ir.Bool:
		return true
	case ir.U8:
		return dtype != ir.Bool
	case ir.I32:
		return dtype == ir.I64 || dtype == ir.F64
	case ir.F32:
		return dtype == ir.F64
	}
	return false
}

var shapeRules = []Rule{
	{Name: "reshape(x, its shape) -> x", Level: Exact, ops: reshapes, Doc: "Also expand_dims, squeeze and reshape_like.",
		match: func(_ *rewriter, s *step) *value { return s.args[0] }},
	{Name: "reshape(reshape(x)) -> reshape(x)", Level: Exact, ops: reshapes, Doc: "Also expand_dims, squeeze and reshape_like.",
		match: func(r *rewriter, s *step) *value {
			if v := unshaped(s.args[0]); v != s.args[0] {
				return r.reshape(s, v)
			}
			return nil
		}},
	{Name: "reshape_like(x, y) -> reshape(x)", Level: Exact, ops: []string{"reshape_like"}, Doc: "The elements of y are not needed.",
		match: func(r *rewriter, s *step) *value { return r.reshape(s, s.args[0]) }},
	{Name: "broadcast_like(x, y) -> broadcast_to(x)", Level: Exact, ops: []string{"broadcast_like"}, Doc: "The elements of y are not needed.",
		match: func(r *rewriter, s *step) *value { return r.spread(s, s.args[0]) }},
	{Name: "broadcast_to(x, its shape) -> x", Level: Exact, ops: []string{"broadcast_to"},
		match: func(_ *rewriter, s *step) *value { return s.args[0] }},
	{Name: "broadcast_to(broadcast_to(x)) -> broadcast_to(x)", Level: Exact, ops: []string{"broadcast_to"},
		match: func(r *rewriter, s *step) *value {
			if b := s.args[0].call("broadcast_to"); b != nil {
				return r.spread(s, b.args[0])
			}
			return nil
		}},
	{Name: "transpose(x), no axis moves -> x", Level: Exact, ops: transpositions, Doc: "A reshape where only axes of extent 1 move.",
		match: func(r *rewriter, s *step) *value {
			last := -1
			for _, axis := range permutation(s) {
				if s.args[0].typ.Shape[axis] == 1 {
					continue
				}
				if axis < last {
					return nil
				}
				last = axis
			}
			return r.reshape(s, s.args[0])
		}},
	{Name: "transpose(transpose(x)) -> transpose(x)", Level: Exact, ops: transpositions,
		match: func(r *rewriter, s *step) *value {
			inner := transposition(s.args[0])
			if inner == nil {
				return nil
			}
			first, second := permutation(inner), permutation(s)
			axes := make([]int, len(second))
			for i, axis := range second {
				axes[i] = first[axis]
			}
			return r.transpose(s, inner.args[0], axes)
		}},
	{Name: "x[:] -> x", Level: Exact, ops: []string{"getitem"}, Doc: "Slices without bounds take everything.",
		match: func(_ *rewriter, s *step) *value {
			for i := 1; i < len(s.args); i++ {
				list := s.static[i].List()
				if s.args[i] != nil || list == nil || slices.ContainsFunc(list.Items, func(v ir.Value) bool { return !v.IsNull() }) {
					return nil
				}
			}
			return s.args[0]
		}},
	{Name: "concat([x]) -> x", Level: Exact, ops: []string{"concat_items"}, Doc: "Of one array.",
		match: func(_ *rewriter, s *step) *value {
			if len(s.args) == 2 {
				return s.args[1]
			}
			return nil
		}},
}

// reshape returns x in the shape of the result of s.
func (r *rewriter) reshape(s *step, x *value) *value {
	if x == nil || slices.Equal(x.typ.Shape, s.out().typ.Shape) {
		return x
	}
	return r.call(s, "reshape", x, shapeLiteral(s.out().typ.Shape))
}

// unshaped returns what v is a reshape of, v itself if it is none.
func unshaped(v *value) *value {
	if v.step != nil && slices.Contains(reshapes, v.step.op.Name) {
		return v.step.args[0]
	}
	return v
}

// transposition returns the step of a value that is a transposition, or nil.
func transposition(v *value) *step {
	if v.step != nil && slices.Contains(transpositions, v.step.op.Name) {
		return v.step
	}
	return nil
}

// permutation returns the axes of the operand of a transposition in the order of
// the result.
func permutation(s *step) []int {
	rank := s.args[0].rank()
	axes := make([]int, rank)
	if s.static[1].IsNull() {
		for i := range axes {
			axes[i] = rank - 1 - i
		}
		return axes
	}
	for i, axis := range wholeNumbers(s.static[1]) {
		if axis < 0 {
			axis += rank
		}
		if s.op.Name == "transpose_adjoint" {
			axes[axis] = i
		} else {
			axes[i] = axis
		}
	}
	return axes
}

// transpose returns x with its axes in the given order.
func (r *rewriter) transpose(s *step, x *value, axes []int) *value {
	reversed := true
	for i, axis := range axes {
		reversed = reversed && axis == len(axes)-1-i
	}
	if reversed {
		return r.call(s, "transpose", x, ir.Value{})
	}
	return r.call(s, "transpose", x, shapeLiteral(axes))
}
