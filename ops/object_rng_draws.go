package ops

import (
	"fmt"
	"math"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops/philox"
)

// drawn returns the tensor that a call with the given shape fills, having
// reserved its draws of so many words each.
func (r *rng) drawn(method string, dst *ir.Value, dtype ir.DType, shape ir.Value, words int) (*ir.Tensor, error) {
	var buf extents
	dims, err := shapeParam(method, "shape", &buf, shape)
	if err != nil {
		return nil, err
	}
	n, err := ir.CheckShape(dtype, dims)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", method, err)
	}
	if err := r.reserve(n, words); err != nil {
		return nil, err
	}
	return newResult(dst, dtype, dims)
}

// realArgs reads the arguments shape, dtype and two numbers.
func realArgs(method, first, second string, args []ir.Value) (dtype ir.DType, x, y float64, err error) {
	if dtype, err = floatDTypeParam(method, "dtype", args[1]); err != nil {
		return dtype, 0, 0, err
	}
	if x, err = realParam(method, first, args[2]); err != nil {
		return dtype, 0, 0, err
	}
	y, err = realParam(method, second, args[3])
	return dtype, x, y, err
}

func prepareNormal(r *rng, dst, args []ir.Value) error {
	const method = "rng.normal"
	dtype, loc, scale, err := realArgs(method, "loc", "scale", args)
	if err != nil {
		return err
	}
	if scale < 0 {
		return fmt.Errorf("%s: scale is %v: want at least 0", method, scale)
	}
	t, err := r.drawn(method, &dst[0], dtype, args[0], 1)
	if err != nil {
		return err
	}
	if dtype == ir.F32 {
		philox.Normals(r.generator, ir.Data[float32](t), r.position, loc, scale)
	} else {
		philox.Normals(r.generator, ir.Data[float64](t), r.position, loc, scale)
	}
	setResult(&dst[0], t, false)
	return nil
}

func prepareUniform(r *rng, dst, args []ir.Value) error {
	const method = "rng.uniform"
	dtype, low, high, err := realArgs(method, "low", "high", args)
	if err != nil {
		return err
	}
	if low > high || math.IsInf(high-low, 0) {
		return fmt.Errorf("%s: low is %v and high is %v: want low at most high, and their difference finite", method, low, high)
	}
	t, err := r.drawn(method, &dst[0], dtype, args[0], 1)
	if err != nil {
		return err
	}
	if dtype == ir.F32 {
		philox.Uniforms(r.generator, ir.Data[float32](t), r.position, low, high)
	} else {
		philox.Uniforms(r.generator, ir.Data[float64](t), r.position, low, high)
	}
	setResult(&dst[0], t, false)
	return nil
}

func prepareBernoulli(r *rng, dst, args []ir.Value) error {
	const method = "rng.bernoulli"
	p, err := realParam(method, "p", args[0])
	if err != nil {
		return err
	}
	if p < 0 || p > 1 {
		return fmt.Errorf("%s: p is %v: want a probability, 0 to 1", method, p)
	}
	t, err := r.drawn(method, &dst[0], ir.Bool, args[1], 1)
	if err != nil {
		return err
	}
	philox.Bernoullis(r.generator, ir.Data[bool](t), r.position, p)
	setResult(&dst[0], t, false)
	return nil
}

func prepareIntegers(r *rng, dst, args []ir.Value) error {
	const method = "rng.integers"
	low, err := args[0].Count("low")
	if err != nil {
		return fmt.Errorf("%s: %w", method, err)
	}
	high, err := args[1].Count("high")
	if err != nil {
		return fmt.Errorf("%s: %w", method, err)
	}
	if low >= high {
		return fmt.Errorf("%s: low is %d and high is %d: want low less than high, which is not drawn", method, low, high)
	}
	t, err := r.drawn(method, &dst[0], ir.I64, args[2], 2)
	if err != nil {
		return err
	}
	philox.Integers(r.generator, ir.Data[int64](t), r.position, low, uint64(high)-uint64(low))
	setResult(&dst[0], t, false)
	return nil
}

func preparePermutation(r *rng, dst, args []ir.Value) error {
	const method = "rng.permutation"
	n, err := countParam(method, "n", args[0], 0, math.MaxInt64)
	if err != nil {
		return err
	}
	t, err := newResult(&dst[0], ir.I64, []int{n})
	if err != nil {
		return fmt.Errorf("%s: %w", method, err)
	}
	if err := r.reserve(max(0, n-1), 1); err != nil {
		return err
	}
	order := ir.Data[int64](t)
	for i := range order {
		order[i] = int64(i)
	}
	philox.Shuffle(r.generator, order, r.position)
	setResult(&dst[0], t, false)
	return nil
}
