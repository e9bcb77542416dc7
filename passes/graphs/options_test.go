package graphs_test

import (
	"strings"
	"testing"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/passes"
	"flowc.dev/flowc/passes/graphs"
	"flowc.dev/flowc/passes/graphs/graphstest"
)

// TestOptions leaves out rules by name and by asking, and reports the others.
func TestOptions(t *testing.T) {
	c, err := graphstest.NewCase("options", "# x: f32[3]\ny = -(-x) * 1", registry)
	if err != nil {
		t.Fatal(err)
	}
	g, err := c.Graph(c.Types)
	if err != nil {
		t.Fatal(err)
	}
	report := new(graphs.Report)
	h := graphs.Rewrite(g, graphs.Options{Level: 2, Registry: registry, Report: report, Without: []string{"x * 1 -> x"}})
	if got, want := report.String(), "an unused call -> nothing: 1, -(-x) -> x: 1"; got != want || report.Graphs() != 1 {
		t.Errorf("report %q on %d graphs, want %q on 1", got, report.Graphs(), want)
	}
	if text := graphs.Format(h); !strings.Contains(text, "multiply") || strings.Contains(text, "negative") {
		t.Errorf("without x * 1 -> x the graph is\n%s", text)
	}
	var asked []string
	h = graphs.Rewrite(g, graphs.Options{Level: 2, Registry: registry, Report: report, Only: func(rule string, n *ir.Node) bool {
		asked = append(asked, rule+" at "+n.Text("call"))
		return false
	}})
	if h != g {
		t.Errorf("although no rewrite may be made, the graph becomes\n%s", graphs.Format(h))
	}
	if got, want := strings.Join(asked, ", "), "-(-x) -> x at negative, x * 1 -> x at multiply, -x * 2 -> x * -2 at multiply"; got != want {
		t.Errorf("asked %q, want %q", got, want)
	}
}

// TestRulesAreDeclared holds what documentation and reports are made from.
func TestRulesAreDeclared(t *testing.T) {
	names := map[string]bool{}
	for _, r := range passes.GraphRules() {
		if names[r.Name] || !strings.Contains(r.Name, " -> ") || r.Level != graphs.Exact && r.Level != graphs.Reassociates {
			t.Errorf("rule %q of level %d: want a name of its own that says what becomes what, and level 2 or 3", r.Name, r.Level)
		}
		names[r.Name] = true
	}
}
