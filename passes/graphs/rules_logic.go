package graphs

import (
	"slices"

	"flowc.dev/flowc/ir"
)

// opposites are the comparisons that hold exactly where the others do not, as
// long as nothing is NaN.
var opposites = map[string]string{"equal": "not_equal", "not_equal": "equal", "less": "greater_equal",
	"greater_equal": "less", "greater": "less_equal", "less_equal": "greater"}

var logicRules = []Rule{
	{Name: "where(true, x, y) -> x", Level: Exact, ops: []string{"where"}, Doc: "Also where(false, x, y) -> y.",
		match: func(r *rewriter, s *step) *value {
			if c, ok := scalarLiteral(s.args[0]); ok {
				return r.branch(s, s.args[2-as(c, ir.Bool).Int64()])
			}
			return nil
		}},
	{Name: "where(c, x, x) -> x", Level: Exact, ops: []string{"where"},
		match: func(r *rewriter, s *step) *value {
			if s.args[1] == s.args[2] {
				return r.branch(s, s.args[1])
			}
			return nil
		}},
	{Name: "where(not c, x, y) -> where(c, y, x)", Level: Exact, ops: []string{"where"},
		match: func(r *rewriter, s *step) *value {
			if n := s.args[0].call("logical_not"); n != nil {
				return r.call(s, "where", n.args[0], s.args[2], s.args[1])
			}
			return nil
		}},
	{Name: "where(c, where(c, x, y), z) -> where(c, x, z)", Level: Exact, ops: []string{"where"}, Doc: "Also in the other branch.",
		match: func(r *rewriter, s *step) *value {
			args := []any{s.args[0], s.args[1], s.args[2]}
			found := false
			for i := 1; i <= 2; i++ {
				w := s.args[i].call("where")
				if w != nil && w.args[0] == s.args[0] && allOf(s, s.args[i], w.args[i]) {
					args[i], found = w.args[i], true
				}
			}
			if !found {
				return nil
			}
			return r.call(s, "where", args...)
		}},
	{Name: "x < x -> false", Level: Exact, ops: []string{"less", "greater", "not_equal", "equal", "less_equal", "greater_equal"},
		Doc: "Also x > x. Of integers and bools x != x -> false and x = x, x <= x, x >= x -> true: NaN is unequal to itself.",
		match: func(r *rewriter, s *step) *value {
			if s.args[0] != s.args[1] {
				return nil
			}
			float := s.args[0].typ.DType.IsFloat()
			switch s.op.Name {
			case "less", "greater":
				return r.fill(s, ir.BoolValue(false))
			case "not_equal":
				if !float {
					return r.fill(s, ir.BoolValue(false))
				}
			default:
				if !float {
					return r.fill(s, ir.BoolValue(true))
				}
			}
			return nil
		}},
	{Name: "not x < y -> x >= y", Level: Exact, ops: []string{"logical_not"}, Doc: "Of integers and bools; of floats = and != only.",
		match: func(r *rewriter, s *step) *value {
			c := s.args[0].step
			if c == nil || opposites[c.op.Name] == "" {
				return nil
			}
			float := slices.ContainsFunc(c.args, func(v *value) bool { return v.typ.DType.IsFloat() })
			if float && c.op.Name != "equal" && c.op.Name != "not_equal" {
				return nil
			}
			return r.call(s, opposites[c.op.Name], c.args[0], c.args[1])
		}},
	{Name: "not not x -> x", Level: Exact, ops: []string{"logical_not"}, Doc: "Of bools.",
		match: func(_ *rewriter, s *step) *value {
			if n := s.args[0].call("logical_not"); n != nil {
				return n.args[0]
			}
			return nil
		}},
	{Name: "x and true -> x", Level: Exact, ops: []string{"logical_and", "logical_or"},
		Doc: "Also x and false, x or true, x or false, x and x, x or x, of bools.",
		match: func(r *rewriter, s *step) *value {
			if s.args[0] == s.args[1] {
				return s.args[0]
			}
			for i, v := range s.args {
				c, ok := scalarLiteral(v)
				if !ok {
					continue
				}
				if truth := as(c, ir.Bool).Truth(); truth == (s.op.Name == "logical_or") {
					return r.fill(s, ir.BoolValue(truth))
				}
				return s.args[1-i]
			}
			return nil
		}},
	{Name: "isnan(whole x) -> false", Level: Exact, ops: []string{"isnan", "isfinite"}, Doc: "Also isfinite(x) -> true, of integers and bools.",
		match: func(r *rewriter, s *step) *value {
			if s.args[0].typ.DType.IsFloat() {
				return nil
			}
			return r.fill(s, ir.BoolValue(s.op.Name == "isfinite"))
		}},
}

// branch returns a branch of a choice as its result, if it has the element type.
func (r *rewriter) branch(s *step, v *value) *value {
	if !allOf(s, v) || v.typ.Weak != s.out().typ.Weak {
		return nil
	}
	return r.spread(s, v)
}

var extremumRules = []Rule{
	{Name: "maximum(x, x) -> x", Level: Exact, ops: []string{"maximum", "minimum"}, Doc: "Also minimum.",
		match: func(_ *rewriter, s *step) *value {
			if s.args[0] == s.args[1] {
				return s.args[0]
			}
			return nil
		}},
	{Name: "maximum(maximum(x, y), y) -> maximum(x, y)", Level: Exact, ops: []string{"maximum", "minimum"}, Doc: "Also minimum; y on either side.",
		match: func(_ *rewriter, s *step) *value {
			for i, v := range s.args {
				if m := v.call(s.op.Name); m != nil && slices.Contains(m.args, s.args[1-i]) && allOf(s, v) {
					return v
				}
			}
			return nil
		}},
	{Name: "maximum(x, 0) -> relu(x)", Level: Exact, ops: []string{"maximum"}, Doc: "The same comparison.",
		match: func(r *rewriter, s *step) *value {
			if x := otherThan(s, 0); x != nil && allOf(s, x) {
				return r.call(s, "relu", x)
			}
			return nil
		}},
}
