package ops

// An axpy adds alpha*x to y, element by element: each product is rounded before
// it is added, and none is skipped. x and y have one length.
type axpy[T number] func(alpha T, x, y []T)

// axpyLoop is the definition of axpy.
func axpyLoop[T number](alpha T, x, y []T) {
	y = y[:len(x)]
	for i, v := range x {
		y[i] += T(alpha * v)
	}
}
