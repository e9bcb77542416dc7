package gorgonia

import (
	"fmt"
	"testing"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops"
)

// Operands of the examples below.
var (
	m32, n32       = matrix[float32](1, 30, 40), matrix[float32](2, 30, 40)
	m64            = matrix[float64](3, 30, 40)
	right32        = matrix[float32](4, 40, 50)
	product32      = matrix[float32](5, 30, 50)
	row1           = matrix[float32](9, 1, 40)
	row32, col32   = vector[float32](6, 40), matrix[float32](7, 30, 1)
	column40       = matrix[float32](8, 40, 1)
	positive32     = ir.TensorValue(ir.MustTensor(spread[float32](1200), 30, 40))
	positive64     = ir.TensorValue(ir.MustTensor(spread[float64](1200), 30, 40))
	square64       = ir.TensorValue(ir.MustTensor([]float64{2, 1, 0, 1, 3, -1, 0, -1, 5}, 3, 3))
	bools          = ir.TensorValue(ir.MustTensor(alternating(1200), 30, 40))
	labels         = ir.TensorValue(ir.MustTensor(counting[int64](30, 40), 30))
	ints, divisors = ir.TensorValue(ir.MustTensor(counting[int32](1200, 90), 30, 40)), ir.TensorValue(ir.MustTensor(counting[int32](40, 7), 40))
	text           = ir.String
	null           = ir.Value{}
)

func spread[T float](n int) []T {
	data := make([]T, n)
	for i := range data {
		data[i] = T(i%37+1) / 8
	}
	return data
}

// counting counts from 1 up to limit over and over; labels count from 0.
func counting[T int32 | int64](n, limit int) []T {
	data := make([]T, n)
	for i := range data {
		data[i] = T(i % limit)
		if limit == 7 {
			data[i]++
		}
	}
	return data
}

func alternating(n int) []bool {
	data := make([]bool, n)
	for i := range data {
		data[i] = i%3 == 0
	}
	return data
}

func wholes(items ...int64) ir.Value {
	values := make([]ir.Value, len(items))
	for i, x := range items {
		values[i] = ir.WeakInt(x)
	}
	return ir.ListOf(values...)
}

// unary and binary are examples of elementwise ops.
func unary(values ...ir.Value) [][]ir.Value {
	var examples [][]ir.Value
	for _, v := range values {
		examples = append(examples, []ir.Value{v})
	}
	return examples
}

func binary() [][]ir.Value {
	return [][]ir.Value{{m32, n32}, {m32, m64}, {m32, row32}, {col32, m32}, {col32, row32}, {m64, ir.WeakFloat(1.5)},
		{ir.Float32(2), ir.WeakInt(3)}, {m32, ints}, {ir.WeakInt(3), row32}}
}

func reduction() [][]ir.Value {
	return [][]ir.Value{{m32, null, ir.BoolValue(false)}, {m64, ir.WeakInt(0), ir.BoolValue(false)},
		{m32, ir.WeakInt(-1), ir.BoolValue(true)}, {positive32, ir.WeakInt(1), ir.BoolValue(false)}}
}

func shapeOf(v ir.Value) ir.Value {
	items := make([]int64, len(v.Shape()))
	for i, extent := range v.Shape() {
		items[i] = int64(extent)
	}
	return wholes(items...)
}

// opExamples holds, per op, argument lists in the order of the parameters.
func opExamples() map[string][][]ir.Value {
	no, yes := ir.BoolValue(false), ir.BoolValue(true)
	slice := ir.ListOf(ir.WeakInt(1), ir.WeakInt(20), ir.WeakInt(3))
	x := map[string][][]ir.Value{
		"cast":                  {{m32, text("f64")}, {m64, text("i32")}, {ints, text("f32")}},
		"clip":                  {{m32, ir.WeakFloat(-1), ir.WeakFloat(0.5)}, {m64, null, ir.WeakInt(1)}},
		"where":                 {{bools, m32, n32}, {bools, m32, ir.WeakFloat(0)}, {bools, row32, col32}},
		"full_like":             {{m32, ir.WeakInt(3)}},
		"broadcast_to":          {{row32, shapeOf(m32)}},
		"broadcast_like":        {{row32, m32}},
		"sum_to_like":           {{m32, row32}, {m32, col32}, {m64, ir.Float(1)}},
		"reshape":               {{m32, wholes(40, 30)}, {m32, wholes(-1)}},
		"reshape_like":          {{m32, ir.TensorValue(ir.MustTensor(make([]float32, 1200), 1200))}},
		"expand_dims":           {{m32, ir.WeakInt(0)}},
		"squeeze":               {{col32, null}, {col32, ir.WeakInt(1)}},
		"transpose":             {{m32, null}, {m64, wholes(1, 0)}},
		"transpose_adjoint":     {{m32, null}},
		"shape":                 unary(m32),
		"size":                  unary(m32),
		"identity":              unary(m32, ir.Float32(1)),
		"assert_finite":         unary(m32, ir.Float32(1), ints),
		"histogram":             {{m32, ir.WeakInt(7), null}, {m64, ir.WeakInt(3), wholes(-1, 1)}},
		"scalar_loss":           unary(ir.Float32(3)),
		"arange":                {{ir.WeakInt(10), null, ir.WeakInt(1), null}},
		"eye":                   {{ir.WeakInt(5), text("f64")}},
		"zeros":                 {{wholes(3, 4), text("f32")}},
		"ones":                  {{wholes(3, 4), text("i64")}},
		"full":                  {{wholes(3, 4), ir.WeakFloat(2), null}},
		"one_hot":               {{labels, ir.WeakInt(40), text("f32")}},
		"getitem":               {{m32, ir.WeakInt(3)}, {m32, slice, ir.WeakInt(-1)}, {m64, ir.Int(2), slice}},
		"getitem_adjoint":       {{m32, row32, ir.WeakInt(3)}},
		"take":                  {{m32, labels, ir.WeakInt(1)}},
		"take_adjoint":          {{m32, labels, matrix[float32](9, 30, 30), ir.WeakInt(1)}},
		"softmax":               {{m32, ir.WeakInt(-1)}, {m64, ir.WeakInt(0)}},
		"log_softmax":           {{m32, ir.WeakInt(-1)}, {m64, ir.WeakInt(0)}},
		"logsumexp":             {{m32, ir.WeakInt(-1), no}, {m64, ir.WeakInt(0), yes}},
		"cross_entropy":         {{m32, labels}},
		"cross_entropy_adjoint": {{m32, labels, ir.Float32(0.5)}},
		"eigh":                  unary(square64),
		"matmul":                {{m32, right32}, {m32, column40}, {m64, right32}, {row32, right32}, {ints, divisors}, {matrix[float64](1, 70, 80), matrix[float64](2, 80, 66)}, {m32, matrix[float32](1, 40, 3)}},
		"gemm":                  {{product32, m32, right32}, {ir.Float32(1), m32, right32}, {vector[float32](1, 50), m32, right32}, {col32, m32, right32}, {ir.WeakFloat(1), m32, right32}, {ir.Float(1), m32, right32}, {vector[float32](1, 3), m32, matrix[float32](1, 40, 3)}},
		"ger":                   {{m32, vector[float32](1, 30), row32}, {ir.WeakFloat(0), vector[float32](1, 30), row32}},
		"outer":                 {{vector[float32](1, 30), row32}},
		"matmul_adjoint_x1":     {{m32, right32, product32}, {m64, right32, product32}, {row32, right32, vector[float32](1, 50)}},
		"matmul_adjoint_x2":     {{m32, right32, product32}, {m32, column40, col32}, {m32, matrix[float32](1, 40, 3), matrix[float32](1, 30, 3)}},
		"concat_items":          {{ir.WeakInt(0), m32, row1, n32}, {ir.WeakInt(1), m32, col32}},
		"concat_adjoint_items":  {{m32, ir.WeakInt(1), ir.WeakInt(0), matrix[float32](1, 10, 40), matrix[float32](1, 20, 40)}},
		"stack_items":           {{ir.WeakInt(0), m32, n32, m32}},
		"stack_adjoint_items":   {{matrix[float32](1, 2, 40), ir.WeakInt(1), ir.WeakInt(0), row32, row32}},
		"max_adjoint":           {{m32, ir.Float32(1), ir.Float32(2), null, no}},
	}
	for _, op := range []string{"add", "subtract", "multiply", "divide", "maximum", "minimum", "equal", "not_equal", "less",
		"less_equal", "greater", "greater_equal"} {
		x[op] = binary()
	}
	for _, op := range []string{"logical_and", "logical_or"} {
		x[op] = [][]ir.Value{{bools, bools}, {bools, yes}}
	}
	x["logical_not"] = unary(bools, yes)
	for _, op := range []string{"floor_divide", "remainder"} {
		x[op] = [][]ir.Value{{ints, divisors}, {m32, positive32}, {ir.WeakInt(7), ir.WeakInt(2)}}
	}
	x["power"] = [][]ir.Value{{positive32, m32}, {positive64, ir.WeakInt(2)}, {m32, ir.WeakInt(2)}}
	for _, op := range []string{"abs", "negative", "sign", "square", "relu", "floor", "ceil", "exp", "expm1", "tanh", "sigmoid",
		"softplus", "isnan", "isfinite", "zeros_like", "ones_like"} {
		x[op] = unary(m32, m64, row32, ir.Float32(0.5), ir.WeakFloat(-2))
	}
	for _, op := range []string{"sqrt", "log", "log1p", "reciprocal"} {
		x[op] = unary(positive32, positive64, ir.Float32(0.5), ir.WeakFloat(2))
	}
	for _, op := range []string{"sum", "mean", "max", "min", "argmax", "argmin", "prod", "var"} {
		x[op] = reduction()
	}
	for _, op := range []string{"all", "any"} {
		x[op] = [][]ir.Value{{bools, null, no}, {bools, ir.WeakInt(0), yes}}
	}
	for _, op := range []string{"sum_adjoint", "mean_adjoint", "prod_adjoint", "var_adjoint"} {
		x[op] = [][]ir.Value{{m32, ir.Float32(2), null, no}, {m32, row32, ir.WeakInt(0), no}, {m32, col32, ir.WeakInt(1), yes}}
	}
	return x
}

// aggregates are the ops whose arguments or results are lists or records of
// tensors, which have no place in a typed graph.
var aggregates = map[string]bool{"concat": true, "concat_adjoint": true, "stack": true, "stack_adjoint": true,
	"record_like": true}

// callValues adds a call whose numbers are inputs, or constants where the op
// needs to know them.
func exampleGraph(t testing.TB, registry *ops.Registry, op *ops.Op, args []ir.Value) *builder {
	b := newBuilder(t, registry)
	step := ir.GraphStep{Op: op.Name, Results: op.Results, Args: make([]int, len(args)), Static: make([]ir.Value, len(args))}
	known := make([]ops.Arg, len(args))
	for i, v := range args {
		known[i] = ops.Arg{Type: v.Type()}
		switch {
		case !v.IsNumber():
			step.Args[i], step.Static[i], known[i].Value = -1, v, &args[i]
		case op.ParamAt(i).Static || op.Name == "getitem" || op.Name == "getitem_adjoint":
			step.Args[i], known[i].Value = b.constant(v), &args[i]
		default:
			step.Args[i] = b.input(fmt.Sprintf("r%d", i), v)
		}
	}
	types, err := op.Infer(known)
	if err != nil {
		t.Fatalf("%s: %v", op.Name, err)
	}
	step.First = len(b.graph.Types)
	b.graph.Types = append(b.graph.Types, types...)
	b.graph.Steps = append(b.graph.Steps, step)
	for i := range op.Results {
		b.yield(step.First + i)
	}
	return b
}

// Every op gives what its reference evaluation gives, within its tolerance,
// three times in a row, and leaves its arguments alone.
func TestEveryOp(t *testing.T) {
	registry := ops.Standard()
	examples := opExamples()
	for _, op := range registry.Ops() {
		if aggregates[op.Name] || op.Aggregate {
			continue
		}
		if len(examples[op.Name]) == 0 {
			t.Errorf("op %s has no example here", op.Name)
		}
		for i, args := range examples[op.Name] {
			t.Run(fmt.Sprintf("%s/%d", op.Name, i), func(t *testing.T) {
				before := ir.ValueDigest(ir.ListOf(args...))
				b := exampleGraph(t, registry, op, args)
				want := b.reference()
				c := b.code()
				dst := make([]ir.Value, op.Results)
				for range 3 {
					if err := c.Exec(dst, b.inputs()); err != nil {
						t.Fatal(err)
					}
					for j := range want {
						within(t, op.Tolerance, dst[j], want[j])
					}
				}
				if ir.ValueDigest(ir.ListOf(args...)) != before {
					t.Error("an argument has changed")
				}
			})
		}
	}
}

// The training step that the benchmark measures, in and across graphs.
func TestTrainingStep(t *testing.T) {
	for _, s := range [][4]int{{8, 16, 12, 4}, {70, 66, 130, 10}} {
		b := newBuilder(t, ops.Standard())
		trainingStep(b, s[0], s[1], s[2], s[3])
		got, want := b.exec(), b.reference()
		for i := range want {
			within(t, ops.Tolerance{F32: 1e-5}, got[i], want[i])
		}
	}
}

// Each op of the training step, as a graph of its own, gives the bits that it
// gives inside the step.
func TestTrainingStepOpByOp(t *testing.T) {
	b := newBuilder(t, ops.Standard())
	trainingStep(b, 70, 66, 130, 10)
	want := execValues(b)
	for _, step := range b.graph.Steps {
		args := make([]ir.Value, len(step.Args))
		for i, v := range step.Args {
			if args[i] = step.Static[i]; v >= 0 {
				args[i] = want[v]
			}
		}
		alone := exampleGraph(t, b.registry, b.registry.Lookup(step.Op), args)
		sameBits(t, step.Op, alone.exec(), want[step.First:step.First+step.Results])
	}
}
