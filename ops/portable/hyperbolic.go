package portable

import "math"

// Tanh returns the hyperbolic tangent of x.
func Tanh(x float64) float64 {
	a := math.Abs(x)
	switch {
	case x != x || x == 0:
		return x
	case a < 0.25:
		square := float64(x * x)
		p := tanhCoefficients[0]
		for _, c := range tanhCoefficients[1:] {
			p = float64(p*square) + c
		}
		return x + float64(float64(square*x)*p)
	case a < 0.5:
		t := Expm1(2 * a)
		a = t / (t + 2)
	case a < 22:
		a = 1 - 2/(Exp(2*a)+1)
	default:
		a = 1
	}
	return math.Copysign(a, x)
}

// tanhCoefficients are those of x^23 down to x^3 in the Taylor series of tanh.
var tanhCoefficients = [...]float64{
	-113927491862.0 / 2900518163668125,
	18888466084.0 / 194896477400625,
	-443861162.0 / 1856156927625,
	6404582.0 / 10854718875,
	-929569.0 / 638512875,
	21844.0 / 6081075,
	-1382.0 / 155925,
	62.0 / 2835,
	-17.0 / 315,
	2.0 / 15,
	-1.0 / 3,
}

// Sigmoid returns 1 / (1 + e**-x).
func Sigmoid(x float64) float64 {
	if x >= 0 {
		return 1 / (1 + Exp(-x))
	}
	e := Exp(x)
	return e / (1 + e)
}

// Softplus returns log(1 + e**x).
func Softplus(x float64) float64 {
	if x > 0 {
		return x + Log1p(Exp(-x))
	}
	return Log1p(Exp(x))
}

// Tanh32 returns the hyperbolic tangent of x.
func Tanh32(x float32) float32 {
	if x > -0.03 && x < 0.03 {
		return float32(tanhNear0(float64(x)))
	}
	e := shortExp(clamp(2*x, -20, 20))
	return float32((e - 1) / (e + 1))
}

// tanhNear0 sums the Taylor series, for |x| < 0.03.
func tanhNear0(x float64) float64 {
	square := float64(x * x)
	p := float64(square*(2.0/15)) - 1.0/3
	return x * (1 + float64(square*p))
}

// Sigmoid32 returns 1 / (1 + e**-x).
func Sigmoid32(x float32) float32 { return float32(1 / (1 + shortExp(-clamp(x, -110, 40)))) }

// Softplus32 returns log(1 + e**x).
func Softplus32(x float32) float32 {
	e := shortExp(clamp(-max(x, -x), -110, 0))
	return float32(max(float64(x), 0) + shortLog1p(e))
}
