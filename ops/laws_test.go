package ops_test

import (
	"testing"

	"flowc.dev/flowc/ops"
	"flowc.dev/flowc/ops/opstest"
)

// TestLaws: every standard op obeys the laws of ops on its examples.
func TestLaws(t *testing.T) {
	registry := ops.Standard()
	for _, op := range registry.Ops() {
		t.Run(op.Name, func(t *testing.T) {
			calls, kinked := ops.LawCalls(op.Name)
			if len(calls) == 0 {
				t.Fatal("the op has no examples; see laws_examples_test.go")
			}
			examples := make([]opstest.Example, len(calls))
			for i := range calls {
				examples[i] = opstest.Example{Args: calls[i], Kinked: kinked[i]}
			}
			opstest.Run(t, registry, op, examples...)
		})
	}
}
