package flowc_test

import (
	"maps"
	"slices"
	"sync"

	"flowc.dev/flowc/backend"
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ir/irtest"
	"flowc.dev/flowc/ops"
	"flowc.dev/flowc/passes/graphs"
	"flowc.dev/flowc/passes/graphs/graphstest"
)

// exactPatterns are the statements, by rule, on which the exact rules for typed
// graphs are applied.
var exactPatterns = sync.OnceValue(func() [][]irtest.Pattern { return patternsOf(graphs.Exact) })

func patternsOf(level int) [][]irtest.Pattern {
	byRule, err := graphstest.Patterns("passes/graphs/testdata/rules", level, ops.Standard())
	if err != nil {
		panic(err)
	}
	var groups [][]irtest.Pattern
	for _, rule := range slices.Sorted(maps.Keys(byRule)) {
		groups = append(groups, byRule[rule])
	}
	return groups
}

// impatient compiles graph leaves when they first run, however small they are:
// what random programs compute would else be left to the reference evaluation.
type impatient struct{ backend.GraphCompiler }

func (c impatient) Compile(leaf *ir.Node) (backend.GraphCode, error) {
	code, err := c.GraphCompiler.Compile(leaf)
	return struct{ backend.GraphCode }{code}, err
}
