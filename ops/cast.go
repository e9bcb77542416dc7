package ops

import (
	"fmt"

	"flowc.dev/flowc/ir"
)

// castOp declares the conversion of elements.
func castOp() *Op {
	const name = "cast"
	return mapRecords(1, &Op{
		Signature: ir.Signature{Name: name, Results: 1, Params: []ir.Param{
			required("x", "operand"),
			static("dtype", "element type of the result"),
		}},
		Doc: "x with its elements converted to dtype; the result is strong. Integers wrap; " +
			"floats become integers by truncation, out of range the nearest one, NaN 0; everything but 0 becomes true.",
		Elementwise: true,
		Gradient: func(t Tape, args []*ir.Node, _, dout *ir.Node) []*ir.Node {
			if dtype, err := dtypeParam(name, "dtype", args[1].Attr("value")); err != nil || !dtype.IsFloat() {
				return []*ir.Node{nil, nil}
			}
			return []*ir.Node{reduced(t, dout, args[0]), nil}
		},
		Infer: func(args []Arg) ([]ir.Type, error) {
			if err := checkNumber(name, "x", args[0].Type); err != nil {
				return nil, err
			}
			dtype, err := dtypeArg(name, "dtype", args[1])
			return inferred(name, ElementType{DType: dtype}, args[0].Type.Shape, err)
		},
		Eval: func(dst, args []ir.Value) error {
			if !args[0].IsNumber() {
				return checkNumber(name, "x", args[0].Type())
			}
			dtype, err := dtypeParam(name, "dtype", args[1])
			if err != nil {
				return err
			}
			return evalCast(name, &dst[0], args[0], ElementType{DType: dtype})
		},
	})
}

// evalCast sets *dst to the number x converted to e.
func evalCast(op string, dst *ir.Value, x ir.Value, e ElementType) error {
	if x.IsScalar() {
		*dst = castScalar(x, e.DType).AsWeak(e.Weak)
		return nil
	}
	out, err := output(dst, e.DType, x.Shape())
	if err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	convertTensor(out, x.Tensor())
	finish(dst, out, e.Weak)
	return nil
}

// dtypeArg is dtypeParam for a type rule.
func dtypeArg(op, param string, a Arg) (ir.DType, error) {
	v, err := literal(op, param, a)
	if err != nil {
		return ir.InvalidDType, err
	}
	return dtypeParam(op, param, v)
}
