package graphs

import (
	"math"

	"flowc.dev/flowc/ir"
)

var negativeZero = math.Copysign(0, -1)

var productRules = []Rule{
	{Name: "x * 1 -> x", Level: Exact, ops: []string{"multiply"}, Doc: "Exact for every x.",
		match: func(_ *rewriter, s *step) *value { return otherThan(s, 1) }},
	{Name: "x * 0 -> 0", Level: Exact, ops: []string{"multiply"}, Doc: "Of integers.",
		match: func(r *rewriter, s *step) *value {
			if isInteger(s) && otherThan(s, 0) != nil {
				return r.fill(s, ir.WeakInt(0))
			}
			return nil
		}},
	{Name: "x * 0.0 -> 0.0", Level: Reassociates, ops: []string{"multiply"}, Doc: "Infinity times 0 is NaN, a negative number times 0 is -0.",
		match: func(r *rewriter, s *step) *value {
			if otherThan(s, 0) != nil {
				return r.fill(s, ir.WeakInt(0))
			}
			return nil
		}},
	{Name: "x * -1 -> -x", Level: Exact, ops: []string{"multiply"}, Doc: "Exact for every x.",
		match: func(r *rewriter, s *step) *value {
			if x := otherThan(s, -1); x != nil && allOf(s, x) {
				return r.call(s, "negative", x)
			}
			return nil
		}},
	{Name: "-x * -y -> x * y", Level: Exact, ops: []string{"multiply"}, Doc: "The signs cancel exactly.",
		match: signsCancel},
	{Name: "-x * 2 -> x * -2", Level: Exact, ops: []string{"multiply"}, Doc: "Of a literal, whose sign is changed when the graph is compiled.",
		match: func(r *rewriter, s *step) *value {
			v, c := factors(s)
			if v == nil || !isFloat(s) {
				return nil
			}
			n := v.call("negative")
			if n == nil || !allOf(s, v, n.args[0]) {
				return nil
			}
			lit, _ := scalarLiteral(c)
			x := as(lit, s.out().typ.DType).Float64()
			return r.call(s, "multiply", n.args[0], r.floatLike(lit, s.out().typ.DType, -x))
		}},
	{Name: "(x * 2) * 3 -> x * 6", Level: Exact, ops: []string{"multiply"}, Doc: "Of integers and literals: products wrap alike in any order.",
		match: func(r *rewriter, s *step) *value {
			if isInteger(s) {
				return r.joined(s)
			}
			return nil
		}},
	{Name: "(x * 2.0) * 3.0 -> x * 6.0", Level: Reassociates, ops: []string{"multiply"}, Doc: "One rounding instead of two.",
		match: func(r *rewriter, s *step) *value { return r.joined(s) }},
	{Name: "x * (1 / y) -> x / y", Level: Reassociates, ops: []string{"multiply"},
		Doc: "One rounding instead of two. Where nothing else uses the inverse and y is as large as the product.",
		match: func(r *rewriter, s *step) *value {
			for i, v := range s.args {
				if c := v.call("reciprocal"); c != nil && allOf(s, v) && r.alone(v) && v.size() == s.out().size() {
					return r.call(s, "divide", s.args[1-i], c.args[0])
				}
			}
			return nil
		}},
}

// signsCancel drops the signs of both operands.
func signsCancel(r *rewriter, s *step) *value {
	a, b := s.args[0].call("negative"), s.args[1].call("negative")
	if a == nil || b == nil || !allOf(s, s.args[0], s.args[1], a.args[0], b.args[0]) {
		return nil
	}
	return r.call(s, s.op.Name, a.args[0], b.args[0])
}

var quotientRules = []Rule{
	{Name: "x / 1 -> x", Level: Exact, ops: []string{"divide", "floor_divide"}, Doc: "Of floats; also floor_divide of integers.",
		match: func(_ *rewriter, s *step) *value {
			if isNumber(s.args[1], s.out().typ.DType, 1) && (s.op.Name == "divide" || isInteger(s)) {
				return s.args[0]
			}
			return nil
		}},
	{Name: "x / -1 -> -x", Level: Exact, ops: []string{"divide"}, Doc: "Exact for every x.",
		match: func(r *rewriter, s *step) *value {
			if isNumber(s.args[1], s.out().typ.DType, -1) && allOf(s, s.args[0]) {
				return r.call(s, "negative", s.args[0])
			}
			return nil
		}},
	{Name: "-x / -y -> x / y", Level: Exact, ops: []string{"divide"}, Doc: "The signs cancel exactly.", match: signsCancel},
	{Name: "1 / x -> reciprocal(x)", Level: Exact, ops: []string{"divide"}, Doc: "The same division.",
		match: func(r *rewriter, s *step) *value {
			if isNumber(s.args[0], s.out().typ.DType, 1) && allOf(s, s.args[1]) {
				return r.call(s, "reciprocal", s.args[1])
			}
			return nil
		}},
	{Name: "x / 2 -> x * 0.5", Level: Exact, ops: []string{"divide"},
		Doc:   "By a power of two whose inverse is a number of the dtype: both round the same number once.",
		match: func(r *rewriter, s *step) *value { return r.timesInverse(s, true) }},
	{Name: "x / 3 -> x * (1 / 3)", Level: Reassociates, ops: []string{"divide"}, Doc: "By any literal: the inverse is rounded.",
		match: func(r *rewriter, s *step) *value { return r.timesInverse(s, false) }},
	{Name: "x / y, y smaller -> x * (1 / y)", Level: Reassociates, ops: []string{"divide"}, Doc: "Fewer divisions; two roundings instead of one.",
		match: func(r *rewriter, s *step) *value {
			y := s.args[1]
			if y.size() >= s.out().size() || !allOf(s, y) || s.args[0].size() < s.out().size() {
				return nil
			}
			if _, literal := y.literal(); literal {
				return nil
			}
			return r.call(s, "multiply", s.args[0], r.call(s, "reciprocal", y))
		}},
	{Name: "x / x -> 1", Level: Reassociates, ops: []string{"divide"}, Doc: "0 / 0 and infinity / infinity are NaN.",
		match: func(r *rewriter, s *step) *value {
			if s.args[0] == s.args[1] {
				return r.fill(s, ir.WeakInt(1))
			}
			return nil
		}},
	{Name: "(x * y) / y -> x", Level: Reassociates, ops: []string{"divide"}, Doc: "y may be 0, and the product may overflow.",
		match: func(_ *rewriter, s *step) *value {
			m := s.args[0].call("multiply")
			switch {
			case m == nil:
				return nil
			case m.args[1] == s.args[1]:
				return m.args[0]
			case m.args[0] == s.args[1]:
				return m.args[1]
			}
			return nil
		}},
	{Name: "x % 1 -> 0", Level: Exact, ops: []string{"remainder"}, Doc: "Of integers.",
		match: func(r *rewriter, s *step) *value {
			if isInteger(s) && isNumber(s.args[1], s.out().typ.DType, 1) {
				return r.fill(s, ir.WeakInt(0))
			}
			return nil
		}},
}

// timesInverse returns the quotient by a literal as the product with its
// inverse; if exact is wanted, only where that is no other number.
func (r *rewriter) timesInverse(s *step, exact bool) *value {
	lit, ok := scalarLiteral(s.args[1])
	if !ok {
		return nil
	}
	dtype := s.out().typ.DType
	by := as(lit, dtype).Float64()
	inverse := as(ir.Float(1/by), dtype).Float64()
	if inverse == 0 || math.IsInf(inverse, 0) || math.IsNaN(inverse) {
		return nil
	}
	if fraction, _ := math.Frexp(by); exact && (math.Abs(fraction) != 0.5 || 1/inverse != by) {
		return nil
	}
	return r.call(s, "multiply", s.args[0], r.floatLike(lit, dtype, inverse))
}

var powerRules = []Rule{
	{Name: "x ** 0 -> 1", Level: Exact, ops: []string{"power"}, Doc: "Of NaN too.",
		match: func(r *rewriter, s *step) *value {
			d := s.out().typ.DType
			if isNumber(s.args[1], d, 0) || d.IsFloat() && isNumber(s.args[1], d, negativeZero) {
				return r.fill(s, ir.WeakInt(1))
			}
			return nil
		}},
	{Name: "x ** 1 -> x", Level: Exact, ops: []string{"power"}, Doc: "The kernel returns x.",
		match: func(_ *rewriter, s *step) *value {
			if isNumber(s.args[1], s.out().typ.DType, 1) {
				return s.args[0]
			}
			return nil
		}},
	{Name: "x ** 2 -> square(x)", Level: Exact, ops: []string{"power"}, Doc: "The kernel computes x * x.",
		match: func(r *rewriter, s *step) *value {
			if isNumber(s.args[1], s.out().typ.DType, 2) && allOf(s, s.args[0]) {
				return r.call(s, "square", s.args[0])
			}
			return nil
		}},
	{Name: "x ** -1 -> reciprocal(x)", Level: Exact, ops: []string{"power"}, Doc: "Of floats: the kernel computes 1 / x.",
		match: func(r *rewriter, s *step) *value {
			if isFloat(s) && isNumber(s.args[1], s.out().typ.DType, -1) && allOf(s, s.args[0]) {
				return r.call(s, "reciprocal", s.args[0])
			}
			return nil
		}},
	{Name: "x ** 3 -> square(x) * x", Level: Exact, ops: []string{"power"}, Doc: "Of integers; also x ** 4 -> square(square(x)).",
		match: func(r *rewriter, s *step) *value {
			if isInteger(s) {
				return r.smallPower(s)
			}
			return nil
		}},
	{Name: "x ** 3.0 -> square(x) * x", Level: Reassociates, ops: []string{"power"}, Doc: "Also x ** 4.0: two roundings instead of one.",
		match: func(r *rewriter, s *step) *value { return r.smallPower(s) }},
	{Name: "x ** 0.5 -> sqrt(x)", Level: Reassociates, ops: []string{"power"},
		Doc: "Also x ** -0.5 -> 1 / sqrt(x). The square root of -0 is -0, that of -infinity NaN, the powers are 0 and infinity.",
		match: func(r *rewriter, s *step) *value {
			if !isFloat(s) || !allOf(s, s.args[0]) {
				return nil
			}
			switch d := s.out().typ.DType; {
			case isNumber(s.args[1], d, 0.5):
				return r.call(s, "sqrt", s.args[0])
			case isNumber(s.args[1], d, -0.5):
				return r.call(s, "reciprocal", r.call(s, "sqrt", s.args[0]))
			}
			return nil
		}},
}

func (r *rewriter) smallPower(s *step) *value {
	x, d := s.args[0], s.out().typ.DType
	if !allOf(s, x) {
		return nil
	}
	switch {
	case isNumber(s.args[1], d, 3):
		return r.call(s, "multiply", r.call(s, "square", x), x)
	case isNumber(s.args[1], d, 4):
		return r.call(s, "square", r.call(s, "square", x))
	}
	return nil
}
