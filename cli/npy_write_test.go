package cli

import (
	"bufio"
	"bytes"
	"math"
	"path/filepath"
	"testing"

	"flowc.dev/flowc/ir"
)

// What is written reads back, also by the library that reads .npy files.
func TestNpyWrittenReadsBack(t *testing.T) {
	for _, v := range []ir.Value{
		ir.Float(2.5), ir.BoolValue(true), ir.Scalar(ir.I32, uint64(math.MaxUint64)),
		ir.TensorValue(ir.MustTensor([]float32{1, 2, 3, float32(math.NaN()), 5, 6}, 3, 2)),
		ir.TensorValue(ir.MustTensor([]bool{true, false}, 2)),
		ir.TensorValue(ir.MustTensor([]uint8{1, 255}, 1, 2, 1)),
		ir.TensorValue(ir.MustTensor([]int64{math.MinInt64, 7}, 2)),
		ir.TensorValue(ir.MustTensor([]float64{}, 0, 3)),
	} {
		var b bytes.Buffer
		if err := encodeNpy(&b, v.Boxed()); err != nil {
			t.Fatal(err)
		}
		if header := b.Len() - v.Boxed().Size()*v.DType().Size(); header%64 != 0 {
			t.Errorf("%s: the header has %d bytes, which is no multiple of 64", v.Type(), header)
		}
		got, err := decodeNpy(bufio.NewReader(&b), int64(b.Len()))
		if err != nil {
			t.Errorf("%s: %s", v.Type(), err)
		} else if !ir.SameValue(got, v) {
			t.Errorf("%s %s reads back as %s %s", v.Type(), ir.Format(v), got.Type(), ir.Format(got))
		}
	}
}

func TestNpyTakesNumbersOnly(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.npy")
	if err := writeNpy(nil, path, ir.String("x")); err == nil {
		t.Error("a string was written")
	}
}
