package ops

import (
	"math"

	"flowc.dev/flowc/ops/portable"
)

// Floored division and powers, the ops on numbers that are no single
// instruction. The quotient and remainder of floats follow NumPy: the remainder
// is exact up to one addition and has the sign of the divisor.

func floorDivideInteger[T integer](a, b T) T {
	q := a / b
	if a%b != 0 && (a < 0) != (b < 0) {
		q--
	}
	return q
}

func remainderInteger[T integer](a, b T) T {
	r := a % b
	if r != 0 && (r < 0) != (b < 0) {
		r += b
	}
	return r
}

func floorDivide(a, b float64) float64 {
	if b == 0 {
		return a / b
	}
	r := math.Mod(a, b)
	q := (a - r) / b
	if r != 0 && (r < 0) != (b < 0) {
		q--
	}
	if q == 0 {
		return math.Copysign(0, a/b)
	}
	floor := math.Floor(q)
	if q-floor > 0.5 {
		floor++
	}
	return floor
}

func remainder(a, b float64) float64 {
	r := math.Mod(a, b)
	if r == 0 {
		return math.Copysign(0, b)
	}
	if (r < 0) != (b < 0) {
		r += b
	}
	return r
}

// powerInteger multiplies by squaring; products wrap. b is not negative.
func powerInteger[T integer](a, b T) T {
	power := T(1)
	for ; b > 0; b >>= 1 {
		if b&1 != 0 {
			power *= a
		}
		a *= a
	}
	return power
}

func refuseZero[T integer](b T) string {
	if b == 0 {
		return "integer division by zero: cast an operand to a float, or keep the divisor from being 0"
	}
	return ""
}

func refuseNegative[T integer](b T) string {
	if b < 0 {
		return "an integer to a negative power: write the base or the exponent as a float"
	}
	return ""
}

func integerKernel[T integer](f func(a, b T) T, refuse func(b T) string) binaryKernel[T, T] {
	k := eachPair(f)
	k.refuse = refuse
	return k
}

// inFloat64 computes in float64 and rounds once.
func inFloat64(f func(a, b float64) float64) func(a, b float32) float32 {
	return func(a, b float32) float32 { return float32(f(float64(a), float64(b))) }
}

var (
	floorDivideKernels = binaryKernels{
		u8:  integerKernel(floorDivideInteger[uint8], refuseZero[uint8]),
		i32: integerKernel(floorDivideInteger[int32], refuseZero[int32]),
		i64: integerKernel(floorDivideInteger[int64], refuseZero[int64]),
		f32: eachPair(inFloat64(floorDivide)),
		f64: eachPair(floorDivide),
	}
	remainderKernels = binaryKernels{
		u8:  integerKernel(remainderInteger[uint8], refuseZero[uint8]),
		i32: integerKernel(remainderInteger[int32], refuseZero[int32]),
		i64: integerKernel(remainderInteger[int64], refuseZero[int64]),
		f32: eachPair(inFloat64(remainder)),
		f64: eachPair(remainder),
	}
	powerKernels = binaryKernels{
		u8:  integerKernel(powerInteger[uint8], refuseNegative[uint8]),
		i32: integerKernel(powerInteger[int32], refuseNegative[int32]),
		i64: integerKernel(powerInteger[int64], refuseNegative[int64]),
		f32: eachPair(portable.Pow32),
		f64: eachPair(portable.Pow),
	}
)
