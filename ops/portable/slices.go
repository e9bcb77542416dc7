package portable

import "math"

// The functions of slices give, for each element of x, what the function of one
// number gives, into dst, which is as long. They are faster: without a call for
// each element, the processor works on several at once.

// Exp32s computes Exp32 of each element.
func Exp32s(dst, x []float32) {
	x = x[:len(dst)]
	for i := range dst {
		dst[i] = float32(shortExp(clamp(x[i], -104, 89)))
	}
}

// Tanh32s computes Tanh32 of each element.
func Tanh32s(dst, x []float32) {
	x = x[:len(dst)]
	for i := range dst {
		v := x[i]
		if v > -0.03 && v < 0.03 {
			dst[i] = float32(tanhNear0(float64(v)))
			continue
		}
		e := shortExp(clamp(2*v, -20, 20))
		dst[i] = float32((e - 1) / (e + 1))
	}
}

// Sigmoid32s computes Sigmoid32 of each element.
func Sigmoid32s(dst, x []float32) {
	x = x[:len(dst)]
	for i := range dst {
		dst[i] = float32(1 / (1 + shortExp(-clamp(x[i], -110, 40))))
	}
}

// Softplus32s computes Softplus32 of each element.
func Softplus32s(dst, x []float32) {
	// In two loops, the steps of an exponential and of a logarithm, which need
	// each other's results, wait for those of other elements instead.
	var exps [64]float64
	for len(dst) > 0 {
		n := min(len(dst), len(exps))
		for i, v := range x[:n] {
			exps[i] = shortExp(clamp(-max(v, -v), -110, 0))
		}
		for i, v := range x[:n] {
			dst[i] = float32(max(float64(v), 0) + shortLog1p(exps[i]))
		}
		dst, x = dst[n:], x[n:]
	}
}

// Log32s computes Log32 of each element.
func Log32s(dst, x []float32) {
	x = x[:len(dst)]
	for i := range dst {
		v := x[i]
		if !(v > 0 && v <= math.MaxFloat32) {
			dst[i] = Log32(v)
			continue
		}
		dst[i] = float32(shortLog(float64(v)))
	}
}
