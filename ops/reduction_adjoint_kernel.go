package ops

import "flowc.dev/flowc/ir"

// The kernels below fill dx; all tensors are of one float dtype.

func sumAdjoint(dx, _ *ir.Tensor, extra []*ir.Tensor, p *reducePlan) error {
	if dx.DType() == ir.F32 {
		spread(ir.Data[float32](dx), ir.Data[float32](extra[0]), p)
	} else {
		spread(ir.Data[float64](dx), ir.Data[float64](extra[0]), p)
	}
	return nil
}

func meanAdjoint(dx, _ *ir.Tensor, extra []*ir.Tensor, p *reducePlan) error {
	dout := extra[0]
	share, err := newScratch(dx.DType(), dout.Shape())
	if err != nil {
		return err
	}
	defer freeScratch(share)
	if dx.DType() == ir.F32 {
		quotients(ir.Data[float32](share), ir.Data[float32](dout), float32(p.count))
		spread(ir.Data[float32](dx), ir.Data[float32](share), p)
	} else {
		quotients(ir.Data[float64](share), ir.Data[float64](dout), float64(p.count))
		spread(ir.Data[float64](dx), ir.Data[float64](share), p)
	}
	return nil
}

func quotients[T float](dst, x []T, by T) {
	for i, v := range x {
		dst[i] = v / by
	}
}

func varAdjoint(dx, x *ir.Tensor, extra []*ir.Tensor, p *reducePlan) error {
	dout := extra[0]
	mean, err := newScratch(dx.DType(), dout.Shape())
	if err != nil {
		return err
	}
	defer freeScratch(mean)
	if err := meanTensor(mean, x, p); err != nil {
		return err
	}
	if dx.DType() == ir.F32 {
		varAdjointElements(ir.Data[float32](dx), ir.Data[float32](x), ir.Data[float32](mean), ir.Data[float32](dout), p)
	} else {
		varAdjointElements(ir.Data[float64](dx), ir.Data[float64](x), ir.Data[float64](mean), ir.Data[float64](dout), p)
	}
	return nil
}

func varAdjointElements[T float](dx, x, mean, dout []T, p *reducePlan) {
	scale := 2 / T(p.count)
	eachResult(p, len(x), func(result, at int) {
		dx[at] = dout[result] * scale * (x[at] - mean[result])
	})
}

func extremumAdjoint(dx, x *ir.Tensor, extra []*ir.Tensor, p *reducePlan) error {
	out, dout := extra[0], extra[1]
	ties, err := newScratch(dx.DType(), out.Shape())
	if err != nil {
		return err
	}
	defer freeScratch(ties)
	if dx.DType() == ir.F32 {
		extremumAdjointElements(ir.Data[float32](dx), ir.Data[float32](x), ir.Data[float32](out),
			ir.Data[float32](dout), ir.Data[float32](ties), p)
	} else {
		extremumAdjointElements(ir.Data[float64](dx), ir.Data[float64](x), ir.Data[float64](out),
			ir.Data[float64](dout), ir.Data[float64](ties), p)
	}
	return nil
}

func extremumAdjointElements[T float](dx, x, out, dout, ties []T, p *reducePlan) {
	same := func(a, b T) bool { return a == b || a != a && b != b }
	fill(ties, 0)
	eachResult(p, len(x), func(result, at int) {
		if same(x[at], out[result]) {
			ties[result]++
		}
	})
	eachResult(p, len(x), func(result, at int) {
		dx[at] = 0
		if same(x[at], out[result]) {
			dx[at] = dout[result] / ties[result]
		}
	})
}

// prodAdjoint multiplies, for each element, the product of those before it with
// the product of those after it, so that zeros need no division.
func prodAdjoint(dx, x *ir.Tensor, extra []*ir.Tensor, p *reducePlan) error {
	if dx.DType() == ir.F32 {
		prodAdjointElements(ir.Data[float32](dx), ir.Data[float32](x), ir.Data[float32](extra[0]), p)
	} else {
		prodAdjointElements(ir.Data[float64](dx), ir.Data[float64](x), ir.Data[float64](extra[0]), p)
	}
	return nil
}

func prodAdjointElements[T float](dx, x, dout []T, p *reducePlan) {
	if len(x) == 0 {
		return
	}
	neighbours, run := 1, p.inner
	if p.innerKept {
		neighbours, run = p.inner, 1
	}
	// place returns where element i of the results at the position of keep is.
	place := func(i int) int {
		at := p.keep.offset + i%run
		i /= run
		for axis := p.reduce.rank - 1; axis >= 0; axis-- {
			at += i % p.reduce.extent[axis] * p.reduce.stride[axis]
			i /= p.reduce.extent[axis]
		}
		return at
	}
	for result := 0; ; result += neighbours {
		for j := range neighbours {
			product := dout[result+j]
			for i := range p.count {
				at := place(i) + j
				dx[at] = product
				product *= x[at]
			}
			product = 1
			for i := p.count - 1; i >= 0; i-- {
				at := place(i) + j
				dx[at] *= product
				product *= x[at]
			}
		}
		if !p.keep.next() {
			return
		}
	}
}
