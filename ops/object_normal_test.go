package ops

import (
	"slices"
	"strings"
	"testing"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops/philox"
)

func TestNormalRowsAreTheirDraws(t *testing.T) {
	const rows, cols = 4, 3
	class, self := newTestObject(t, lawsEnv, "data.normal", ir.WeakInt(rows), ir.WeakInt(cols), ir.WeakInt(9))
	want := make([]float64, rows*cols)
	philox.Normals(philox.Generator{Seed: lawsEnv.Seed, Stream: 9, Domain: domainNormalSource}, want, 0, 0, 1)
	var got []float64
	for range rows {
		got = append(got, ir.Data[float64](callObject(t, class, self, "next")[0].Tensor())...)
	}
	if !slices.Equal(got, want) {
		t.Errorf("rows are %v, want %v", got, want)
	}
}

func TestNormalWraps(t *testing.T) {
	args := []ir.Value{ir.WeakInt(3), ir.WeakInt(2), ir.WeakInt(0), ir.String("f32")}
	class, self := newTestObject(t, lawsEnv, "data.normal", append(args, ir.BoolValue(true))...)
	dst := make([]ir.Value, 1)
	if n, err := class.Method("next").Source.Peek(self, dst, nil, 8); n != 8 || err != nil {
		t.Fatalf("Peek(8) of 3 rows that wrap gives %d and %v", n, err)
	}
	data := ir.Data[float32](dst[0].Tensor())
	if !slices.Equal(data[:6], data[6:12]) || !slices.Equal(data[:4], data[12:]) || data[0] == data[2] {
		t.Errorf("8 rows of 3 that wrap are %v", data)
	}
}

func TestNormalErrors(t *testing.T) {
	class := Standard().Class("data.normal")
	f64, no := ir.String("f64"), ir.BoolValue(false)
	for _, tt := range []struct {
		args []ir.Value
		want string
	}{
		{[]ir.Value{ir.WeakInt(0), ir.WeakInt(3), ir.WeakInt(0), f64, no}, "data.normal: rows is 0: want at least 1"},
		{[]ir.Value{ir.WeakInt(3), ir.WeakInt(0), ir.WeakInt(0), f64, no}, "data.normal: cols is 0: want at least 1"},
		{[]ir.Value{ir.WeakFloat(1.5), ir.WeakInt(3), ir.WeakInt(0), f64, no}, "data.normal: rows is 1.5: want a whole number"},
		{[]ir.Value{ir.WeakInt(3), ir.WeakInt(3), ir.String("s"), f64, no}, "data.normal: seed is string"},
		{[]ir.Value{ir.WeakInt(3), ir.WeakInt(3), ir.WeakInt(0), ir.String("i32"), no}, "data.normal: dtype is i32: want f32 or f64"},
		{[]ir.Value{ir.WeakInt(3), ir.WeakInt(3), ir.WeakInt(0), f64, ir.WeakInt(1)}, "data.normal: wrap is weak i64"},
		{[]ir.Value{ir.WeakInt(1 << 50), ir.WeakInt(1 << 20), ir.WeakInt(0), f64, no}, "want at most 2^56 numbers"},
		{[]ir.Value{ir.WeakInt(3), ir.WeakInt(1 << 40), ir.WeakInt(0), f64, no}, "exceeds the limit"},
	} {
		if _, err := class.New(lawsEnv, tt.args); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("New(%s) gives %v, want an error with %q", ir.FormatShort(ir.ListOf(tt.args...)), err, tt.want)
		}
	}
	_, self := newTestObject(t, lawsEnv, "data.normal", ir.WeakInt(1), ir.WeakInt(1))
	callObject(t, class, self, "next")
	const want = "data.normal: all 1 rows have been drawn: give it more rows, or wrap=true, or rewind it"
	if o := calling("next").call(class, self); o.err == nil || o.err.Error() != want {
		t.Errorf("a call after the last row gives %v, want %s", o.err, want)
	}
}
