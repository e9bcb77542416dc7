package gorgonia

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops"
)

// toyRegistry has small ops with the names that placements knows, and ops that
// fail and panic, so that the tests of the machinery depend on no other package.
func toyRegistry(t testing.TB) *ops.Registry {
	t.Helper()
	r := ops.NewRegistry()
	err := r.Add(
		toyElementwise("add", func(x []float64) float64 { return x[0] + x[1] }, 2),
		toyElementwise("multiply", func(x []float64) float64 { return x[0] * x[1] }, 2),
		toyElementwise("negative", func(x []float64) float64 { return -x[0] }, 1),
		toyElementwise("relu", func(x []float64) float64 { return math.Max(x[0], 0) }, 1),
		toyMatmul(), toyGemm(), toyTranspose(), toyReshape(), toySum(), toyFail(), toyPanic(),
		toyAdjoint("matmul_adjoint_x1", 0), toyAdjoint("matmul_adjoint_x2", 1),
	)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func toyOp(name string, params int, infer func(types []ir.Type) (ir.Type, error), eval func(args []ir.Value) (ir.Value, error)) *ops.Op {
	op := &ops.Op{Doc: "A toy."}
	op.Name, op.Results = name, 1
	for i := range params {
		op.Params = append(op.Params, ir.Param{Name: fmt.Sprintf("x%d", i)})
	}
	op.Infer = func(args []ops.Arg) ([]ir.Type, error) {
		types := make([]ir.Type, len(args))
		for i := range args {
			types[i] = args[i].Type
		}
		t, err := infer(types)
		return []ir.Type{t}, err
	}
	op.Eval = func(dst, args []ir.Value) (err error) {
		dst[0], err = eval(args)
		return err
	}
	return op
}

// toyShape broadcasts operands of rank 0, of a last axis, and of full rank.
func toyShape(types []ir.Type) (ir.Type, error) {
	out := types[0]
	for _, t := range types[1:] {
		if t.DType == ir.F64 {
			out.DType = ir.F64
		}
		if len(t.Shape) > len(out.Shape) {
			out.Shape = t.Shape
		}
	}
	for _, t := range types {
		for i, extent := range t.Shape {
			if want := out.Shape[len(out.Shape)-len(t.Shape)+i]; extent != 1 && extent != want {
				return ir.Type{}, fmt.Errorf("shapes %v and %v", t.Shape, out.Shape)
			}
		}
	}
	return ir.NumberType(out.DType, out.Shape...), nil
}

func toyAt(v ir.Value, shape []int, i int) float64 {
	if v.IsScalar() {
		return v.Float64()
	}
	at, step := 0, 1
	own := v.Shape()
	for axis := len(own) - 1; axis >= 0; axis-- {
		extent := shape[len(shape)-len(own)+axis]
		if own[axis] != 1 {
			at += i % extent * step
		}
		step *= own[axis]
		i /= extent
	}
	return v.Tensor().At(at).Float64()
}

// toyResult makes a tensor in the storage of dst where that may be reused.
func toyResult(dst ir.Value, t ir.Type, at func(i int) float64) ir.Value {
	out, err := dst.Tensor().Resize(t.DType, t.Shape)
	if err != nil {
		panic(err)
	}
	values := make([]float64, out.Size())
	for i := range values {
		values[i] = at(i)
	}
	for i, x := range values {
		if t.DType == ir.F32 {
			ir.Data[float32](out)[i] = float32(x)
		} else {
			ir.Data[float64](out)[i] = x
		}
	}
	return ir.TensorValue(out)
}

func toyElementwise(name string, f func(x []float64) float64, params int) *ops.Op {
	op := toyOp(name, params, toyShape, nil)
	op.Elementwise = true
	op.Eval = func(dst, args []ir.Value) error {
		types := make([]ir.Type, len(args))
		for i := range args {
			types[i] = args[i].Type()
		}
		t, err := toyShape(types)
		if err != nil {
			return err
		}
		x := make([]float64, len(args))
		dst[0] = toyResult(dst[0], t, func(i int) float64 {
			for j := range args {
				x[j] = toyAt(args[j], t.Shape, i)
			}
			return f(x)
		})
		return nil
	}
	return op
}

// toyProduct adds an element of a product to sum, one term after the other.
func toyProduct(sum float64, a, b ir.Value, i, j int) float64 {
	k, n := a.Shape()[1], b.Shape()[1]
	for p := range k {
		x, y := a.Tensor().At(i*k+p).Float64(), b.Tensor().At(p*n+j).Float64()
		if a.DType() == ir.F32 {
			sum = float64(float32(sum) + float32(float32(x)*float32(y)))
		} else {
			sum += float64(x * y)
		}
	}
	return sum
}

func toyMatmul() *ops.Op {
	return toyOp("matmul", 2, func(t []ir.Type) (ir.Type, error) {
		return ir.NumberType(t[0].DType, t[0].Shape[0], t[1].Shape[1]), nil
	}, func(args []ir.Value) (ir.Value, error) {
		a, b := args[0], args[1]
		t := ir.NumberType(a.DType(), a.Shape()[0], b.Shape()[1])
		return toyResult(ir.Value{}, t, func(i int) float64 { return toyProduct(0, a, b, i/t.Shape[1], i%t.Shape[1]) }), nil
	})
}

func toyGemm() *ops.Op {
	return toyOp("gemm", 3, func(t []ir.Type) (ir.Type, error) {
		return ir.NumberType(t[1].DType, t[1].Shape[0], t[2].Shape[1]), nil
	}, func(args []ir.Value) (ir.Value, error) {
		a, b := args[1], args[2]
		t := ir.NumberType(a.DType(), a.Shape()[0], b.Shape()[1])
		return toyResult(ir.Value{}, t, func(i int) float64 {
			return toyProduct(toyAt(args[0], t.Shape, i), a, b, i/t.Shape[1], i%t.Shape[1])
		}), nil
	})
}

func toyTranspose() *ops.Op {
	op := toyOp("transpose", 2, func(t []ir.Type) (ir.Type, error) {
		return ir.NumberType(t[0].DType, t[0].Shape[1], t[0].Shape[0]), nil
	}, func(args []ir.Value) (ir.Value, error) {
		m, n := args[0].Shape()[0], args[0].Shape()[1]
		return toyResult(ir.Value{}, ir.NumberType(args[0].DType(), n, m), func(i int) float64 {
			return args[0].Tensor().At(i%m*n + i/m).Float64()
		}), nil
	})
	return op
}

// toyAdjoint is the adjoint of an operand of matmul.
func toyAdjoint(name string, operand int) *ops.Op {
	return toyOp(name, 3, func(t []ir.Type) (ir.Type, error) { return t[operand], nil },
		func(args []ir.Value) (ir.Value, error) {
			swapped := make([]ir.Value, 1)
			if err := toyTranspose().Eval(swapped, args[1-operand:2-operand]); err != nil {
				return ir.Value{}, err
			}
			a, b := args[2], swapped[0]
			if operand == 1 {
				a, b = b, a
			}
			t := args[operand].Type()
			return toyResult(ir.Value{}, t, func(i int) float64 { return toyProduct(0, a, b, i/t.Shape[1], i%t.Shape[1]) }), nil
		})
}

// toyReshape makes a matrix of a tensor's elements, with two rows.
func toyReshape() *ops.Op {
	return toyOp("reshape2", 1, func(t []ir.Type) (ir.Type, error) {
		return ir.NumberType(t[0].DType, 2, size(t[0])/2), nil
	}, func(args []ir.Value) (ir.Value, error) {
		return toyResult(ir.Value{}, ir.NumberType(args[0].DType(), 2, size(args[0].Type())/2),
			func(i int) float64 { return args[0].Tensor().At(i).Float64() }), nil
	})
}

func toySum() *ops.Op {
	return toyOp("sum", 1, func(t []ir.Type) (ir.Type, error) { return ir.NumberType(t[0].DType), nil },
		func(args []ir.Value) (ir.Value, error) {
			sum := 0.0
			for i := range size(args[0].Type()) {
				sum += toyAt(args[0], args[0].Shape(), i)
			}
			if args[0].DType() == ir.F32 {
				return ir.Float32(float32(sum)), nil
			}
			return ir.Float(sum), nil
		})
}

var errToy = errors.New("toy: this op fails")

func toyFail() *ops.Op {
	op := toyOp("fail", 1, func(t []ir.Type) (ir.Type, error) { return t[0], nil },
		func([]ir.Value) (ir.Value, error) { return ir.Value{}, errToy })
	op.CanFail = true
	return op
}

func toyPanic() *ops.Op {
	return toyOp("panic", 1, func(t []ir.Type) (ir.Type, error) { return t[0], nil },
		func([]ir.Value) (ir.Value, error) { panic("toy panic") })
}

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
func (b *builder) code() *code {
	g := b.graph
	c := New(Options{Registry: b.registry, Specialize: func(*ir.Node, func(string) (ir.Type, error)) (*ir.Graph, error) {
		return &g, nil
	}})
	return &code{compiler: c, inputs: slices.Clone(b.order)}
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
func matrix[T float](seed, rows, cols int) ir.Value {
	return ir.TensorValue(ir.MustTensor(numbers[T](seed, rows*cols), rows, cols))
}

func vector[T float](seed, n int) ir.Value {
	return ir.TensorValue(ir.MustTensor(numbers[T](seed, n), n))
}

func numbers[T float](seed, n int) []T {
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

// within fails the test unless got is want up to a relative difference. Zeros of
// either sign are equal.
func within(t reporter, tolerance ops.Tolerance, got, want ir.Value) {
	t.Helper()
	if !got.Type().Equal(want.Type()) {
		t.Errorf("type %s, want %s", got.Type(), want.Type())
		return
	}
	if ir.SameValue(got, want) || !want.DType().IsFloat() {
		sameBits(t, "result", []ir.Value{got}, []ir.Value{want})
		return
	}
	allowed := tolerance.F64
	if want.DType() == ir.F32 {
		allowed = tolerance.F32
	}
	g, w := got.Boxed(), want.Boxed()
	scale := 0.0
	for i := range w.Size() {
		scale = max(scale, math.Abs(w.At(i).Float64()))
	}
	for i := range w.Size() {
		x, y := g.At(i).Float64(), w.At(i).Float64()
		if !(math.Abs(x-y) <= allowed*scale) && !(math.IsNaN(x) && math.IsNaN(y)) {
			t.Errorf("element %d is %v, want %v", i, x, y)
			return
		}
	}
}
