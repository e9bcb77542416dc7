package ir

import (
	"bytes"
	"math"
	"strings"
	"testing"
)

func TestCheckShapeBoundsRankExtentsAndBytes(t *testing.T) {
	for _, c := range []struct {
		dtype DType
		shape []int
		size  int
		want  string
	}{
		{F32, nil, 1, ""},
		{F32, []int{2, 3}, 6, ""},
		{F32, []int{1 << 20, 0}, 0, ""},
		{F32, []int{1e9, 1e9}, 0, "exceeds the limit"},
		{F64, []int{math.MaxInt, math.MaxInt, math.MaxInt}, 0, "exceeds the limit"},
		{U8, []int{1 << 32}, 1 << 32, ""},
		{U8, []int{1<<32 + 1}, 0, "exceeds the limit"},
		{F32, []int{-1}, 0, "negative extent"},
		{F32, make([]int, 17), 0, "rank 17"},
		{InvalidDType, nil, 0, "invalid dtype"},
	} {
		size, err := CheckShape(c.dtype, c.shape)
		if c.want == "" && (err != nil || size != c.size) {
			t.Errorf("CheckShape(%v, %v) = %d, %v; want %d", c.dtype, c.shape, size, err, c.size)
		}
		if c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("CheckShape(%v, %v) = %d, %v; want an error with %q", c.dtype, c.shape, size, err, c.want)
		}
	}
}

func TestResizeReusesStorageThatNobodyOwns(t *testing.T) {
	a := MustTensor([]float32{1, 2, 3, 4}, 4)
	if b, err := a.Resize(F32, []int{2, 2}); err != nil || b != a {
		t.Errorf("unowned storage was not reused: %v", err)
	}
	a.Retain()
	if b, _ := a.Resize(F32, []int{4}); b == a {
		t.Error("owned storage was reused")
	}
	if !a.Release() {
		t.Error("the last owner's release left owners")
	}
	a.Freeze()
	for range 3 {
		if a.Release() {
			t.Fatal("a frozen tensor was released")
		}
	}
	if b, _ := a.Resize(F32, []int{4}); b == a {
		t.Error("frozen storage was reused")
	}
	var none *Tensor
	if b, err := none.Resize(I64, []int{2}); err != nil || b.Size() != 2 {
		t.Errorf("Resize of nothing: %v", err)
	}
}

func TestWriteLittleEndianCanonicalizesNaN(t *testing.T) {
	write := func(x *Tensor) string {
		var b bytes.Buffer
		if err := x.WriteLittleEndian(&b); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	odd := math.Float32frombits(0xFFC12345)
	if got, want := write(MustTensor([]float32{1, odd}, 2)), "\x00\x00\x80\x3f\x00\x00\xc0\x7f"; got != want {
		t.Errorf("f32: %x, want %x", got, want)
	}
	if got, want := write(MustTensor([]bool{true, false}, 2)), "\x01\x00"; got != want {
		t.Errorf("bool: %x, want %x", got, want)
	}
	if got, want := write(MustTensor([]int32{-2}, 1)), "\xfe\xff\xff\xff"; got != want {
		t.Errorf("i32: %x, want %x", got, want)
	}
	big := make([]float64, 10_000)
	big[9999] = 2
	if got := write(MustTensor(big, 100, 100)); len(got) != 80_000 || got[79_999] != 0x40 {
		t.Errorf("f64: %d bytes", len(got))
	}
}

func TestFillConverts(t *testing.T) {
	for _, d := range DTypes {
		x, _ := NewTensor(d, 5)
		x.Fill(WeakFloat(1))
		for i := range 5 {
			if x.At(i).Float64() != 1 {
				t.Errorf("%s: element %d is %v", d, i, x.At(i).Float64())
			}
		}
		x.SetAt(3, WeakInt(0))
		if x.At(3).Float64() != 0 || x.At(4).Float64() != 1 {
			t.Errorf("%s: SetAt changed the wrong element", d)
		}
	}
}
