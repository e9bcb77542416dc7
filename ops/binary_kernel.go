package ops

import (
	"fmt"
	"math"

	"flowc.dev/flowc/ir"
)

// A binaryKernel computes an elementwise op of two operands for one dtype, along
// runs on which each operand moves (v) or stands still (s).
type binaryKernel[T, R ir.Element] struct {
	scalar func(a, b T) R
	vv     func(dst []R, a, b []T)
	vs     func(dst []R, a []T, b T)
	sv     func(dst []R, a T, b []T)
	// refuse, when not nil, reports why b is no second operand, "" if it is.
	refuse func(b T) string
}

// eval sets *dst to the op of a and b, which it converts to the dtype of T.
func (k *binaryKernel[T, R]) eval(op string, dst, a, b *ir.Value, compute ir.DType, result ElementType) error {
	if a.IsScalar() && b.IsScalar() {
		x, y := scalarAs[T](*a), scalarAs[T](*b)
		if err := k.check(op, y); err != nil {
			return err
		}
		*dst = scalarOf(k.scalar(x, y)).AsWeak(result.Weak)
		return nil
	}
	var buf extents
	shape, err := broadcastShape(op, &buf, a.Shape(), b.Shape())
	if err != nil {
		return err
	}
	out, err := output(dst, result.DType, shape)
	if err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	if out.Size() > 0 {
		if err := k.fill(op, ir.Data[R](out), shape, a, b, compute); err != nil {
			return err
		}
	}
	finish(dst, out, result.Weak)
	return nil
}

func (k *binaryKernel[T, R]) fill(op string, dst []R, shape []int, a, b *ir.Value, compute ir.DType) error {
	if b.IsScalar() {
		y := scalarAs[T](*b)
		if err := k.check(op, y); err != nil {
			return err
		}
		ta, err := operandAs(*a, compute)
		if err != nil {
			return fmt.Errorf("%s: %w", op, err)
		}
		k.vs(dst, ir.Data[T](ta), y)
		freeOperand(ta, *a)
		return nil
	}
	tb, err := operandAs(*b, compute)
	if err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	defer freeOperand(tb, *b)
	y := ir.Data[T](tb)
	if k.refuse != nil {
		for i := range y {
			if err := k.check(op, y[i]); err != nil {
				return err
			}
		}
	}
	if a.IsScalar() {
		k.sv(dst, scalarAs[T](*a), y)
		return nil
	}
	ta, err := operandAs(*a, compute)
	if err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	k.broadcast(dst, shape, ta, tb)
	freeOperand(ta, *a)
	return nil
}

func (k *binaryKernel[T, R]) check(op string, b T) error {
	if k.refuse == nil {
		return nil
	}
	if why := k.refuse(b); why != "" {
		return fmt.Errorf("%s: %s", op, why)
	}
	return nil
}

// broadcast computes the op for two tensors that broadcast to shape.
func (k *binaryKernel[T, R]) broadcast(dst []R, shape []int, a, b *ir.Tensor) {
	x, y := ir.Data[T](a), ir.Data[T](b)
	if len(x) == len(dst) && len(y) == len(dst) {
		k.vv(dst, x, y)
		return
	}
	var w walk
	w.start(shape, a.Shape(), b.Shape(), nil)
	n := w.run()
	for at := 0; ; at += n {
		i, j := w.offset[0], w.offset[1]
		switch {
		case !w.moves(1):
			k.vs(dst[at:at+n], x[i:i+n], y[j])
		case !w.moves(0):
			k.sv(dst[at:at+n], x[i], y[j:j+n])
		default:
			k.vv(dst[at:at+n], x[i:i+n], y[j:j+n])
		}
		if !w.next() {
			return
		}
	}
}

// eachPair returns the kernel that calls f for every pair of elements.
func eachPair[T, R ir.Element](f func(a, b T) R) binaryKernel[T, R] {
	return binaryKernel[T, R]{
		scalar: f,
		vv: func(dst []R, a, b []T) {
			a, b = a[:len(dst)], b[:len(dst)]
			for i := range dst {
				dst[i] = f(a[i], b[i])
			}
		},
		vs: func(dst []R, a []T, b T) {
			a = a[:len(dst)]
			for i := range dst {
				dst[i] = f(a[i], b)
			}
		},
		sv: func(dst []R, a T, b []T) {
			b = b[:len(dst)]
			for i := range dst {
				dst[i] = f(a, b[i])
			}
		},
	}
}

// binaryKernels are the kernels of an op whose results have the dtype it
// computes in. Those that its rule never asks for are unset.
type binaryKernels struct {
	boolean binaryKernel[bool, bool]
	u8      binaryKernel[uint8, uint8]
	i32     binaryKernel[int32, int32]
	i64     binaryKernel[int64, int64]
	f32     binaryKernel[float32, float32]
	f64     binaryKernel[float64, float64]
}

func (k *binaryKernels) eval(op string, dst, a, b *ir.Value, compute ir.DType, result ElementType) error {
	// Scalars of the common dtypes take the short way.
	scalars := a.IsScalar() && b.IsScalar()
	switch compute {
	case ir.F32:
		if scalars {
			*dst = ir.Float32(k.f32.scalar(float32Of(a), float32Of(b)))
			return nil
		}
		return k.f32.eval(op, dst, a, b, compute, result)
	case ir.F64:
		if scalars {
			*dst = ir.Float(k.f64.scalar(a.Float64(), b.Float64())).AsWeak(result.Weak)
			return nil
		}
		return k.f64.eval(op, dst, a, b, compute, result)
	case ir.I64:
		if scalars && k.i64.refuse == nil {
			*dst = ir.Int(k.i64.scalar(a.Int64(), b.Int64())).AsWeak(result.Weak)
			return nil
		}
		return k.i64.eval(op, dst, a, b, compute, result)
	case ir.I32:
		return k.i32.eval(op, dst, a, b, compute, result)
	case ir.U8:
		return k.u8.eval(op, dst, a, b, compute, result)
	default:
		return k.boolean.eval(op, dst, a, b, compute, result)
	}
}

// float32Of is scalarAs for the dtype that training mostly has.
func float32Of(v *ir.Value) float32 {
	if v.DType() == ir.F32 {
		return math.Float32frombits(uint32(v.Bits()))
	}
	return scalarAs[float32](*v)
}

// predicateKernels are the kernels of a comparison. Bools are compared as u8.
type predicateKernels struct {
	u8  binaryKernel[uint8, bool]
	i32 binaryKernel[int32, bool]
	i64 binaryKernel[int64, bool]
	f32 binaryKernel[float32, bool]
	f64 binaryKernel[float64, bool]
}

func (k *predicateKernels) eval(op string, dst, a, b *ir.Value, compute ir.DType, result ElementType) error {
	scalars := a.IsScalar() && b.IsScalar()
	switch compute {
	case ir.F32:
		if scalars {
			*dst = ir.BoolValue(k.f32.scalar(float32Of(a), float32Of(b)))
			return nil
		}
		return k.f32.eval(op, dst, a, b, compute, result)
	case ir.F64:
		if scalars {
			*dst = ir.BoolValue(k.f64.scalar(a.Float64(), b.Float64()))
			return nil
		}
		return k.f64.eval(op, dst, a, b, compute, result)
	case ir.I64:
		if scalars {
			*dst = ir.BoolValue(k.i64.scalar(a.Int64(), b.Int64()))
			return nil
		}
		return k.i64.eval(op, dst, a, b, compute, result)
	case ir.I32:
		return k.i32.eval(op, dst, a, b, compute, result)
	default:
		return k.u8.eval(op, dst, a, b, compute, result)
	}
}
