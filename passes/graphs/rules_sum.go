package graphs

import "flowc.dev/flowc/ir"

var sumRules = []Rule{
	{Name: "x + 0 -> x", Level: Exact, ops: []string{"add"},
		Doc: "Of integers; of floats for -0 only, since -0 + 0 is 0.",
		match: func(_ *rewriter, s *step) *value {
			if x := otherThan(s, negativeZero); x != nil && (isFloat(s) || isInteger(s)) {
				return x
			}
			return nil
		}},
	{Name: "x + 0.0 -> x", Level: Reassociates, ops: []string{"add"}, Doc: "-0 + 0 is 0.",
		match: func(_ *rewriter, s *step) *value { return otherThan(s, 0) }},
	{Name: "x - 0 -> x", Level: Exact, ops: []string{"subtract"}, Doc: "Exact for -0 too.",
		match: func(_ *rewriter, s *step) *value {
			if isNumber(s.args[1], s.out().typ.DType, 0) {
				return s.args[0]
			}
			return nil
		}},
	{Name: "x - x -> 0", Level: Exact, ops: []string{"subtract"}, Doc: "Of integers.",
		match: func(r *rewriter, s *step) *value {
			if s.args[0] == s.args[1] && isInteger(s) {
				return r.fill(s, ir.WeakInt(0))
			}
			return nil
		}},
	{Name: "x - x -> 0.0", Level: Reassociates, ops: []string{"subtract"}, Doc: "Infinity minus infinity is NaN.",
		match: func(r *rewriter, s *step) *value {
			if s.args[0] == s.args[1] {
				return r.fill(s, ir.WeakInt(0))
			}
			return nil
		}},
	{Name: "x + -y -> x - y", Level: Exact, ops: []string{"add"}, Doc: "Also -x + y -> y - x.",
		match: func(r *rewriter, s *step) *value {
			for i, v := range s.args {
				if n := v.call("negative"); n != nil && allOf(s, v, n.args[0]) {
					return r.call(s, "subtract", s.args[1-i], n.args[0])
				}
			}
			return nil
		}},
	{Name: "x - -y -> x + y", Level: Exact, ops: []string{"subtract"},
		match: func(r *rewriter, s *step) *value {
			if n := s.args[1].call("negative"); n != nil && allOf(s, s.args[1], n.args[0]) {
				return r.call(s, "add", s.args[0], n.args[0])
			}
			return nil
		}},
	{Name: "(x + 1) + 2 -> x + 3", Level: Exact, ops: []string{"add"}, Doc: "Of integers and literals: sums wrap alike in any order.",
		match: func(r *rewriter, s *step) *value {
			if isInteger(s) {
				return r.joined(s)
			}
			return nil
		}},
	{Name: "(x + 1.0) + 2.0 -> x + 3.0", Level: Reassociates, ops: []string{"add"}, Doc: "One rounding instead of two.",
		match: func(r *rewriter, s *step) *value { return r.joined(s) }},
	{Name: "x * a + x * b -> x * (a + b)", Level: Reassociates, ops: []string{"add", "subtract"}, Doc: "Of literals a and b; also of differences.",
		match: func(r *rewriter, s *step) *value {
			a, b := s.args[0].call("multiply"), s.args[1].call("multiply")
			if a == nil || b == nil || !allOf(s, s.args...) {
				return nil
			}
			x, c := factors(a)
			y, d := factors(b)
			if x == nil || x != y {
				return nil
			}
			return r.call(s, "multiply", x, r.call(s, s.op.Name, c, d))
		}},
}

// joined applies a commutative op to the literals of two nested calls of it.
func (r *rewriter) joined(s *step) *value {
	for i, v := range s.args {
		if _, literal := scalarLiteral(s.args[1-i]); !literal {
			continue
		}
		inner := v.call(s.op.Name)
		if inner == nil || !allOf(s, v) {
			continue
		}
		if x, c := factors(inner); x != nil && allOf(s, x) {
			return r.call(s, s.op.Name, x, r.call(s, s.op.Name, c, s.args[1-i]))
		}
	}
	return nil
}

// factors returns the operands of a call of two, one of which is a literal of
// rank 0, that one last; nils otherwise.
func factors(s *step) (x, literal *value) {
	for i, v := range s.args {
		if _, ok := scalarLiteral(v); ok {
			return s.args[1-i], v
		}
	}
	return nil, nil
}
