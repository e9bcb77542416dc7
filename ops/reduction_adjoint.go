package ops

import (
	"fmt"
	"slices"

	"flowc.dev/flowc/ir"
)

// adjointElement returns the element type, always a float's, of the adjoint of
// an operand: the operand's own if that is one, otherwise that of what flows
// back.
func adjointElement(operand, dout ElementType) ElementType {
	if operand.DType.IsFloat() {
		return operand
	}
	return dout.toInexact()
}

// A reductionAdjoint describes the adjoint of a reduction: its arguments are x,
// the extra operands of the result's shape, dout last of them, and the
// reduction's parameters.
type reductionAdjoint struct {
	of, doc string
	extra   []string
	// compute fills dx from operands of its dtype.
	compute  func(dx, x *ir.Tensor, extra []*ir.Tensor, p *reducePlan) error
	gradient Gradient
	reducer  reducer
}

func reductionAdjointOps() []*Op {
	adjoints := []reductionAdjoint{
		{of: "sum", extra: []string{"dout"}, compute: sumAdjoint, gradient: adjointByLinearity("sum"),
			doc: "Adjoint of sum: dout spread over the elements that were summed."},
		{of: "mean", extra: []string{"dout"}, compute: meanAdjoint, gradient: adjointByLinearity("mean"),
			doc: "Adjoint of mean: dout, divided by the number of elements of each mean, spread over them."},
		{of: "var", extra: []string{"dout"}, compute: varAdjoint,
			doc: "Adjoint of var: dout times twice the distance from the mean, divided by the number of elements."},
		{of: "prod", extra: []string{"dout"}, compute: prodAdjoint,
			doc: "Adjoint of prod: dout times the product of the other elements."},
		{of: "max", extra: []string{"out", "dout"}, compute: extremumAdjoint,
			doc: "Adjoint of max and min, out being their result: dout goes to the elements that equal it, in equal shares."},
	}
	var all []*Op
	for i := range adjoints {
		all = append(all, adjoints[i].op())
	}
	return all
}

func (r *reductionAdjoint) op() *Op {
	r.reducer.name = r.of + "_adjoint"
	params := []ir.Param{required("x", "the reduction's operand")}
	for _, name := range r.extra {
		params = append(params, required(name, "number of the shape of the reduction's result"))
	}
	return &Op{
		Signature: ir.Signature{Name: r.reducer.name, Results: 1, Params: append(params,
			optional("axis", ir.Value{}, "the reduction's axis"),
			optional("keepdims", ir.BoolValue(false), "the reduction's keepdims"))},
		Doc:       r.doc,
		Infer:     r.infer,
		Eval:      r.eval,
		Gradient:  r.gradient,
		Tolerance: accumulated,
	}
}

// adjointByLinearity returns the gradient of an adjoint that is linear in dout
// and does not depend on the elements of x.
func adjointByLinearity(reduction string) Gradient {
	return func(t Tape, args []*ir.Node, _, dout *ir.Node) []*ir.Node {
		return []*ir.Node{nil, t.Call("sum_to_like", t.Call(reduction, dout, args[2], args[3]), args[1]), nil, nil}
	}
}

func (r *reductionAdjoint) checkShapes(call *reductionCall, x []int, extra func(i int) []int, axis, keepdims ir.Value) ([]int, error) {
	reduced, err := r.reducer.resultShape(&call.axes, &call.shape, x, axis, keepdims)
	if err != nil {
		return nil, err
	}
	for i, name := range r.extra {
		if got := extra(i); !slices.Equal(got, reduced.shape) {
			return nil, fmt.Errorf("%s: %s has the shape %s: want %s, that of the reduction's result",
				r.reducer.name, name, ir.FormatShape(got), ir.FormatShape(reduced.shape))
		}
	}
	return reduced.axes, nil
}

func (r *reductionAdjoint) infer(args []Arg) ([]ir.Type, error) {
	name, n := r.reducer.name, 1+len(r.extra)
	for i := range n {
		if err := checkNumber(name, r.operandName(i), args[i].Type); err != nil {
			return nil, err
		}
	}
	axis, err := literal(name, "axis", args[n])
	if err != nil {
		return nil, err
	}
	keepdims, err := literal(name, "keepdims", args[n+1])
	if err != nil {
		return nil, err
	}
	x := args[0].Type
	var call reductionCall
	if _, err := r.checkShapes(&call, x.Shape, func(i int) []int { return args[1+i].Type.Shape }, axis, keepdims); err != nil {
		return nil, err
	}
	element := adjointElement(elementOfType(x), elementOfType(args[n-1].Type))
	return []ir.Type{element.typeOf(x.Shape)}, nil
}

func (r *reductionAdjoint) operandName(i int) string {
	if i == 0 {
		return "x"
	}
	return r.extra[i-1]
}

func (r *reductionAdjoint) eval(dst, args []ir.Value) error {
	name, n := r.reducer.name, 1+len(r.extra)
	for i := range n {
		if !args[i].IsNumber() {
			return wantError(name, r.operandName(i), args[i], "a number")
		}
	}
	call := reductionCalls.get()
	defer reductionCalls.put(call)
	axes, err := r.checkShapes(call, args[0].Shape(), func(i int) []int { return args[1+i].Shape() }, args[n], args[n+1])
	if err != nil {
		return err
	}
	element := adjointElement(elementOf(args[0]), elementOf(args[n-1]))
	operands := call.operands[:n]
	for i := range operands {
		if operands[i], err = operandAs(args[i], element.DType); err != nil {
			return err
		}
	}
	dx, err := newResult(&dst[0], element.DType, args[0].Shape())
	if err != nil {
		return err
	}
	call.plan.start(args[0].Shape(), axes)
	if err := r.compute(dx, operands[0], operands[1:], &call.plan); err != nil {
		return err
	}
	for i, t := range operands {
		freeOperand(t, args[i])
		operands[i] = nil
	}
	setResult(&dst[0], dx, element.Weak)
	return nil
}

// spread gives every element of dst the element of src that is the result it
// belongs to.
func spread[T ir.Element](dst, src []T, p *reducePlan) {
	if len(dst) == 0 {
		return
	}
	neighbours := 1
	if p.innerKept {
		neighbours = p.inner
	}
	for result := 0; ; result += neighbours {
		for {
			run := dst[p.keep.offset+p.reduce.offset:][:p.inner]
			if p.innerKept {
				copy(run, src[result:])
			} else {
				fill(run, src[result])
			}
			if !p.reduce.next() {
				break
			}
		}
		if !p.keep.next() {
			return
		}
	}
}
