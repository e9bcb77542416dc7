package ops

import (
	"fmt"

	"flowc.dev/flowc/ir"
)

// A unaryKernel computes an elementwise op of one operand for one dtype.
type unaryKernel[T, R ir.Element] struct {
	scalar func(x T) R
	vector func(dst []R, x []T)
}

func (k *unaryKernel[T, R]) eval(op string, dst, x *ir.Value, compute ir.DType, result ElementType) error {
	if x.IsScalar() {
		*dst = scalarOf(k.scalar(scalarAs[T](*x))).AsWeak(result.Weak)
		return nil
	}
	out, err := output(dst, result.DType, x.Shape())
	if err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	t, err := operandAs(*x, compute)
	if err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	k.vector(ir.Data[R](out), ir.Data[T](t))
	freeOperand(t, *x)
	finish(dst, out, result.Weak)
	return nil
}

// each returns the kernel that calls f for every element.
func each[T, R ir.Element](f func(x T) R) unaryKernel[T, R] {
	return unaryKernel[T, R]{
		scalar: f,
		vector: func(dst []R, x []T) {
			x = x[:len(dst)]
			for i := range dst {
				dst[i] = f(x[i])
			}
		},
	}
}

// unaryKernels are the kernels of an op whose results have the dtype it
// computes in. Those that its rule never asks for are unset.
type unaryKernels struct {
	boolean unaryKernel[bool, bool]
	u8      unaryKernel[uint8, uint8]
	i32     unaryKernel[int32, int32]
	i64     unaryKernel[int64, int64]
	f32     unaryKernel[float32, float32]
	f64     unaryKernel[float64, float64]
}

func (k *unaryKernels) eval(op string, dst, x *ir.Value, compute ir.DType, result ElementType) error {
	switch compute {
	case ir.F32:
		return k.f32.eval(op, dst, x, compute, result)
	case ir.F64:
		return k.f64.eval(op, dst, x, compute, result)
	case ir.I64:
		return k.i64.eval(op, dst, x, compute, result)
	case ir.I32:
		return k.i32.eval(op, dst, x, compute, result)
	case ir.U8:
		return k.u8.eval(op, dst, x, compute, result)
	default:
		return k.boolean.eval(op, dst, x, compute, result)
	}
}

// testKernels are the kernels of an op that tells kinds of float apart.
type testKernels struct {
	f32 unaryKernel[float32, bool]
	f64 unaryKernel[float64, bool]
}

func (k *testKernels) eval(op string, dst, x *ir.Value, compute ir.DType, result ElementType) error {
	if compute == ir.F32 {
		return k.f32.eval(op, dst, x, compute, result)
	}
	return k.f64.eval(op, dst, x, compute, result)
}

// A unaryRule says what a unary op computes in and what its result is.
type unaryRule func(x ElementType) (compute ir.DType, result ElementType)

func unaryArithmetic(x ElementType) (ir.DType, ElementType) {
	e := x.toArithmetic()
	return e.DType, e
}

func unaryInexact(x ElementType) (ir.DType, ElementType) {
	e := x.toInexact()
	return e.DType, e
}

func unaryTest(x ElementType) (ir.DType, ElementType) {
	return x.toInexact().DType, ElementType{DType: ir.Bool}
}

func unaryLogical(ElementType) (ir.DType, ElementType) {
	return ir.Bool, ElementType{DType: ir.Bool}
}

type unaryEval func(op string, dst, x *ir.Value, compute ir.DType, result ElementType) error

// unaryOp declares an elementwise op of one operand.
func unaryOp(name, doc string, rule unaryRule, eval unaryEval, gradient Gradient) *Op {
	return mapRecords(1, &Op{
		Signature:   ir.Signature{Name: name, Results: 1, Params: []ir.Param{required("x", "operand")}},
		Doc:         doc,
		Elementwise: true,
		Gradient:    gradient,
		Infer: func(args []Arg) ([]ir.Type, error) {
			if err := checkNumber(name, "x", args[0].Type); err != nil {
				return nil, err
			}
			_, result := rule(elementOfType(args[0].Type))
			return inferred(name, result, args[0].Type.Shape, nil)
		},
		Eval: func(dst, args []ir.Value) error {
			x := &args[0]
			if !x.IsNumber() {
				return checkNumber(name, "x", x.Type())
			}
			compute, result := rule(elementOf(*x))
			return eval(name, &dst[0], x, compute, result)
		},
	})
}
