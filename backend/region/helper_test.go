package region

import (
	"slices"
	"testing"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops"
)

// A builder makes graphs by hand.
type builder struct {
	t        testing.TB
	registry *ops.Registry
	graph    ir.Graph
	values   map[string]ir.Value
	order    []string
}

func newBuilder(t testing.TB, registry *ops.Registry) *builder {
	return &builder{t: t, registry: registry, values: map[string]ir.Value{}}
}

// input adds a register with its value; inputs come before calls.
func (b *builder) input(register string, v ir.Value) int {
	b.values[register] = v
	b.order = append(b.order, register)
	return b.addInput(ir.GraphInput{Register: register}, v)
}

func (b *builder) constant(v ir.Value) int { return b.addInput(ir.GraphInput{Const: &v}, v) }

func (b *builder) addInput(in ir.GraphInput, v ir.Value) int {
	if len(b.graph.Steps) > 0 {
		b.t.Fatal("an input after a call")
	}
	b.graph.Inputs = append(b.graph.Inputs, in)
	b.graph.Types = append(b.graph.Types, cloneType(v.Type()))
	return len(b.graph.Types) - 1
}

// call adds a step and returns the number of its first result. Arguments are
// value numbers; the op's other parameters are given as static values.
func (b *builder) call(op string, args []int, static ...ir.Value) int {
	b.t.Helper()
	o := b.registry.Lookup(op)
	if o == nil {
		b.t.Fatalf("no op %q", op)
		return -1
	}
	step := ir.GraphStep{Op: op, First: len(b.graph.Types), Results: o.Results}
	var known []ops.Arg
	for _, v := range args {
		arg := ops.Arg{Type: b.graph.Types[v]}
		if v < len(b.graph.Inputs) {
			arg.Value = b.graph.Inputs[v].Const
		}
		step.Args, step.Static, known = append(step.Args, v), append(step.Static, ir.Value{}), append(known, arg)
	}
	for i := range static {
		step.Args, step.Static = append(step.Args, -1), append(step.Static, static[i])
		known = append(known, ops.Arg{Type: static[i].Type(), Value: &static[i]})
	}
	for len(step.Args) < len(o.Params) {
		v := ir.Value{}
		if d := o.Params[len(step.Args)].Default; d != nil {
			v = *d
		}
		step.Args, step.Static = append(step.Args, -1), append(step.Static, v)
		known = append(known, ops.Arg{Type: v.Type(), Value: &v})
	}
	types, err := o.Infer(known)
	if err != nil {
		b.t.Fatalf("%s: %v", op, err)
	}
	b.graph.Types = append(b.graph.Types, types...)
	b.graph.Steps = append(b.graph.Steps, step)
	return step.First
}

func (b *builder) yield(values ...int) {
	for _, v := range values {
		b.graph.Outputs = append(b.graph.Outputs, ir.GraphOutput{Value: v, Kind: ir.Number})
	}
}

func (b *builder) inputs() []ir.Value {
	values := make([]ir.Value, len(b.order))
	for i, name := range b.order {
		values[i] = b.values[name]
	}
	return values
}

// code returns the code of a leaf that specializes to the graph.
func (b *builder) code() *Code {
	g := b.graph
	c := New(Options{Registry: b.registry, Specialize: func(*ir.Node, func(string) (ir.Type, error)) (*ir.Graph, error) {
		return &g, nil
	}})
	return c.Code(nil, slices.Clone(b.order))
}

// exec runs the graph once.
func (b *builder) exec() []ir.Value {
	b.t.Helper()
	dst := make([]ir.Value, len(b.graph.Outputs))
	if err := b.code().Exec(dst, b.inputs()); err != nil {
		b.t.Fatal(err)
	}
	return dst
}

// reference evaluates the graph by the ops alone.
func (b *builder) reference() []ir.Value {
	b.t.Helper()
	values := make([]ir.Value, len(b.graph.Types))
	b.evaluate(values)
	out := make([]ir.Value, len(b.graph.Outputs))
	for i, o := range b.graph.Outputs {
		out[i] = values[o.Value]
	}
	return out
}

// evaluate computes all values of the graph in the storage of their old ones.
func (b *builder) evaluate(values []ir.Value) {
	b.t.Helper()
	for i, in := range b.graph.Inputs {
		if in.Const != nil {
			values[i] = *in.Const
		} else {
			values[i] = b.values[in.Register]
		}
	}
	args := make([]ir.Value, 16)
	for i := range b.graph.Steps {
		step := &b.graph.Steps[i]
		for i, v := range step.Args {
			if v >= 0 {
				args[i] = values[v]
			} else {
				args[i] = step.Static[i]
			}
		}
		if err := b.registry.Lookup(step.Op).Eval(values[step.First:step.First+step.Results], args[:len(step.Args)]); err != nil {
			b.t.Fatalf("%s: %v", step.Op, err)
		}
	}
}

// matrix returns a matrix of small numbers that depend on seed, both signs and
// zeros among them.
func matrix[T float32 | float64](seed, rows, cols int) ir.Value {
	return ir.TensorValue(ir.MustTensor(numbers[T](seed, rows*cols), rows, cols))
}

func vector[T float32 | float64](seed, n int) ir.Value {
	return ir.TensorValue(ir.MustTensor(numbers[T](seed, n), n))
}

func numbers[T float32 | float64](seed, n int) []T {
	data := make([]T, n)
	state := uint64(seed)*0x9E3779B97F4A7C15 + 1
	for i := range data {
		state = state*6364136223846793005 + 1442695040888963407
		data[i] = T(int64(state>>40)%2001-1000) / 512
	}
	return data
}

// A reporter is a test, one of rapid's included.
type reporter interface {
	Helper()
	Errorf(format string, args ...any)
}

// sameBits fails the test unless the values are equal bit for bit.
func sameBits(t reporter, what string, got, want []ir.Value) {
	t.Helper()
	for i := range want {
		if !ir.SameValue(got[i], want[i]) {
			t.Errorf("%s: result %d is %s, want %s", what, i, ir.FormatShort(got[i]), ir.FormatShort(want[i]))
		}
	}
}
