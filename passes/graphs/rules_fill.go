package graphs

import (
	"slices"

	"flowc.dev/flowc/ir"
)

// A filled tensor is broadcast_to of a number of rank 0, and ops on it work on
// that number: nothing of the tensor is ever made.
var fillRules = []Rule{
	{Name: "zeros_like(x) -> broadcast_to(0)", Level: Exact, ops: []string{"zeros_like", "ones_like"},
		Doc: "Also ones_like. The elements of x are not needed.",
		match: func(r *rewriter, s *step) *value {
			number := ir.WeakInt(0)
			if s.op.Name == "ones_like" {
				number = ir.WeakInt(1)
			}
			return r.fill(s, number)
		}},
	{Name: "zeros(shape) -> broadcast_to(0)", Level: Exact, ops: []string{"zeros", "ones"}, Doc: "Also ones.",
		match: func(r *rewriter, s *step) *value {
			number := ir.WeakInt(0)
			if s.op.Name == "ones" {
				number = ir.WeakInt(1)
			}
			return r.fill(s, number)
		}},
	{Name: "full(shape, x) -> broadcast_to(x)", Level: Exact, ops: []string{"full", "full_like"},
		Doc: "Also full_like. x is a literal, or has the element type of the result already.",
		match: func(r *rewriter, s *step) *value {
			x := s.args[1]
			if lit, ok := scalarLiteral(x); ok {
				return r.fill(s, lit)
			}
			return r.spread(s, x)
		}},
	{Name: "sum_adjoint(x, d) -> broadcast_to(d)", Level: Exact, ops: []string{"sum_adjoint"},
		Doc: "The elements of x are not needed.",
		match: func(r *rewriter, s *step) *value {
			return r.adjoint(s, s.args[1])
		}},
	{Name: "mean_adjoint(x, d) -> broadcast_to(d / n)", Level: Exact, ops: []string{"mean_adjoint"},
		Doc: "The quotients are those that mean_adjoint spreads.",
		match: func(r *rewriter, s *step) *value {
			d, n := s.args[1], 1
			if !allOf(s, d) || d.typ.Weak != s.out().typ.Weak || s.out().size() == 0 {
				return nil
			}
			for _, axis := range axesOf(s.static[2], s.args[0].rank()) {
				n *= s.args[0].typ.Shape[axis]
			}
			return r.adjoint(s, r.call(s, "divide", d, r.lit(ir.WeakFloat(float64(n)))))
		}},
	{Name: "sum_to_like(x, y) -> sum(x)", Level: Exact, ops: []string{"sum_to_like"},
		Doc: "Of floats that have the dtype of the result. The elements of y are not needed.",
		match: func(r *rewriter, s *step) *value {
			x, shape := s.args[0], s.out().typ.Shape
			if !allOf(s, x) || x.typ.Weak != s.out().typ.Weak {
				return nil
			}
			var axes []int
			lead := x.rank() - len(shape)
			for axis, extent := range x.typ.Shape {
				if axis < lead || extent != shape[axis-lead] {
					axes = append(axes, axis)
				}
			}
			if len(axes) == 0 {
				return x
			}
			return r.reshape(s, r.call(s, "sum", x, shapeLiteral(axes), ir.BoolValue(false)))
		}},
	{Name: "f(broadcast_to(x), y) -> f(x, y)", Level: Exact,
		Doc: "An elementwise op broadcasts its operands itself, as long as another one gives the shape.",
		match: func(r *rewriter, s *step) *value {
			return r.virtual(s, false)
		}},
	{Name: "f(broadcast_to(x)) -> broadcast_to(f(x))", Level: Exact,
		Doc: "An elementwise op computes each element that differs once. Not for ops that can fail.",
		match: func(r *rewriter, s *step) *value {
			return r.virtual(s, true)
		}},
	{Name: "reshape(broadcast_to(0)) -> broadcast_to(0)", Level: Exact, ops: []string{"reshape", "expand_dims", "squeeze", "reshape_like", "transpose", "transpose_adjoint"},
		Doc: "A tensor that is filled with one number is so in any shape.",
		match: func(r *rewriter, s *step) *value {
			if b := s.args[0].call("broadcast_to"); b != nil && b.args[0].rank() == 0 {
				return r.spread(s, b.args[0])
			}
			return nil
		}},
}

// fill returns a tensor of the type of the result of s with a number, converted,
// everywhere.
func (r *rewriter) fill(s *step, number ir.Value) *value {
	return r.spread(s, r.lit(typed(number, s.out().typ)))
}

// spread returns x broadcast to the shape of the result of s.
func (r *rewriter) spread(s *step, x *value) *value {
	if x == nil || slices.Equal(x.typ.Shape, s.out().typ.Shape) {
		return x
	}
	return r.call(s, "broadcast_to", x, shapeLiteral(s.out().typ.Shape))
}

// adjoint spreads d, the adjoint of a reduction with the parameters of s, over
// the elements that were reduced.
func (r *rewriter) adjoint(s *step, d *value) *value {
	if d == nil || !allOf(s, d) || d.typ.Weak != s.out().typ.Weak {
		return nil
	}
	x := s.args[0].typ.Shape
	shape := kept(x, axesOf(s.static[2], len(x)))
	for len(shape) > d.rank() && shape[0] == 1 {
		shape = shape[1:] // broadcasting adds it
	}
	if !slices.Equal(d.typ.Shape, shape) {
		d = r.call(s, "reshape", d, shapeLiteral(shape))
	}
	return r.spread(s, d)
}

// virtual takes the broadcasts off the operands of an elementwise op: where the
// result keeps its shape without them, or, outside, where it is smaller.
func (r *rewriter) virtual(s *step, outside bool) *value {
	if !s.op.Elementwise || outside && s.op.CanFail {
		return nil
	}
	args := make([]any, len(s.args))
	found := 0
	for i, v := range s.args {
		if v == nil {
			args[i] = s.static[i]
			continue
		}
		args[i] = v
		if b := v.call("broadcast_to"); b != nil {
			args[i] = b.args[0]
			found++
		}
	}
	switch {
	case found == 0:
		return nil
	case outside:
		return r.spread(s, r.smaller(s, args))
	}
	if v := r.inferred(s, args); v != nil {
		return v
	}
	// Some of the broadcasts give the shape: keep the first that does.
	for i, v := range s.args {
		if found == 1 || v.call("broadcast_to") == nil {
			continue
		}
		bare := args[i]
		args[i] = v
		if w := r.inferred(s, args); w != nil {
			return w
		}
		args[i] = bare
	}
	return nil
}

// inferred returns the call of s with other arguments if it has the type of the
// result.
func (r *rewriter) inferred(s *step, args []any) *value {
	if !r.fits(s, args) {
		return nil
	}
	return r.call(s, s.op.Name, args...)
}

// fits reports whether the call of s with other arguments has the type of the
// result.
func (r *rewriter) fits(s *step, args []any) bool {
	t, ok := typeOf(s, args)
	return ok && t.Equal(s.out().typ)
}

// smaller returns the call of s with other arguments if it has fewer elements
// than the result.
func (r *rewriter) smaller(s *step, args []any) *value {
	t, ok := typeOf(s, args)
	if !ok || t.DType != s.out().typ.DType || t.Weak != s.out().typ.Weak || (&value{typ: t}).size() >= s.out().size() {
		return nil
	}
	return r.call(s, s.op.Name, args...)
}

// typeOf returns the type of the call of s with other arguments.
func typeOf(s *step, args []any) (ir.Type, bool) {
	n := &step{op: s.op, args: make([]*value, len(args)), static: s.static}
	for i, arg := range args {
		if v, ok := arg.(*value); ok {
			n.args[i] = v
		}
	}
	types, err := s.op.Infer(n.known())
	if err != nil || len(types) != 1 {
		return ir.Type{}, false
	}
	return types[0], true
}
