package ops

import (
	"math"
	"slices"
	"testing"

	"flowc.dev/flowc/ir"
	"pgregory.net/rapid"
)

// forEachElementwise runs a law on the examples of elementwise ops without
// records.
func forEachElementwise(t *testing.T, law func(t *testing.T, op *Op, ex example)) {
	forEach(t, func(t *testing.T, op *Op, ex example) {
		if op.Elementwise && op.Results == 1 {
			law(t, op, ex)
		}
	})
}

// TestLawElementwise: every element of the result is what the op gives for the
// elements of the broadcast operands alone.
func TestLawElementwise(t *testing.T) {
	forEachElementwise(t, func(t *testing.T, op *Op, ex example) { checkElementwise(t, op, ex.args) })
}

func checkElementwise(t rapid.TB, op *Op, args []ir.Value) {
	results, err := eval(op, args)
	if err != nil {
		t.Fatalf("%s: %v", describe(op, args), err)
	}
	out := results[0]
	for i := range size(out) {
		elements := make([]ir.Value, len(args))
		for k, arg := range args {
			elements[k] = arg
			if arg.IsNumber() {
				elements[k] = arg.Boxed().At(naiveOffset(out.Shape(), arg.Shape(), i)).AsWeak(arg.Weak())
			}
		}
		want, err := eval(op, elements)
		if err != nil {
			t.Fatalf("%s: %v", describe(op, elements), err)
		}
		if got := out.Boxed().At(i).AsWeak(out.Weak()); !ir.SameValue(got, want[0]) {
			t.Fatalf("%s: element %d is %s, but %s = %s", describe(op, args), i, ir.FormatShort(got), describe(op, elements), ir.FormatShort(want[0]))
		}
	}
}

// naiveOffset returns which element of an operand broadcast to shape stands at
// element i of the result.
func naiveOffset(shape, operand []int, i int) int {
	offset, stride := 0, 1
	for axis := len(shape) - 1; axis >= 0; axis-- {
		index := i % shape[axis]
		i /= shape[axis]
		if at := axis - (len(shape) - len(operand)); at >= 0 {
			if operand[at] != 1 {
				offset += index * stride
			}
			stride *= operand[at]
		}
	}
	return offset
}

// TestLawBroadcast: the same for operands of random shapes that broadcast, with
// special values in them.
func TestLawBroadcast(t *testing.T) {
	forEachOp(t, func(t *testing.T, op *Op) {
		if !op.Elementwise || op.Results != 1 || op.CanFail {
			return
		}
		rapid.Check(t, func(t *rapid.T) {
			shape := rapid.SliceOfN(rapid.IntRange(1, 4), 0, 4).Draw(t, "shape")
			args := slices.Clone(rapid.SampledFrom(examples[op.Name]).Draw(t, "example").args)
			for i := range args {
				if args[i].IsNumber() && !op.Params[i].Static && op.Params[i].Name != "fill_value" {
					args[i] = drawOperand(t, shape)
				}
			}
			checkElementwise(t, op, args)
		})
	})
}

// drawOperand draws a number that broadcasts to shape.
func drawOperand(t *rapid.T, shape []int) ir.Value {
	own := append([]int(nil), shape[rapid.IntRange(0, len(shape)).Draw(t, "from"):]...)
	for axis := range own {
		if rapid.Bool().Draw(t, "broadcast") {
			own[axis] = 1
		}
	}
	dtype := rapid.SampledFrom(ir.DTypes).Draw(t, "dtype")
	v := ir.TensorValue(must(ir.NewTensor(ir.F64, own...)))
	elements := make([]float64, size(v))
	for i := range elements {
		elements[i] = rapid.SampledFrom(specialValues).Draw(t, "element")
	}
	v = ir.TensorValue(ir.MustTensor(elements, own...))
	return inDType(v, dtype).AsWeak(rapid.Bool().Draw(t, "weak"))
}

var specialValues = []float64{0, math.Copysign(0, -1), 1, -1, 0.5, 2, -3.5, 100, math.Inf(1), math.Inf(-1), math.NaN(),
	math.MaxFloat32, math.MaxFloat64, math.SmallestNonzeroFloat32, math.SmallestNonzeroFloat64, 1 << 40, -1e30}

// TestLawRecords: an elementwise op on records is the op on every field.
func TestLawRecords(t *testing.T) {
	names := []string{"W", "b"}
	record := func(w, b ir.Value) ir.Value { return ir.RecordOf(names, []ir.Value{w, b}) }
	forEachElementwise(t, func(t *testing.T, op *Op, ex example) {
		plain, err := eval(op, ex.args)
		if err != nil {
			t.Fatalf("%s: %v", describe(op, ex.args), err)
		}
		want := record(plain[0], record(plain[0], plain[0]))
		for i := range op.Params {
			if op.Params[i].Static || !ex.args[i].IsNumber() || op.Params[i].Name == "fill_value" {
				continue
			}
			args := append([]ir.Value(nil), ex.args...)
			args[i] = record(args[i], record(args[i], args[i]))
			got, err := eval(op, args)
			if err != nil {
				t.Fatalf("%s: %v", describe(op, args), err)
			}
			if !ir.SameValue(got[0], want) {
				t.Errorf("%s: the result differs from that for the fields", describe(op, args))
			}
			types, err := op.Infer(argsOf(op, args))
			if err != nil || !got[0].HasType(types[0]) {
				t.Errorf("%s: Infer gives %v, %v, want %s", describe(op, args), types, err, got[0].Type())
			}
		}
	})
}
