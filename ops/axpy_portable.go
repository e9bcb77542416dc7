//go:build !amd64 || noasm || gccgo || safe

package ops

func axpyF32(alpha float32, x, y []float32) { axpyLoop(alpha, x, y) }

func axpyF64(alpha float64, x, y []float64) { axpyLoop(alpha, x, y) }
