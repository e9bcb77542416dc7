package ops

import (
	"fmt"
	"slices"

	"flowc.dev/flowc/ir"
)

var likeNames = []string{"x", "like"}

// likeOps returns the ops that take a shape from an operand, as gradient rules
// need them.
func likeOps() []*Op {
	return []*Op{
		mapSumToLike(likeOp("sum_to_like", "The sum of x over the axes along which like was broadcast to the shape of x: the adjoint of that broadcast. "+
			"The element type is that of like if it is a float's, otherwise that of x. Of a record x and a number like it is the sum over the fields.",
			func(op string, x, like []int) error {
				if !broadcastsTo(like, x) {
					return fmt.Errorf("%s: like of shape %s does not broadcast to x of shape %s", op, ir.FormatShape(like), ir.FormatShape(x))
				}
				return nil
			},
			adjointElement, sumToLike,
			func(t Tape, dout, x *ir.Node) *ir.Node {
				return t.Call("sum_to_like", t.Call("broadcast_like", dout, x), x)
			}, accumulated)),
		likeOp("broadcast_like", "x broadcast to the shape of like.",
			func(op string, x, like []int) error {
				if !broadcastsTo(x, like) {
					return fmt.Errorf("%s: x of shape %s does not broadcast to like of shape %s", op, ir.FormatShape(x), ir.FormatShape(like))
				}
				return nil
			},
			elementOfX, func(dst *ir.Value, x, like ir.Value) error { return broadcastTo(dst, x, like.Shape()) },
			func(t Tape, dout, x *ir.Node) *ir.Node { return t.Call("sum_to_like", dout, x) }, Tolerance{}),
		likeOp("reshape_like", "The elements of x in row-major order with the shape of like.",
			func(op string, x, like []int) error {
				if elementCount(x) != elementCount(like) {
					return fmt.Errorf("%s: x of shape %s and like of shape %s differ in size", op, ir.FormatShape(x), ir.FormatShape(like))
				}
				return nil
			},
			elementOfX, func(dst *ir.Value, x, like ir.Value) error { return copyShaped(dst, x, like.Shape()) },
			func(t Tape, dout, x *ir.Node) *ir.Node { return t.Call("reshape_like", dout, x) }, Tolerance{}),
	}
}

// elementOfX is the element rule of ops whose result has that of x.
func elementOfX(_, x ElementType) ElementType { return x }

func likeOp(name, doc string, check func(op string, x, like []int) error, element func(like, x ElementType) ElementType,
	eval func(dst *ir.Value, x, like ir.Value) error, adjoint func(t Tape, dout, x *ir.Node) *ir.Node, tolerance Tolerance) *Op {
	return &Op{
		Signature: ir.Signature{Name: name, Results: 1, Params: []ir.Param{
			required("x", "number"), required("like", "number whose shape the result gets")}},
		Doc: doc,
		Infer: func(args []Arg) ([]ir.Type, error) {
			if err := checkNumberArgs(name, likeNames, args); err != nil {
				return nil, err
			}
			x, like := args[0].Type, args[1].Type
			if err := check(name, x.Shape, like.Shape); err != nil {
				return nil, err
			}
			return []ir.Type{element(elementOfType(like), elementOfType(x)).typeOf(like.Shape)}, nil
		},
		Eval: func(dst, args []ir.Value) error {
			if err := checkNumbers(name, likeNames, args); err != nil {
				return err
			}
			if err := check(name, args[0].Shape(), args[1].Shape()); err != nil {
				return err
			}
			return eval(&dst[0], args[0], args[1])
		},
		Gradient: func(t Tape, args []*ir.Node, _, dout *ir.Node) []*ir.Node {
			return []*ir.Node{adjoint(t, dout, args[0]), nil}
		},
		Tolerance: tolerance,
	}
}

func sumToLike(dst *ir.Value, x, like ir.Value) error {
	element := adjointElement(elementOf(like), elementOf(x))
	if slices.Equal(x.Shape(), like.Shape()) {
		out, err := newResult(dst, element.DType, x.Shape())
		if err != nil {
			return err
		}
		if err := convertInto(out, x); err != nil {
			return err
		}
		setResult(dst, out, element.Weak)
		return nil
	}
	sum, err := sumToScratch(x, like.Shape())
	if err != nil {
		return err
	}
	defer freeScratch(sum)
	out, err := newResult(dst, element.DType, like.Shape())
	if err != nil {
		return err
	}
	convertTensor(out, sum)
	setResult(dst, out, element.Weak)
	return nil
}

// convertInto fills dst with the elements of the number x, of as many elements,
// converted.
func convertInto(dst *ir.Tensor, x ir.Value) error {
	switch t := x.Tensor(); {
	case t == nil:
		setScalar(dst, x)
	case t.DType() == dst.DType():
		copyElements(dst, t)
	default:
		convertTensor(dst, t)
	}
	return nil
}

// sumToScratch returns the sum of the number x over the axes along which a
// tensor of the given shape was broadcast to that of x, in the float dtype of
// x. Free the result with freeScratch.
func sumToScratch(x ir.Value, shape []int) (*ir.Tensor, error) {
	dtype := elementOf(x).toInexact().DType
	t, err := operandAs(x, dtype)
	if err != nil {
		return nil, err
	}
	defer freeOperand(t, x)
	sum, err := newScratch(dtype, shape)
	if err != nil {
		return nil, err
	}
	var buf extents
	axes := buf[:0]
	lead := t.Rank() - len(shape)
	for axis, extent := range t.Shape() {
		if axis < lead || extent != shape[axis-lead] {
			axes = append(axes, axis)
		}
	}
	var plan reducePlan
	plan.start(t.Shape(), axes)
	if err := sumTensor(sum, t, &plan); err != nil {
		return nil, err
	}
	return sum, nil
}
