package graphs

import "flowc.dev/flowc/ir"

var matmulRules = []Rule{
	{Name: "matmul(x.T, y.T) -> matmul(y, x).T", Level: Exact, ops: []string{"matmul"},
		Doc: "Of matrices: each element has the same products in the same order, and one transposition goes. Where the product is no larger than both.",
		match: func(r *rewriter, s *step) *value {
			x, y := untransposed(s.args[0]), untransposed(s.args[1])
			if x == nil || y == nil || s.out().size() > x.size()+y.size() {
				return nil
			}
			return r.call(s, "transpose", r.call(s, "matmul", y, x), ir.Value{})
		}},
	{Name: "matmul(x.T, y).T -> matmul(y.T, x)", Level: Exact, ops: []string{"transpose"},
		Doc: "Also matmul(x, y.T).T -> matmul(y, x.T). The product is used nowhere else, and the other operand is no larger than both.",
		match: func(r *rewriter, s *step) *value {
			x := untransposed(s.out())
			m := x.call("matmul")
			if m == nil || !r.alone(x) || m.args[0].rank() != 2 || m.args[1].rank() != 2 {
				return nil
			}
			saved := func(a, other *value) bool { return a != nil && other.size() <= a.size()+x.size() }
			if a := untransposed(m.args[0]); saved(a, m.args[1]) {
				return r.call(s, "matmul", r.call(s, "transpose", m.args[1], ir.Value{}), a)
			}
			if b := untransposed(m.args[1]); saved(b, m.args[0]) {
				return r.call(s, "matmul", b, r.call(s, "transpose", m.args[0], ir.Value{}))
			}
			return nil
		}},
	{Name: "c + matmul(x, y) -> gemm(c, x, y)", Level: Reassociates, ops: []string{"add"},
		Doc:   "Across statements, where nothing else uses the product: each sum begins with c. Within a statement the required lowering does so.",
		match: func(r *rewriter, s *step) *value { return r.accumulate(s, "matmul", "gemm") }},
	{Name: "c + outer(x, y) -> ger(c, x, y)", Level: Reassociates, ops: []string{"add"},
		Doc:   "Across statements, as with gemm.",
		match: func(r *rewriter, s *step) *value { return r.accumulate(s, "outer", "ger") }},
	{Name: "matmul(a * x, y) -> a * matmul(x, y)", Level: Reassociates, ops: []string{"matmul"},
		Doc: "Of a factor of rank 0, where the product is smaller than x: gemm's alpha. Also of y.",
		match: func(r *rewriter, s *step) *value {
			for i, v := range s.args {
				m := v.call("multiply")
				if m == nil || !isFloat(s) || !allOf(s, s.args...) || s.out().size() >= v.size() {
					continue
				}
				for k, a := range m.args {
					if x := m.args[1-k]; a.rank() == 0 && allOf(s, x) && x.rank() == v.rank() {
						args := []any{s.args[0], s.args[1]}
						args[i] = x
						return r.call(s, "multiply", r.call(s, "matmul", args...), a)
					}
				}
			}
			return nil
		}},
}

// untransposed returns the matrix that v is the transposition of, or nil.
func untransposed(v *value) *value {
	if t := transposition(v); t != nil && v.rank() == 2 && permutation(t)[0] == 1 {
		return t.args[0]
	}
	return nil
}

// accumulate adds a product to the other operand of a sum.
func (r *rewriter) accumulate(s *step, product, into string) *value {
	for i := 1; i >= 0; i-- {
		p, c := s.args[i].call(product), s.args[1-i]
		if p != nil && r.alone(s.args[i]) && isFloat(s) && allOf(s, c, p.args[0], p.args[1]) {
			return r.call(s, into, c, p.args[0], p.args[1])
		}
	}
	return nil
}
