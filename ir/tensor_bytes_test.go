package ir

import (
	"bytes"
	"math"
	"strings"
	"testing"
)

// Long tensors take more than one block, one of them with NaNs.
func TestLittleEndianBytesReadBack(t *testing.T) {
	long := make([]float32, 3*blockBytes/4+5)
	for i := range long {
		long[i] = float32(i)
	}
	long[blockBytes/4+7] = math.Float32frombits(0x7FC00123)
	for _, tensor := range []*Tensor{
		MustTensor([]bool{true, false, true}, 3),
		MustTensor([]uint8{1, 255}, 2),
		MustTensor([]int32{-1, 7}, 2),
		MustTensor([]int64{math.MinInt64, 1 << 40}, 2),
		MustTensor([]float64{math.Copysign(0, -1), math.NaN(), math.Inf(-1)}, 3),
		MustTensor([]float64{}, 0, 4),
		MustTensor(long, len(long)),
	} {
		var got bytes.Buffer
		if err := tensor.WriteLittleEndian(&got); err != nil {
			t.Fatal(err)
		}
		if want := tensor.appendLittleEndian(nil, 0, tensor.Size()); !bytes.Equal(got.Bytes(), want) {
			t.Errorf("%s%s: the bytes differ from those of its elements", tensor.DType(), FormatShape(tensor.Shape()))
		}
		read, err := NewTensor(tensor.DType(), tensor.Shape()...)
		if err != nil {
			t.Fatal(err)
		}
		if err := read.ReadLittleEndian(&got); err != nil {
			t.Fatal(err)
		}
		if !SameValue(TensorValue(read), TensorValue(tensor)) {
			t.Errorf("%s%s reads back as another value", tensor.DType(), FormatShape(tensor.Shape()))
		}
	}
}

func TestReadLittleEndianRefusesForeignBytes(t *testing.T) {
	for _, c := range []struct {
		dtype DType
		bytes []byte
		want  string
	}{
		{Bool, []byte{1, 2}, "element 1 is the byte 2"},
		{F32, []byte{0, 0, 0, 0, 1, 0, 0xC0, 0x7F}, "element 1 is a NaN"},
		{F64, append(make([]byte, 8), 0, 0, 0, 0, 0, 0, 0xF8, 0xFF), "element 1 is a NaN"},
		{I64, make([]byte, 15), "unexpected EOF"},
	} {
		tensor, err := NewTensor(c.dtype, 2)
		if err != nil {
			t.Fatal(err)
		}
		if err := tensor.ReadLittleEndian(bytes.NewReader(c.bytes)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v of %s: the error is %v: want %q in it", c.bytes, c.dtype, err, c.want)
		}
	}
}

func TestSwapBytes(t *testing.T) {
	b := []byte{1, 2, 3, 4, 5, 6, 7, 8}
	swapBytes(b, 4)
	if !bytes.Equal(b, []byte{4, 3, 2, 1, 8, 7, 6, 5}) {
		t.Errorf("got %v", b)
	}
}
