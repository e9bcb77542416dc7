package graphs

var inverseRules = []Rule{
	{Name: "log(exp(x)) -> x", Level: Reassociates, ops: []string{"log", "exp", "log1p", "expm1"},
		Doc: "Also exp(log(x)), log1p(expm1(x)) and expm1(log1p(x)): the inner one rounds, overflows or is NaN.",
		match: func(_ *rewriter, s *step) *value {
			inverse := map[string]string{"log": "exp", "exp": "log", "log1p": "expm1", "expm1": "log1p"}
			if e := s.args[0].call(inverse[s.op.Name]); e != nil {
				return e.args[0]
			}
			return nil
		}},
	{Name: "square(sqrt(x)) -> x", Level: Reassociates, ops: []string{"square"}, Doc: "Negative x have no square root.",
		match: func(_ *rewriter, s *step) *value {
			if q := s.args[0].call("sqrt"); q != nil {
				return q.args[0]
			}
			return nil
		}},
	{Name: "sqrt(square(x)) -> abs(x)", Level: Reassociates, ops: []string{"sqrt"}, Doc: "The square may overflow.",
		match: func(r *rewriter, s *step) *value {
			if q := s.args[0].call("square"); q != nil && allOf(s, q.args[0]) {
				return r.call(s, "abs", q.args[0])
			}
			return nil
		}},
	{Name: "1 / (1 / x) -> x", Level: Reassociates, ops: []string{"reciprocal"}, Doc: "The inner quotient is rounded.",
		match: func(_ *rewriter, s *step) *value {
			if q := s.args[0].call("reciprocal"); q != nil {
				return q.args[0]
			}
			return nil
		}},
	{Name: "exp(x) * exp(y) -> exp(x + y)", Level: Reassociates, ops: []string{"multiply"}, Doc: "One exponential instead of two, where nothing else uses them.",
		match: func(r *rewriter, s *step) *value {
			x, y := s.args[0].call("exp"), s.args[1].call("exp")
			if x == nil || y == nil || !r.alone(x.out()) || !r.alone(y.out()) || !allOf(s, x.out(), y.out(), x.args[0], y.args[0]) {
				return nil
			}
			return r.call(s, "exp", r.call(s, "add", x.args[0], y.args[0]))
		}},
}

// guardRules give up errors that the program asks for.
var guardRules = []Rule{
	{Name: "assert_finite(x) -> x", Level: Reassociates, ops: []string{"assert_finite"}, Doc: "The error that the guard would give is lost.",
		match: func(_ *rewriter, s *step) *value { return s.args[0] }},
}
