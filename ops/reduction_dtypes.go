package ops

import "flowc.dev/flowc/ir"

// bytesOf returns the elements of a tensor of bools or bytes.
func bytesOf(t *ir.Tensor) []uint8 {
	if t.DType() == ir.Bool {
		return asBytes(ir.Data[bool](t))
	}
	return ir.Data[uint8](t)
}

func sumTensor(out, x *ir.Tensor, p *reducePlan) error {
	switch x.DType() {
	case ir.F32:
		return reduceTo(&sumF32, ir.F32, ir.Data[float32](out), ir.Data[float32](x), p)
	case ir.F64:
		return reduceTo(&sumF64, ir.F64, ir.Data[float64](out), ir.Data[float64](x), p)
	case ir.I64:
		return reduceTo(&sumI64, ir.I64, ir.Data[int64](out), ir.Data[int64](x), p)
	case ir.I32:
		return reduceTo(&sumI32, ir.I64, ir.Data[int64](out), ir.Data[int32](x), p)
	default:
		return reduceTo(&sumU8, ir.I64, ir.Data[int64](out), bytesOf(x), p)
	}
}

func prodTensor(out, x *ir.Tensor, p *reducePlan) error {
	switch x.DType() {
	case ir.F32:
		return reduceTo(&prodF32, ir.F32, ir.Data[float32](out), ir.Data[float32](x), p)
	case ir.F64:
		return reduceTo(&prodF64, ir.F64, ir.Data[float64](out), ir.Data[float64](x), p)
	case ir.I64:
		return reduceTo(&prodI64, ir.I64, ir.Data[int64](out), ir.Data[int64](x), p)
	case ir.I32:
		return reduceTo(&prodI32, ir.I64, ir.Data[int64](out), ir.Data[int32](x), p)
	default:
		return reduceTo(&prodU8, ir.I64, ir.Data[int64](out), bytesOf(x), p)
	}
}

func maxTensor(out, x *ir.Tensor, p *reducePlan) error {
	switch x.DType() {
	case ir.F32:
		return reduceTo(&maxF32, ir.F32, ir.Data[float32](out), ir.Data[float32](x), p)
	case ir.F64:
		return reduceTo(&maxF64, ir.F64, ir.Data[float64](out), ir.Data[float64](x), p)
	case ir.I64:
		return reduceTo(&maxI64, ir.I64, ir.Data[int64](out), ir.Data[int64](x), p)
	case ir.I32:
		return reduceTo(&maxI32, ir.I32, ir.Data[int32](out), ir.Data[int32](x), p)
	default:
		return reduceTo(&maxU8, ir.U8, bytesOf(out), bytesOf(x), p)
	}
}

func minTensor(out, x *ir.Tensor, p *reducePlan) error {
	switch x.DType() {
	case ir.F32:
		return reduceTo(&minF32, ir.F32, ir.Data[float32](out), ir.Data[float32](x), p)
	case ir.F64:
		return reduceTo(&minF64, ir.F64, ir.Data[float64](out), ir.Data[float64](x), p)
	case ir.I64:
		return reduceTo(&minI64, ir.I64, ir.Data[int64](out), ir.Data[int64](x), p)
	case ir.I32:
		return reduceTo(&minI32, ir.I32, ir.Data[int32](out), ir.Data[int32](x), p)
	default:
		return reduceTo(&minU8, ir.U8, bytesOf(out), bytesOf(x), p)
	}
}

func anyTensor(out, x *ir.Tensor, p *reducePlan) error {
	switch x.DType() {
	case ir.F32:
		return reduceTo(&anyF32, ir.U8, bytesOf(out), ir.Data[float32](x), p)
	case ir.F64:
		return reduceTo(&anyF64, ir.U8, bytesOf(out), ir.Data[float64](x), p)
	case ir.I64:
		return reduceTo(&anyI64, ir.U8, bytesOf(out), ir.Data[int64](x), p)
	case ir.I32:
		return reduceTo(&anyI32, ir.U8, bytesOf(out), ir.Data[int32](x), p)
	default:
		return reduceTo(&anyU8, ir.U8, bytesOf(out), bytesOf(x), p)
	}
}

func allTensor(out, x *ir.Tensor, p *reducePlan) error {
	switch x.DType() {
	case ir.F32:
		return reduceTo(&allF32, ir.U8, bytesOf(out), ir.Data[float32](x), p)
	case ir.F64:
		return reduceTo(&allF64, ir.U8, bytesOf(out), ir.Data[float64](x), p)
	case ir.I64:
		return reduceTo(&allI64, ir.U8, bytesOf(out), ir.Data[int64](x), p)
	case ir.I32:
		return reduceTo(&allI32, ir.U8, bytesOf(out), ir.Data[int32](x), p)
	default:
		return reduceTo(&allU8, ir.U8, bytesOf(out), bytesOf(x), p)
	}
}

func meanTensor(out, x *ir.Tensor, p *reducePlan) error {
	count := p.count
	var err error
	switch x.DType() {
	case ir.F32:
		data := ir.Data[float32](out)
		err = reduceTo(&sumF32, ir.F32, data, ir.Data[float32](x), p)
		divideBy(data, float32(count))
		return err
	case ir.F64:
		err = reduceTo(&sumF64, ir.F64, ir.Data[float64](out), ir.Data[float64](x), p)
	case ir.I64:
		err = reduceTo(&meanI64, ir.F64, ir.Data[float64](out), ir.Data[int64](x), p)
	case ir.I32:
		err = reduceTo(&meanI32, ir.F64, ir.Data[float64](out), ir.Data[int32](x), p)
	default:
		err = reduceTo(&meanU8, ir.F64, ir.Data[float64](out), bytesOf(x), p)
	}
	divideBy(ir.Data[float64](out), float64(count))
	return err
}

func divideBy[T float](x []T, by T) {
	for i := range x {
		x[i] /= by
	}
}

// varTensor sums the squared distances from the mean like sum does.
func varTensor(out, x *ir.Tensor, p *reducePlan) error {
	dtype := out.DType()
	values := x
	if x.DType() != dtype {
		converted, err := newScratch(dtype, x.Shape())
		if err != nil {
			return err
		}
		defer freeScratch(converted)
		convertTensor(converted, x)
		values = converted
	}
	if err := meanTensor(out, values, p); err != nil {
		return err
	}
	distances, err := newScratch(dtype, x.Shape())
	if err != nil {
		return err
	}
	defer freeScratch(distances)
	if dtype == ir.F32 {
		squaredDistances(ir.Data[float32](distances), ir.Data[float32](values), ir.Data[float32](out), p)
	} else {
		squaredDistances(ir.Data[float64](distances), ir.Data[float64](values), ir.Data[float64](out), p)
	}
	return meanTensor(out, distances, p)
}

func squaredDistances[T float](dst, x, mean []T, p *reducePlan) {
	eachResult(p, len(x), func(result, at int) {
		d := x[at] - mean[result]
		dst[at] = d * d
	})
}
