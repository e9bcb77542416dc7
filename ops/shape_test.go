package ops

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"flowc.dev/flowc/ir"
)

// positions calls visit for each index of shape in row-major order.
func positions(shape []int, visit func(index []int)) {
	index := make([]int, len(shape))
	for range elementCount(shape) {
		visit(index)
		for axis := len(shape) - 1; axis >= 0; axis-- {
			if index[axis]++; index[axis] < shape[axis] {
				break
			}
			index[axis] = 0
		}
	}
}

// at returns the element of v at an index that broadcasts: its last axes are
// those of v, and an extent of 1 takes index 0.
func at(v ir.Value, index []int) ir.Value {
	t := v.Boxed()
	index = index[len(index)-t.Rank():]
	offset := 0
	for axis, extent := range t.Shape() {
		offset *= extent
		if extent != 1 {
			offset += index[axis]
		}
	}
	return t.At(offset)
}

// numbered returns a tensor of the dtype that counts its elements.
func numbered(dtype ir.DType, shape ...int) ir.Value {
	t := must(ir.NewTensor(ir.I64, shape...))
	for i := range ir.Data[int64](t) {
		ir.Data[int64](t)[i] = int64(i)
	}
	return inDType(ir.TensorValue(t), dtype)
}

func drawShape(t *rapid.T, label string, low, maxRank int) []int {
	return rapid.SliceOfN(rapid.IntRange(low, 4), 0, maxRank).Draw(t, label)
}

// checkElements compares every element of got with want.
func checkElements(t *rapid.T, what string, got ir.Value, shape []int, want func(index []int) ir.Value) {
	if !slices.Equal(got.Shape(), shape) {
		t.Fatalf("%s has the shape %v, want %v", what, got.Shape(), shape)
	}
	positions(shape, func(index []int) {
		if g, w := at(got, index), want(index); !ir.SameValue(g, w) {
			t.Fatalf("%s at %v is %s, want %s", what, index, ir.Format(g), ir.Format(w))
		}
	})
}

func TestTransposePermutes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		shape := drawShape(t, "shape", 0, 4)
		if len(shape) > 0 && rapid.Bool().Draw(t, "long") {
			shape[rapid.IntRange(0, len(shape)-1).Draw(t, "which")] = 37
		}
		axes := rapid.Permutation([]int64{0, 1, 2, 3}[:len(shape)]).Draw(t, "axes")
		x := numbered(rapid.SampledFrom(ir.DTypes).Draw(t, "dtype"), shape...)
		want, back := make([]int, len(shape)), make([]int, len(shape))
		for i, axis := range axes {
			want[i] = shape[axis]
		}
		got := evalOp(t, "transpose", x, ints(axes...))
		checkElements(t, "transpose", got, want, func(index []int) ir.Value {
			for i, axis := range axes {
				back[axis] = index[i]
			}
			return at(x, back)
		})
		if undone := evalOp(t, "transpose_adjoint", got, ints(axes...)); !ir.SameValue(undone, x) {
			t.Fatalf("transpose_adjoint does not undo transpose by %v", axes)
		}
	})
}

func TestBroadcastAndSumToLike(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		shape := drawShape(t, "shape", 1, 4)
		small := slices.Clone(shape[rapid.IntRange(0, len(shape)).Draw(t, "lead"):])
		for axis := range small {
			if rapid.Bool().Draw(t, "one") {
				small[axis] = 1
			}
		}
		x := numbered(rapid.SampledFrom(ir.DTypes).Draw(t, "dtype"), small...)
		big := numbered(ir.F64, shape...)
		got := evalOp(t, "broadcast_like", x, big)
		checkElements(t, "broadcast_like", got, shape, func(index []int) ir.Value { return at(x, index) })
		// The sums are of whole numbers, so that their order does not matter.
		sums := make([]float64, elementCount(small))
		place := numbered(ir.I64, small...)
		positions(shape, func(index []int) { sums[at(place, index).Int64()] += at(big, index).Float64() })
		sum := evalOp(t, "sum_to_like", big, inDType(x, ir.F64))
		checkElements(t, "sum_to_like", sum, small, func(index []int) ir.Value { return ir.Float(sums[at(place, index).Int64()]) })
	})
}

func TestJoinsPlaceTheirParts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		shape := rapid.SliceOfN(rapid.IntRange(0, 3), 1, 3).Draw(t, "shape")
		axis := rapid.IntRange(0, len(shape)-1).Draw(t, "axis")
		dtype := rapid.SampledFrom(ir.DTypes).Draw(t, "dtype")
		var parts []ir.Value
		var starts []int
		total := 0
		for i := range rapid.IntRange(1, 4).Draw(t, "parts") {
			s := slices.Clone(shape)
			s[axis] = rapid.IntRange(0, 3).Draw(t, "extent")
			parts = append(parts, evalOp(t, "add", numbered(dtype, s...), inDType(ir.Float(float64(10*i)), dtype)))
			for range s[axis] {
				starts = append(starts, i)
			}
			total += s[axis]
		}
		want := slices.Clone(shape)
		want[axis] = total
		got := evalOp(t, "concat", ir.ListOf(parts...), ir.WeakInt(int64(axis)))
		checkElements(t, "concat", got, want, func(index []int) ir.Value {
			part := starts[index[axis]]
			inner := slices.Clone(index)
			inner[axis] -= slices.Index(starts, part)
			return at(parts[part], inner)
		})
		same := []ir.Value{parts[0], parts[0], parts[0]}
		stacked := evalOp(t, "stack", ir.ListOf(same...), ir.WeakInt(int64(axis)))
		checkElements(t, "stack", stacked, slices.Insert(slices.Clone(parts[0].Shape()), axis, 3), func(index []int) ir.Value {
			return at(parts[0], slices.Delete(slices.Clone(index), axis, axis+1))
		})
	})
}

func TestReshapes(t *testing.T) {
	x := numbered(ir.I32, 2, 3, 4)
	null := ir.Value{}
	tests := []struct {
		op    string
		x     ir.Value
		param ir.Value
		want  []int
	}{
		{"reshape", x, ints(4, 6), []int{4, 6}},
		{"reshape", x, ints(2, -1, 2), []int{2, 6, 2}},
		{"reshape", x, ir.WeakInt(-1), []int{24}},
		{"reshape", numbered(ir.F32, 0, 3), ints(-1, 3), []int{0, 3}},
		{"expand_dims", x, ir.WeakInt(0), []int{1, 2, 3, 4}},
		{"expand_dims", x, ir.WeakInt(-1), []int{2, 3, 4, 1}},
		{"expand_dims", x, ints(0, 2), []int{1, 2, 1, 3, 4}},
		{"squeeze", numbered(ir.F32, 1, 3, 1), null, []int{3}},
		{"squeeze", numbered(ir.F32, 1, 3, 1), ir.WeakInt(-1), []int{1, 3}},
	}
	for _, test := range tests {
		got := evalOp(t, test.op, test.x, test.param)
		if !slices.Equal(got.Shape(), test.want) {
			t.Errorf("%s of %v by %s has the shape %v, want %v", test.op, test.x.Shape(), ir.FormatShort(test.param), got.Shape(), test.want)
		}
		for i := range got.Tensor().Size() {
			if !ir.SameValue(got.Tensor().At(i), test.x.Tensor().At(i)) {
				t.Errorf("%s moves element %d", test.op, i)
			}
		}
	}
}

func TestShapeErrors(t *testing.T) {
	x := numbered(ir.F64, 2, 3)
	tests := []struct {
		op   string
		args []ir.Value
		want string
	}{
		{"reshape", []ir.Value{x, ints(4, 2)}, "reshape: x of shape [2,3] has 6 elements, which do not fill the shape [4,2]"},
		{"reshape", []ir.Value{x, ints(4, -1)}, "reshape: x of shape [2,3] has 6 elements, which do not fill the shape [4,-1]"},
		{"reshape", []ir.Value{x, ints(-1, -1)}, "reshape: shape is [-1,-1]: want extents of at least 0, one of them may be -1"},
		{"reshape", []ir.Value{x, ints(1<<40, 1<<40)}, "reshape: x of shape [2,3] has 6 elements, which do not fill the shape [1099511627776,1099511627776]"},
		{"squeeze", []ir.Value{x, ir.WeakInt(0)}, "squeeze: axis 0 of x of shape [2,3] has extent 2: want 1"},
		{"transpose", []ir.Value{x, ints(0, 0)}, "transpose: axes names axis 0 twice: want each axis once"},
		{"transpose", []ir.Value{x, ints(0)}, "transpose: axes is [0], but the rank of x is 2: want each axis once"},
		{"broadcast_to", []ir.Value{x, ints(3, 3)},
			"broadcast_to: x of shape [2,3] does not broadcast to the shape [3,3]: aligned at the last axis, extents must be equal or 1 in x"},
		{"concat", []ir.Value{ir.ListOf(x, numbered(ir.F64, 2, 4)), ir.WeakInt(0)},
			"concat: array 0 of shape [2,3] and array 1 of shape [2,4] do not join along axis 0: want shapes that differ in that axis only"},
		{"stack", []ir.Value{ir.ListOf(x, numbered(ir.F64, 3, 3)), ir.WeakInt(0)},
			"stack: array 0 of shape [2,3] and array 1 of shape [3,3] do not join along axis 0: want equal shapes"},
		{"concat", []ir.Value{ints(), ir.WeakInt(0)}, "concat: arrays is list of 0: want a list of at least one number"},
		{"reshape_like", []ir.Value{x, ir.Float(1)}, "reshape_like: x of shape [2,3] and like of shape [] differ in size"},
		{"sum_to_like", []ir.Value{x, numbered(ir.F64, 2)}, "sum_to_like: like of shape [2] does not broadcast to x of shape [2,3]"},
	}
	for _, test := range tests {
		checkError(t, test.op, test.args, test.want)
	}
}
