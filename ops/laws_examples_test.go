package ops

import (
	"math/rand/v2"

	"flowc.dev/flowc/ir"
)

// An example is one call of an op that succeeds: all arguments in the order of
// the parameters, defaults included.
type example struct {
	args []ir.Value
	// kinked examples lie where the op has no derivative, so that finite
	// differences say nothing.
	kinked bool
}

// examples holds, per op, the calls that the laws are tested on. Every op has
// some.
var examples = map[string][]example{}

func addExamples(op string, list ...example) { examples[op] = append(examples[op], list...) }

func call(args ...ir.Value) example { return example{args: args} }

func kinked(args ...ir.Value) example { return example{args: args, kinked: true} }

func f64t(shape []int, data ...float64) ir.Value {
	return ir.TensorValue(ir.MustTensor(data, shape...))
}
func f32t(shape []int, data ...float32) ir.Value {
	return ir.TensorValue(ir.MustTensor(data, shape...))
}
func i64t(shape []int, data ...int64) ir.Value { return ir.TensorValue(ir.MustTensor(data, shape...)) }
func i32t(shape []int, data ...int32) ir.Value { return ir.TensorValue(ir.MustTensor(data, shape...)) }
func u8t(shape []int, data ...uint8) ir.Value  { return ir.TensorValue(ir.MustTensor(data, shape...)) }
func boolt(shape []int, data ...bool) ir.Value { return ir.TensorValue(ir.MustTensor(data, shape...)) }

// uniform returns an f64 tensor of fixed draws from low to high.
func uniform(seed uint64, low, high float64, shape ...int) ir.Value {
	r := rand.New(rand.NewPCG(seed, 0))
	t := must(ir.NewTensor(ir.F64, shape...))
	data := ir.Data[float64](t)
	for i := range data {
		data[i] = low + float64((high-low)*r.Float64())
	}
	return ir.TensorValue(t)
}

// inDType returns the number v converted.
func inDType(v ir.Value, dtype ir.DType) ir.Value {
	if v.IsScalar() {
		return castScalar(v, dtype)
	}
	t := must(ir.NewTensor(dtype, v.Shape()...))
	convertTensor(t, v.Tensor())
	return ir.TensorValue(t)
}

func must[T any](x T, err error) T {
	if err != nil {
		panic(err)
	}
	return x
}

func init() {
	for _, op := range []string{"add", "subtract", "multiply", "maximum", "minimum"} {
		addPairs(op, -3, 3)
	}
	addPairs("divide", 0.5, 3)
	addPairs("floor_divide", 1, 3.9)
	addPairs("remainder", 1, 3.9)
	addPairs("power", 0.5, 3)
	addExamples("power", call(uniform(1, -2, 2, 5), ir.WeakInt(3)), call(uniform(1, -2, 2, 5), ir.WeakFloat(2)),
		kinked(f64t([]int{2}, 0, 1), f64t([]int{2}, 0, 2)))
	for _, op := range []string{"maximum", "minimum"} {
		addExamples(op, kinked(f64t([]int{3}, 1, 2, 3), f64t([]int{3}, 2, 2, 2)))
	}
	for _, op := range []string{"equal", "not_equal", "less", "less_equal", "greater", "greater_equal", "logical_and", "logical_or"} {
		addPairs(op, -3, 3)
	}
	for _, op := range []string{"negative", "abs", "sign", "square", "relu", "exp", "expm1", "tanh", "sigmoid", "softplus", "floor", "ceil",
		"isnan", "isfinite", "logical_not", "zeros_like", "ones_like"} {
		addSingles(op, -3, 3)
	}
	for _, op := range []string{"sqrt", "log", "reciprocal"} {
		addSingles(op, 0.5, 3)
	}
	addSingles("log1p", -0.5, 3)
	for _, op := range []string{"abs", "relu", "sign", "sqrt"} {
		addExamples(op, kinked(f64t([]int{3}, 0, 1, 2)))
	}
	x := uniform(2, -3, 3, 2, 3)
	addExamples("where",
		call(boolt([]int{2, 3}, true, false, true, false, false, true), x, uniform(3, -1, 1, 3)),
		call(boolt([]int{2, 1}, true, false), ir.WeakFloat(0), x),
		call(boolt([]int{3}, true, false, true), x, ir.WeakInt(1)),
		call(ir.BoolValue(true), x, uniform(3, -1, 1, 2, 1)),
		call(i64t([]int{3}, 0, 1, 2), ir.Int(4), ir.WeakFloat(0.5)),
		call(ir.BoolValue(false), ir.Float(1), ir.WeakInt(2)))
	addExamples("clip",
		call(x, ir.WeakFloat(-1), ir.WeakFloat(1)),
		call(x, uniform(4, -2, -1, 3), uniform(5, 1, 2, 2, 1)),
		call(x, ir.Value{}, ir.WeakInt(1)), call(x, ir.Float(0.1), ir.Value{}), call(x, ir.Value{}, ir.Value{}),
		call(ir.Float(2.5), ir.Float(0), ir.Float(1)), call(i64t([]int{3}, 1, 5, 9), ir.WeakInt(2), ir.WeakInt(6)),
		call(ir.Float(2.5), ir.Float(0), uniform(6, 1, 2, 3)))
	for _, dtype := range ir.DTypes {
		name := ir.String(dtype.String())
		addExamples("cast", call(x, name), call(ir.WeakFloat(2.5), name), call(i64t([]int{2}, 300, -1), name),
			call(boolt([]int{2}, true, false), name), call(inDType(x, ir.F32), name))
		addExamples("zeros", call(ints(2, 3), name), call(ints(), name), call(ir.WeakInt(2), name))
		addExamples("ones", call(ints(2, 3), name), call(i64t([]int{2}, 2, 1), name))
		addExamples("eye", call(ir.WeakInt(3), name), call(ir.WeakInt(0), name))
		addExamples("full", call(ints(2, 3), ir.Float(1.5), name))
		addExamples("arange", call(ir.WeakInt(1), ir.WeakInt(7), ir.WeakInt(2), name))
		addExamples("full_like", call(inDType(x, dtype), ir.Float(1.5)), call(inDType(ir.Float(3), dtype), ir.WeakInt(2)))
	}
	null := ir.Value{}
	addExamples("full", call(ints(2), ir.WeakFloat(1), null), call(ints(2), ir.WeakInt(1), null), call(ints(), ir.Float(1), null),
		call(ints(2, 0), ir.BoolValue(true), null))
	addExamples("arange", call(ir.WeakInt(4), null, ir.WeakInt(1), null), call(ir.WeakInt(4), ir.WeakInt(0), ir.WeakInt(-1), null),
		call(ir.WeakFloat(0), ir.WeakFloat(1), ir.WeakFloat(0.25), null), call(ir.WeakInt(3), ir.WeakInt(3), ir.WeakInt(1), null))
}

// ints returns a list of literals, as shapes are written.
func ints(values ...int64) ir.Value {
	items := make([]ir.Value, len(values))
	for i, v := range values {
		items[i] = ir.WeakInt(v)
	}
	return ir.ListOf(items...)
}

// addPairs adds operands from low to high in many combinations of shape and
// dtype.
func addPairs(op string, low, high float64) {
	x, y := uniform(10, low, high, 2, 3), uniform(11, low, high, 2, 3)
	row, column := uniform(12, low, high, 3), uniform(13, low, high, 2, 1)
	addExamples(op,
		call(x, y), call(x, row), call(row, x), call(x, column), call(column, x), call(row, column),
		call(x, ir.Float(1.5)), call(ir.WeakFloat(1.5), x), call(x, ir.WeakInt(2)), call(ir.Float(2.5), ir.Float(1.1)),
		call(ir.WeakInt(7), ir.WeakInt(2)), call(ir.WeakFloat(2.5), ir.WeakInt(2)), call(ir.BoolValue(true), ir.BoolValue(true)),
		call(uniform(14, low, high, 2, 1, 3), uniform(15, low, high, 4, 1)),
		call(uniform(14, low, high, 0, 3), row))
	for i, a := range ir.DTypes {
		for _, b := range ir.DTypes[i:] {
			addExamples(op, call(inDType(constant(x, 1.3), a), inDType(x, b)))
			addExamples(op, call(inDType(x, a), inDType(constant(row, 1.3), b)))
		}
	}
}

// constant returns a tensor with one value everywhere and the shape of v.
func constant(v ir.Value, x float64) ir.Value {
	t := must(ir.NewTensor(ir.F64, v.Shape()...))
	fill(ir.Data[float64](t), x)
	return ir.TensorValue(t)
}

func addSingles(op string, low, high float64) {
	x := uniform(20, low, high, 2, 3)
	addExamples(op, call(x), call(ir.Float(1.5)), call(ir.WeakFloat(1.5)), call(ir.WeakInt(2)), call(uniform(21, low, high, 1100)),
		call(uniform(21, low, high, 2, 0)))
	for _, dtype := range ir.DTypes {
		addExamples(op, call(inDType(x, dtype)), call(inDType(ir.Float(2.25), dtype)))
	}
}
