package graphs

import (
	"slices"

	"flowc.dev/flowc/ir"
)

var reductions = []string{"sum", "prod", "mean", "var", "max", "min", "any", "all"}

// anyOrder are the reductions whose result does not depend on the order of the
// elements, for results of these dtypes.
func anyOrder(s *step) bool {
	switch s.op.Name {
	case "max", "min", "any", "all":
		return true
	case "sum", "prod":
		return isInteger(s)
	}
	return false
}

var reductionRules = []Rule{
	{Name: "max(x), one element -> x", Level: Exact, ops: reductions,
		Doc: "Along axes of extent 1: max, min, prod, sums of i64, any and all of bools. A sum of floats begins with 0, so that of -0 is 0.",
		match: func(r *rewriter, s *step) *value {
			switch {
			case s.op.Name == "mean" || s.op.Name == "var" || s.op.Name == "sum" && isFloat(s):
				return nil
			}
			return r.single(s)
		}},
	{Name: "sum(x), one element -> x", Level: Reassociates, ops: []string{"sum", "mean"}, Doc: "Also mean, of floats: the sum of -0 alone is 0.",
		match: func(r *rewriter, s *step) *value { return r.single(s) }},
	{Name: "sum(reshape(x)) -> sum(x)", Level: Exact, ops: reductions,
		Doc: "Of every reduction of all elements, whose order is row-major in any shape.",
		match: func(r *rewriter, s *step) *value {
			if v := unshaped(s.args[0]); v != s.args[0] && ofAll(s) {
				return r.call(s, s.op.Name, v, ir.Value{}, ir.BoolValue(false))
			}
			return nil
		}},
	{Name: "max(transpose(x)) -> max(x)", Level: Exact, ops: reductions,
		Doc: "Of all elements: max, min, any and all, sums and products of integers.",
		match: func(r *rewriter, s *step) *value {
			if anyOrder(s) {
				return r.unordered(s)
			}
			return nil
		}},
	{Name: "sum(transpose(x)) -> sum(x)", Level: Reassociates, ops: []string{"sum", "prod", "mean"}, Doc: "Of all elements, of floats: the order of the sum changes.",
		match: func(r *rewriter, s *step) *value { return r.unordered(s) }},
	{Name: "max(max(x, 0), 1) -> max(x, [0, 1])", Level: Exact, ops: reductions,
		Doc: "max, min, any and all, sums and products of integers.",
		match: func(r *rewriter, s *step) *value {
			if anyOrder(s) {
				return r.nested(s)
			}
			return nil
		}},
	{Name: "sum(sum(x, 0), 1) -> sum(x, [0, 1])", Level: Reassociates, ops: []string{"sum", "prod", "mean"}, Doc: "Of floats: the order of the sum changes.",
		match: func(r *rewriter, s *step) *value { return r.nested(s) }},
	{Name: "max(-x) -> -min(x)", Level: Exact, ops: []string{"max", "min"}, Doc: "Also min(-x) -> -max(x). Of floats: the least integer has no opposite.",
		match: func(r *rewriter, s *step) *value {
			n := s.args[0].call("negative")
			if n == nil || !isFloat(s) || !allOf(s, n.args[0]) {
				return nil
			}
			other := "min"
			if s.op.Name == "min" {
				other = "max"
			}
			return r.call(s, "negative", r.call(s, other, n.args[0], s.static[1], s.static[2]))
		}},
	{Name: "sum(2 * x) -> 2 * sum(x)", Level: Exact, ops: []string{"sum"}, Doc: "Of i64 and a factor of rank 0: products and sums wrap alike.",
		match: func(r *rewriter, s *step) *value {
			if isInteger(s) {
				return r.scaled(s)
			}
			return nil
		}},
	{Name: "sum(2.0 * x) -> 2.0 * sum(x)", Level: Reassociates, ops: []string{"sum", "mean"}, Doc: "Also mean, and sum(-x) -> -sum(x).",
		match: func(r *rewriter, s *step) *value {
			if n := s.args[0].call("negative"); n != nil && allOf(s, s.args[0]) {
				return r.call(s, "negative", r.call(s, s.op.Name, n.args[0], s.static[1], s.static[2]))
			}
			return r.scaled(s)
		}},
}

// ofAll reports whether a reduction is of all elements to a number of rank 0.
func ofAll(s *step) bool {
	return s.out().rank() == 0 && len(axesOf(s.static[1], s.args[0].rank())) == s.args[0].rank()
}

// single returns the operand of a reduction along axes of extent 1 as its
// result.
func (r *rewriter) single(s *step) *value {
	x := s.args[0]
	for _, axis := range axesOf(s.static[1], x.rank()) {
		if x.typ.Shape[axis] != 1 {
			return nil
		}
	}
	if !allOf(s, x) || x.typ.Weak != s.out().typ.Weak {
		return nil
	}
	return r.reshape(s, x)
}

// unordered reduces what a transposition is of.
func (r *rewriter) unordered(s *step) *value {
	if t := transposition(s.args[0]); t != nil && ofAll(s) {
		return r.call(s, s.op.Name, t.args[0], ir.Value{}, ir.BoolValue(false))
	}
	return nil
}

// nested makes one reduction of two.
func (r *rewriter) nested(s *step) *value {
	inner := s.args[0].call(s.op.Name)
	if inner == nil || s.static[2].Truth() || !allOf(s, s.args[0]) {
		return nil
	}
	x := inner.args[0]
	first := axesOf(inner.static[1], x.rank())
	// The axes of the inner result, as axes of x.
	var left []int
	for axis := range x.rank() {
		if inner.static[2].Truth() || !slices.Contains(first, axis) {
			left = append(left, axis)
		}
	}
	axes := slices.Clone(first)
	for _, axis := range axesOf(s.static[1], len(left)) {
		if !slices.Contains(axes, left[axis]) {
			axes = append(axes, left[axis])
		}
	}
	slices.Sort(axes)
	return r.call(s, s.op.Name, x, shapeLiteral(axes), ir.BoolValue(false))
}

// scaled takes a factor of rank 0 out of a sum.
func (r *rewriter) scaled(s *step) *value {
	m := s.args[0].call("multiply")
	if m == nil || !allOf(s, s.args[0]) {
		return nil
	}
	for i, c := range m.args {
		if x := m.args[1-i]; c.rank() == 0 && x.rank() > 0 && allOf(s, x) {
			return r.call(s, "multiply", r.call(s, s.op.Name, x, s.static[1], s.static[2]), c)
		}
	}
	return nil
}
