package cli

import (
	"math"
	"testing"

	"flowc.dev/flowc/ir"
)

func TestAppendValue(t *testing.T) {
	nan := ir.Float(math.NaN())
	for _, c := range []struct {
		value ir.Value
		want  string
	}{
		{ir.Int(3), `3`},
		{ir.Float(3), `3.0`},
		{ir.Float32(0.1), `0.1`},
		{ir.Float(1e-300), `1e-300`},
		{ir.BoolValue(true), `true`},
		{nan, `"nan"`},
		{ir.Float(math.Inf(1)), `"inf"`},
		{ir.Float32(float32(math.Inf(-1))), `"-inf"`},
		{ir.Value{}, `null`},
		{ir.String("a\"b\n"), `"a\"b\n"`},
		{ir.ListOf(ir.Int(1), ir.String("x")), `[1,"x"]`},
		{ir.RecordOf([]string{"b", "a"}, []ir.Value{ir.Int(1), ir.ListOf()}), `{"b":1,"a":[]}`},
		{ir.TensorValue(ir.MustTensor([]int32{1, -2, 4, 1}, 2, 2)),
			`{"dtype":"i32","shape":[2,2],"min":-2,"max":4,"mean":1.0,"sha256":"1759d2e709d75b2d821a1d0e019f519d59b3d1882c58159765bc672550d125fd"}`},
		{ir.TensorValue(ir.MustTensor([]int64{math.MaxInt64, math.MaxInt64 - 1}, 2)),
			`{"dtype":"i64","shape":[2],"min":9223372036854775806,"max":9223372036854775807,"mean":9.223372036854776e+18,"sha256":"e56d1b41571c58321e47a858efe5f26a13f8b1b41fdae70e4a076760af1fb71b"}`},
		{ir.TensorValue(ir.MustTensor([]float32{1, float32(math.NaN())}, 2)),
			`{"dtype":"f32","shape":[2],"min":"nan","max":"nan","mean":"nan","sha256":"c5a9838fc5dcd30b553f91b142049c4fd057c83c043c7534ef12c4bc9439041d"}`},
		{ir.TensorValue(ir.MustTensor([]float64{}, 0)),
			`{"dtype":"f64","shape":[0],"min":null,"max":null,"mean":null,"sha256":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}`},
	} {
		if got := string(appendValue(nil, c.value)); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
}
