package ops

import (
	"fmt"
	"slices"

	"flowc.dev/flowc/ir"
)

// countState returns the state of an object that is all whole numbers.
func countState(names []string, counts ...int64) ir.Value {
	values := make([]ir.Value, len(counts))
	for i, n := range counts {
		values[i] = ir.Int(n)
	}
	return ir.RecordOf(names, values)
}

// readCounts reads what countState wrote; each number has its limit.
func readCounts(class string, state ir.Value, names []string, limits ...int64) ([]int64, error) {
	r := state.Record()
	if r == nil || !slices.Equal(r.Names, names) {
		return nil, fmt.Errorf("%s: state is %s: want a record of %v", class, state.Type(), names)
	}
	counts := make([]int64, len(names))
	for i, v := range r.Values {
		if !v.HasType(ir.NumberType(ir.I64)) || v.Int64() < 0 || v.Int64() > limits[i] {
			return nil, fmt.Errorf("%s: state has %s = %s: want an i64 of 0 to %d", class, names[i], ir.FormatShort(v), limits[i])
		}
		counts[i] = v.Int64()
	}
	return counts, nil
}
