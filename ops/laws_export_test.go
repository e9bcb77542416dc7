package ops

import "flowc.dev/flowc/ir"

// LawCalls returns the examples of an op for tests outside of the package.
func LawCalls(op string) (calls [][]ir.Value, kinked []bool) {
	for _, ex := range examples[op] {
		calls, kinked = append(calls, ex.args), append(kinked, ex.kinked)
	}
	return calls, kinked
}
