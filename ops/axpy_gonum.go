//go:build amd64 && !noasm && !gccgo && !safe

package ops

import blas "gonum.org/v1/gonum/blas/gonum"

// On amd64 gonum's unit-stride axpy is SSE code that multiplies and then adds,
// without fused operations, so it gives the bits of axpyLoop. Its entry point
// returns early when alpha is 0, which would lose the NaN of 0*Inf.

func axpyF32(alpha float32, x, y []float32) {
	if alpha == 0 {
		axpyLoop(alpha, x, y)
		return
	}
	blas.Implementation{}.Saxpy(len(x), alpha, x, 1, y, 1)
}

func axpyF64(alpha float64, x, y []float64) {
	if alpha == 0 {
		axpyLoop(alpha, x, y)
		return
	}
	blas.Implementation{}.Daxpy(len(x), alpha, x, 1, y, 1)
}
