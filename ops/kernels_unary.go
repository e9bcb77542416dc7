package ops

import (
	"math"

	"flowc.dev/flowc/ops/portable"
)

func negativeV[T number](dst, x []T) {
	x = x[:len(dst)]
	for i := range dst {
		dst[i] = -x[i]
	}
}

func squareV[T number](dst, x []T) {
	x = x[:len(dst)]
	for i := range dst {
		dst[i] = x[i] * x[i]
	}
}

func reluV[T number](dst, x []T) {
	x = x[:len(dst)]
	for i := range dst {
		dst[i] = max(x[i], 0)
	}
}

func absV[T float](dst, x []T) {
	x = x[:len(dst)]
	for i := range dst {
		dst[i] = T(math.Abs(float64(x[i])))
	}
}

func sqrtV[T float](dst, x []T) {
	x = x[:len(dst)]
	for i := range dst {
		dst[i] = T(math.Sqrt(float64(x[i])))
	}
}

func reciprocalV[T float](dst, x []T) {
	x = x[:len(dst)]
	for i := range dst {
		dst[i] = 1 / x[i]
	}
}

func negativeKernel[T number]() unaryKernel[T, T] {
	return unaryKernel[T, T]{func(x T) T { return -x }, negativeV[T]}
}

func squareKernel[T number]() unaryKernel[T, T] {
	return unaryKernel[T, T]{func(x T) T { return x * x }, squareV[T]}
}

func reluKernel[T number]() unaryKernel[T, T] {
	return unaryKernel[T, T]{func(x T) T { return max(x, 0) }, reluV[T]}
}

func absKernel[T float]() unaryKernel[T, T] {
	return unaryKernel[T, T]{func(x T) T { return T(math.Abs(float64(x))) }, absV[T]}
}

func sqrtKernel[T float]() unaryKernel[T, T] {
	return unaryKernel[T, T]{func(x T) T { return T(math.Sqrt(float64(x))) }, sqrtV[T]}
}

func reciprocalKernel[T float]() unaryKernel[T, T] {
	return unaryKernel[T, T]{func(x T) T { return 1 / x }, reciprocalV[T]}
}

func absInteger[T integer](x T) T {
	if x < 0 {
		return -x
	}
	return x
}

// sign keeps zeros, their signs included, and NaNs.
func sign[T number](x T) T {
	switch {
	case x > 0:
		return 1
	case x < 0:
		one := T(1)
		return -one
	}
	return x
}

func identity[T integer](x T) T { return x }

func floatKernels(f32 func(float32) float32, f64 func(float64) float64) unaryKernels {
	return unaryKernels{f32: each(f32), f64: each(f64)}
}

// withSlices is floatKernels for functions that package portable has for slices
// of float32 too.
func withSlices(f32 func(float32) float32, f32s func(dst, x []float32), f64 func(float64) float64) unaryKernels {
	return unaryKernels{f32: unaryKernel[float32, float32]{f32, f32s}, f64: each(f64)}
}

// roundingKernels leave integers alone.
func roundingKernels(f func(float64) float64) unaryKernels {
	k := floatKernels(func(x float32) float32 { return float32(f(float64(x))) }, f)
	k.u8, k.i32, k.i64 = each(identity[uint8]), each(identity[int32]), each(identity[int64])
	return k
}

var (
	negativeKernels = unaryKernels{u8: negativeKernel[uint8](), i32: negativeKernel[int32](), i64: negativeKernel[int64](),
		f32: negativeKernel[float32](), f64: negativeKernel[float64]()}
	squareKernels = unaryKernels{u8: squareKernel[uint8](), i32: squareKernel[int32](), i64: squareKernel[int64](),
		f32: squareKernel[float32](), f64: squareKernel[float64]()}
	reluKernels = unaryKernels{u8: reluKernel[uint8](), i32: reluKernel[int32](), i64: reluKernel[int64](),
		f32: reluKernel[float32](), f64: reluKernel[float64]()}
	absKernels = unaryKernels{u8: each(identity[uint8]), i32: each(absInteger[int32]), i64: each(absInteger[int64]),
		f32: absKernel[float32](), f64: absKernel[float64]()}
	signKernels = unaryKernels{u8: each(sign[uint8]), i32: each(sign[int32]), i64: each(sign[int64]),
		f32: each(sign[float32]), f64: each(sign[float64])}
	sqrtKernels       = unaryKernels{f32: sqrtKernel[float32](), f64: sqrtKernel[float64]()}
	reciprocalKernels = unaryKernels{f32: reciprocalKernel[float32](), f64: reciprocalKernel[float64]()}
	floorKernels      = roundingKernels(math.Floor)
	ceilKernels       = roundingKernels(math.Ceil)
	expKernels        = withSlices(portable.Exp32, portable.Exp32s, portable.Exp)
	expm1Kernels      = floatKernels(portable.Expm132, portable.Expm1)
	logKernels        = withSlices(portable.Log32, portable.Log32s, portable.Log)
	log1pKernels      = floatKernels(portable.Log1p32, portable.Log1p)
	tanhKernels       = withSlices(portable.Tanh32, portable.Tanh32s, portable.Tanh)
	sigmoidKernels    = withSlices(portable.Sigmoid32, portable.Sigmoid32s, portable.Sigmoid)
	softplusKernels   = withSlices(portable.Softplus32, portable.Softplus32s, portable.Softplus)
)
