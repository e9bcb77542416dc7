package opstest

import (
	"math/rand/v2"
	"slices"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops"
)

// batch is the law of batches, whichever arguments differ from row to row.
func (s *subject) batch() {
	batched := 0
	for _, e := range s.examples {
		for set := 1; set < 1<<len(e.Args) && set < 1<<4; set++ {
			for _, k := range []int{1, 3} {
				s.of(func() {
					if s.batchesAlike(e.Args, set, k) {
						batched++
					}
				})
			}
		}
	}
	if batched == 0 {
		s.fail("no example of %s is batched", s.op.Name)
	}
}

// batchesAlike compares k evaluations with one of k rows, in which the arguments
// in set differ, and reports whether that is one evaluation.
func (s *subject) batchesAlike(args []ir.Value, set, k int) bool {
	r := &ops.Rows{Count: k, Args: slices.Clone(args), Stacked: make([]bool, len(args))}
	rows := make([][]ir.Value, k)
	for i := range rows {
		rows[i] = slices.Clone(args)
	}
	random := rand.New(rand.NewPCG(uint64(set), uint64(k)))
	for a := range args {
		if set>>a&1 == 0 {
			continue
		}
		if !args[a].IsNumber() {
			return false
		}
		stack := tensor(args[a].DType(), append([]int{k}, args[a].Shape()...)...)
		for i := range rows {
			rows[i][a] = shuffled(args[a], random)
			stack.CopyBlock(i, rows[i][a])
		}
		r.Args[a], r.Stacked[a] = ir.TensorValue(stack).AsWeak(args[a].Weak()), true
	}
	once := *r
	once.Args = slices.Clone(r.Args)
	batched := s.op.Batched()(&once) == nil
	got := make([]ir.Value, 1)
	err := s.op.EvalRows(got, r)
	for i := range rows {
		want, rowErr := s.eval(rows[i])
		if rowErr != nil {
			if err == nil {
				s.fail("%s: row %d fails, all rows together do not: %w", s.describe(rows[i]), i, rowErr)
			}
			return false
		}
		if err != nil {
			continue
		}
		row := got[0].Tensor().CopyOut(i, ir.Value{}).AsWeak(got[0].Weak())
		if !ir.SameValue(row, want[0]) {
			s.fail("%s: row %d of %d is %s %s, by itself %s %s", s.describe(rows[i]), i, k,
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
		specials := Specials()
		t.SetAt(random.IntN(t.Size()), ir.Float(specials[random.IntN(len(specials))]))
	}
	return ir.TensorValue(t).AsWeak(v.Weak())
}
