package ops

// The loops below are written out per op so that the compiler sees plain
// arithmetic in them.

func addVV[T number](dst, a, b []T) {
	a, b = a[:len(dst)], b[:len(dst)]
	for i := range dst {
		dst[i] = a[i] + b[i]
	}
}

func addVS[T number](dst, a []T, b T) {
	a = a[:len(dst)]
	for i := range dst {
		dst[i] = a[i] + b
	}
}

func subtractVV[T number](dst, a, b []T) {
	a, b = a[:len(dst)], b[:len(dst)]
	for i := range dst {
		dst[i] = a[i] - b[i]
	}
}

func subtractVS[T number](dst, a []T, b T) {
	a = a[:len(dst)]
	for i := range dst {
		dst[i] = a[i] - b
	}
}

func subtractSV[T number](dst []T, a T, b []T) {
	b = b[:len(dst)]
	for i := range dst {
		dst[i] = a - b[i]
	}
}

func multiplyVV[T number](dst, a, b []T) {
	a, b = a[:len(dst)], b[:len(dst)]
	for i := range dst {
		dst[i] = a[i] * b[i]
	}
}

func multiplyVS[T number](dst, a []T, b T) {
	a = a[:len(dst)]
	for i := range dst {
		dst[i] = a[i] * b
	}
}

func divideVV[T float](dst, a, b []T) {
	a, b = a[:len(dst)], b[:len(dst)]
	for i := range dst {
		dst[i] = a[i] / b[i]
	}
}

func divideVS[T float](dst, a []T, b T) {
	a = a[:len(dst)]
	for i := range dst {
		dst[i] = a[i] / b
	}
}

func divideSV[T float](dst []T, a T, b []T) {
	b = b[:len(dst)]
	for i := range dst {
		dst[i] = a / b[i]
	}
}

func maximumVV[T number](dst, a, b []T) {
	a, b = a[:len(dst)], b[:len(dst)]
	for i := range dst {
		dst[i] = max(a[i], b[i])
	}
}

func maximumVS[T number](dst, a []T, b T) {
	a = a[:len(dst)]
	for i := range dst {
		dst[i] = max(a[i], b)
	}
}

func minimumVV[T number](dst, a, b []T) {
	a, b = a[:len(dst)], b[:len(dst)]
	for i := range dst {
		dst[i] = min(a[i], b[i])
	}
}

func minimumVS[T number](dst, a []T, b T) {
	a = a[:len(dst)]
	for i := range dst {
		dst[i] = min(a[i], b)
	}
}

func addKernel[T number]() binaryKernel[T, T] {
	return commutative(func(a, b T) T { return a + b }, addVV[T], addVS[T])
}

func subtractKernel[T number]() binaryKernel[T, T] {
	return binaryKernel[T, T]{scalar: func(a, b T) T { return a - b }, vv: subtractVV[T], vs: subtractVS[T], sv: subtractSV[T]}
}

func multiplyKernel[T number]() binaryKernel[T, T] {
	return commutative(func(a, b T) T { return a * b }, multiplyVV[T], multiplyVS[T])
}

func divideKernel[T float]() binaryKernel[T, T] {
	return binaryKernel[T, T]{scalar: func(a, b T) T { return a / b }, vv: divideVV[T], vs: divideVS[T], sv: divideSV[T]}
}

func maximumKernel[T number]() binaryKernel[T, T] {
	return commutative(func(a, b T) T { return max(a, b) }, maximumVV[T], maximumVS[T])
}

func minimumKernel[T number]() binaryKernel[T, T] {
	return commutative(func(a, b T) T { return min(a, b) }, minimumVV[T], minimumVS[T])
}

func commutative[T number](scalar func(a, b T) T, vv func(dst, a, b []T), vs func(dst, a []T, b T)) binaryKernel[T, T] {
	return binaryKernel[T, T]{scalar: scalar, vv: vv, vs: vs, sv: func(dst []T, a T, b []T) { vs(dst, b, a) }}
}

var (
	addKernels = binaryKernels{u8: addKernel[uint8](), i32: addKernel[int32](), i64: addKernel[int64](),
		f32: addKernel[float32](), f64: addKernel[float64]()}
	subtractKernels = binaryKernels{u8: subtractKernel[uint8](), i32: subtractKernel[int32](), i64: subtractKernel[int64](),
		f32: subtractKernel[float32](), f64: subtractKernel[float64]()}
	multiplyKernels = binaryKernels{u8: multiplyKernel[uint8](), i32: multiplyKernel[int32](), i64: multiplyKernel[int64](),
		f32: multiplyKernel[float32](), f64: multiplyKernel[float64]()}
	divideKernels  = binaryKernels{f32: divideKernel[float32](), f64: divideKernel[float64]()}
	maximumKernels = binaryKernels{u8: maximumKernel[uint8](), i32: maximumKernel[int32](), i64: maximumKernel[int64](),
		f32: maximumKernel[float32](), f64: maximumKernel[float64]()}
	minimumKernels = binaryKernels{u8: minimumKernel[uint8](), i32: minimumKernel[int32](), i64: minimumKernel[int64](),
		f32: minimumKernel[float32](), f64: minimumKernel[float64]()}
)
