package ops

import "testing"
import "fmt"

func BenchmarkMatmulKernel(bb *testing.B) {
	for _, s := range [][3]int{{64, 64, 128}, {64, 64, 64}, {64, 64, 10}, {64, 128, 10}, {64, 64, 12}, {64, 64, 16}, {64, 64, 24}, {64, 64, 32}, {1, 64, 128}, {256, 256, 256}, {512, 512, 512}, {64, 784, 128}} {
		m, k, n := s[0], s[1], s[2]
		a, b, c := make([]float32, m*k), make([]float32, k*n), make([]float32, m*n)
		for i := range a {
			a[i] = float32(i%7) + 1
		}
		for i := range b {
			b[i] = float32(i%5) + 1
		}
		pack := make([]float32, panelElements)
		for _, kind := range []string{"nn", "tn", "nt", "narrow"} {
			bb.Run(fmt.Sprintf("%s/%dx%dx%d", kind, m, k, n), func(bb *testing.B) {
				va, vb := rowMajor(a, k), rowMajor(b, n)
				if kind == "tn" {
					va = rowMajor(a, m).transposed()
				}
				if kind == "nt" {
					vb = rowMajor(b, k).transposed()
				}
				for bb.Loop() {
					if kind == "narrow" {
						matmulNarrow(c, va, vb, m, k, n)
					} else {
						matmulKernel(c, va, vb, m, k, n, axpyF32, pack)
					}
				}
				bb.ReportMetric(2*float64(m*n*k)*float64(bb.N)/float64(bb.Elapsed().Nanoseconds()), "GFLOP/s")
			})
		}
	}
}
