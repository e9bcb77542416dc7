package ops

import (
	"slices"
	"strings"
	"testing"

	"flowc.dev/flowc/ir"
)

func TestArrayGivesItsRowsInOrder(t *testing.T) {
	values := ir.TensorValue(ir.MustTensor([]float32{1, 2, 3, 4, 5, 6}, 3, 2))
	class, self := newTestObject(t, lawsEnv, "data.array", values, ir.BoolValue(true))
	var got []float32
	for range 4 {
		got = append(got, ir.Data[float32](callObject(t, class, self, "next")[0].Tensor())...)
	}
	if want := []float32{1, 2, 3, 4, 5, 6, 1, 2}; !slices.Equal(got, want) {
		t.Errorf("the rows are %v, want %v", got, want)
	}
	dst := make([]ir.Value, 1)
	if n, err := class.Method("next").Source.Peek(self, dst, nil, 8); n != 8 || err != nil {
		t.Fatalf("Peek(8) of 3 rows that wrap gives %d and %v", n, err)
	}
	if want := []float32{3, 4, 5, 6, 1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6}; !slices.Equal(ir.Data[float32](dst[0].Tensor()), want) {
		t.Errorf("Peek(8) gives %v, want %v", ir.Data[float32](dst[0].Tensor()), want)
	}
}

func TestArrayRowsAreCopies(t *testing.T) {
	values := ir.MustTensor([]int32{1, 2, 3, 4}, 2, 2)
	class, self := newTestObject(t, lawsEnv, "data.array", ir.TensorValue(values), ir.BoolValue(false))
	callObject(t, class, self, "next")[0].Tensor().Fill(ir.WeakInt(9))
	if got := ir.Data[int32](values); !slices.Equal(got, []int32{1, 2, 3, 4}) {
		t.Errorf("changing a row changes the data set to %v", got)
	}
}

func TestArrayErrors(t *testing.T) {
	class := Standard().Class("data.array")
	no := ir.BoolValue(false)
	for _, tt := range []struct {
		args []ir.Value
		want string
	}{
		{[]ir.Value{ir.WeakInt(3), no}, "data.array: values is weak i64: want a tensor [rows,...]"},
		{[]ir.Value{ir.String("x"), no}, "data.array: values is string: want a tensor"},
		{[]ir.Value{ir.TensorValue(ir.MustTensor([]float64{}, 0, 3)), no}, "data.array: values is f64[0,3]: want a tensor [rows,...] of at least one row"},
		{[]ir.Value{ir.TensorValue(ir.MustTensor([]float64{1}, 1)), ir.WeakInt(1)}, "data.array: wrap is weak i64"},
	} {
		if _, err := class.New(lawsEnv, tt.args); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("New(%s) gives %v, want an error with %q", ir.FormatShort(ir.ListOf(tt.args...)), err, tt.want)
		}
	}
	one := []ir.Value{ir.TensorValue(ir.MustTensor([]float64{1}, 1)), no}
	for _, row := range []int64{-1, 2} {
		if _, err := class.Restore(lawsEnv, one, countState(arraySourceState, row)); err == nil || !strings.Contains(err.Error(), "want an i64 of 0 to 1") {
			t.Errorf("Restore at row %d gives %v", row, err)
		}
	}
	_, self := newTestObject(t, lawsEnv, "data.array", one...)
	callObject(t, class, self, "next")
	const want = "data.array: all 1 rows have been read: give it more rows, or wrap=true, or rewind it"
	if o := calling("next").call(class, self); o.err == nil || o.err.Error() != want {
		t.Errorf("a call after the last row gives %v, want %s", o.err, want)
	}
}
