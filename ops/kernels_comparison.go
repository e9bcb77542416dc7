package ops

func equalVV[T number](dst []bool, a, b []T) {
	a, b = a[:len(dst)], b[:len(dst)]
	for i := range dst {
		dst[i] = a[i] == b[i]
	}
}

func equalVS[T number](dst []bool, a []T, b T) {
	a = a[:len(dst)]
	for i := range dst {
		dst[i] = a[i] == b
	}
}

func notEqualVV[T number](dst []bool, a, b []T) {
	a, b = a[:len(dst)], b[:len(dst)]
	for i := range dst {
		dst[i] = a[i] != b[i]
	}
}

func notEqualVS[T number](dst []bool, a []T, b T) {
	a = a[:len(dst)]
	for i := range dst {
		dst[i] = a[i] != b
	}
}

func lessVV[T number](dst []bool, a, b []T) {
	a, b = a[:len(dst)], b[:len(dst)]
	for i := range dst {
		dst[i] = a[i] < b[i]
	}
}

func lessVS[T number](dst []bool, a []T, b T) {
	a = a[:len(dst)]
	for i := range dst {
		dst[i] = a[i] < b
	}
}

func greaterVS[T number](dst []bool, a []T, b T) {
	a = a[:len(dst)]
	for i := range dst {
		dst[i] = a[i] > b
	}
}

func lessEqualVV[T number](dst []bool, a, b []T) {
	a, b = a[:len(dst)], b[:len(dst)]
	for i := range dst {
		dst[i] = a[i] <= b[i]
	}
}

func lessEqualVS[T number](dst []bool, a []T, b T) {
	a = a[:len(dst)]
	for i := range dst {
		dst[i] = a[i] <= b
	}
}

func greaterEqualVS[T number](dst []bool, a []T, b T) {
	a = a[:len(dst)]
	for i := range dst {
		dst[i] = a[i] >= b
	}
}

// swapVV and swapVS exchange the operands of a loop: a > b is b < a.
func swapVV[T number](vv func(dst []bool, a, b []T)) func(dst []bool, a, b []T) {
	return func(dst []bool, a, b []T) { vv(dst, b, a) }
}

func swapVS[T number](vs func(dst []bool, a []T, b T)) func(dst []bool, a T, b []T) {
	return func(dst []bool, a T, b []T) { vs(dst, b, a) }
}

func equalKernel[T number]() binaryKernel[T, bool] {
	return binaryKernel[T, bool]{scalar: func(a, b T) bool { return a == b },
		vv: equalVV[T], vs: equalVS[T], sv: swapVS(equalVS[T])}
}

func notEqualKernel[T number]() binaryKernel[T, bool] {
	return binaryKernel[T, bool]{scalar: func(a, b T) bool { return a != b },
		vv: notEqualVV[T], vs: notEqualVS[T], sv: swapVS(notEqualVS[T])}
}

func lessKernel[T number]() binaryKernel[T, bool] {
	return binaryKernel[T, bool]{scalar: func(a, b T) bool { return a < b },
		vv: lessVV[T], vs: lessVS[T], sv: swapVS(greaterVS[T])}
}

func lessEqualKernel[T number]() binaryKernel[T, bool] {
	return binaryKernel[T, bool]{scalar: func(a, b T) bool { return a <= b },
		vv: lessEqualVV[T], vs: lessEqualVS[T], sv: swapVS(greaterEqualVS[T])}
}

func greaterKernel[T number]() binaryKernel[T, bool] {
	return binaryKernel[T, bool]{scalar: func(a, b T) bool { return a > b },
		vv: swapVV(lessVV[T]), vs: greaterVS[T], sv: swapVS(lessVS[T])}
}

func greaterEqualKernel[T number]() binaryKernel[T, bool] {
	return binaryKernel[T, bool]{scalar: func(a, b T) bool { return a >= b },
		vv: swapVV(lessEqualVV[T]), vs: greaterEqualVS[T], sv: swapVS(lessEqualVS[T])}
}

var (
	equalKernels = predicateKernels{equalKernel[uint8](), equalKernel[int32](), equalKernel[int64](),
		equalKernel[float32](), equalKernel[float64]()}
	notEqualKernels = predicateKernels{notEqualKernel[uint8](), notEqualKernel[int32](), notEqualKernel[int64](),
		notEqualKernel[float32](), notEqualKernel[float64]()}
	lessKernels = predicateKernels{lessKernel[uint8](), lessKernel[int32](), lessKernel[int64](),
		lessKernel[float32](), lessKernel[float64]()}
	lessEqualKernels = predicateKernels{lessEqualKernel[uint8](), lessEqualKernel[int32](), lessEqualKernel[int64](),
		lessEqualKernel[float32](), lessEqualKernel[float64]()}
	greaterKernels = predicateKernels{greaterKernel[uint8](), greaterKernel[int32](), greaterKernel[int64](),
		greaterKernel[float32](), greaterKernel[float64]()}
	greaterEqualKernels = predicateKernels{greaterEqualKernel[uint8](), greaterEqualKernel[int32](), greaterEqualKernel[int64](),
		greaterEqualKernel[float32](), greaterEqualKernel[float64]()}
)
