package ops

import (
	"fmt"

	"flowc.dev/flowc/ir"
)

// creationOps returns the ops that make tensors from shapes and numbers.
func creationOps() []*Op {
	return []*Op{
		constantOp("zeros", "A tensor of zeros.", ir.Int(0)),
		constantOp("ones", "A tensor of ones.", ir.Int(1)),
		fullOp(),
		eyeOp(),
		arangeOp(),
		constantLikeOp("zeros_like", "Zeros with the shape and dtype of x.", ir.Int(0)),
		constantLikeOp("ones_like", "Ones with the shape and dtype of x.", ir.Int(1)),
		fullLikeOp(),
	}
}

// filled sets *dst to a tensor with the rank-0 number v, converted, everywhere.
func filled(op string, dst *ir.Value, e ElementType, shape []int, v ir.Value) error {
	if len(shape) == 0 {
		*dst = castScalar(v, e.DType).AsWeak(e.Weak)
		return nil
	}
	out, err := output(dst, e.DType, shape)
	if err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	setScalar(out, v)
	finish(dst, out, e.Weak)
	return nil
}

// shapeArg is shapeParam for a type rule.
func shapeArg(op, param string, a Arg) ([]int, error) {
	v, err := literal(op, param, a)
	if err != nil {
		return nil, err
	}
	return shapeParam(op, param, new(extents), v)
}

const shapeDoc = "extents: a whole number or a list of them"

func constantOp(name, doc string, v ir.Value) *Op {
	return &Op{
		Signature: ir.Signature{Name: name, Results: 1, Params: []ir.Param{
			static("shape", shapeDoc),
			optional("dtype", ir.String("f32"), "element type"),
		}},
		Doc:      doc,
		Gradient: noGradient(2),
		Infer: func(args []Arg) ([]ir.Type, error) {
			shape, err := shapeArg(name, "shape", args[0])
			if err != nil {
				return nil, err
			}
			dtype, err := dtypeArg(name, "dtype", args[1])
			return inferred(name, ElementType{DType: dtype}, shape, err)
		},
		Eval: func(dst, args []ir.Value) error {
			var buf extents
			shape, err := shapeParam(name, "shape", &buf, args[0])
			if err != nil {
				return err
			}
			dtype, err := dtypeParam(name, "dtype", args[1])
			if err != nil {
				return err
			}
			return filled(name, &dst[0], ElementType{DType: dtype}, shape, v)
		},
	}
}

// fullOp declares the tensor of one given value.
func fullOp() *Op {
	const name = "full"
	return &Op{
		Signature: ir.Signature{Name: name, Results: 1, Params: []ir.Param{
			static("shape", shapeDoc),
			required("fill_value", "number of rank 0"),
			optional("dtype", ir.Value{}, "element type; null for that of fill_value, where weak floats become f32 and weak integers i64"),
		}},
		Doc:      "A tensor with fill_value everywhere.",
		Gradient: fullGradient,
		Infer: func(args []Arg) ([]ir.Type, error) {
			shape, err := shapeArg(name, "shape", args[0])
			if err != nil {
				return nil, err
			}
			fill := args[1].Type
			if fill.Kind != ir.Number || len(fill.Shape) != 0 {
				return nil, fillError(name, fill)
			}
			dtype, err := literal(name, "dtype", args[2])
			if err != nil {
				return nil, err
			}
			e, err := strongType(name, dtype, elementOfType(fill))
			return inferred(name, e, shape, err)
		},
		Eval: func(dst, args []ir.Value) error {
			var buf extents
			shape, err := shapeParam(name, "shape", &buf, args[0])
			if err != nil {
				return err
			}
			if !args[1].IsScalar() {
				return fillError(name, args[1].Type())
			}
			e, err := strongType(name, args[2], elementOf(args[1]))
			if err != nil {
				return err
			}
			return filled(name, &dst[0], e, shape, args[1])
		},
	}
}

func fullGradient(t Tape, args []*ir.Node, _, dout *ir.Node) []*ir.Node {
	return []*ir.Node{nil, reduced(t, dout, args[1]), nil}
}

func fillError(op string, t ir.Type) error {
	return fmt.Errorf("%s: fill_value is %s: want a number of rank 0", op, t)
}

// strongType returns the named dtype, or for null the strong one that e stands
// for: f32 for a weak float.
func strongType(op string, dtype ir.Value, e ElementType) (ElementType, error) {
	if !dtype.IsNull() {
		named, err := dtypeParam(op, "dtype", dtype)
		return ElementType{DType: named}, err
	}
	if e == weakFloat {
		e.DType = ir.F32
	}
	e.Weak = false
	return e, nil
}

// constantLikeOp declares a constant of the type of its operand, weakness included.
func constantLikeOp(name, doc string, v ir.Value) *Op {
	return mapRecords(1, &Op{
		Signature:   ir.Signature{Name: name, Results: 1, Params: []ir.Param{required("x", "gives shape and dtype")}},
		Doc:         doc,
		Elementwise: true,
		Gradient:    noGradient(1),
		Infer: func(args []Arg) ([]ir.Type, error) {
			if err := checkNumber(name, "x", args[0].Type); err != nil {
				return nil, err
			}
			return []ir.Type{args[0].Type}, nil
		},
		Eval: func(dst, args []ir.Value) error {
			if !args[0].IsNumber() {
				return checkNumber(name, "x", args[0].Type())
			}
			return filled(name, &dst[0], elementOf(args[0]), args[0].Shape(), v)
		},
	})
}

// fullLikeOp declares the tensor of one given value and the type of another.
func fullLikeOp() *Op {
	const name = "full_like"
	return mapRecords(1, &Op{
		Signature: ir.Signature{Name: name, Results: 1, Params: []ir.Param{
			required("x", "gives shape and dtype"),
			required("fill_value", "number of rank 0"),
		}},
		Doc:         "A tensor with fill_value, converted, everywhere and the shape and dtype of x.",
		Elementwise: true,
		Gradient: func(t Tape, args []*ir.Node, _, dout *ir.Node) []*ir.Node {
			return []*ir.Node{nil, reduced(t, dout, args[1])}
		},
		Infer: func(args []Arg) ([]ir.Type, error) {
			if err := checkNumber(name, "x", args[0].Type); err != nil {
				return nil, err
			}
			if fill := args[1].Type; fill.Kind != ir.Number || len(fill.Shape) != 0 {
				return nil, fillError(name, fill)
			}
			return []ir.Type{args[0].Type}, nil
		},
		Eval: func(dst, args []ir.Value) error {
			if !args[0].IsNumber() {
				return checkNumber(name, "x", args[0].Type())
			}
			if !args[1].IsScalar() {
				return fillError(name, args[1].Type())
			}
			return filled(name, &dst[0], elementOf(args[0]), args[0].Shape(), args[1])
		},
	})
}
