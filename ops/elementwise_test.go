package ops

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"flowc.dev/flowc/ir"
)

var (
	inf      = math.Inf(1)
	nan      = math.NaN()
	negative = math.Copysign(0, -1)
)

// TestScalarValues holds ops to known results, special values among them. NumPy
// gives the same where it has the op.
func TestScalarValues(t *testing.T) {
	ops := Standard()
	for _, c := range []struct {
		op   string
		args []float64
		want float64
	}{
		{"floor_divide", []float64{7, 2}, 3}, {"floor_divide", []float64{-7, 2}, -4}, {"floor_divide", []float64{7, -2}, -4},
		{"floor_divide", []float64{-7, -2}, 3}, {"floor_divide", []float64{1, 0}, inf}, {"floor_divide", []float64{-1, 0}, -inf},
		{"floor_divide", []float64{0, 0}, nan}, {"floor_divide", []float64{-1, inf}, -1}, {"floor_divide", []float64{1, inf}, 0},
		{"floor_divide", []float64{inf, 2}, nan}, {"floor_divide", []float64{-6, 3}, -2}, {"floor_divide", []float64{negative, 3}, negative},
		{"floor_divide", []float64{1, 0.1}, 9}, {"floor_divide", []float64{nan, 1}, nan},
		{"remainder", []float64{7, 2}, 1}, {"remainder", []float64{-7, 2}, 1}, {"remainder", []float64{7, -2}, -1}, {"remainder", []float64{-7, -2}, -1},
		{"remainder", []float64{5.5, 2}, 1.5}, {"remainder", []float64{1, 0}, nan}, {"remainder", []float64{inf, 2}, nan},
		{"remainder", []float64{-1, inf}, inf}, {"remainder", []float64{1, inf}, 1}, {"remainder", []float64{-6, 3}, 0}, {"remainder", []float64{6, -3}, negative},
		{"maximum", []float64{1, nan}, nan}, {"maximum", []float64{nan, 1}, nan}, {"maximum", []float64{negative, 0}, 0}, {"maximum", []float64{-inf, 3}, 3},
		{"minimum", []float64{1, nan}, nan}, {"minimum", []float64{0, negative}, negative}, {"minimum", []float64{inf, 3}, 3},
		{"divide", []float64{1, 0}, inf}, {"divide", []float64{0, 0}, nan}, {"subtract", []float64{inf, inf}, nan}, {"multiply", []float64{0, inf}, nan},
		{"add", []float64{negative, negative}, negative}, {"add", []float64{negative, 0}, 0}, {"negative", []float64{0}, negative},
		{"abs", []float64{negative}, 0}, {"abs", []float64{-inf}, inf}, {"sign", []float64{-3}, -1}, {"sign", []float64{negative}, negative},
		{"sign", []float64{nan}, nan}, {"relu", []float64{-1}, 0}, {"relu", []float64{negative}, 0}, {"relu", []float64{nan}, nan}, {"relu", []float64{3}, 3},
		{"sqrt", []float64{-1}, nan}, {"sqrt", []float64{2}, math.Sqrt2}, {"square", []float64{-3}, 9}, {"reciprocal", []float64{negative}, -inf},
		{"floor", []float64{-1.5}, -2}, {"ceil", []float64{-0.5}, negative}, {"floor", []float64{inf}, inf},
		{"power", []float64{2, 10}, 1024}, {"power", []float64{-2, 3}, -8}, {"power", []float64{-2, 0.5}, nan}, {"power", []float64{0, -1}, inf},
		{"clip", []float64{5, 1, 3}, 3}, {"clip", []float64{-5, 1, 3}, 1}, {"clip", []float64{2, 1, 3}, 2}, {"clip", []float64{nan, 1, 3}, nan},
		{"clip", []float64{2, 5, 3}, 3},
		{"exp", []float64{-inf}, 0}, {"log", []float64{0}, -inf}, {"log1p", []float64{-1}, -inf}, {"expm1", []float64{negative}, negative},
		{"tanh", []float64{-inf}, -1}, {"sigmoid", []float64{0}, 0.5}, {"softplus", []float64{-inf}, 0},
	} {
		for _, dtype := range []ir.DType{ir.F64, ir.F32} {
			args := make([]ir.Value, len(c.args))
			for i, x := range c.args {
				args[i] = castScalar(ir.Float(x), dtype)
			}
			want := castScalar(ir.Float(c.want), dtype)
			if c.op == "floor_divide" && dtype == ir.F32 && c.args[1] == 0.1 {
				want = ir.Float32(9) // 0.1 as f32 is above 1/10
			}
			got, err := eval(ops.Lookup(c.op), args)
			if err != nil || !ir.SameValue(got[0], want) {
				t.Errorf("%s%v in %s = %s, %v, want %s", c.op, c.args, dtype, ir.FormatShort(got[0]), err, ir.FormatShort(want))
			}
		}
	}
}

func TestIntegerValues(t *testing.T) {
	ops := Standard()
	i32 := func(x int64) ir.Value { return castScalar(ir.Int(x), ir.I32) }
	u8 := func(x int64) ir.Value { return castScalar(ir.Int(x), ir.U8) }
	for _, c := range []struct {
		op   string
		args []ir.Value
		want ir.Value
	}{
		{"floor_divide", []ir.Value{ir.Int(-7), ir.Int(2)}, ir.Int(-4)}, {"floor_divide", []ir.Value{ir.Int(-8), ir.Int(2)}, ir.Int(-4)},
		{"floor_divide", []ir.Value{i32(math.MinInt32), i32(-1)}, i32(math.MinInt32)}, {"floor_divide", []ir.Value{u8(200), u8(7)}, u8(28)},
		{"remainder", []ir.Value{ir.Int(-7), ir.Int(2)}, ir.Int(1)}, {"remainder", []ir.Value{ir.Int(7), ir.Int(-2)}, ir.Int(-1)},
		{"remainder", []ir.Value{ir.Int(math.MinInt64), ir.Int(-1)}, ir.Int(0)}, {"remainder", []ir.Value{ir.Int(6), ir.Int(-3)}, ir.Int(0)},
		{"add", []ir.Value{i32(math.MaxInt32), i32(1)}, i32(math.MinInt32)}, {"add", []ir.Value{ir.Int(math.MaxInt64), ir.Int(1)}, ir.Int(math.MinInt64)},
		{"subtract", []ir.Value{u8(0), u8(1)}, u8(255)}, {"multiply", []ir.Value{u8(16), u8(17)}, u8(16)}, {"negative", []ir.Value{u8(1)}, u8(255)},
		{"abs", []ir.Value{i32(math.MinInt32)}, i32(math.MinInt32)}, {"abs", []ir.Value{i32(-5)}, i32(5)},
		{"power", []ir.Value{ir.Int(-3), ir.Int(3)}, ir.Int(-27)}, {"power", []ir.Value{u8(2), u8(8)}, u8(0)}, {"power", []ir.Value{ir.Int(5), ir.Int(0)}, ir.Int(1)},
		{"sign", []ir.Value{i32(-5)}, i32(-1)}, {"sign", []ir.Value{u8(5)}, u8(1)}, {"relu", []ir.Value{i32(-5)}, i32(0)},
		{"maximum", []ir.Value{i32(-5), i32(3)}, i32(3)}, {"floor", []ir.Value{i32(-5)}, i32(-5)},
		{"equal", []ir.Value{ir.Float(nan), ir.Float(nan)}, ir.BoolValue(false)}, {"not_equal", []ir.Value{ir.Float(nan), ir.Float(nan)}, ir.BoolValue(true)},
		{"equal", []ir.Value{ir.Float(0), ir.Float(negative)}, ir.BoolValue(true)}, {"less", []ir.Value{ir.Float(nan), ir.Float(1)}, ir.BoolValue(false)},
		{"greater", []ir.Value{ir.Int(3), ir.WeakFloat(2.5)}, ir.BoolValue(true)}, {"greater_equal", []ir.Value{u8(200), ir.WeakInt(200)}, ir.BoolValue(true)},
		{"less_equal", []ir.Value{i32(-1), ir.Int(-2)}, ir.BoolValue(false)}, {"logical_not", []ir.Value{ir.Float(nan)}, ir.BoolValue(false)},
		{"logical_or", []ir.Value{ir.Int(0), ir.Float(negative)}, ir.BoolValue(false)}, {"logical_and", []ir.Value{ir.Int(2), ir.Int(1)}, ir.BoolValue(true)},
		{"isnan", []ir.Value{ir.Float32(float32(nan))}, ir.BoolValue(true)}, {"isfinite", []ir.Value{ir.Float(inf)}, ir.BoolValue(false)},
		{"isfinite", []ir.Value{ir.Int(7)}, ir.BoolValue(true)}, {"isnan", []ir.Value{ir.Float(inf)}, ir.BoolValue(false)},
	} {
		got, err := eval(ops.Lookup(c.op), c.args)
		if err != nil || !ir.SameValue(got[0], c.want) {
			t.Errorf("%s(%s) = %s, %v, want %s", c.op, show(c.args), ir.FormatShort(got[0]), err, ir.FormatShort(c.want))
		}
	}
}

func show(values []ir.Value) string {
	parts := make([]string, len(values))
	for i, v := range values {
		parts[i] = ir.FormatShort(v)
	}
	return strings.Join(parts, ", ")
}

func TestCastValues(t *testing.T) {
	cast := Standard().Lookup("cast")
	for _, c := range []struct {
		x    ir.Value
		want map[string]int64 // per integer dtype
	}{
		{ir.Float(2.9), map[string]int64{"u8": 2, "i32": 2, "i64": 2, "bool": 1}},
		{ir.Float(-2.9), map[string]int64{"u8": 0, "i32": -2, "i64": -2, "bool": 1}},
		{ir.Float(nan), map[string]int64{"u8": 0, "i32": 0, "i64": 0, "bool": 1}},
		{ir.Float(inf), map[string]int64{"u8": 255, "i32": math.MaxInt32, "i64": math.MaxInt64}},
		{ir.Float(-inf), map[string]int64{"u8": 0, "i32": math.MinInt32, "i64": math.MinInt64}},
		{ir.Float(0x1p63), map[string]int64{"i64": math.MaxInt64}}, {ir.Float(-0x1p63), map[string]int64{"i64": math.MinInt64}},
		{ir.Float(math.MaxInt32), map[string]int64{"i32": math.MaxInt32}}, {ir.Float(math.MinInt32), map[string]int64{"i32": math.MinInt32}},
		{ir.Float(300), map[string]int64{"u8": 255}}, {ir.Float32(1e10), map[string]int64{"i32": math.MaxInt32, "i64": 1e10}},
		{ir.Int(300), map[string]int64{"u8": 44}}, {ir.Int(-1), map[string]int64{"u8": 255, "i32": -1}}, {ir.Int(1 << 32), map[string]int64{"i32": 0, "bool": 1}},
		{ir.Float(negative), map[string]int64{"bool": 0}}, {ir.BoolValue(true), map[string]int64{"u8": 1, "i64": 1}},
	} {
		for dtype, want := range c.want {
			got, err := eval(cast, []ir.Value{c.x, ir.String(dtype)})
			if err != nil || got[0].Int64() != want {
				t.Errorf("cast(%s, %s) = %s, %v, want %d", ir.FormatShort(c.x), dtype, ir.FormatShort(got[0]), err, want)
			}
			boxed, err := eval(cast, []ir.Value{ir.TensorValue(must(c.x.Boxed().Resize(c.x.DType(), []int{1}))), ir.String(dtype)})
			if err != nil || boxed[0].Boxed().At(0).Int64() != want {
				t.Errorf("cast([%s], %s) = %s, %v, want %d", ir.FormatShort(c.x), dtype, ir.FormatShort(boxed[0]), err, want)
			}
		}
	}
}

func TestElementErrors(t *testing.T) {
	ops := Standard()
	zeros := i64t([]int{2}, 1, 0)
	for _, c := range []struct {
		op   string
		args []ir.Value
		want string
	}{
		{"floor_divide", []ir.Value{ir.Int(1), ir.Int(0)}, "floor_divide: integer division by zero"},
		{"floor_divide", []ir.Value{zeros, zeros}, "floor_divide: integer division by zero"},
		{"remainder", []ir.Value{zeros, ir.WeakInt(0)}, "remainder: integer division by zero"},
		{"power", []ir.Value{ir.WeakInt(2), ir.WeakInt(-1)}, "power: an integer to a negative power"},
		{"add", []ir.Value{f64t([]int{2}, 1, 2), f64t([]int{3}, 1, 2, 3)}, "add: shapes [2] and [3] do not broadcast"},
		{"add", []ir.Value{f64t([]int{2}, 1, 2), ir.String("x")}, "add: x2 is string: want a number"},
	} {
		if _, err := eval(ops.Lookup(c.op), c.args); err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %s", c.op, err, c.want)
		}
	}
	// Where nothing is divided, nothing fails.
	if _, err := eval(ops.Lookup("floor_divide"), []ir.Value{i64t([]int{0}), ir.Int(0)}); err != nil {
		t.Error(err)
	}
}

func TestCreation(t *testing.T) {
	ops := Standard()
	null := ir.Value{}
	for _, c := range []struct {
		op   string
		args []ir.Value
		want ir.Value
	}{
		{"arange", []ir.Value{ir.WeakInt(4), null, ir.WeakInt(1), null}, i64t([]int{4}, 0, 1, 2, 3)},
		{"arange", []ir.Value{ir.WeakInt(1), ir.WeakInt(8), ir.WeakInt(3), null}, i64t([]int{3}, 1, 4, 7)},
		{"arange", []ir.Value{ir.WeakInt(1), ir.WeakInt(7), ir.WeakInt(3), null}, i64t([]int{2}, 1, 4)},
		{"arange", []ir.Value{ir.WeakInt(5), ir.WeakInt(0), ir.WeakInt(-2), null}, i64t([]int{3}, 5, 3, 1)},
		{"arange", []ir.Value{ir.WeakInt(5), ir.WeakInt(5), ir.WeakInt(-2), null}, i64t([]int{0})},
		{"arange", []ir.Value{ir.WeakInt(-3), null, ir.WeakInt(1), null}, i64t([]int{0})},
		{"arange", []ir.Value{ir.Int(math.MaxInt64 - 2), ir.Int(math.MaxInt64), ir.WeakInt(1), null}, i64t([]int{2}, math.MaxInt64-2, math.MaxInt64-1)},
		{"arange", []ir.Value{ir.WeakFloat(0), ir.WeakFloat(1), ir.WeakFloat(0.4), null}, f32t([]int{3}, 0, 0.4, 0.8)},
		{"arange", []ir.Value{ir.WeakInt(3), null, ir.WeakInt(1), ir.String("f64")}, f64t([]int{3}, 0, 1, 2)},
		{"eye", []ir.Value{ir.WeakInt(2), ir.String("i32")}, i32t([]int{2, 2}, 1, 0, 0, 1)},
		{"zeros", []ir.Value{ints(2, 1), ir.String("f32")}, f32t([]int{2, 1}, 0, 0)},
		{"ones", []ir.Value{ir.WeakInt(2), ir.String("bool")}, boolt([]int{2}, true, true)},
		{"full", []ir.Value{ints(2), ir.WeakFloat(0.5), null}, f32t([]int{2}, 0.5, 0.5)},
		{"full_like", []ir.Value{u8t([]int{2}, 1, 2), ir.WeakFloat(3.7)}, u8t([]int{2}, 3, 3)},
	} {
		got, err := eval(ops.Lookup(c.op), c.args)
		if err != nil || !ir.SameValue(got[0], c.want) {
			t.Errorf("%s(%s) = %s, %v, want %s", c.op, show(c.args), ir.FormatShort(got[0]), err, ir.FormatShort(c.want))
		}
	}
}

func TestCreationErrors(t *testing.T) {
	ops := Standard()
	null := ir.Value{}
	for _, c := range []struct {
		op   string
		args []ir.Value
		want string
	}{
		{"zeros", []ir.Value{ints(2, -1), ir.String("f32")}, "zeros: shape is [2,-1]: extents are not negative"},
		{"zeros", []ir.Value{ints(1e9, 1e9), ir.String("f32")}, "zeros: a f32 tensor of shape [1000000000,1000000000] exceeds the limit"},
		{"zeros", []ir.Value{ir.WeakFloat(2), ir.String("f32")}, "zeros: shape is weak f64: want a whole number or a list"},
		{"zeros", []ir.Value{ints(2), ir.String("f16")}, `zeros: dtype: unknown dtype "f16"`},
		{"arange", []ir.Value{ir.WeakInt(1), ir.WeakInt(2), ir.WeakInt(0), null}, "arange: step is 0"},
		{"arange", []ir.Value{ir.Int(math.MinInt64), ir.Int(math.MaxInt64), ir.WeakInt(1), null}, "arange: -9223372036854775808 to"},
		{"arange", []ir.Value{ir.Float(0), ir.Float(inf), ir.WeakInt(1), null}, "arange: 0.0 to inf by 1 are too many numbers"},
		{"arange", []ir.Value{ir.Float(0), ir.Float(nan), ir.WeakInt(1), null}, "arange: 0.0 to nan by 1 are too many numbers"},
		{"eye", []ir.Value{ir.WeakInt(-1), ir.String("f32")}, "eye: n is -1: want at least 0"},
		{"full", []ir.Value{ints(2), f64t([]int{1}, 1), null}, "full: fill_value is f64[1]: want a number of rank 0"},
	} {
		_, err := eval(ops.Lookup(c.op), c.args)
		if err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%s(%s): got %v, want %s", c.op, show(c.args), err, c.want)
		}
		if _, inferErr := ops.Lookup(c.op).Infer(ops.Lookup(c.op).ArgsOf(c.args)); fmt.Sprint(inferErr) != fmt.Sprint(err) {
			t.Errorf("%s: Infer says %v, Eval %v", c.op, inferErr, err)
		}
	}
}
