package flowc_test

import (
	"maps"
	"slices"
	"sync"
	"testing"

	"flowc.dev/flowc"
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

// atOnce makes the compiler of graph leaves impatient.
func atOnce(c backend.GraphCompiler) backend.GraphCompiler { return impatient{c} }

// closePrograms is how many random programs are compared at -O3.
const closePrograms = 800

// TestReassociatedProgramsAreClose runs programs on which the rules of -O3 are
// applied, each often, unoptimized and at -O3: where nothing is badly conditioned
// and no control depends on floats, steps and effects are the same, and registers
// are within the tolerance of one product.
func TestReassociatedProgramsAreClose(t *testing.T) {
	patterns := patternsOf(graphs.Reassociates)
	fired := map[string]int{}
	differing := 0
	for k := range uint64(closePrograms) {
		seed := *firstSeed + k
		p, err := reread(irtest.Program(seed, irtest.Options{Size: 8, Patterns: patterns, Tame: true}))
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		s := &subject{p: p, family: familyOf(seed), atOnce: true}
		plain := &subject{p: p, family: flowc.Step}
		before, _ := plain.alone(t, 0)
		after, compiled := s.alone(t, 3)
		if before.err != nil {
			t.Fatalf("seed %d: %v", seed, before.err)
		}
		if problem := apart(before, after, 1, &differing); problem != "" {
			src, _ := flowc.Print(p)
			t.Errorf("seed %d: the step family at -O0 and the %s family at -O3 differ: %s\n%s", seed, s.family, problem, src)
		}
		for _, count := range compiled.Graphs.Counts() {
			fired[count.Rule] += count.N
		}
	}
	t.Logf("%d registers differ by rounding", differing)
	for _, rule := range graphs.Rules() {
		if rule.Level == graphs.Reassociates && fired[rule.Name] < enoughFirings {
			t.Errorf("the rule %q was applied %d times, want at least %d", rule.Name, fired[rule.Name], enoughFirings)
		}
	}
}
