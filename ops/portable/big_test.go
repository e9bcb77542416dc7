package portable

import (
	"math"
	"math/big"
)

// The reference functions calculate with 200 bits by plain series.
const bits = 200

func bigFloat(x float64) *big.Float { return new(big.Float).SetPrec(bits).SetFloat64(x) }

func op(f func(z, x, y *big.Float) *big.Float, x, y *big.Float) *big.Float {
	return f(new(big.Float).SetPrec(bits), x, y)
}

func add(x, y *big.Float) *big.Float { return op((*big.Float).Add, x, y) }
func sub(x, y *big.Float) *big.Float { return op((*big.Float).Sub, x, y) }
func mul(x, y *big.Float) *big.Float { return op((*big.Float).Mul, x, y) }
func quo(x, y *big.Float) *big.Float { return op((*big.Float).Quo, x, y) }

func bigExp(x *big.Float) *big.Float {
	if x.Sign() < 0 {
		return quo(bigFloat(1), bigExp(new(big.Float).Neg(x)))
	}
	return add(bigExpm1(x), bigFloat(1))
}

// bigExpm1 returns e**x - 1 by the Taylor series of x/2^20 and 20 squarings.
func bigExpm1(x *big.Float) *big.Float {
	const halvings = 20
	r := new(big.Float).SetPrec(bits).SetMantExp(x, -halvings)
	sum, term := bigFloat(0), bigFloat(1)
	for n := 1; n < 25; n++ {
		term = quo(mul(term, r), bigFloat(float64(n)))
		sum = add(sum, term)
	}
	for range halvings { // (1+s)^2 - 1 = s (2 + s)
		sum = mul(sum, add(sum, bigFloat(2)))
	}
	return sum
}

// bigLog1p returns log(1 + x) as 2 atanh(x / (2 + x)) after square roots have
// brought 1 + x near 1.
func bigLog1p(x *big.Float) *big.Float {
	factor := 2.0
	for m, _ := x.Float64(); m > 0.01 || m < -0.01; m, _ = x.Float64() {
		root := new(big.Float).SetPrec(bits).Sqrt(add(x, bigFloat(1)))
		x = quo(x, add(root, bigFloat(1))) // sqrt(1+x) - 1 without cancellation
		factor *= 2
	}
	s := quo(x, add(x, bigFloat(2)))
	square, sum, power := mul(s, s), bigFloat(0), s
	for n := 1; n < 60; n += 2 {
		sum = add(sum, quo(power, bigFloat(float64(n))))
		power = mul(power, square)
	}
	return mul(sum, bigFloat(factor))
}

func bigLog(x *big.Float) *big.Float {
	m := new(big.Float).SetPrec(bits)
	e := x.MantExp(m)
	if e == 0 || e == 1 {
		return bigLog1p(sub(x, bigFloat(1)))
	}
	return add(bigLog1p(sub(m, bigFloat(1))), mul(bigFloat(float64(e)), bigLog1p(bigFloat(1))))
}

func bigTanh(x *big.Float) *big.Float {
	t := bigExpm1(mul(x, bigFloat(2)))
	return quo(t, add(t, bigFloat(2)))
}

func bigSigmoid(x *big.Float) *big.Float {
	e := bigExp(x)
	return quo(e, add(e, bigFloat(1)))
}

func bigSoftplus(x *big.Float) *big.Float { return bigLog1p(bigExp(x)) }

// ulps64 returns the distance of got from want in units in the last place of
// the float64 nearest want.
func ulps64(got float64, want *big.Float) float64 {
	nearest, _ := want.Float64()
	return ulps(got, want, ulpOf(nearest, -1074, 52))
}

// ulps32 is ulps64 for float32.
func ulps32(got float32, want *big.Float) float64 {
	nearest, _ := want.Float32()
	return ulps(float64(got), want, ulpOf(float64(nearest), -149, 23))
}

func ulpOf(x float64, least, mantissa int) float64 {
	if x == 0 {
		return math.Ldexp(1, least)
	}
	_, e := math.Frexp(x)
	return math.Ldexp(1, max(e-1-mantissa, least))
}

func ulps(got float64, want *big.Float, ulp float64) float64 {
	if math.IsInf(got, 0) || got != got {
		return math.Inf(1)
	}
	d := sub(bigFloat(got), want)
	distance, _ := quo(d, bigFloat(ulp)).Float64()
	return math.Abs(distance)
}
