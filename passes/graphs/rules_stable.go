package graphs

import "flowc.dev/flowc/ir"

// Within a statement the required lowering makes these forms at every level;
// what is left are those that begin in one statement and end in another.
var stableRules = []Rule{
	{Name: "log(softmax(x)) -> log_softmax(x)", Level: Reassociates, ops: []string{"log"},
		match: func(r *rewriter, s *step) *value {
			if m := s.args[0].call("softmax"); m != nil {
				return r.call(s, "log_softmax", m.args[0], m.static[1])
			}
			return nil
		}},
	{Name: "log(sum(exp(x))) -> logsumexp(x)", Level: Reassociates, ops: []string{"log"}, Doc: "Along one axis.",
		match: func(r *rewriter, s *step) *value {
			m := s.args[0].call("sum")
			if m == nil || !m.static[1].IsScalar() {
				return nil
			}
			if e := m.args[0].call("exp"); e != nil {
				return r.call(s, "logsumexp", e.args[0], m.static[1], m.static[2])
			}
			return nil
		}},
	{Name: "log(1 + x) -> log1p(x)", Level: Reassociates, ops: []string{"log"},
		match: func(r *rewriter, s *step) *value {
			if a := s.args[0].call("add"); a != nil {
				if x := otherThan(a, 1); x != nil && allOf(s, x) {
					return r.call(s, "log1p", x)
				}
			}
			return nil
		}},
	{Name: "log1p(exp(x)) -> softplus(x)", Level: Reassociates, ops: []string{"log1p"},
		match: func(r *rewriter, s *step) *value {
			if e := s.args[0].call("exp"); e != nil {
				return r.call(s, "softplus", e.args[0])
			}
			return nil
		}},
	{Name: "exp(x) - 1 -> expm1(x)", Level: Reassociates, ops: []string{"subtract"},
		match: func(r *rewriter, s *step) *value {
			if e := s.args[0].call("exp"); e != nil && isNumber(s.args[1], s.out().typ.DType, 1) {
				return r.call(s, "expm1", e.args[0])
			}
			return nil
		}},
	{Name: "log(sigmoid(x)) -> -softplus(-x)", Level: Reassociates, ops: []string{"log"},
		match: func(r *rewriter, s *step) *value {
			if g := s.args[0].call("sigmoid"); g != nil && allOf(s, g.args[0]) {
				return r.call(s, "negative", r.call(s, "softplus", r.call(s, "negative", g.args[0])))
			}
			return nil
		}},
	{Name: "log(1 - sigmoid(x)) -> -softplus(x)", Level: Reassociates, ops: []string{"log"},
		match: func(r *rewriter, s *step) *value {
			d := s.args[0].call("subtract")
			if d == nil || !isNumber(d.args[0], s.out().typ.DType, 1) {
				return nil
			}
			if g := d.args[1].call("sigmoid"); g != nil && allOf(s, g.args[0]) {
				return r.call(s, "negative", r.call(s, "softplus", g.args[0]))
			}
			return nil
		}},
	{Name: "log1p(-sigmoid(x)) -> -softplus(x)", Level: Reassociates, ops: []string{"log1p"},
		match: func(r *rewriter, s *step) *value {
			n := s.args[0].call("negative")
			if n == nil {
				return nil
			}
			if g := n.args[0].call("sigmoid"); g != nil && allOf(s, g.args[0]) {
				return r.call(s, "negative", r.call(s, "softplus", g.args[0]))
			}
			return nil
		}},
	{Name: "1 / (1 + exp(-x)) -> sigmoid(x)", Level: Reassociates, ops: []string{"reciprocal", "divide"}, Doc: "exp overflows where sigmoid is 0.",
		match: func(r *rewriter, s *step) *value {
			one := s.op.Name == "divide" && isNumber(s.args[0], s.out().typ.DType, 1)
			if !one && s.op.Name == "divide" {
				return nil
			}
			a := s.args[len(s.args)-1].call("add")
			if a == nil {
				return nil
			}
			e := otherThan(a, 1).call("exp")
			if e == nil {
				return nil
			}
			if n := e.args[0].call("negative"); n != nil && allOf(s, n.args[0]) {
				return r.call(s, "sigmoid", n.args[0])
			}
			return nil
		}},
	{Name: "exp(x) / sum(exp(x)) -> softmax(x)", Level: Reassociates, ops: []string{"divide"}, Doc: "Along one axis that is kept: exp overflows where softmax does not.",
		match: func(r *rewriter, s *step) *value {
			e, m := s.args[0].call("exp"), s.args[1].call("sum")
			if e == nil || m == nil || m.args[0] != s.args[0] || !m.static[1].IsScalar() || !m.static[2].Truth() {
				return nil
			}
			return r.call(s, "softmax", e.args[0], m.static[1])
		}},
	{Name: "sum(x, axis) / n -> mean(x, axis)", Level: Reassociates, ops: []string{"divide", "multiply"},
		Doc: "Where n is the number of elements; also sum(x) * (1 / n), which a quotient by n has become.",
		match: func(r *rewriter, s *step) *value {
			for i, v := range s.args {
				m, n := v.call("sum"), s.args[1-i]
				if m == nil || s.op.Name == "divide" && i == 1 || !allOf(s, v, m.args[0]) || v.size() == 0 {
					continue
				}
				count := float64(m.args[0].size() / v.size())
				if s.op.Name == "multiply" {
					d := s.out().typ.DType
					count = as(ir.Float(1/count), d).Float64()
				}
				if isNumber(n, s.out().typ.DType, count) {
					return r.call(s, "mean", m.args[0], m.static[1], m.static[2])
				}
			}
			return nil
		}},
}
