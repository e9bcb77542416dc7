package portable

import "math"

// Pow returns x**y, with the special cases of C's pow. Exponents 0, 1, 2, -1
// and 0.5 give exactly rounded results.
func Pow(x, y float64) float64 {
	if z, ok := specialPow(x, y); ok {
		return z
	}
	a := math.Abs(x)
	var z float64
	high, low := logParts(a)
	product := float64(y * high)
	switch {
	case product > 710:
		z = math.Inf(1)
	case product < -746:
		z = 0
	default:
		low = math.FMA(y, high, -product) + float64(y*low)
		m, h, rest := expParts(product, low)
		z = scale(h+rest, m)
	}
	if x < 0 && odd(y) {
		z = -z
	}
	return z
}

// Pow32 returns x**y, with the special cases of C's pow.
func Pow32(x, y float32) float32 {
	if z, ok := specialPow(float64(x), float64(y)); ok {
		return float32(z)
	}
	z := Exp(float64(y) * Log(math.Abs(float64(x))))
	if x < 0 && odd(float64(y)) {
		z = -z
	}
	return float32(z)
}

// specialPow returns x**y and true where the general algorithm does not apply
// or a single operation is exact.
func specialPow(x, y float64) (float64, bool) {
	switch {
	case y == 0 || x == 1:
		return 1, true
	case x != x || y != y:
		return math.NaN(), true
	case y == 1:
		return x, true
	case y == 2:
		return x * x, true
	case y == -1:
		return 1 / x, true
	case math.IsInf(y, 0):
		switch a := math.Abs(x); {
		case a == 1:
			return 1, true
		case (a > 1) == (y > 0):
			return math.Inf(1), true
		}
		return 0, true
	case x == 0 || math.IsInf(x, 0):
		z := 0.0
		if (x == 0) == (y < 0) {
			z = math.Inf(1)
		}
		if odd(y) {
			z = math.Copysign(z, x)
		}
		return z, true
	case y == 0.5 && x > 0:
		return math.Sqrt(x), true
	case x < 0 && y != math.Trunc(y):
		return math.NaN(), true
	}
	return 0, false
}

// odd reports whether y is an odd whole number.
func odd(y float64) bool { return math.Abs(y) < 0x1p53 && math.Mod(y, 2) != 0 && y == math.Trunc(y) }
