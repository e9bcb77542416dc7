package ops

import (
	"math"
	"sync"

	"flowc.dev/flowc/ir"
)

type integer interface{ uint8 | int32 | int64 }

type float interface{ float32 | float64 }

type number interface{ integer | float }

// scalarOf returns x as a strong rank-0 value.
func scalarOf[T ir.Element](x T) ir.Value {
	switch x := any(x).(type) {
	case bool:
		return ir.BoolValue(x)
	case uint8:
		return ir.Scalar(ir.U8, uint64(x))
	case int32:
		return ir.Scalar(ir.I32, uint64(int64(x)))
	case int64:
		return ir.Int(x)
	case float32:
		return ir.Float32(x)
	case float64:
		return ir.Float(x)
	}
	panic("bug: an element type without a dtype")
}

// scalarAs returns the rank-0 number v converted to T as cast does.
func scalarAs[T ir.Element](v ir.Value) T {
	var x T
	switch x := any(&x).(type) {
	case *bool:
		if v.DType().IsFloat() {
			*x = v.Float64() != 0
		} else {
			*x = v.Bits() != 0
		}
	case *uint8:
		*x = uint8(integerOf(v, 0, math.MaxUint8))
	case *int32:
		*x = int32(integerOf(v, math.MinInt32, math.MaxInt32))
	case *int64:
		*x = integerOf(v, math.MinInt64, math.MaxInt64)
	case *float32:
		switch {
		case v.DType() == ir.F32:
			*x = math.Float32frombits(uint32(v.Bits()))
		case v.DType() == ir.F64:
			*x = float32(v.Float64())
		default:
			*x = float32(v.Int64())
		}
	case *float64:
		*x = v.Float64()
	}
	return x
}

// integerOf returns the bits of an integer, to be truncated by the caller, and
// a float truncated into the range.
func integerOf(v ir.Value, low, high int64) int64 {
	if v.DType().IsFloat() {
		return saturate(v.Float64(), low, high)
	}
	return v.Int64()
}

// saturate truncates x toward zero into low..high; NaN gives 0.
func saturate(x float64, low, high int64) int64 {
	switch {
	case x >= float64(high): // float64(MaxInt64) is 2^63, the first that does not fit
		return high
	case x <= float64(low):
		return low
	case x != x:
		return 0
	}
	return int64(x)
}

// castScalar returns the rank-0 number v as a strong number of the given dtype.
func castScalar(v ir.Value, to ir.DType) ir.Value {
	switch to {
	case ir.Bool:
		return ir.BoolValue(scalarAs[bool](v))
	case ir.U8:
		return scalarOf(scalarAs[uint8](v))
	case ir.I32:
		return scalarOf(scalarAs[int32](v))
	case ir.I64:
		return scalarOf(scalarAs[int64](v))
	case ir.F32:
		return scalarOf(scalarAs[float32](v))
	default:
		return scalarOf(scalarAs[float64](v))
	}
}

// convertTensor fills dst with the elements of src, which is as large,
// converted as cast does: integers wrap, floats to integers truncate and
// saturate with NaN as 0, bools are 0 and 1, and all but 0 is true.
func convertTensor(dst, src *ir.Tensor) {
	switch dst.DType() {
	case ir.Bool:
		convertToBool(ir.Data[bool](dst), src)
	case ir.U8:
		convertToInteger(ir.Data[uint8](dst), src, 0, math.MaxUint8)
	case ir.I32:
		convertToInteger(ir.Data[int32](dst), src, math.MinInt32, math.MaxInt32)
	case ir.I64:
		convertToInteger(ir.Data[int64](dst), src, math.MinInt64, math.MaxInt64)
	case ir.F32:
		convertToFloat(ir.Data[float32](dst), src)
	case ir.F64:
		convertToFloat(ir.Data[float64](dst), src)
	}
}

func convertToBool(dst []bool, src *ir.Tensor) {
	switch src.DType() {
	case ir.Bool:
		copy(dst, ir.Data[bool](src))
	case ir.U8:
		convertNonzero(dst, ir.Data[uint8](src))
	case ir.I32:
		convertNonzero(dst, ir.Data[int32](src))
	case ir.I64:
		convertNonzero(dst, ir.Data[int64](src))
	case ir.F32:
		convertNonzero(dst, ir.Data[float32](src))
	case ir.F64:
		convertNonzero(dst, ir.Data[float64](src))
	}
}

func convertToInteger[D integer](dst []D, src *ir.Tensor, low, high int64) {
	switch src.DType() {
	case ir.Bool:
		convertBool(dst, ir.Data[bool](src))
	case ir.U8:
		convertElements(dst, ir.Data[uint8](src))
	case ir.I32:
		convertElements(dst, ir.Data[int32](src))
	case ir.I64:
		convertElements(dst, ir.Data[int64](src))
	case ir.F32:
		convertTruncated(dst, ir.Data[float32](src), low, high)
	case ir.F64:
		convertTruncated(dst, ir.Data[float64](src), low, high)
	}
}

func convertToFloat[D float](dst []D, src *ir.Tensor) {
	switch src.DType() {
	case ir.Bool:
		convertBool(dst, ir.Data[bool](src))
	case ir.U8:
		convertElements(dst, ir.Data[uint8](src))
	case ir.I32:
		convertElements(dst, ir.Data[int32](src))
	case ir.I64:
		convertElements(dst, ir.Data[int64](src))
	case ir.F32:
		convertElements(dst, ir.Data[float32](src))
	case ir.F64:
		convertElements(dst, ir.Data[float64](src))
	}
}

func convertElements[D, S number](dst []D, src []S) {
	src = src[:len(dst)]
	for i := range dst {
		dst[i] = D(src[i])
	}
}

func convertTruncated[D integer, S float](dst []D, src []S, low, high int64) {
	src = src[:len(dst)]
	for i := range dst {
		dst[i] = D(saturate(float64(src[i]), low, high))
	}
}

func convertBool[D number](dst []D, src []bool) {
	src = src[:len(dst)]
	for i := range dst {
		dst[i] = 0
		if src[i] {
			dst[i] = 1
		}
	}
}

func convertNonzero[S number](dst []bool, src []S) {
	src = src[:len(dst)]
	for i := range dst {
		dst[i] = src[i] != 0
	}
}

// scratch keeps tensors for intermediate results, so that ops in steady state
// allocate nothing.
var scratch = sync.Pool{New: func() any { return new(ir.Tensor) }}

// newScratch returns an unset tensor from the pool. Give it back with
// freeScratch.
func newScratch(dtype ir.DType, shape []int) (*ir.Tensor, error) {
	t := scratch.Get().(*ir.Tensor)
	resized, err := t.Resize(dtype, shape)
	if err != nil {
		scratch.Put(t)
		return nil, err
	}
	return resized, nil
}

// freeScratch gives a tensor from newScratch back to the pool.
func freeScratch(t *ir.Tensor) { scratch.Put(t) }

// operandAs returns the number v as a tensor of the given dtype: its own one if
// it has that dtype, a converted copy in scratch storage otherwise. Scalars
// become tensors of rank 0. Give it back with freeOperand.
func operandAs(v ir.Value, dtype ir.DType) (*ir.Tensor, error) {
	own := v.Tensor()
	if own != nil && own.DType() == dtype {
		return own, nil
	}
	t, err := newScratch(dtype, v.Shape())
	if err != nil {
		return nil, err
	}
	if own != nil {
		convertTensor(t, own)
	} else {
		setScalar(t, v)
	}
	return t, nil
}

// freeOperand ends the use of the tensor that operandAs returned for v.
func freeOperand(t *ir.Tensor, v ir.Value) {
	if t != nil && t != v.Tensor() {
		freeScratch(t)
	}
}

// setScalar sets every element of t to the rank-0 number v, converted.
func setScalar(t *ir.Tensor, v ir.Value) {
	switch t.DType() {
	case ir.Bool:
		fill(ir.Data[bool](t), scalarAs[bool](v))
	case ir.U8:
		fill(ir.Data[uint8](t), scalarAs[uint8](v))
	case ir.I32:
		fill(ir.Data[int32](t), scalarAs[int32](v))
	case ir.I64:
		fill(ir.Data[int64](t), scalarAs[int64](v))
	case ir.F32:
		fill(ir.Data[float32](t), scalarAs[float32](v))
	case ir.F64:
		fill(ir.Data[float64](t), scalarAs[float64](v))
	}
}

func fill[T ir.Element](dst []T, x T) {
	for i := range dst {
		dst[i] = x
	}
}
