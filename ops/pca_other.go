//go:build !amd64 || purego

package ops

func addTile(sums, a, b []float64, stride, m int) { addTileLoop(sums, a, b, stride, m) }
