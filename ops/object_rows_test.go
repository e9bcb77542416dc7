package ops

import (
	"testing"

	"flowc.dev/flowc/ir"
)

// rowCalls are the arguments of successive calls of the methods that can be
// prepared for many rows at once.
var rowCalls = map[string][][]ir.Value{
	"learn.pca.analyze": {
		{f64t([]int{3}, 1, -2, 0.25), f64t([]int{3}, 0.1, 0.7, 1e9), f64t([]int{3}, -3, 1e-9, 2), f64t([]int{3}, 7, 1, 1)},
		{f32t([]int{2, 2}, 1, 2, 3, 4.5), f32t([]int{2, 2}, -1, 0.1, 0.2, 0.3), f32t([]int{2, 2}, 9, 8, 7, 6)},
		{u8t([]int{1}, 3), u8t([]int{1}, 200)},
	},
}

// TestPrepareRows: k rows prepared at once change what k calls change, from a
// fresh object and from a used one. What any of them refuses, all refuse.
func TestPrepareRows(t *testing.T) {
	for _, class := range Standard().Classes() {
		for _, method := range class.Methods {
			if method.PrepareRows == nil {
				continue
			}
			name := class.Name + "." + method.Name
			if len(rowCalls[name]) == 0 {
				t.Errorf("%s has no rows to test", name)
			}
			for _, rows := range rowCalls[name] {
				for _, before := range []int{0, 1} {
					oneByOne, together := fresh(t, class), fresh(t, class)
					call := func(o Object, row ir.Value) {
						t.Helper()
						if err := method.Prepare(o, nil, []ir.Value{row}); err != nil {
							t.Fatal(err)
						}
						method.Commit(o)
					}
					for range before {
						call(oneByOne, rows[0])
						call(together, rows[0])
					}
					stack := must(ir.NewTensor(rows[0].DType(), append([]int{len(rows)}, rows[0].Shape()...)...))
					for i, row := range rows {
						call(oneByOne, row)
						stack.CopyBlock(i, row)
					}
					if err := method.PrepareRows(together, []ir.Value{ir.TensorValue(stack)}, len(rows)); err != nil {
						t.Fatal(err)
					}
					method.Commit(together)
					if a, b := oneByOne.State(), together.State(); !ir.SameValue(a, b) {
						t.Errorf("%s: %d rows one by one give %s, together %s", name, len(rows), ir.FormatShort(a), ir.FormatShort(b))
					}
				}
			}
			numbers := ir.TensorValue(must(ir.NewTensor(ir.F64, 4)))
			if err := method.PrepareRows(fresh(t, class), []ir.Value{numbers}, 4); err == nil {
				t.Errorf("%s takes numbers as rows", name)
			}
		}
	}
}

func fresh(t *testing.T, class *Class) Object {
	t.Helper()
	args := make([]ir.Value, len(class.Params))
	for i := range class.Params {
		if d := class.Params[i].Default; d != nil {
			args[i] = *d
		}
	}
	o, err := class.New(Env{}, args)
	if err != nil {
		t.Fatal(err)
	}
	return o
}
