package portable

import "math"

// NormalQuantile returns the x at which the standard normal distribution
// function is p: algorithm AS 241 (PPND16) of M. J. Wichura, "The percentage
// points of the normal distribution", Applied Statistics 37 (1988), accurate to
// about 1 part in 10^16. It gives -Inf at 0, +Inf at 1 and NaN outside.
func NormalQuantile(p float64) float64 {
	switch {
	case !(p >= 0 && p <= 1):
		return math.NaN()
	case p == 0:
		return math.Inf(-1)
	case p == 1:
		return math.Inf(1)
	}
	q := p - 0.5
	if math.Abs(q) <= centralHalfWidth {
		var x [1]float64
		centralQuantiles(x[:], []float64{q})
		return x[0]
	}
	if q < 0 {
		return -tailQuantile(p)
	}
	return tailQuantile(1 - p)
}

// NormalGroup is the largest number of quantiles that
// [CenteredNormalQuantiles] gives at a time.
const NormalGroup = 64

// CenteredNormalQuantiles sets dst[i] to the normal quantile of q[i] + 1/2,
// for -1/2 < q[i] < 1/2. Both slices have one length, at most NormalGroup.
func CenteredNormalQuantiles(dst, q []float64) {
	// Six of seven numbers are central. Treating all as such and doing the
	// others again keeps the loops free of branches that nothing predicts.
	centralQuantiles(dst, q)
	var tails [NormalGroup]uint8
	count := 0
	for i, x := range q {
		tails[count&(NormalGroup-1)] = uint8(i)
		if math.Float64bits(math.Abs(x)) > centralBits {
			count++
		}
	}
	for _, i := range tails[:count] {
		dst[i] = math.Copysign(tailQuantile(0.5-math.Abs(q[i])), q[i])
	}
}

const centralHalfWidth = 0.425

var centralBits = math.Float64bits(centralHalfWidth)

// centralQuantiles is a rational approximation for |x| <= 0.425. Its polynomials
// are split in halves of halves (Estrin's scheme), of which a processor does
// several at a time; all terms are positive, so that costs no accuracy.
func centralQuantiles(dst, q []float64) {
	dst = dst[:len(q)]
	done := centralVectors(dst, q)
	dst, q = dst[done:], q[done:]
	for i, x := range q {
		r := 0.180625 - float64(x*x)
		r2 := float64(r * r)
		r4 := float64(r2 * r2)
		n0 := 3.3871328727963666080e+0 + float64(1.3314166789178437745e+2*r)
		n1 := 1.9715909503065514427e+3 + float64(1.3731693765509461125e+4*r)
		n2 := 4.5921953931549871457e+4 + float64(6.7265770927008700853e+4*r)
		n3 := 3.3430575583588128105e+4 + float64(2.5090809287301226727e+3*r)
		n := (n0 + float64(n1*r2)) + float64(r4*(n2+float64(n3*r2)))
		d0 := 1 + float64(4.2313330701600911252e+1*r)
		d1 := 6.8718700749205790830e+2 + float64(5.3941960214247511077e+3*r)
		d2 := 2.1213794301586595867e+4 + float64(3.9307895800092710610e+4*r)
		d3 := 2.8729085735721942674e+4 + float64(5.2264952788528545610e+3*r)
		d := (d0 + float64(d1*r2)) + float64(r4*(d2+float64(d3*r2)))
		dst[i] = float64(x*n) / d
	}
}

// tailQuantile is the quantile's magnitude for the probability p < 0.075 of the
// nearer tail.
func tailQuantile(p float64) float64 {
	r := math.Sqrt(-tailLog(p))
	if r > 5 {
		return farTailQuantile(r - 5)
	}
	r -= 1.6
	r2 := float64(r * r)
	r4 := float64(r2 * r2)
	n0 := 1.42343711074968357734e+0 + float64(4.63033784615654529590e+0*r)
	n1 := 5.76949722146069140550e+0 + float64(3.64784832476320460504e+0*r)
	n2 := 1.27045825245236838258e+0 + float64(2.41780725177450611770e-1*r)
	n3 := 2.27238449892691845833e-2 + float64(7.74545014278341407640e-4*r)
	n := (n0 + float64(n1*r2)) + float64(r4*(n2+float64(n3*r2)))
	d0 := 1 + float64(2.05319162663775882187e+0*r)
	d1 := 1.67638483018380384940e+0 + float64(6.89767334985100004550e-1*r)
	d2 := 1.48103976427480074590e-1 + float64(1.51986665636164571966e-2*r)
	d3 := 5.47593808499534494600e-4 + float64(1.05075007164441684324e-9*r)
	d := (d0 + float64(d1*r2)) + float64(r4*(d2+float64(d3*r2)))
	return n / d
}

// tailLog is the logarithm for 0 < p < 0.075. It is good to an absolute error
// of 2^-52, which is enough for a result below -2.5, and faster than Log.
func tailLog(p float64) float64 {
	k, z, entry := reduceLog(p)
	r := float64(z*entry.inverse) - 1
	r2 := float64(r * r)
	high := float64(r*(1.0/3)) - 0.5
	low := float64(r*(1.0/5)) - 1.0/4
	last := float64(r*(1.0/7)) - 1.0/6
	series := r + float64(r2*(high+float64(r2*(low+float64(r2*last)))))
	return (float64(k*ln2High) + entry.logHigh) + (series + (float64(k*ln2Low) + entry.logLow))
}

// farTailQuantile is for p < e^-25.
func farTailQuantile(r float64) float64 {
	n := 2.01033439929228813265e-7
	n = float64(n*r) + 2.71155556874348757815e-5
	n = float64(n*r) + 1.24266094738807843860e-3
	n = float64(n*r) + 2.65321895265761230930e-2
	n = float64(n*r) + 2.96560571828504891230e-1
	n = float64(n*r) + 1.78482653991729133580e+0
	n = float64(n*r) + 5.46378491116411436990e+0
	n = float64(n*r) + 6.65790464350110377720e+0
	d := 2.04426310338993978564e-15
	d = float64(d*r) + 1.42151175831644588870e-7
	d = float64(d*r) + 1.84631831751005468180e-5
	d = float64(d*r) + 7.86869131145613259100e-4
	d = float64(d*r) + 1.48753612908506148525e-2
	d = float64(d*r) + 1.36929880922735805310e-1
	d = float64(d*r) + 5.99832206555887937690e-1
	d = float64(d*r) + 1
	return n / d
}
