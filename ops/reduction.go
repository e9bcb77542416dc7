package ops

import (
	"fmt"
	"math"

	"flowc.dev/flowc/ir"
)

// A reducer describes a reduction over axes.
type reducer struct {
	name, doc string
	// element returns the element type of the result.
	element func(x ElementType) ElementType
	// nonempty says that there is no result for no elements.
	nonempty bool
	// compute fills out, whose dtype is that of element, from x.
	compute   func(out, x *ir.Tensor, p *reducePlan) error
	gradient  Gradient
	tolerance Tolerance
}

func reductionOps() []*Op {
	reducers := []reducer{
		{name: "sum", element: sumElement, compute: sumTensor, tolerance: accumulated, gradient: sumGradient,
			doc: "Sum over axes, by default all. Sums of bools and integers are i64 and wrap; no elements sum to 0."},
		{name: "prod", element: sumElement, compute: prodTensor, tolerance: accumulated, gradient: prodGradient,
			doc: "Product over axes, by default all. Products of bools and integers are i64 and wrap; no elements give 1."},
		{name: "mean", element: ElementType.toInexact, compute: meanTensor, tolerance: accumulated, gradient: meanGradient,
			doc: "Mean over axes, by default all. Integers are converted to floats first; no elements give NaN."},
		{name: "var", element: ElementType.toInexact, compute: varTensor, tolerance: accumulated, gradient: varGradient,
			doc: "Variance over axes, by default all: the mean of the squared distances from the mean. No elements give NaN."},
		{name: "max", element: sameElement, nonempty: true, compute: maxTensor, gradient: extremumGradient,
			doc: "Largest element over axes, by default all; NaN if one of them is NaN. 0 is larger than -0."},
		{name: "min", element: sameElement, nonempty: true, compute: minTensor, gradient: extremumGradient,
			doc: "Smallest element over axes, by default all; NaN if one of them is NaN. -0 is smaller than 0."},
		{name: "any", element: boolElement, compute: anyTensor,
			doc: "Whether an element over axes, by default all, is not 0. NaN is not 0."},
		{name: "all", element: boolElement, compute: allTensor,
			doc: "Whether all elements over axes, by default all, are not 0. NaN is not 0."},
	}
	var all []*Op
	for i := range reducers {
		all = append(all, reducers[i].op())
	}
	all = append(all, argReductionOps()...)
	return append(all, reductionAdjointOps()...)
}

func sameElement(x ElementType) ElementType { return x }

func boolElement(ElementType) ElementType { return ElementType{DType: ir.Bool} }

func sumElement(x ElementType) ElementType {
	if x.DType.IsFloat() || x == weakInt {
		return x
	}
	return ElementType{DType: ir.I64}
}

func (r *reducer) op() *Op {
	return &Op{
		Signature: ir.Signature{Name: r.name, Results: 1, Params: []ir.Param{
			required("x", "number"),
			optional("axis", ir.Value{}, "axis, list of axes, or null for all; negative ones count from the end"),
			optional("keepdims", ir.BoolValue(false), "whether reduced axes stay, with extent 1"),
		}},
		Doc:       r.doc,
		Infer:     r.infer,
		Eval:      r.eval,
		Gradient:  r.gradient,
		Tolerance: r.tolerance,
		folds:     true,
		Batch:     batchAxes,
	}
}

func (r *reducer) infer(args []Arg) ([]ir.Type, error) {
	if err := checkNumber(r.name, "x", args[0].Type); err != nil {
		return nil, err
	}
	axis, err := literal(r.name, "axis", args[1])
	if err != nil {
		return nil, err
	}
	keepdims, err := literal(r.name, "keepdims", args[2])
	if err != nil {
		return nil, err
	}
	var axes, shape extents
	reduced, err := r.resultShape(&axes, &shape, args[0].Type.Shape, axis, keepdims)
	if err != nil {
		return nil, err
	}
	return []ir.Type{r.element(elementOfType(args[0].Type)).typeOf(append([]int(nil), reduced.shape...))}, nil
}

// A reducedAxes is what a reduction makes of a shape.
type reducedAxes struct{ axes, shape []int }

// resultShape reads the axes and returns them with the shape of the result;
// both are slices of the buffers.
func (r *reducer) resultShape(axes, result *extents, shape []int, axis, keepdims ir.Value) (reducedAxes, error) {
	keep, err := boolParam(r.name, "keepdims", keepdims)
	if err != nil {
		return reducedAxes{}, err
	}
	reduced, err := axesParam(r.name, "axis", axes, axis, len(shape))
	if err != nil {
		return reducedAxes{}, err
	}
	if r.nonempty {
		for _, axis := range reduced {
			if shape[axis] == 0 {
				return reducedAxes{}, fmt.Errorf("%s: x of shape %s has no elements along axis %d", r.name, ir.FormatShape(shape), axis)
			}
		}
	}
	return reducedAxes{reduced, reducedShape(result, shape, reduced, keep)}, nil
}

// A reductionCall is what an evaluation needs besides tensors.
type reductionCall struct {
	axes, shape extents
	plan        reducePlan
	operands    [3]*ir.Tensor
}

var reductionCalls pool[reductionCall]

func (r *reducer) eval(dst, args []ir.Value) error {
	if !args[0].IsNumber() {
		return wantError(r.name, "x", args[0], "a number")
	}
	call := reductionCalls.get()
	defer reductionCalls.put(call)
	reduced, err := r.resultShape(&call.axes, &call.shape, args[0].Shape(), args[1], args[2])
	if err != nil {
		return err
	}
	x, err := sameOperand(args[0])
	if err != nil {
		return err
	}
	defer freeOperand(x, args[0])
	element := r.element(elementOf(args[0]))
	out, err := newResult(&dst[0], element.DType, reduced.shape)
	if err != nil {
		return err
	}
	call.plan.start(x.Shape(), reduced.axes)
	if err := r.compute(out, x, &call.plan); err != nil {
		return err
	}
	setResult(&dst[0], out, element.Weak)
	return nil
}

// reduceTo runs r with accumulators of the given dtype, which is A's.
func reduceTo[I, A number](r *reduction[I, A], dtype ir.DType, out []A, x []I, p *reducePlan) error {
	acc, err := newScratch(dtype, accumulatorShape)
	if err != nil {
		return err
	}
	r.run(out, x, p, ir.Data[A](acc))
	freeScratch(acc)
	return nil
}

var (
	sumF32  = reduction[float32, float32]{0, addToF32, addToF32}
	sumF64  = reduction[float64, float64]{0, addToF64, addToF64}
	sumI64  = reduction[int64, int64]{0, addTo[int64, int64], addTo[int64, int64]}
	sumI32  = reduction[int32, int64]{0, addTo[int32, int64], addTo[int64, int64]}
	sumU8   = reduction[uint8, int64]{0, addTo[uint8, int64], addTo[int64, int64]}
	prodF32 = reduction[float32, float32]{1, multiplyInto[float32, float32], multiplyInto[float32, float32]}
	prodF64 = reduction[float64, float64]{1, multiplyInto[float64, float64], multiplyInto[float64, float64]}
	prodI64 = reduction[int64, int64]{1, multiplyInto[int64, int64], multiplyInto[int64, int64]}
	prodI32 = reduction[int32, int64]{1, multiplyInto[int32, int64], multiplyInto[int64, int64]}
	prodU8  = reduction[uint8, int64]{1, multiplyInto[uint8, int64], multiplyInto[int64, int64]}

	// Means of integers add floats.
	meanI64 = reduction[int64, float64]{0, addTo[int64, float64], addToF64}
	meanI32 = reduction[int32, float64]{0, addTo[int32, float64], addToF64}
	meanU8  = reduction[uint8, float64]{0, addTo[uint8, float64], addToF64}

	maxF32 = reduction[float32, float32]{float32(math.Inf(-1)), maxInto[float32], maxInto[float32]}
	maxF64 = reduction[float64, float64]{math.Inf(-1), maxInto[float64], maxInto[float64]}
	maxI64 = reduction[int64, int64]{math.MinInt64, maxInto[int64], maxInto[int64]}
	maxI32 = reduction[int32, int32]{math.MinInt32, maxInto[int32], maxInto[int32]}
	maxU8  = reduction[uint8, uint8]{0, maxInto[uint8], maxInto[uint8]}
	minF32 = reduction[float32, float32]{float32(math.Inf(1)), minInto[float32], minInto[float32]}
	minF64 = reduction[float64, float64]{math.Inf(1), minInto[float64], minInto[float64]}
	minI64 = reduction[int64, int64]{math.MaxInt64, minInto[int64], minInto[int64]}
	minI32 = reduction[int32, int32]{math.MaxInt32, minInto[int32], minInto[int32]}
	minU8  = reduction[uint8, uint8]{math.MaxUint8, minInto[uint8], minInto[uint8]}

	anyF32 = reduction[float32, uint8]{0, anyInto[float32], anyInto[uint8]}
	anyF64 = reduction[float64, uint8]{0, anyInto[float64], anyInto[uint8]}
	anyI64 = reduction[int64, uint8]{0, anyInto[int64], anyInto[uint8]}
	anyI32 = reduction[int32, uint8]{0, anyInto[int32], anyInto[uint8]}
	anyU8  = reduction[uint8, uint8]{0, anyInto[uint8], anyInto[uint8]}
	allF32 = reduction[float32, uint8]{1, allInto[float32], allInto[uint8]}
	allF64 = reduction[float64, uint8]{1, allInto[float64], allInto[uint8]}
	allI64 = reduction[int64, uint8]{1, allInto[int64], allInto[uint8]}
	allI32 = reduction[int32, uint8]{1, allInto[int32], allInto[uint8]}
	allU8  = reduction[uint8, uint8]{1, allInto[uint8], allInto[uint8]}
)
