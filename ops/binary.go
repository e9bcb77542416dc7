package ops

import (
	"fmt"

	"flowc.dev/flowc/ir"
)

// A binaryRule says what a binary op computes in and what its result is, for
// given element types of the operands.
type binaryRule func(a, b ElementType) (compute ir.DType, result ElementType)

func arithmeticRule(a, b ElementType) (ir.DType, ElementType) {
	e := Promote(a, b).toArithmetic()
	return e.DType, e
}

func inexactRule(a, b ElementType) (ir.DType, ElementType) {
	e := Promote(a, b).toInexact()
	return e.DType, e
}

func comparisonRule(a, b ElementType) (ir.DType, ElementType) {
	compute := Promote(a, b).DType
	if compute == ir.Bool {
		compute = ir.U8
	}
	return compute, ElementType{DType: ir.Bool}
}

func logicalRule(_, _ ElementType) (ir.DType, ElementType) {
	return ir.Bool, ElementType{DType: ir.Bool}
}

type binaryEval func(op string, dst, a, b *ir.Value, compute ir.DType, result ElementType) error

// binaryOp declares an elementwise op of two operands.
func binaryOp(name, doc string, rule binaryRule, eval binaryEval, gradient Gradient) *Op {
	op := &Op{
		Signature: ir.Signature{Name: name, Results: 1, Params: []ir.Param{
			required("x1", "first operand"),
			required("x2", "second operand, broadcast with the first"),
		}},
		Doc:         doc,
		Elementwise: true,
		Gradient:    gradient,
	}
	op.Infer = func(args []Arg) ([]ir.Type, error) {
		for i, arg := range args {
			if err := checkNumber(name, op.Params[i].Name, arg.Type); err != nil {
				return nil, err
			}
		}
		_, result := rule(elementOfType(args[0].Type), elementOfType(args[1].Type))
		shape, err := broadcastShape(name, new(extents), args[0].Type.Shape, args[1].Type.Shape)
		return inferred(name, result, shape, err)
	}
	op.Eval = func(dst, args []ir.Value) error {
		a, b := &args[0], &args[1]
		if !a.IsNumber() {
			return checkNumber(name, "x1", a.Type())
		}
		if !b.IsNumber() {
			return checkNumber(name, "x2", b.Type())
		}
		compute, result := rule(elementOf(*a), elementOf(*b))
		return eval(name, &dst[0], a, b, compute, result)
	}
	return mapRecords(2, op)
}

// inferred returns the types of an op with one result of the given shape, or
// the error that comes with the shape or from its size.
func inferred(op string, e ElementType, shape []int, err error) ([]ir.Type, error) {
	if err != nil {
		return nil, err
	}
	if _, err := ir.CheckShape(e.DType, shape); err != nil {
		return nil, fmt.Errorf("%s: %w", op, err)
	}
	return []ir.Type{e.typeOf(shape)}, nil
}
