package ir

import (
	"math"
	"testing"
)

func TestConvertSaturatesTruncatesAndWraps(t *testing.T) {
	for _, c := range []struct {
		from Value
		to   DType
		want Value
	}{
		{Float(3.9), I64, Int(3)},
		{Float(-3.9), I32, Scalar(I32, uint64(0xFFFFFFFFFFFFFFFD))},
		{Float(math.NaN()), I32, Scalar(I32, 0)},
		{Float(1e300), I64, Int(math.MaxInt64)},
		{Float(-1e300), I64, Int(math.MinInt64)},
		{Float(300), U8, Scalar(U8, 255)},
		{Float(-1), U8, Scalar(U8, 0)},
		{Int(300), U8, Scalar(U8, 44)},
		{Int(1 << 40), I32, Scalar(I32, 0)},
		{Int(3), Bool, BoolValue(true)},
		{Float(0), Bool, BoolValue(false)},
		{WeakFloat(0.1), F32, Float32(0.1)},
		{Int(1<<24 + 1), F32, Float32(1 << 24)},
		{BoolValue(true), F64, Float(1)},
		{WeakInt(5), I64, Int(5)},
	} {
		if got := c.from.Convert(c.to); got != c.want {
			t.Errorf("%s to %s gives %s %s, want %s %s", Format(c.from), c.to, got.Type(), Format(got), c.want.Type(), Format(c.want))
		}
	}
}

func TestCountWantsAWholeNumber(t *testing.T) {
	for _, v := range []Value{WeakInt(7), Float(7), Float32(7), Scalar(U8, 7)} {
		if n, err := v.Count("n"); n != 7 || err != nil {
			t.Errorf("Count of %s = %d, %v", v.Type(), n, err)
		}
	}
	for _, v := range []Value{Float(1.5), Float(math.NaN()), Float(math.Inf(1)), Float(1e300), String("7"), {}, BoolValue(true), TensorValue(MustTensor([]int64{7}, 1))} {
		if n, err := v.Count("n"); err == nil {
			t.Errorf("Count of %s %s = %d, want an error", v.Type(), Format(v), n)
		}
	}
}

func TestOnlyLiteralDTypesAreWeak(t *testing.T) {
	if !WeakFloat(1).Weak() || !WeakInt(1).Weak() {
		t.Error("a literal is not weak")
	}
	if Float32(1).AsWeak(true).Weak() || BoolValue(true).AsWeak(true).Weak() || String("x").AsWeak(true).Weak() {
		t.Error("something that no literal is became weak")
	}
}

func TestSameValueComparesBitsAndTypes(t *testing.T) {
	same := [][2]Value{
		{Float(math.NaN()), Float(math.Float64frombits(0xFFF8000000000001))},
		{ListOf(Int(1), String("a")), ListOf(Int(1), String("a"))},
	}
	for _, p := range same {
		if !SameValue(p[0], p[1]) {
			t.Errorf("%s and %s differ", Format(p[0]), Format(p[1]))
		}
	}
	different := [][2]Value{
		{Float(0), Float(math.Copysign(0, -1))},
		{Float(1), WeakFloat(1)},
		{Int(1), Float(1)},
		{{}, Int(0)},
		{TensorValue(MustTensor([]int64{1, 2}, 2)), TensorValue(MustTensor([]int64{1, 2}, 1, 2))},
		{ListOf(Int(1)), RecordOf([]string{"a"}, []Value{Int(1)})},
	}
	for _, p := range different {
		if SameValue(p[0], p[1]) {
			t.Errorf("%s %s and %s %s are the same", p[0].Type(), Format(p[0]), p[1].Type(), Format(p[1]))
		}
	}
}

func TestBoxedAndUnboxedAgree(t *testing.T) {
	for _, v := range []Value{Float(1.5), Float32(-2), Int(-3), Scalar(I32, uint64(math.MaxUint64)), Scalar(U8, 9), BoolValue(true)} {
		if got := TensorValue(v.Boxed()); got != v {
			t.Errorf("%s %s came back as %s %s", v.Type(), Format(v), got.Type(), Format(got))
		}
	}
}

func TestFormat(t *testing.T) {
	long := make([]float64, 2000)
	for _, c := range []struct {
		v    Value
		want string
	}{
		{Value{}, "null"},
		{Float(1), "1.0"},
		{Float(1e21), "1e+21"},
		{Float32(0.1), "0.1"},
		{Float(math.Inf(-1)), "-inf"},
		{Int(-4), "-4"},
		{BoolValue(false), "false"},
		{String("a b"), "a b"},
		{ListOf(String("a"), Int(1), Value{}), `["a", 1, null]`},
		{RecordOf([]string{"x", "y"}, []Value{Int(1), String("q")}), `{x: 1, y: "q"}`},
		{TensorValue(MustTensor([]int64{1, 2, 3, 4}, 2, 2)), "[[1 2]\n [3 4]]"},
		{TensorValue(MustTensor([]float32{}, 0)), "[]"},
		{TensorValue(MustTensor(long, 2000)), "[0.0 0.0 0.0 ... 0.0 0.0 0.0]"},
	} {
		if got := Format(c.v); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}

func TestParseTypeReadsWhatStringPrints(t *testing.T) {
	for _, typ := range []Type{NumberType(F32), NumberType(I64, 3), NumberType(Bool, 2, 0, 5)} {
		got, err := ParseType(typ.String())
		if err != nil || !got.Equal(typ) {
			t.Errorf("ParseType(%q) = %v, %v", typ, got, err)
		}
	}
	for _, s := range []string{"", "f16", "f32[", "f32[a]", "f32[-1]", "f32[1e9]", "f32[4294967296,4294967296]", "f32[2]]"} {
		if got, err := ParseType(s); err == nil {
			t.Errorf("ParseType(%q) = %v, want an error", s, got)
		}
	}
}
