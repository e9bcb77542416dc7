//go:build !purego

package ops

import "golang.org/x/sys/cpu"

//go:noescape
func addTileVectors(sums, a, b *float64, stride, m int)

var pcaVectors = cpu.X86.HasAVX2

// addTile adds to 4 x 4 sums the products of 4 columns from a and 4 from b, row
// after row. All have the stride of the sums.
func addTile(sums, a, b []float64, stride, m int) {
	if pcaVectors {
		addTileVectors(&sums[:3*stride+4][0], &a[:(m-1)*stride+4][0], &b[:(m-1)*stride+4][0], stride, m)
		return
	}
	addTileLoop(sums, a, b, stride, m)
}
