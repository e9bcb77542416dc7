package graphs

import "flowc.dev/flowc/ir"

var signRules = []Rule{
	{Name: "-(-x) -> x", Level: Exact, ops: []string{"negative"}, Doc: "Exact for every x; integers wrap twice.",
		match: func(_ *rewriter, s *step) *value {
			if n := s.args[0].call("negative"); n != nil {
				return n.args[0]
			}
			return nil
		}},
	{Name: "-(x - y) -> y - x", Level: Exact, ops: []string{"negative"}, Doc: "Of integers.",
		match: func(r *rewriter, s *step) *value {
			if isInteger(s) {
				return r.turned(s)
			}
			return nil
		}},
	{Name: "-(x - y) -> y - x, of floats", Level: Reassociates, ops: []string{"negative"}, Doc: "-(1 - 1) is -0, 1 - 1 is 0.",
		match: func(r *rewriter, s *step) *value { return r.turned(s) }},
	{Name: "-0.0 - x -> -x", Level: Exact, ops: []string{"subtract"}, Doc: "Also 0 - x of integers.",
		match: func(r *rewriter, s *step) *value {
			if isNumber(s.args[0], s.out().typ.DType, negativeZero) && allOf(s, s.args[1]) {
				return r.call(s, "negative", s.args[1])
			}
			return nil
		}},
	{Name: "0.0 - x -> -x", Level: Reassociates, ops: []string{"subtract"}, Doc: "0 - 0 is 0, -(0) is -0.",
		match: func(r *rewriter, s *step) *value {
			if isNumber(s.args[0], s.out().typ.DType, 0) && allOf(s, s.args[1]) {
				return r.call(s, "negative", s.args[1])
			}
			return nil
		}},
	{Name: "abs(-x) -> abs(x)", Level: Exact, ops: []string{"abs", "square"}, Doc: "Also square(-x) and square(abs(x)). Not abs of u8, where -x is no number's opposite.",
		match: func(r *rewriter, s *step) *value {
			x := s.args[0]
			n := x.call("negative")
			if n == nil && s.op.Name == "square" {
				n = x.call("abs")
			}
			if n == nil || !allOf(s, x, n.args[0]) || s.op.Name == "abs" && s.out().typ.DType == ir.U8 {
				return nil
			}
			return r.call(s, s.op.Name, n.args[0])
		}},
	{Name: "abs(abs(x)) -> abs(x)", Level: Exact, ops: []string{"abs", "relu", "sign", "floor", "ceil"},
		Doc: "Also relu, sign, floor and ceil of themselves, abs(square(x)) of floats, floor(ceil(x)) and ceil(floor(x)).",
		match: func(_ *rewriter, s *step) *value {
			x := s.args[0]
			inner := ""
			if x.step != nil {
				inner = x.step.op.Name
			}
			whole := func(op string) bool { return op == "floor" || op == "ceil" }
			if inner == s.op.Name || s.op.Name == "abs" && inner == "square" && isFloat(s) || whole(s.op.Name) && whole(inner) {
				return x
			}
			return nil
		}},
	{Name: "floor(whole x) -> x", Level: Exact, ops: []string{"floor", "ceil", "abs", "relu"}, Doc: "Also ceil; abs and relu of u8.",
		match: func(_ *rewriter, s *step) *value {
			if d := s.out().typ.DType; d == ir.U8 || d.IsInteger() && (s.op.Name == "floor" || s.op.Name == "ceil") {
				return s.args[0]
			}
			return nil
		}},
}

// turned returns the opposite of a difference.
func (r *rewriter) turned(s *step) *value {
	d := s.args[0].call("subtract")
	if d == nil || !allOf(s, s.args[0]) {
		return nil
	}
	return r.call(s, "subtract", d.args[1], d.args[0])
}
