//go:build !amd64 || purego

package portable

func centralVectors([]float64, []float64) int { return 0 }
