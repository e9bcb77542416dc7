package ops

import (
	"fmt"
	"slices"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops/portable"
)

// exponential is the tolerance of ops made of exponentials and their sums.
var exponential = Tolerance{F32: 1e-4, F64: 1e-11}

func neuralOps() []*Op {
	return []*Op{
		laneOp("softmax", "exp(x) divided by its sum along an axis; the largest element is subtracted first.",
			softmaxLane[float32], softmaxLane[float64],
			func(t Tape, args []*ir.Node, out, dout *ir.Node) []*ir.Node {
				sum := t.Call("sum", t.Call("multiply", dout, out), args[1], ir.Const(ir.BoolValue(true)))
				return []*ir.Node{t.Call("multiply", t.Call("subtract", dout, sum), out), nil}
			}),
		laneOp("log_softmax", "x minus the log of the sum of exp(x) along an axis; the largest element is subtracted first.",
			logSoftmaxLane[float32], logSoftmaxLane[float64],
			func(t Tape, args []*ir.Node, out, dout *ir.Node) []*ir.Node {
				sum := t.Call("sum", dout, args[1], ir.Const(ir.BoolValue(true)))
				return []*ir.Node{t.Call("subtract", dout, t.Call("multiply", t.Call("exp", out), sum)), nil}
			}),
		logSumExpOp(),
		crossEntropyOp(),
		crossEntropyAdjointOp(),
	}
}

// transcendentals are the functions that the kernels of a dtype call.
type transcendentals[T float] struct{ log func(T) T }

var (
	functionsF32 = transcendentals[float32]{portable.Log32}
	functionsF64 = transcendentals[float64]{portable.Log}
)

// A lane is the elements of a tensor along an axis: n of them, stride apart.
type lane[T float] struct {
	data      []T
	n, stride int
}

// largest returns the largest element, NaN if one is NaN, -Inf if there is none.
func (l lane[T]) largest() T {
	if l.n == 0 {
		return -infinity[T]()
	}
	largest := l.data[0]
	i := 1
	if x := l.data; l.stride == 1 && l.n >= 8 {
		// Four at a time, which do not wait for each other.
		a, b, c, d := x[0], x[1], x[2], x[3]
		for i = 4; i+4 <= l.n; i += 4 {
			four := x[i : i+4 : i+4]
			a, b, c, d = max(a, four[0]), max(b, four[1]), max(c, four[2]), max(d, four[3])
		}
		largest = max(a, b, c, d)
	}
	for ; i < l.n; i++ {
		largest = max(largest, l.data[i*l.stride])
	}
	return largest
}

func infinity[T float]() T {
	var zero T
	return 1 / zero
}

// expSum returns the sum of exp(x-shift) over the lane in the order of sum, and
// stores the terms in terms, a lane of the same layout, unless that is nil.
func (l lane[T]) expSum(shift T, terms []T) T {
	var acc [lanes]T
	for start := 0; start < l.n; start += lanes {
		var some [lanes]T
		part := some[:min(lanes, l.n-start)]
		for i := range part {
			part[i] = l.data[(start+i)*l.stride] - shift
		}
		exps(part)
		for i, e := range part {
			acc[i] += e
		}
		if terms != nil {
			for i, e := range part {
				terms[(start+i)*l.stride] = e
			}
		}
	}
	return mergeLanes(&acc)
}

// exps replaces each element by its exponential. It calls no function value, so
// that x may be on the stack.
func exps[T float](x []T) {
	switch x := any(x).(type) {
	case []float32:
		portable.Exp32s(x, x)
	case []float64:
		for i := range x {
			x[i] = portable.Exp(x[i])
		}
	}
}

// mergeLanes adds up accumulators in the order that every reduction has.
func mergeLanes[T number](acc *[lanes]T) T {
	for half := lanes / 2; half > 0; half /= 2 {
		for i := range half {
			acc[i] += acc[half+i]
		}
	}
	return acc[0]
}

func softmaxLane[T float](dst []T, x lane[T], f *transcendentals[T]) {
	sum := x.expSum(x.largest(), dst)
	for i := range x.n {
		dst[i*x.stride] /= sum
	}
}

func logSoftmaxLane[T float](dst []T, x lane[T], f *transcendentals[T]) {
	largest := x.largest()
	logSum := f.log(x.expSum(largest, nil))
	for i := range x.n {
		dst[i*x.stride] = x.data[i*x.stride] - largest - logSum
	}
}

// logSumExpLane subtracts no infinity, so that lanes of -Inf and those with Inf
// have their limits.
func logSumExpLane[T float](x lane[T], f *transcendentals[T]) T {
	shift := x.largest()
	if inf := infinity[T](); shift == inf || shift == -inf {
		shift = 0
	}
	return f.log(x.expSum(shift, nil)) + shift
}

type laneFunc[T float] func(dst []T, x lane[T], f *transcendentals[T])

// laneOp returns an op that maps the lanes along an axis.
func laneOp(name, doc string, f32 laneFunc[float32], f64 laneFunc[float64], gradient Gradient) *Op {
	return &Op{
		Signature: ir.Signature{Name: name, Results: 1, Params: []ir.Param{
			required("x", "number of rank 1 or more"),
			optional("axis", ir.WeakInt(-1), "the axis; a negative one counts from the end")}},
		Doc:   doc,
		Batch: batchAxis,
		Infer: func(args []Arg) ([]ir.Type, error) {
			if err := checkNumber(name, "x", args[0].Type); err != nil {
				return nil, err
			}
			axis, err := literal(name, "axis", args[1])
			if err != nil {
				return nil, err
			}
			if _, err := laneAxis(name, args[0].Type.Shape, axis); err != nil {
				return nil, err
			}
			return []ir.Type{elementOfType(args[0].Type).toInexact().typeOf(args[0].Type.Shape)}, nil
		},
		Eval: func(dst, args []ir.Value) error {
			if !args[0].IsNumber() {
				return wantError(name, "x", args[0], "a number")
			}
			shape := args[0].Shape()
			axis, err := laneAxis(name, shape, args[1])
			if err != nil {
				return err
			}
			element := elementOf(args[0]).toInexact()
			x, err := operandAs(args[0], element.DType)
			if err != nil {
				return err
			}
			defer freeOperand(x, args[0])
			out, err := output(&dst[0], element.DType, shape)
			if err != nil {
				return err
			}
			if element.DType == ir.F32 {
				mapLanes(ir.Data[float32](out), ir.Data[float32](x), shape, axis, f32, &functionsF32)
			} else {
				mapLanes(ir.Data[float64](out), ir.Data[float64](x), shape, axis, f64, &functionsF64)
			}
			finish(&dst[0], out, element.Weak)
			return nil
		},
		Gradient:  gradient,
		Tolerance: exponential,
	}
}

func laneAxis(op string, shape []int, axis ir.Value) (int, error) {
	if len(shape) == 0 {
		return 0, fmt.Errorf("%s: x has rank 0: want at least one axis", op)
	}
	return axisParam(op, "axis", axis, len(shape))
}

func mapLanes[T float](dst, x []T, shape []int, axis int, f laneFunc[T], functions *transcendentals[T]) {
	n, stride := shape[axis], elementCount(shape[axis+1:])
	if len(x) == 0 {
		return
	}
	for block := 0; block < len(x); block += n * stride {
		for j := block; j < block+stride; j++ {
			f(dst[j:], lane[T]{x[j:], n, stride}, functions)
		}
	}
}

func logSumExpOp() *Op {
	const name = "logsumexp"
	shapeOf := func(buf *extents, shape []int, axis, keepdims ir.Value) ([]int, int, error) {
		keep, err := boolParam(name, "keepdims", keepdims)
		if err != nil {
			return nil, 0, err
		}
		at, err := laneAxis(name, shape, axis)
		if err != nil {
			return nil, 0, err
		}
		var axes extents
		axes[0] = at
		return reducedShape(buf, shape, axes[:1], keep), at, nil
	}
	return &Op{
		Signature: ir.Signature{Name: name, Results: 1, Params: []ir.Param{
			required("x", "number of rank 1 or more"),
			optional("axis", ir.WeakInt(-1), "the axis; a negative one counts from the end"),
			optional("keepdims", ir.BoolValue(false), "whether the axis stays, with extent 1")}},
		Batch: batchAxis,
		Doc:   "The log of the sum of exp(x) along an axis; the largest element is subtracted first. No elements give -inf.",
		Infer: func(args []Arg) ([]ir.Type, error) {
			if err := checkNumber(name, "x", args[0].Type); err != nil {
				return nil, err
			}
			axis, err := literal(name, "axis", args[1])
			if err != nil {
				return nil, err
			}
			keepdims, err := literal(name, "keepdims", args[2])
			if err != nil {
				return nil, err
			}
			var buf extents
			shape, _, err := shapeOf(&buf, args[0].Type.Shape, axis, keepdims)
			return inferred(name, elementOfType(args[0].Type).toInexact(), slices.Clone(shape), err)
		},
		Eval: func(dst, args []ir.Value) error {
			if !args[0].IsNumber() {
				return wantError(name, "x", args[0], "a number")
			}
			var buf extents
			shape, axis, err := shapeOf(&buf, args[0].Shape(), args[1], args[2])
			if err != nil {
				return err
			}
			element := elementOf(args[0]).toInexact()
			x, err := operandAs(args[0], element.DType)
			if err != nil {
				return err
			}
			defer freeOperand(x, args[0])
			out, err := newResult(&dst[0], element.DType, shape)
			if err != nil {
				return err
			}
			if element.DType == ir.F32 {
				logSumExp(ir.Data[float32](out), ir.Data[float32](x), x.Shape(), axis, &functionsF32)
			} else {
				logSumExp(ir.Data[float64](out), ir.Data[float64](x), x.Shape(), axis, &functionsF64)
			}
			setResult(&dst[0], out, element.Weak)
			return nil
		},
		Gradient: func(t Tape, args []*ir.Node, _, dout *ir.Node) []*ir.Node {
			spread := t.Call("sum_adjoint", args[0], dout, args[1], args[2])
			return []*ir.Node{t.Call("multiply", t.Call("softmax", args[0], args[1]), spread), nil, nil}
		},
		Tolerance: exponential,
	}
}

func logSumExp[T float](dst, x []T, shape []int, axis int, functions *transcendentals[T]) {
	n, stride := shape[axis], elementCount(shape[axis+1:])
	for i := range dst {
		at := i/stride*n*stride + i%stride
		dst[i] = logSumExpLane(lane[T]{x[min(at, len(x)):], n, stride}, functions)
	}
}
