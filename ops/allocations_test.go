package ops

import (
	"testing"

	"flowc.dev/flowc/ir"
)

// allocating lists the ops that may allocate in steady state.
var allocating = map[string]bool{"eigh": true}

// TestAllocations: an op on numbers allocates nothing in steady state.
func TestAllocations(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector makes pools drop storage")
	}
	for _, op := range Standard().Ops() {
	examples:
		for i, ex := range examples[op.Name] {
			dst, err := eval(op, ex.args)
			if err != nil {
				t.Fatalf("%s: example %d: %v", op.Name, i, err)
			}
			for _, d := range dst {
				if !d.IsNumber() {
					continue examples
				}
			}
			allocs := testing.AllocsPerRun(20, func() {
				if err := op.Eval(dst, ex.args); err != nil {
					t.Fatal(err)
				}
			})
			if allocs > 0 && !allocating[op.Name] {
				t.Errorf("%s: example %d: %v allocations a call", op.Name, i, allocs)
			}
		}
	}
}

// eval calls op with fresh destinations.
func eval(op *Op, args []ir.Value) ([]ir.Value, error) {
	dst := make([]ir.Value, op.Results)
	err := op.Eval(dst, args)
	return dst, err
}
