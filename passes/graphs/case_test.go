package graphs_test

import (
	"testing"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops"
	"flowc.dev/flowc/passes/graphs"
	"flowc.dev/flowc/passes/graphs/graphstest"
)

var registry = ops.Standard()

// cases reads the goldens.
func cases(t *testing.T) []*graphstest.Case {
	t.Helper()
	all, err := graphstest.Cases("testdata/rules", registry)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// rewrite returns the graph after the rules of the level and how often each was
// applied.
func rewrite(g *ir.Graph, level int) (*ir.Graph, []graphs.Count) {
	report := new(graphs.Report)
	h := graphs.Rewrite(g, graphs.Options{Level: level, Registry: registry, Report: report})
	return h, report.Counts()
}
