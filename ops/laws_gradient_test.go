package ops

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"flowc.dev/flowc/ir"
)

// A valueTape evaluates what a gradient rule calls at once.
type valueTape struct {
	ops    *Registry
	values map[*ir.Node]ir.Value
	err    error
}

// put returns an operand that stands for v.
func (t *valueTape) put(v ir.Value) *ir.Node {
	n := ir.Reg("x")
	t.values[n] = v
	return n
}

func (t *valueTape) value(n *ir.Node) ir.Value {
	switch {
	case n.Op == "const":
		return n.Attr("value")
	case n.Op == "list":
		items := make([]ir.Value, len(n.Args))
		for i, arg := range n.Args {
			items[i] = t.value(arg)
		}
		return ir.ListOf(items...)
	}
	return t.values[n]
}

func (t *valueTape) Call(name string, args ...*ir.Node) *ir.Node {
	if t.err != nil {
		return t.put(ir.Value{})
	}
	op := t.ops.Lookup(name)
	if op == nil {
		t.err = fmt.Errorf("a gradient calls the unknown op %q", name)
		return t.put(ir.Value{})
	}
	bound, problems := op.Bind(args, nil)
	if len(problems) > 0 {
		t.err = fmt.Errorf("a gradient calls %s: %v", name, problems)
		return t.put(ir.Value{})
	}
	values := make([]ir.Value, len(bound))
	for i, n := range bound {
		values[i] = t.value(n)
	}
	results, err := eval(op, values)
	if err != nil {
		t.err = fmt.Errorf("in a gradient: %w", err)
		return t.put(ir.Value{})
	}
	return t.put(results[0])
}

// adjoints applies op's gradient rule.
func adjoints(ops *Registry, op *Op, args []ir.Value, out, dout ir.Value) ([]ir.Value, error) {
	tape := &valueTape{ops: ops, values: map[*ir.Node]ir.Value{}}
	nodes := make([]*ir.Node, len(args))
	for i, v := range args {
		if op.ParamAt(i).Static || v.IsNull() {
			nodes[i] = ir.Const(v)
			if v.IsNull() {
				nodes[i] = &ir.Node{Op: "const"}
			}
		} else {
			nodes[i] = tape.put(v)
		}
	}
	results := op.Gradient(tape, nodes, tape.put(out), tape.put(dout))
	if tape.err != nil {
		return nil, tape.err
	}
	if len(results) != len(args) {
		return nil, fmt.Errorf("%s: the gradient rule gives %d adjoints for %d arguments", op.Name, len(results), len(args))
	}
	values := make([]ir.Value, len(results))
	for i, n := range results {
		if n != nil {
			values[i] = tape.value(n)
		}
	}
	return values, nil
}

// TestLawGradient: adjoints have the types of float arguments and, in f64, equal
// central finite differences.
func TestLawGradient(t *testing.T) {
	ops := Standard()
	forEach(t, func(t *testing.T, op *Op, ex example) {
		if op.Gradient == nil || op.Results != 1 {
			return
		}
		results, err := eval(op, ex.args)
		if err != nil {
			t.Fatal(err)
		}
		out := results[0]
		if !out.DType().IsFloat() {
			return
		}
		dout := uniform(40, 0.5, 1.5, out.Shape()...)
		if out.DType() == ir.F32 {
			dout = inDType(dout, ir.F32)
		}
		got, err := adjoints(ops, op, ex.args, out, dout.AsWeak(out.Weak()))
		if err != nil {
			t.Fatalf("%s: %v", describe(op, ex.args), err)
		}
		for i, arg := range ex.args {
			if op.ParamAt(i).Static {
				continue
			}
			checkAdjoint(t, op, ex, i, arg, got[i], dout)
		}
	})
}

func checkAdjoint(t *testing.T, op *Op, ex example, i int, arg, got, dout ir.Value) {
	t.Helper()
	name := fmt.Sprintf("%s: adjoint of %s", describe(op, ex.args), op.ParamAt(i).Name)
	if list := arg.List(); list != nil && !got.IsNull() {
		if got.List() == nil || len(got.List().Items) != len(list.Items) {
			t.Fatalf("%s is %s", name, got.Type())
		}
		for k, item := range list.Items {
			replace := func(v ir.Value) []ir.Value {
				items := append([]ir.Value(nil), list.Items...)
				items[k] = v
				args := append([]ir.Value(nil), ex.args...)
				args[i] = ir.ListOf(items...)
				return args
			}
			checkNumberAdjoint(t, name, op, ex, item, got.List().Items[k], dout, replace)
		}
		return
	}
	checkNumberAdjoint(t, name, op, ex, arg, got, dout, func(v ir.Value) []ir.Value {
		args := append([]ir.Value(nil), ex.args...)
		args[i] = v
		return args
	})
}

func checkNumberAdjoint(t *testing.T, name string, op *Op, ex example, arg, got, dout ir.Value, replace func(ir.Value) []ir.Value) {
	t.Helper()
	if !arg.IsNumber() || !arg.DType().IsFloat() {
		return
	}
	if !got.IsNull() && !got.Type().Equal(arg.Type()) {
		t.Errorf("%s has the type %s, want %s", name, got.Type(), arg.Type())
		return
	}
	if ex.kinked || dout.DType() != ir.F64 || !differentiable(ex.args) || size(arg) > 100 {
		return
	}
	for k := range size(arg) {
		want := difference(t, op, arg, k, dout, replace)
		adjoint := 0.0
		if !got.IsNull() {
			adjoint = elementAt(got, k)
		}
		if math.Abs(adjoint-want) > 1e-6*max(1, math.Abs(want)) {
			t.Errorf("%s at element %d is %v, finite differences give %v", name, k, adjoint, want)
		}
	}
}

// differentiable reports whether all float arguments are f64, in which finite
// differences are accurate.
func differentiable(args []ir.Value) bool {
	for _, arg := range args {
		if arg.DType() == ir.F32 {
			return false
		}
		if list := arg.List(); list != nil && !differentiable(list.Items) {
			return false
		}
	}
	return true
}

// difference returns the central difference quotient of sum(dout * op) by
// element k of arg.
func difference(t *testing.T, op *Op, arg ir.Value, k int, dout ir.Value, replace func(ir.Value) []ir.Value) float64 {
	t.Helper()
	x := elementAt(arg, k)
	h := 1e-5 * max(1, math.Abs(x))
	at := func(x float64) float64 {
		moved := ir.TensorValue(arg.Boxed().Clone())
		if t := moved.Tensor(); t != nil {
			ir.Data[float64](t)[k] = x
		} else {
			moved = ir.Float(x)
		}
		results, err := eval(op, replace(moved.AsWeak(arg.Weak())))
		if err != nil {
			t.Fatal(err)
		}
		sum := 0.0
		for i := range size(results[0]) {
			sum += elementAt(results[0], i) * elementAt(dout, i)
		}
		return sum
	}
	return (at(x+h) - at(x-h)) / (2 * h)
}

func size(v ir.Value) int { return v.Boxed().Size() }

func elementAt(v ir.Value, i int) float64 { return v.Boxed().At(i).Float64() }

// TestLawGradientRecords: the adjoints of an elementwise op mapped over a record
// are those for the fields; those of numbers that went with every field add up.
func TestLawGradientRecords(t *testing.T) {
	ops := Standard()
	names := []string{"W", "b"}
	twice := func(v ir.Value) ir.Value { return ir.RecordOf(names, []ir.Value{v, v}) }
	forEachElementwise(t, func(t *testing.T, op *Op, ex example) {
		plain, err := eval(op, ex.args)
		if err != nil {
			t.Fatal(err)
		}
		if op.Gradient == nil || !plain[0].DType().IsFloat() {
			return
		}
		dout := inDType(constant(plain[0], 1), plain[0].DType()).AsWeak(plain[0].Weak())
		want, err := adjoints(ops, op, ex.args, plain[0], dout)
		if err != nil {
			t.Fatal(err)
		}
		for i, arg := range ex.args {
			if op.Params[i].Static || !arg.IsNumber() || op.Params[i].Name == "fill_value" {
				continue
			}
			args := slices.Clone(ex.args)
			args[i] = twice(arg)
			got, err := adjoints(ops, op, args, twice(plain[0]), twice(dout))
			if err != nil {
				t.Fatalf("%s: %v", describe(op, args), err)
			}
			for k := range got {
				expected := want[k]
				switch {
				case expected.IsNull():
				case k == i:
					expected = twice(expected)
				default:
					sum, err := eval(ops.Lookup("add"), []ir.Value{expected, expected})
					if err != nil {
						t.Fatal(err)
					}
					expected = sum[0]
				}
				if !ir.SameValue(got[k], expected) {
					t.Errorf("%s: adjoint %d is %s, want %s", describe(op, args), k, ir.FormatShort(got[k]), ir.FormatShort(expected))
				}
			}
		}
	})
}
