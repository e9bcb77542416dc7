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
	if x != x || x == 0 {
		return x
	}
	a := math.Abs(float64(x))
	if a > 10 {
		a = 1
	} else {
		t := shortExpm1(2 * a)
		a = t / (t + 2)
	}
	return float32(math.Copysign(a, float64(x)))
}

// Sigmoid32 returns 1 / (1 + e**-x).
func Sigmoid32(x float32) float32 {
	switch {
	case x != x:
		return x
	case x > 18:
		return 1
	case x < -104:
		return 0
	}
	return float32(1 / (1 + shortExp(-float64(x))))
}

// Softplus32 returns log(1 + e**x).
func Softplus32(x float32) float32 {
	switch {
	case x != x || x > 40:
		return x
	case x < -104:
		return 0
	}
	positive := math.Max(float64(x), 0)
	return float32(positive + shortLog1p(shortExp(-math.Abs(float64(x)))))
}
