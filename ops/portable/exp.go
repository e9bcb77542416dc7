package portable

import "math"

// expBits holds the bits of expTable's first parts with j/128, in units of the
// exponent, subtracted: adding k/128 in those units gives 2^(k/128).
var expBits = func() (bits [128]uint64) {
	for j := range bits {
		bits[j] = math.Float64bits(expTable[j][0]) - uint64(j)<<45
	}
	return bits
}()

// exp(x) = 2^(k/128) exp(r) with k = round(128 x / ln 2), |r| <= ln 2 / 256.
const (
	expPerLn2 = 128 / math.Ln2
	// ln 2 / 128 in two parts; products of the first with any k are exact.
	expStepHigh = 0x1.62e42fefp-8
	expStepLow  = 0x1.473de6af278edp-41
	// Adding and subtracting shifter rounds to a whole number, which is then
	// in the low bits of the sum.
	shifter = 0x1.8p52
)

// Arguments beyond these give infinity and zero.
const (
	expLargest  = 709.782712893384
	expSmallest = -745.1332191019412
)

// Exp returns e**x.
func Exp(x float64) float64 {
	switch {
	case x != x:
		return x
	case x > expLargest:
		return math.Inf(1)
	case x < expSmallest:
		return 0
	}
	m, high, low := expParts(x, 0)
	return scale(high+low, m)
}

// expParts returns exp(x + low) as 2^m (high + rest) with high in [1, 2) and
// rest much smaller; low is much smaller than x.
func expParts(x, low float64) (m int, high, rest float64) {
	shifted := float64(x*expPerLn2) + shifter
	k := shifted - shifter
	n := int32(int64(math.Float64bits(shifted)))
	r := (x - float64(k*expStepHigh)) - float64(k*expStepLow)
	r += low
	p := float64(r*(1.0/120)) + 1.0/24
	p = float64(p*r) + 1.0/6
	p = float64(p*r) + 0.5
	p = r + float64(float64(r*r)*p)
	t := &expTable[n&127]
	return int(n >> 7), t[0], t[1] + float64(t[0]*p)
}

// scale returns y 2^m for y in [0.5, 4), rounding once more where the result is
// subnormal.
func scale(y float64, m int) float64 {
	switch {
	case m > 1000:
		return float64(y*0x1p1000) * math.Float64frombits(uint64(m-1000+1023)<<52)
	case m < -1000:
		return float64(y*math.Float64frombits(uint64(m+100+1023)<<52)) * 0x1p-100
	}
	return y * math.Float64frombits(uint64(m+1023)<<52)
}

// Expm1 returns e**x - 1, accurately near 0.
func Expm1(x float64) float64 {
	switch {
	case x != x || x == 0:
		return x
	case x > 50:
		return Exp(x)
	case x < -50:
		return -1
	case x > -0.25 && x < 0.25:
		return expm1Near0(x)
	}
	m, high, rest := expParts(x, 0)
	factor := math.Float64frombits(uint64(m+1023) << 52)
	high, rest = float64(high*factor), float64(rest*factor)
	// The difference high - 1 and what it rounds away.
	d := high - 1
	back := d + 1
	lost := (high - back) + ((back - d) - 1)
	return d + (lost + rest)
}

// expm1Near0 sums the Taylor series, for |x| < 1/4.
func expm1Near0(x float64) float64 {
	p := 1.0 / 6227020800 // 13!
	for _, c := range expm1Coefficients {
		p = float64(p*x) + c
	}
	square := float64(x * x)
	return x + (float64(0.5*square) + float64(float64(square*x)*p))
}

var expm1Coefficients = [...]float64{
	1.0 / 479001600, 1.0 / 39916800, 1.0 / 3628800, 1.0 / 362880, 1.0 / 40320,
	1.0 / 5040, 1.0 / 720, 1.0 / 120, 1.0 / 24, 1.0 / 6,
}

// Exp32 returns e**x.
func Exp32(x float32) float32 { return float32(shortExp(clamp(x, -104, 89))) }

// clamp returns x, or the bound it is beyond, where a function has reached its
// limit in float32. NaN stays.
func clamp(x, low, high float32) float64 { return float64(min(max(x, low), high)) }

// shortExp returns e**x to a relative error of 2^-37, for |x| <= 700 and NaN. It
// is short enough to be inlined.
func shortExp(x float64) float64 {
	shifted := float64(x*expPerLn2) + shifter
	r := x - float64((shifted-shifter)*(math.Ln2/128))
	p := float64(float64(r*r)*(float64(r*(1.0/6))+0.5)) + r
	n := math.Float64bits(shifted)
	s := math.Float64frombits(expBits[n&127] + n<<45)
	return float64(s*p) + s
}

// Expm132 returns e**x - 1, accurately near 0.
func Expm132(x float32) float32 {
	switch {
	case x != x || x == 0:
		return x
	case x > 89:
		return float32(math.Inf(1))
	case x < -20:
		return -1
	}
	return float32(shortExpm1(float64(x)))
}

// shortExpm1 returns e**x - 1 to a relative error of 2^-32, for |x| <= 700.
func shortExpm1(x float64) float64 {
	if x > -0.0625 && x < 0.0625 {
		p := float64(x*(1.0/5040)) + 1.0/720
		p = float64(p*x) + 1.0/120
		p = float64(p*x) + 1.0/24
		p = float64(p*x) + 1.0/6
		p = float64(p*x) + 0.5
		return x + float64(float64(x*x)*p)
	}
	return shortExp(x) - 1
}
