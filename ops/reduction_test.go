package ops

import (
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"

	"flowc.dev/flowc/ir"
)

// orderOfReduction is the definition: element i goes to accumulator i mod 16,
// then 8 accumulators are merged with the other 8, 4 with 4, 2 with 2, 1 with 1.
func orderOfReduction[T float](x []T, identity T, merge func(a, b T) T) T {
	var acc [16]T
	for i := range acc {
		acc[i] = identity
	}
	for i, v := range x {
		acc[i%16] = merge(acc[i%16], v)
	}
	for _, half := range []int{8, 4, 2, 1} {
		for i := range half {
			acc[i] = merge(acc[i], acc[i+half])
		}
	}
	return acc[0]
}

// lanesOf returns, for every element of a reduction's result, the elements that
// it is made of in row-major order.
func lanesOf[T float](x []T, shape []int, reduced []bool) [][]T {
	results := 1
	for axis, extent := range shape {
		if !reduced[axis] {
			results *= extent
		}
	}
	lanes := make([][]T, results)
	index := make([]int, len(shape))
	for _, v := range x {
		result := 0
		for axis, extent := range shape {
			if !reduced[axis] {
				result = result*extent + index[axis]
			}
		}
		lanes[result] = append(lanes[result], v)
		for axis := len(shape) - 1; axis >= 0; axis-- {
			if index[axis]++; index[axis] < shape[axis] {
				break
			}
			index[axis] = 0
		}
	}
	return lanes
}

func TestReductionOrder(t *testing.T) {
	t.Run("f32", testReductionOrder[float32])
	t.Run("f64", testReductionOrder[float64])
}

func testReductionOrder[T float](t *testing.T) {
	registry := Standard()
	add := func(a, b T) T { return a + b }
	multiply := func(a, b T) T { return a * b }
	naive := map[string]func(x []T) T{
		"sum":  func(x []T) T { return orderOfReduction(x, 0, add) },
		"mean": func(x []T) T { return orderOfReduction(x, 0, add) / T(len(x)) },
		"prod": func(x []T) T { return orderOfReduction(x, 1, multiply) },
		"max":  func(x []T) T { return orderOfReduction(x, T(math.Inf(-1)), func(a, b T) T { return max(a, b) }) },
		"min":  func(x []T) T { return orderOfReduction(x, T(math.Inf(1)), func(a, b T) T { return min(a, b) }) },
		"var": func(x []T) T {
			mean := orderOfReduction(x, 0, add) / T(len(x))
			squares := make([]T, len(x))
			for i, v := range x {
				d := v - mean
				squares[i] = d * d
			}
			return orderOfReduction(squares, 0, add) / T(len(x))
		},
	}
	rapid.Check(t, func(t *rapid.T) {
		rank := rapid.IntRange(0, 4).Draw(t, "rank")
		shape := make([]int, rank)
		for axis := range shape {
			shape[axis] = rapid.SampledFrom([]int{1, 2, 3, 7, 20, 35}[:[]int{6, 6, 6, 5, 4}[rank]]).Draw(t, "extent")
		}
		if rank > 0 && rapid.Bool().Draw(t, "long") {
			shape[rank-1] = rapid.SampledFrom([]int{130, 257}).Draw(t, "last extent")
		}
		reduced := make([]bool, rank)
		var axes []int64
		for axis := range reduced {
			if reduced[axis] = rapid.Bool().Draw(t, "reduced"); reduced[axis] {
				axes = append(axes, int64(axis))
			}
		}
		seed := elements[T](t, "elements", 53)
		step := rapid.IntRange(1, 52).Draw(t, "step")
		x := make([]T, elementCount(shape))
		for i := range x {
			x[i] = seed[i*step%len(seed)]
		}
		tensor := ir.TensorValue(ir.MustTensor(x, shape...))
		for name, definition := range naive {
			results, err := eval(registry.Lookup(name), []ir.Value{tensor, ints(axes...), ir.BoolValue(false)})
			if err != nil {
				t.Fatal(err)
			}
			var want []T
			for _, lane := range lanesOf(x, shape, reduced) {
				want = append(want, definition(lane))
			}
			checkSameBits(t, fmt.Sprintf("%s of %v over %v", name, shape, axes), ir.Data[T](results[0].Boxed()), want)
		}
	})
}

func TestReductionsOfFew(t *testing.T) {
	nan, inf, negativeZero := math.NaN(), math.Inf(1), math.Copysign(0, -1)
	null := ir.Value{}
	tests := []struct {
		op   string
		x    ir.Value
		want ir.Value
	}{
		{"sum", u8t([]int{2}, 200, 100), ir.Int(300)},
		{"sum", boolt([]int{3}, true, false, true), ir.Int(2)},
		{"sum", ir.WeakInt(3), ir.WeakInt(3)},
		{"sum", f64t([]int{0}), ir.Float(0)},
		{"prod", i32t([]int{2}, 1<<20, 1<<20), ir.Int(1 << 40)},
		{"prod", f32t([]int{0}), ir.Float32(1)},
		{"mean", i64t([]int{2}, 1, 2), ir.WeakFloat(1.5)},
		{"mean", f32t([]int{0}), ir.Float32(float32(nan))},
		{"var", f64t([]int{4}, 1, 2, 3, 4), ir.Float(1.25)},
		{"max", f64t([]int{3}, 1, nan, 3), ir.Float(nan)},
		{"max", f64t([]int{2}, negativeZero, 0), ir.Float(0)},
		{"max", f64t([]int{2}, 0, negativeZero), ir.Float(0)},
		{"max", f64t([]int{1}, -inf), ir.Float(-inf)},
		{"min", f64t([]int{2}, 0, negativeZero), ir.Float(negativeZero)},
		{"min", u8t([]int{3}, 7, 3, 250), ir.Scalar(ir.U8, 3)},
		{"max", boolt([]int{2}, false, true), ir.BoolValue(true)},
		{"any", f64t([]int{2}, 0, nan), ir.BoolValue(true)},
		{"any", f64t([]int{2}, 0, negativeZero), ir.BoolValue(false)},
		{"all", i32t([]int{2}, 1, 0), ir.BoolValue(false)},
		{"all", i32t([]int{0}), ir.BoolValue(true)},
		{"argmax", f64t([]int{4}, 1, 3, 3, 2), ir.Int(1)},
		{"argmax", f64t([]int{4}, 1, nan, 3, nan), ir.Int(1)},
		{"argmin", f64t([]int{4}, nan, 1, 0, 2), ir.Int(0)},
		{"argmin", f64t([]int{2, 2}, 5, 1, 1, 2), ir.Int(1)},
		{"argmax", ir.Float(3), ir.Int(0)},
	}
	registry := Standard()
	for _, test := range tests {
		results, err := eval(registry.Lookup(test.op), []ir.Value{test.x, null, ir.BoolValue(false)})
		if err != nil {
			t.Error(err)
		} else if !ir.SameValue(results[0], test.want) {
			t.Errorf("%s(%s) = %s, want %s", test.op, ir.Format(test.x), ir.Format(results[0]), ir.Format(test.want))
		}
	}
}

func TestArgmaxAlongAxes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		shape := []int{rapid.IntRange(1, 4).Draw(t, "a"), rapid.IntRange(1, 20).Draw(t, "b"), rapid.IntRange(1, 4).Draw(t, "c")}
		axis := rapid.IntRange(0, 2).Draw(t, "axis")
		x := elements[float64](t, "x", elementCount(shape))
		reduced := make([]bool, 3)
		reduced[axis] = true
		for name, better := range map[string]func(a, b float64) bool{
			"argmax": func(a, b float64) bool { return a > b }, "argmin": func(a, b float64) bool { return a < b },
		} {
			results, err := eval(Standard().Lookup(name), []ir.Value{f64t(shape, x...), ir.WeakInt(int64(axis)), ir.BoolValue(false)})
			if err != nil {
				t.Fatal(err)
			}
			for i, lane := range lanesOf(x, shape, reduced) {
				want := 0
				for j, v := range lane {
					if best := lane[want]; best == best && (v != v || better(v, best)) {
						want = j
					}
				}
				if got := ir.Data[int64](results[0].Tensor())[i]; got != int64(want) {
					t.Fatalf("%s of %v is %d, want %d", name, lane, got, want)
				}
			}
		}
	})
}

func TestReductionErrors(t *testing.T) {
	null, no := ir.Value{}, ir.BoolValue(false)
	tests := []struct {
		op   string
		args []ir.Value
		want string
	}{
		{"sum", []ir.Value{f64t([]int{2, 3}, 1, 2, 3, 4, 5, 6), ir.WeakInt(2), no}, "sum: axis is 2, but the rank is 2: want -2 to 1"},
		{"sum", []ir.Value{ir.String("x"), null, no}, "sum: x is string: want a number"},
		{"max", []ir.Value{f64t([]int{2, 0}), null, no}, "max: x of shape [2,0] has no elements along axis 1"},
		{"argmax", []ir.Value{f64t([]int{2}, 1, 2), ints(0), no}, "argmax: axis is list of 1: want one axis, or null for all elements"},
		{"sum_adjoint", []ir.Value{f64t([]int{2}, 1, 2), f64t([]int{2}, 1, 2), null, no},
			"sum_adjoint: dout has the shape [2]: want [], that of the reduction's result"},
	}
	for _, test := range tests {
		checkError(t, test.op, test.args, test.want)
	}
}

func checkError(t *testing.T, name string, args []ir.Value, want string) {
	t.Helper()
	err := Standard().Lookup(name).Eval(make([]ir.Value, 2), args)
	if err == nil || err.Error() != want {
		t.Errorf("%s: the error is %q, want %q", name, fmt.Sprint(err), want)
	}
}

func BenchmarkReductionsF32(b *testing.B) {
	registry := Standard()
	for _, shape := range [][]int{{64, 10}, {64, 128}, {1024, 1024}} {
		x := inDType(uniform(1, -1, 1, shape...), ir.F32)
		for _, name := range []string{"sum", "max"} {
			for _, axis := range []ir.Value{{}, ir.WeakInt(0), ir.WeakInt(1)} {
				b.Run(fmt.Sprintf("%s/%v/axis=%s", name, shape, ir.FormatShort(axis)), func(b *testing.B) {
					dst, args, op := make([]ir.Value, 1), []ir.Value{x, axis, ir.BoolValue(false)}, registry.Lookup(name)
					b.SetBytes(int64(4 * elementCount(shape)))
					for b.Loop() {
						if err := op.Eval(dst, args); err != nil {
							b.Fatal(err)
						}
					}
				})
			}
		}
	}
}

func TestExtremumAdjointSharesAmongTies(t *testing.T) {
	x := f64t([]int{2, 4}, 3, 1, 3, 3, 0, math.NaN(), 5, 5)
	out := evalOp(t, "max", x, ir.WeakInt(1), ir.BoolValue(false))
	got := evalOp(t, "max_adjoint", x, out, f64t([]int{2}, 6, 7), ir.WeakInt(1), ir.BoolValue(false))
	if want := f64t([]int{2, 4}, 2, 0, 2, 2, 0, 7, 0, 0); !ir.SameValue(got, want) {
		t.Errorf("the adjoint of max is %s, want %s", ir.Format(got), ir.Format(want))
	}
}
