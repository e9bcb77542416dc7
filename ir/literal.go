package ir

import (
	"fmt"
	"math"
)

// Literal returns the value of an operand that is const, tensor, list or record
// all the way down.
func Literal(n *Node) (Value, error) {
	switch n.Op {
	case "const":
		return n.Attr("value"), nil
	case "tensor":
		return filled(n)
	case "list":
		items := make([]Value, len(n.Args))
		for i, arg := range n.Args {
			v, err := Literal(arg)
			if err != nil {
				return Value{}, err
			}
			items[i] = v
		}
		return ListOf(items...), nil
	case "record":
		names, values := make([]string, len(n.Kwargs)), make([]Value, len(n.Kwargs))
		for i, k := range n.Kwargs {
			v, err := Literal(k.Node)
			if err != nil {
				return Value{}, err
			}
			names[i], values[i] = k.Name, v
		}
		return RecordOf(names, values), nil
	}
	return Value{}, fmt.Errorf("%s is not a literal", n.Op)
}

func filled(n *Node) (Value, error) {
	dtype, err := ParseDType(n.Text("dtype"))
	if err != nil {
		return Value{}, err
	}
	t, err := NewTensor(dtype, Ints(n.Attr("shape"))...)
	if err != nil {
		return Value{}, err
	}
	t.Fill(n.Attr("fill"))
	return TensorValue(t), nil
}

// Fill sets every element of t to the rank-0 number v converted to t's dtype.
func (t *Tensor) Fill(v Value) {
	v = v.Convert(t.dtype)
	if v.bits == 0 || t.size == 0 {
		clear(t.words)
		return
	}
	word := littleEndianWord(v)
	switch t.dtype.Size() {
	case 1:
		bytes := Tensor{dtype: U8, size: t.size, words: t.words}
		element := Tensor{dtype: U8, size: 1, words: []uint64{word}}
		fill(Data[uint8](&bytes), Data[uint8](&element)[0])
	case 4:
		halves := Tensor{dtype: I32, size: t.size, words: t.words}
		element := Tensor{dtype: I32, size: 1, words: []uint64{word}}
		fill(Data[int32](&halves), Data[int32](&element)[0])
	default:
		fill(t.words, word)
	}
}

func fill[T any](data []T, x T) {
	for i := range data {
		data[i] = x
	}
}

// Convert returns the rank-0 number v as a strong number of another dtype.
// Floats are truncated toward zero and saturate as integers, NaN becomes 0;
// integers wrap; anything but zero is true.
func (v Value) Convert(dtype DType) Value {
	switch {
	case v.dtype == dtype:
		return v.AsWeak(false)
	case dtype == Bool:
		return BoolValue(v.Float64() != 0)
	case dtype == F64:
		return Float(v.Float64())
	case dtype == F32 && v.dtype == F64:
		return Float32(float32(v.Float64()))
	case dtype == F32:
		return Float32(float32(v.Int64()))
	}
	i := v.bits
	if v.dtype.IsFloat() {
		i = uint64(Saturate(v.Float64(), dtype))
	}
	switch dtype {
	case U8:
		i = uint64(uint8(i))
	case I32:
		i = uint64(int64(int32(i)))
	}
	return Scalar(dtype, i)
}

// Saturate truncates x toward zero into the range of the integer dtype; NaN
// gives 0.
func Saturate(x float64, dtype DType) int64 {
	low, high := int64(math.MinInt64), int64(math.MaxInt64)
	switch dtype {
	case U8:
		low, high = 0, math.MaxUint8
	case I32:
		low, high = math.MinInt32, math.MaxInt32
	}
	switch {
	case math.IsNaN(x):
		return 0
	case x <= float64(low):
		return low
	case x >= float64(high):
		return high
	}
	return int64(x)
}
