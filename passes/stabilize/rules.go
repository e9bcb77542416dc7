package stabilize

import (
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/passes/dataflow"
)

// Rules are the rewrites into forms that neither overflow nor lose all digits.
// They define what the source forms mean: they apply at every level.
var Rules = []dataflow.Rule{
	{Name: "log(softmax(x)) -> log_softmax(x)", Op: "log",
		Doc: "softmax underflows to 0 where log_softmax is finite.",
		Match: func(m *dataflow.Matcher, v *dataflow.Value) *dataflow.Value {
			if s := v.Args[0]; s.IsCall("softmax") {
				return m.Graph.Call("log_softmax", v.Node, s.Args...)
			}
			return nil
		}},
	{Name: "log(sum(exp(x))) -> logsumexp(x)", Op: "log",
		Doc: "exp overflows where the logarithm of the sum does not.",
		Match: func(m *dataflow.Matcher, v *dataflow.Value) *dataflow.Value {
			s := v.Args[0]
			if !s.IsCall("sum") || !s.Args[0].IsCall("exp") {
				return nil
			}
			return logsumexp(m.Graph, v, s.Args[0].Args[0], s.Args[1], s.Args[2])
		}},
	{Name: "log(1 + x) -> log1p(x)", Op: "log",
		Doc: "1 + x rounds small x away.",
		Match: func(m *dataflow.Matcher, v *dataflow.Value) *dataflow.Value {
			if x := otherThanOne(v.Args[0], "add"); x != nil {
				return m.Graph.Call("log1p", v.Node, x)
			}
			return nil
		}},
	{Name: "log1p(exp(x)) -> softplus(x)", Op: "log1p",
		Doc: "exp overflows where softplus(x) is x.",
		Match: func(m *dataflow.Matcher, v *dataflow.Value) *dataflow.Value {
			if e := v.Args[0]; e.IsCall("exp") {
				return m.Graph.Call("softplus", v.Node, e.Args[0])
			}
			return nil
		}},
	{Name: "exp(x) - 1 -> expm1(x)", Op: "subtract", Needs: "exp",
		Doc: "exp(x) rounds small x away.",
		Match: func(m *dataflow.Matcher, v *dataflow.Value) *dataflow.Value {
			if e := v.Args[0]; e.IsCall("exp") && isOne(v.Args[1]) {
				return m.Graph.Call("expm1", v.Node, e.Args[0])
			}
			return nil
		}},
	{Name: "log(sigmoid(x)) -> -softplus(-x)", Op: "log",
		Doc: "sigmoid underflows to 0 where its logarithm is x.",
		Match: func(m *dataflow.Matcher, v *dataflow.Value) *dataflow.Value {
			if s := v.Args[0]; s.IsCall("sigmoid") {
				// A product with -1.0, since unsigned integers cannot be negated.
				g := m.Graph
				x := g.Call("multiply", v.Node, s.Args[0], g.Const(ir.WeakFloat(-1), nil))
				return g.Call("negative", v.Node, g.Call("softplus", v.Node, x))
			}
			return nil
		}},
	{Name: "log(1 - sigmoid(x)) -> -softplus(x)", Op: "log",
		Doc: "1 - sigmoid(x) rounds to 0 for large x.",
		Match: func(m *dataflow.Matcher, v *dataflow.Value) *dataflow.Value {
			d := v.Args[0]
			if !d.IsCall("subtract") || !isOne(d.Args[0]) || !d.Args[1].IsCall("sigmoid") {
				return nil
			}
			return m.Graph.Call("negative", v.Node, m.Graph.Call("softplus", v.Node, d.Args[1].Args[0]))
		}},
	{Name: "log1p(-sigmoid(x)) -> -softplus(x)", Op: "log1p",
		Doc: "sigmoid(x) rounds to 1 for large x.",
		Match: func(m *dataflow.Matcher, v *dataflow.Value) *dataflow.Value {
			n := v.Args[0]
			if !n.IsCall("negative") || !n.Args[0].IsCall("sigmoid") {
				return nil
			}
			return m.Graph.Call("negative", v.Node, m.Graph.Call("softplus", v.Node, n.Args[0].Args[0]))
		}},
}

// logsumexp returns the call for a sum over one axis, or over all elements; nil
// for others.
func logsumexp(g *dataflow.Graph, v, x, axis, keepdims *dataflow.Value) *dataflow.Value {
	if _, single := axis.IsInt(); single {
		return g.Call("logsumexp", v.Node, x, axis, keepdims)
	}
	all := axis.Kind == dataflow.Const && axis.Literal.IsNull()
	if keep := keepdims.Literal; !all || keepdims.Kind != dataflow.Const || !keep.IsScalar() || keep.Truth() {
		return nil
	}
	flat := g.Call("reshape", v.Node, x, g.List(nil, g.Const(ir.WeakInt(-1), nil)))
	return g.Call("logsumexp", v.Node, flat, g.Const(ir.WeakInt(0), nil), keepdims)
}

// isOne reports whether v is the literal 1, which takes any dtype.
func isOne(v *dataflow.Value) bool {
	return v.Kind == dataflow.Const && v.Literal.IsScalar() && v.Literal.Weak() && v.Literal.Float64() == 1
}

// otherThanOne returns the operand of a call of the commutative op whose other
// operand is 1, or nil.
func otherThanOne(v *dataflow.Value, op string) *dataflow.Value {
	switch {
	case !v.IsCall(op):
		return nil
	case isOne(v.Args[0]):
		return v.Args[1]
	case isOne(v.Args[1]):
		return v.Args[0]
	}
	return nil
}
