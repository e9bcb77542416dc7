package region

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops"
)

// The chain needs two buffers, as the second operand of the last op outlives
// what is computed in place.
func TestPlan(t *testing.T) {
	b := newBuilder(t, ops.Standard())
	x := b.input("x", matrix[float32](1, 4, 8))
	kept := b.call("exp", []int{x})                // 128 bytes, a buffer
	chain := b.call("tanh", []int{kept})           // another: exp is needed later
	chain = b.call("add", []int{chain, x})         // in place
	chain = b.call("square", []int{chain})         // in place
	chain = b.call("multiply", []int{chain, kept}) // in place of one of the two
	sum := b.call("sum", []int{chain})             // of rank 0: no buffer
	b.yield(sum, b.call("log", []int{chain}))      // yielded: the caller's
	m, err := b.code().Machine(b.inputs())
	if err != nil {
		t.Fatal(err)
	}
	p := m.Plan
	if p.Unplanned != 5*128 || p.Peak != 2*128 || len(p.Sizes) != 2 || p.InPlace != 3 {
		t.Errorf("plan: %s", p)
	}
	for v := range p.Buffer {
		if (p.Buffer[v] < 0) != (v == x || v == sum || v == len(p.Buffer)-1) {
			t.Errorf("value %d is in buffer %d", v, p.Buffer[v])
		}
	}
	sameBits(t, "planned", b.exec(), b.reference())
}

// Every op that may compute in place gives the same bits when it does.
func TestInPlace(t *testing.T) {
	registry := ops.Standard()
	for name := range inPlace {
		op := registry.Lookup(name)
		if op == nil || !op.Elementwise || op.CanFail {
			t.Fatalf("%s is no elementwise op", name)
		}
		for _, dtype := range []ir.DType{ir.Bool, ir.U8, ir.I32, ir.I64, ir.F32, ir.F64} {
			for _, shape := range [][]int{{1}, {7}, {70}, {5, 9}, {40, 33}} {
				x := special(dtype, 1, shape...)
				others := []ir.Value{{}, x}
				if len(op.Params) == 2 {
					others = []ir.Value{x, special(dtype, 2, shape...), special(dtype, 3, shape[len(shape)-1:]...), special(ir.F32, 4, shape...),
						special(dtype, 5, append([]int{shape[0]}, slices.Repeat([]int{1}, len(shape)-1)...)...), special(dtype, 6, 1).Tensor().At(0)}
				}
				for place := range op.Params {
					for i, other := range others {
						args := []ir.Value{x, other}[:len(op.Params)]
						if place == 1 {
							args[0], args[1] = args[1], args[0]
						}
						want := make([]ir.Value, 1)
						if err := op.Eval(want, args); err != nil {
							t.Fatal(err)
						}
						if want[0].DType() != dtype || !slices.Equal(want[0].Shape(), shape) {
							continue
						}
						storage := x.Tensor().Clone()
						for j := range args {
							if args[j].Tensor() == x.Tensor() {
								args[j] = ir.TensorValue(storage)
							}
						}
						to := new(ir.Tensor)
						to.SetStorage(storage, dtype, shape...)
						got := []ir.Value{ir.TensorValue(to)}
						if err := op.Eval(got, args); err != nil {
							t.Fatal(err)
						}
						sameBits(t, fmt.Sprintf("%s %s %v, operand %d, other %d", name, dtype, shape, place, i), got, want)
					}
				}
			}
		}
	}
}

// special returns a tensor with zeros of both signs, infinities and NaN among
// its elements.
func special(dtype ir.DType, seed int, shape ...int) ir.Value {
	t, err := ir.NewTensor(dtype, shape...)
	if err != nil {
		panic(err)
	}
	values := []float64{0, math.Copysign(0, -1), 1, -1, math.Inf(1), math.Inf(-1), math.NaN(), 0.3, 5e-324, 1e300, 2, 77}
	for i := range t.Size() {
		v := values[(i*7+seed*5+i/5)%len(values)]
		if !dtype.IsFloat() {
			v = float64((i*7 + seed*5) % 2)
			if dtype != ir.Bool {
				v = float64((i*7 + seed*5) % 100)
			}
		}
		t.SetAt(i, ir.Float(v).Convert(dtype))
	}
	return ir.TensorValue(t)
}

// Graphs that keep most values to themselves give the bits of the reference, run
// after run.
func TestRandomGraphsEqualReference(t *testing.T) {
	registry := ops.Standard()
	rapid.Check(t, func(rt *rapid.T) {
		b := newBuilder(t, registry)
		n := rapid.SampledFrom([]int{1, 2, 3, 17, 65, 80}).Draw(rt, "n")
		seed := rapid.IntRange(0, 1000).Draw(rt, "seed")
		b.input("x", matrix[float32](seed, n, n))
		b.input("y", matrix[float64](seed+1, n, n))
		b.input("v", vector[float32](seed+2, n))
		b.input("column", matrix[float32](seed+3, n, 1))
		b.constant(ir.Float32(0.5))
		for range rapid.IntRange(1, 16).Draw(rt, "steps") {
			any := func() int {
				return rapid.IntRange(max(0, len(b.graph.Types)-7), len(b.graph.Types)-1).Draw(rt, "value")
			}
			full := func() int {
				var fitting []int
				for v := range b.graph.Types {
					if slices.Equal(b.graph.Types[v].Shape, []int{n, n}) {
						fitting = append(fitting, v)
					}
				}
				return rapid.SampledFrom(fitting).Draw(rt, "matrix")
			}
			switch op := rapid.SampledFrom([]string{"add", "multiply", "subtract", "maximum", "negative", "relu", "square", "tanh", "abs",
				"matmul", "transpose", "sum", "mean", "max", "sum last", "mean last", "max first", "sum keep"}).Draw(rt, "op"); op {
			case "add", "multiply", "subtract", "maximum":
				b.call(op, []int{full(), any()})
			case "matmul":
				b.call(op, []int{full(), full()})
			case "sum", "mean", "max", "transpose":
				b.call(op, []int{full()})
			case "sum last":
				b.call("sum", []int{full()}, ir.Int(-1))
			case "mean last":
				b.call("mean", []int{full()}, ir.Int(1))
			case "max first":
				b.call("max", []int{full()}, ir.Int(0))
			case "sum keep":
				b.call("sum", []int{full()}, ir.Int(1), ir.BoolValue(true))
			default:
				b.call(op, []int{any()})
			}
		}
		b.yield(len(b.graph.Types) - 1)
		if rapid.Bool().Draw(rt, "two results") {
			b.yield(rapid.IntRange(len(b.graph.Inputs), len(b.graph.Types)-1).Draw(rt, "result"))
		}
		c, dst := b.code(), make([]ir.Value, len(b.graph.Outputs))
		for run := range 3 {
			b.values["x"] = matrix[float32](seed+10+run, n, n)
			if err := c.Exec(dst, b.inputs()); err != nil {
				rt.Fatal(err)
			}
			sameBits(rt, fmt.Sprintf("run %d", run), dst, b.reference())
		}
	})
}

// A chain that ends in reductions over all elements keeps none of them, whatever
// the blocks do not divide.
func TestReductionEnds(t *testing.T) {
	for _, shape := range [][]int{{5000}, {4099}, {300, 61}, {3, 5001}, {17, 3, 99}} {
		for _, dtype := range []ir.DType{ir.F32, ir.F64} {
			for _, name := range []string{"sum", "mean", "max", "min"} {
				b := newBuilder(t, ops.Standard())
				x := b.input("x", special(dtype, 1, shape...))
				v := b.input("v", vector[float32](3, shape[len(shape)-1]))
				chain := b.call("multiply", []int{b.call("tanh", []int{x}), v})
				finite := b.call("sigmoid", []int{b.call("add", []int{v, b.call("minimum", []int{x, v})})})
				b.yield(b.call(name, []int{chain}), b.call(name, []int{finite}), b.call(name, []int{x}))
				m, err := b.code().Machine(b.inputs())
				if err != nil {
					t.Fatal(err)
				}
				if m.Plan.Unplanned != 0 {
					t.Errorf("%s %v: %s", name, shape, m.Plan)
				}
				sameBits(t, fmt.Sprintf("%s %s %v", name, dtype, shape), b.exec(), b.reference())
			}
		}
	}
}
