package ops

import (
	"math"
	"math/rand/v2"
	"testing"

	"flowc.dev/flowc/ir"
)

// TestLawBatch: the batched form of an op gives the bits, dtype and weakness of
// evaluations one by one, whichever arguments differ from row to row, or none.
func TestLawBatch(t *testing.T) {
	forEachOp(t, func(t *testing.T, op *Op) {
		if op.Batched() == nil {
			return
		}
		batched := 0
		for _, ex := range examples[op.Name] {
			for set := 1; set < 1<<len(ex.args) && set < 1<<4; set++ {
				for _, k := range []int{1, 3} {
					if batchesAlike(t, op, ex.args, set, k) {
						batched++
					}
				}
			}
		}
		if batched == 0 && !onlyRecords[op.Name] {
			t.Error("no example of it is batched")
		}
	})
}

// onlyRecords are ops whose examples have nothing to stack.
var onlyRecords = map[string]bool{}

// batchesAlike compares k evaluations with one of k rows, in which the arguments
// in set differ, and reports whether that
// is one evaluation.
func batchesAlike(t *testing.T, op *Op, args []ir.Value, set, k int) bool {
	t.Helper()
	r := &Rows{Count: k, Args: append([]ir.Value(nil), args...), Stacked: make([]bool, len(args))}
	rows := make([][]ir.Value, k)
	for i := range rows {
		rows[i] = append([]ir.Value(nil), args...)
	}
	random := rand.New(rand.NewPCG(uint64(set), uint64(k)))
	for a := range args {
		if set>>a&1 == 0 {
			continue
		}
		if !args[a].IsNumber() {
			return false
		}
		stack := must(ir.NewTensor(args[a].DType(), append([]int{k}, args[a].Shape()...)...))
		for i := range rows {
			rows[i][a] = shuffled(args[a], random)
			stack.CopyBlock(i, rows[i][a])
		}
		r.Args[a], r.Stacked[a] = ir.TensorValue(stack).AsWeak(args[a].Weak()), true
	}
	copied := *r
	copied.Args = append([]ir.Value(nil), r.Args...)
	batched := op.Batched()(&copied) == nil
	got := make([]ir.Value, 1)
	err := op.EvalRows(got, r)
	for i := range rows {
		want, rowErr := eval(op, rows[i])
		if rowErr != nil {
			if err == nil {
				t.Errorf("%s: row %d fails, all rows together do not: %v", describe(op, rows[i]), i, rowErr)
			}
			return false
		}
		if err != nil {
			continue
		}
		row := got[0].Tensor().CopyOut(i, ir.Value{}).AsWeak(got[0].Weak())
		if !ir.SameValue(row, want[0]) {
			t.Errorf("%s: row %d of %d is %s %s, by itself %s %s", describe(op, rows[i]), i, k,
				ir.FormatShort(row), row.Type(), ir.FormatShort(want[0]), want[0].Type())
			return false
		}
	}
	return err == nil && batched
}

// shuffled returns v with its elements in another order, some of them special.
func shuffled(v ir.Value, random *rand.Rand) ir.Value {
	t := v.Boxed().Clone()
	for i := range t.Size() {
		j := random.IntN(i + 1)
		a, b := t.At(i), t.At(j)
		t.SetAt(i, b)
		t.SetAt(j, a)
	}
	if t.DType().IsFloat() && t.Size() > 0 && random.IntN(3) == 0 {
		special := []float64{math.NaN(), math.Inf(1), math.Inf(-1), math.Copysign(0, -1), 0}
		t.SetAt(random.IntN(t.Size()), ir.Float(special[random.IntN(len(special))]))
	}
	return ir.TensorValue(t).AsWeak(v.Weak())
}
