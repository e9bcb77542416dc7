package opstest

import (
	"fmt"
	"math"
	"slices"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops"
)

// A tape evaluates what a gradient calls at once.
type tape struct {
	registry *ops.Registry
	values   map[*ir.Node]ir.Value
	err      error
}

// put returns an operand that stands for v.
func (t *tape) put(v ir.Value) *ir.Node {
	n := ir.Reg("x")
	t.values[n] = v
	return n
}

func (t *tape) value(n *ir.Node) ir.Value {
	switch n.Op {
	case "const":
		return n.Attr("value")
	case "list":
		items := make([]ir.Value, len(n.Args))
		for i, arg := range n.Args {
			items[i] = t.value(arg)
		}
		return ir.ListOf(items...)
	}
	return t.values[n]
}

func (t *tape) fail(format string, args ...any) *ir.Node {
	if t.err == nil {
		t.err = fmt.Errorf(format, args...)
	}
	return t.put(ir.Value{})
}

func (t *tape) Call(name string, args ...*ir.Node) *ir.Node {
	if t.err != nil {
		return t.put(ir.Value{})
	}
	op := t.registry.Lookup(name)
	if op == nil {
		return t.fail("a gradient calls the unknown op %q", name)
	}
	bound, problems := op.Bind(args, nil)
	if len(problems) > 0 {
		return t.fail("a gradient calls %s: %v", name, problems)
	}
	values := make([]ir.Value, len(bound))
	for i, n := range bound {
		values[i] = t.value(n)
	}
	results := make([]ir.Value, op.Results)
	if err := op.Eval(results, values); err != nil {
		return t.fail("in a gradient: %w", err)
	}
	return t.put(results[0])
}

// Adjoints returns what the gradient of an op gives for the arguments of a call, its
// result, and the adjoint of that: null where an argument has none. The registry has
// the ops that the gradient calls; nil is [ops.Standard].
func Adjoints(registry *ops.Registry, op *ops.Op, args []ir.Value, out, dout ir.Value) ([]ir.Value, error) {
	if registry == nil {
		registry = ops.Standard()
	}
	t := &tape{registry: registry, values: map[*ir.Node]ir.Value{}}
	nodes := make([]*ir.Node, len(args))
	for i, v := range args {
		switch {
		case v.IsNull():
			nodes[i] = &ir.Node{Op: "const"}
		case op.ParamAt(i).Static:
			nodes[i] = ir.Const(v)
		default:
			nodes[i] = t.put(v)
		}
	}
	results := op.Gradient(t, nodes, t.put(out), t.put(dout))
	if t.err != nil {
		return nil, t.err
	}
	if len(results) != len(args) {
		return nil, fmt.Errorf("the gradient of %s gives %d adjoints for %d arguments", op.Name, len(results), len(args))
	}
	values := make([]ir.Value, len(results))
	for i, n := range results {
		if n != nil {
			values[i] = t.value(n)
		}
	}
	return values, nil
}

func (s *subject) adjoints(args []ir.Value, out, dout ir.Value) []ir.Value {
	s.asked = args
	got, err := Adjoints(s.registry, s.op, args, out, dout)
	s.must(args, err)
	return got
}

// gradient is the law of gradients.
func (s *subject) gradient(e Example) {
	results, err := s.eval(e.Args)
	s.must(e.Args, err)
	out := results[0]
	if !out.IsNumber() || !out.DType().IsFloat() {
		return
	}
	t := tensor(ir.F64, out.Shape()...)
	for i := range t.Size() {
		t.SetAt(i, ir.Float(0.5+s.random.Float64()))
	}
	dout := InDType(ir.TensorValue(t), out.DType())
	got := s.adjoints(e.Args, out, dout.AsWeak(out.Weak()))
	for i, arg := range e.Args {
		if s.op.ParamAt(i).Static {
			continue
		}
		s.adjoint(e, i, arg, got[i], dout)
	}
}

// adjoint checks the adjoint of argument i, got.
func (s *subject) adjoint(e Example, i int, arg, got, dout ir.Value) {
	name := s.describe(e.Args) + ": adjoint of " + s.op.ParamAt(i).Name
	with := func(v ir.Value) []ir.Value {
		args := slices.Clone(e.Args)
		args[i] = v
		return args
	}
	list := arg.List()
	if list == nil || got.IsNull() {
		s.numberAdjoint(name, e, arg, got, dout, with)
		return
	}
	if got.List() == nil || len(got.List().Items) != len(list.Items) {
		s.fail("%s is %s", name, got.Type())
		return
	}
	for k, item := range list.Items {
		s.numberAdjoint(name, e, item, got.List().Items[k], dout, func(v ir.Value) []ir.Value {
			items := slices.Clone(list.Items)
			items[k] = v
			return with(ir.ListOf(items...))
		})
	}
}

func (s *subject) numberAdjoint(name string, e Example, arg, got, dout ir.Value, with func(ir.Value) []ir.Value) {
	if !arg.IsNumber() || !arg.DType().IsFloat() {
		return
	}
	if !got.IsNull() && !got.Type().Equal(arg.Type()) {
		s.fail("%s has the type %s, want %s", name, got.Type(), arg.Type())
		return
	}
	if e.Kinked || dout.DType() != ir.F64 || !accurate(e.Args) || size(arg) > 100 {
		return
	}
	for k := range size(arg) {
		want := s.difference(arg, k, dout, with)
		adjoint := 0.0
		if !got.IsNull() {
			adjoint = elementAt(got, k)
		}
		if math.IsNaN(want) {
			continue // some of the op's neighbourhood is outside of its domain
		}
		if !(math.Abs(adjoint-want) <= 1e-6*max(1, math.Abs(want))) {
			s.fail("%s at element %d is %v, finite differences give %v", name, k, adjoint, want)
		}
	}
}

// accurate reports whether all float arguments are f64, in which finite
// differences are accurate.
func accurate(args []ir.Value) bool {
	for _, arg := range args {
		if arg.DType() == ir.F32 {
			return false
		}
		if list := arg.List(); list != nil && !accurate(list.Items) {
			return false
		}
	}
	return true
}

// difference returns the central difference quotient of sum(dout * op) by
// element k of arg.
func (s *subject) difference(arg ir.Value, k int, dout ir.Value, with func(ir.Value) []ir.Value) float64 {
	x := elementAt(arg, k)
	h := 1e-5 * max(1, math.Abs(x))
	at := func(x float64) float64 {
		moved := ir.Float(x)
		if !arg.IsScalar() {
			t := arg.Boxed().Clone()
			t.SetAt(k, ir.Float(x))
			moved = ir.TensorValue(t)
		}
		args := with(moved.AsWeak(arg.Weak()))
		results, err := s.eval(args)
		s.must(args, err)
		sum := 0.0
		for i := range size(results[0]) {
			sum += elementAt(results[0], i) * elementAt(dout, i)
		}
		return sum
	}
	return (at(x+h) - at(x-h)) / (2 * h)
}

// gradientRecords is the law of gradients of records: the adjoints of an op mapped
// over a record are those for the fields; those of numbers that went with every
// field add up.
func (s *subject) gradientRecords(e Example) {
	names := []string{"W", "b"}
	twice := func(v ir.Value) ir.Value { return ir.RecordOf(names, []ir.Value{v, v}) }
	plain, err := s.eval(e.Args)
	s.must(e.Args, err)
	if !plain[0].IsNumber() || !plain[0].DType().IsFloat() {
		return
	}
	dout := ones(plain[0].DType(), plain[0].Shape()...).AsWeak(plain[0].Weak())
	want := s.adjoints(e.Args, plain[0], dout)
	for i, arg := range e.Args {
		if !arg.IsNumber() || s.scalarOnly(i) {
			continue
		}
		args := slices.Clone(e.Args)
		args[i] = twice(arg)
		for k, got := range s.adjoints(args, twice(plain[0]), twice(dout)) {
			expected := want[k]
			switch {
			case expected.IsNull():
			case k == i:
				expected = twice(expected)
			default:
				sum := make([]ir.Value, 1)
				s.must(args, s.registry.Lookup("add").Eval(sum, []ir.Value{expected, expected}))
				expected = sum[0]
			}
			if !ir.SameValue(got, expected) {
				s.fail("%s: adjoint %d is %s, want %s", s.describe(args), k, ir.FormatShort(got), ir.FormatShort(expected))
			}
		}
	}
}
