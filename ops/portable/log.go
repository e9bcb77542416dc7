package portable

import "math"

// log(x) = k ln 2 - log(inverse) + log(1 + r), where x = 2^k z with z in
// [11/16, 11/8), inverse is a short number near 1/z from a table and
// 1 + r = z inverse with |r| < 2^-6.9. Around 1 the inverse is 1, so that small
// logarithms keep their relative accuracy.
const (
	logOffset = 0x3fe6000000000000 // the bits of 11/16
	// ln 2 in two parts; products of the first with any exponent are exact,
	// and so are their sums with the first parts of the table.
	ln2High = 0x1.62e42fefa4p-1
	ln2Low  = -0x1.8432a1b0e2634p-43
)

// Log returns the natural logarithm of x.
func Log(x float64) float64 {
	switch {
	case x != x || x > math.MaxFloat64:
		return x
	case x < 0:
		return math.NaN()
	case x == 0:
		return math.Inf(-1)
	}
	high, low := logParts(x)
	return high + low
}

// logParts returns log(x) as high + low with a relative error below 2^-66, for
// positive finite x.
func logParts(x float64) (high, low float64) {
	k, z, entry := reduceLog(x)
	// z inverse - 1 in two exact parts: the inverse has at most 11 bits.
	zHigh := math.Float64frombits(math.Float64bits(z) &^ (1<<24 - 1))
	rHigh := float64(zHigh*entry.inverse) - 1
	rLow := float64((z - zHigh) * entry.inverse)
	r := rHigh + rLow
	rLow = (rHigh - r) + rLow
	base := float64(k*ln2High) + entry.logHigh
	baseLow := float64(k*ln2Low) + entry.logLow
	return sumLog(base, baseLow, r, rLow)
}

// sumLog returns base + baseLow + log(1 + r + rLow) in two parts, for base a
// short number or 0.
func sumLog(base, baseLow, r, rLow float64) (high, low float64) {
	half := 0.5 * r
	square := float64(r * half)
	squareLow := math.FMA(r, half, -square)
	p := float64(r*(-1.0/10)) + 1.0/9
	p = float64(p*r) - 1.0/8
	p = float64(p*r) + 1.0/7
	p = float64(p*r) - 1.0/6
	p = float64(p*r) + 1.0/5
	p = float64(p*r) - 1.0/4
	p = float64(p*r) + 1.0/3
	cube := float64(float64(float64(r*r)*r) * p)
	first, firstLow := twoSum(base, r)
	second, secondLow := twoSum(first, -square)
	low = (rLow - float64(rLow*r)) - squareLow
	low = ((low + baseLow) + (firstLow + secondLow)) + cube
	high = second + low
	return high, (second - high) + low
}

// twoSum returns a + b rounded, and what the rounding left out.
func twoSum(a, b float64) (sum, rest float64) {
	sum = a + b
	back := sum - a
	return sum, (a - (sum - back)) + (b - back)
}

// reduceLog returns x = 2^k z with z in [11/16, 11/8) and z's table entry.
func reduceLog(x float64) (k, z float64, entry *logEntry) {
	bits := math.Float64bits(x)
	var subnormal float64
	if bits < 1<<52 {
		bits = math.Float64bits(x * 0x1p52)
		subnormal = 52
	}
	offset := bits - logOffset
	k = float64(int64(offset)>>52) - subnormal
	z = math.Float64frombits(bits - offset&(0xfff<<52))
	return k, z, &logTable[offset>>45&127]
}

type logEntry struct{ inverse, logHigh, logLow float64 }

// Log1p returns log(1 + x), accurately near 0.
func Log1p(x float64) float64 {
	switch {
	case x != x || x == 0 || x > math.MaxFloat64:
		return x
	case x < -1:
		return math.NaN()
	case x == -1:
		return math.Inf(-1)
	case x > -0x1p-7 && x < 0x1p-7:
		high, low := sumLog(0, 0, x, 0)
		return high + low
	}
	u, rest := twoSum(1, x)
	high, low := logParts(u)
	return high + (low + rest/u)
}

// Log32 returns the natural logarithm of x.
func Log32(x float32) float32 {
	switch {
	case x != x || x > math.MaxFloat32:
		return x
	case x < 0:
		return float32(math.NaN())
	case x == 0:
		return float32(math.Inf(-1))
	}
	return float32(shortLog(float64(x)))
}

// shortLog returns log(x) to a relative error of 2^-36, for positive normal x.
func shortLog(x float64) float64 {
	bits := math.Float64bits(x)
	offset := bits - logOffset
	k := float64(int64(offset) >> 52)
	z := math.Float64frombits(bits - offset&(0xfff<<52))
	entry := &logTable[offset>>45&127]
	r := float64(z*entry.inverse) - 1
	p := float64(r*(1.0/5)) - 1.0/4
	p = float64(p*r) + 1.0/3
	p = float64(p*r) - 0.5
	p = r + float64(float64(r*r)*p)
	return (float64(k*math.Ln2) + entry.logHigh) + p
}

// Log1p32 returns log(1 + x), accurately near 0.
func Log1p32(x float32) float32 {
	switch {
	case x != x || x == 0 || x > math.MaxFloat32:
		return x
	case x < -1:
		return float32(math.NaN())
	case x == -1:
		return float32(math.Inf(-1))
	}
	return float32(shortLog1p(float64(x)))
}

// shortLog1p returns log(1 + x) to a relative error of 2^-32, for finite
// x > -1.
func shortLog1p(x float64) float64 {
	if x > -0x1p-11 && x < 0x1p-11 {
		p := float64(x*(1.0/3)) - 0.5
		return x + float64(float64(x*x)*p)
	}
	return shortLog(1 + x)
}
