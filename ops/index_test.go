package ops

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"flowc.dev/flowc/ir"
)

// pythonSlice returns the indices that a slice of an axis picks, stepping one
// by one.
func pythonSlice(start, stop, step *int, extent int) []int {
	by := 1
	if step != nil {
		by = *step
	}
	from, to := 0, extent
	if by < 0 {
		from, to = extent-1, -1
	}
	clip := func(i int) int {
		if i < 0 {
			i += extent
		}
		if by > 0 {
			return min(max(i, 0), extent)
		}
		return min(max(i, -1), extent-1)
	}
	if start != nil {
		from = clip(*start)
	}
	if stop != nil {
		to = clip(*stop)
	}
	var picks []int
	for i := from; by > 0 && i < to || by < 0 && i > to; i += by {
		picks = append(picks, i)
	}
	return picks
}

func TestGetitemPicks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		shape := rapid.SliceOfN(rapid.IntRange(1, 5), 1, 4).Draw(t, "shape")
		x := numbered(rapid.SampledFrom([]ir.DType{ir.U8, ir.I32, ir.F64}).Draw(t, "dtype"), shape...)
		picks := make([][]int, len(shape)) // per axis of x
		var indices []ir.Value
		var want []int
		n := rapid.IntRange(1, len(shape)).Draw(t, "indices")
		for axis, extent := range shape {
			switch {
			case axis >= n:
				picks[axis] = pythonSlice(nil, nil, nil, extent)
				want = append(want, extent)
			case rapid.Bool().Draw(t, "is slice"):
				part := func(label string) (*int, ir.Value) {
					if rapid.Bool().Draw(t, label+" is null") {
						return nil, ir.Value{}
					}
					i := rapid.IntRange(-8, 8).Draw(t, label)
					if label == "step" && i == 0 {
						i = 3
					}
					return &i, ir.WeakInt(int64(i))
				}
				start, startValue := part("start")
				stop, stopValue := part("stop")
				step, stepValue := part("step")
				picks[axis] = pythonSlice(start, stop, step, extent)
				want = append(want, len(picks[axis]))
				indices = append(indices, ir.ListOf(startValue, stopValue, stepValue))
			default:
				i := rapid.IntRange(-extent, extent-1).Draw(t, "index")
				picks[axis] = []int{(i + extent) % extent}
				indices = append(indices, ir.WeakInt(int64(i)))
			}
		}
		kept := func(axis int) bool { return axis >= n || indices[axis].List() != nil }
		source := func(index []int) []int { // the index in x of an index in the result
			full, next := make([]int, len(shape)), 0
			for axis := range shape {
				if kept(axis) {
					full[axis] = picks[axis][index[next]]
					next++
				} else {
					full[axis] = picks[axis][0]
				}
			}
			return full
		}
		got := evalOp(t, "getitem", append([]ir.Value{x}, indices...)...)
		checkElements(t, "getitem", got, want, func(index []int) ir.Value { return at(x, source(index)) })

		dout := inDType(evalOp(t, "add", got, ir.WeakInt(1)), ir.F64)
		scattered := map[int]float64{}
		places := numbered(ir.I64, shape...)
		positions(want, func(index []int) { scattered[int(at(places, source(index)).Int64())] = at(dout, index).Float64() })
		adjoint := evalOp(t, "getitem_adjoint", append([]ir.Value{inDType(x, ir.F64), dout}, indices...)...)
		checkElements(t, "getitem_adjoint", adjoint, shape, func(index []int) ir.Value {
			return ir.Float(scattered[int(at(places, index).Int64())])
		})
	})
}

func TestSliceOfExtremes(t *testing.T) {
	x := numbered(ir.I64, 4)
	null, least, most := ir.Value{}, ir.WeakInt(math.MinInt64), ir.WeakInt(math.MaxInt64)
	tests := []struct {
		slice []ir.Value
		want  []int64
	}{
		{[]ir.Value{least, most, null}, []int64{0, 1, 2, 3}},
		{[]ir.Value{most, least, ir.WeakInt(-1)}, []int64{3, 2, 1, 0}},
		{[]ir.Value{null, null, least}, []int64{3}},
		{[]ir.Value{null, null, most}, []int64{0}},
		{[]ir.Value{ir.WeakInt(2)}, []int64{0, 1}},
		{[]ir.Value{ir.WeakInt(1), ir.WeakInt(3)}, []int64{1, 2}},
	}
	for _, test := range tests {
		got := evalOp(t, "getitem", x, ir.ListOf(test.slice...))
		if !slices.Equal(ir.Data[int64](got.Tensor()), test.want) {
			t.Errorf("x[%s] is %s, want %v", ir.Format(ir.ListOf(test.slice...)), ir.Format(got), test.want)
		}
	}
}

func TestTakePicks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		shape := rapid.SliceOfN(rapid.IntRange(1, 4), 1, 3).Draw(t, "shape")
		axis := rapid.IntRange(0, len(shape)-1).Draw(t, "axis")
		indexShape := drawShape(t, "index shape", 0, 2)
		extent := shape[axis]
		picks := must(ir.NewTensor(ir.I64, indexShape...))
		for i := range ir.Data[int64](picks) {
			ir.Data[int64](picks)[i] = int64(rapid.IntRange(-extent, extent-1).Draw(t, "index"))
		}
		x, indices := numbered(ir.F32, shape...), ir.TensorValue(picks)
		want := slices.Concat(shape[:axis], indexShape, shape[axis+1:])
		source := func(index []int) []int {
			pick := int(at(indices, index[axis:axis+len(indexShape)]).Int64())
			return slices.Concat(index[:axis], []int{(pick + extent) % extent}, index[axis+len(indexShape):])
		}
		got := evalOp(t, "take", x, indices, ir.WeakInt(int64(axis)))
		checkElements(t, "take", got, want, func(index []int) ir.Value { return at(x, source(index)) })

		added := make([]float32, elementCount(shape))
		places := numbered(ir.I64, shape...)
		dout := evalOp(t, "add", got, ir.WeakInt(1))
		positions(want, func(index []int) { added[at(places, source(index)).Int64()] += float32(at(dout, index).Float64()) })
		adjoint := evalOp(t, "take_adjoint", x, indices, dout, ir.WeakInt(int64(axis)))
		checkElements(t, "take_adjoint", adjoint, shape, func(index []int) ir.Value { return ir.Float32(added[at(places, index).Int64()]) })
	})
}

func TestIndexOfParts(t *testing.T) {
	list := ir.ListOf(ir.Float(1), ir.String("b"))
	record := ir.RecordOf([]string{"W", "name"}, []ir.Value{f32t([]int{2}, 1, 2), ir.String("layer")})
	if got := evalOp(t, "getitem", list, ir.WeakInt(-1)); got.Text() != "b" {
		t.Errorf("the last item is %s", ir.Format(got))
	}
	if got := evalOp(t, "getitem", record, ir.String("W")); !ir.SameValue(got, f32t([]int{2}, 1, 2)) {
		t.Errorf("the field W is %s", ir.Format(got))
	}
	want := ir.RecordOf([]string{"W", "name"}, []ir.Value{f32t([]int{2}, 3, 4), {}})
	if got := evalOp(t, "getitem_adjoint", record, f64t([]int{2}, 3, 4), ir.String("W")); !ir.SameValue(got, want) {
		t.Errorf("the adjoint of the field W is %s, want %s", ir.Format(got), ir.Format(want))
	}
	index := ir.WeakInt(0)
	types, err := Standard().Lookup("getitem").Infer([]Arg{{Type: list.Type()}, {Type: index.Type(), Value: &index}})
	if err != nil || !types[0].Equal(ir.NumberType(ir.F64)) {
		t.Errorf("the type of item 0 is %v, %v", types, err)
	}
}

func TestIndexErrors(t *testing.T) {
	x := numbered(ir.F64, 2, 3)
	null := ir.Value{}
	list, record := ir.ListOf(ir.Float(1), ir.String("b")), ir.RecordOf([]string{"W"}, []ir.Value{ir.Float(1)})
	tests := []struct {
		op   string
		args []ir.Value
		want string
	}{
		{"getitem", []ir.Value{x, ir.WeakInt(0), ir.WeakInt(3)}, "getitem: index 3 is out of range for axis 1 of x of shape [2,3]"},
		{"getitem", []ir.Value{x, ir.WeakInt(-3)}, "getitem: index -3 is out of range for axis 0 of x of shape [2,3]"},
		{"getitem", []ir.Value{x, ir.WeakInt(0), ir.WeakInt(0), ir.WeakInt(0)}, "getitem: 3 indices for x of shape [2,3]: want 1 to 2"},
		{"getitem", []ir.Value{x, ir.Float(1)},
			"getitem: index 0 is f64: want a whole number, or a slice [start, stop, step]; take picks by a tensor of indices"},
		{"getitem", []ir.Value{x, ir.ListOf(null, null, ir.WeakInt(0))}, "getitem: the step of a slice is 0: want a number that is not 0"},
		{"getitem", []ir.Value{list, ir.WeakInt(2)}, "getitem: index 2 is out of range for a list of 2"},
		{"getitem", []ir.Value{list, ir.String("a")}, "getitem: the index of a list is one whole number"},
		{"getitem", []ir.Value{record, ir.String("b")}, `getitem: the record has no field "b"; it has [W]`},
		{"getitem", []ir.Value{ir.String("a"), ir.WeakInt(0)}, "getitem: x is string: want a number, list or record"},
		{"getitem_adjoint", []ir.Value{x, ir.Float(1), ir.WeakInt(0)}, "getitem_adjoint: dout has the shape [], the item [3]"},
		{"take", []ir.Value{x, ir.WeakInt(2), ir.WeakInt(0)}, "take: index 2 is out of range for axis 0 of x of shape [2,3]"},
		{"take", []ir.Value{x, ir.Float(1), ir.WeakInt(0)}, "take: indices are f64: want integers"},
		{"one_hot", []ir.Value{x, ir.WeakInt(2), ir.String("f32")}, "one_hot: x is f64: want integers"},
	}
	for _, test := range tests {
		checkError(t, test.op, test.args, test.want)
	}
}

func TestOneHot(t *testing.T) {
	got := evalOp(t, "one_hot", i64t([]int{4}, 0, 2, -1, 3), ir.WeakInt(3), ir.String("f32"))
	if want := f32t([]int{4, 3}, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0); !ir.SameValue(got, want) {
		t.Errorf("one_hot is %s", ir.Format(got))
	}
}
