package snapshot

import (
	"reflect"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"flowc.dev/flowc/frontend/json"
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ir/state"
)

// difference compares snapshots exactly: programs with IDs and positions,
// values with their types and bits.
func difference(got, want *state.Snapshot) string {
	return cmp.Diff(want, got, cmpopts.EquateEmpty(),
		cmp.Comparer(ir.SameValue),
		cmp.Transformer("text", func(p *ir.Program) []string { return programText(p) }),
		cmp.FilterValues(func(a, b []string) bool { return reflect.DeepEqual(a, b) }, cmp.Ignore()))
}

func programText(p *ir.Program) []string {
	text, err := json.PrintOptions{IDs: true}.Print(p)
	if err != nil {
		return []string{err.Error()}
	}
	all := []string{p.File, string(text)}
	for _, pos := range places(p) {
		all = append(all, pos.String())
	}
	return all
}
