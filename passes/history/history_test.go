package history_test

import (
	"strings"
	"testing"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ir/irtest"
	"flowc.dev/flowc/ir/text"
	"flowc.dev/flowc/ops"
	"flowc.dev/flowc/passes"
	"flowc.dev/flowc/passes/history"
)

// optimized returns what the passes do to p.
func optimized(t *testing.T, p *ir.Program, o passes.Options) *history.History {
	t.Helper()
	h := &history.History{}
	o.Registry, o.Trace, o.OnFire = ops.Standard(), h.Trace, h.OnFire
	_, report, err := passes.Optimize(p, o)
	if err != nil {
		t.Fatal(err)
	}
	h.Complete(&report)
	return h
}

// Every node of every program on the way has a chain that ends in the source.
func TestEveryNodeHasAReason(t *testing.T) {
	made, named, part := 0, 0, 0
	for seed := range uint64(40) {
		p := irtest.Program(seed, irtest.Options{Size: 12, Hooks: seed%2 == 0})
		h := optimized(t, p, passes.Options{Level: 2, Family: []string{"step", "gorgonia"}[seed%2]})
		source := map[ir.ID]bool{}
		ir.Walk(h.Source(), func(_ *ir.Path, n *ir.Node) bool { source[n.ID] = true; return true })
		ir.Walk(h.Final(), func(_ *ir.Path, n *ir.Node) bool {
			link, err := h.Why(n.ID)
			if err != nil || !link.Final {
				t.Fatalf("seed %d: node %d: %v", seed, n.ID, err)
			}
			if (link.Written != nil) != source[n.ID] {
				t.Fatalf("seed %d: node %d is written: %t", seed, n.ID, link.Written != nil)
			}
			if !source[n.ID] {
				made++
				if len(link.Events) == 0 || link.Events[0].What != "made" || len(link.From) == 0 && link.Part == nil {
					t.Fatalf("seed %d: nothing made node %d:\n%s", seed, n.ID, link.Text("", (*ir.Node).Headline))
				}
				if len(link.Events[0].Rewrites) > 0 {
					named++
				}
				if link.Part != nil {
					part++
				}
			}
			return true
		})
	}
	if made < 500 || named < made*9/10 {
		t.Errorf("of %d nodes that passes made, the rewrites of %d are known, and %d are parts", made, named, part)
	}
}

func parse(t *testing.T, src string) *ir.Program {
	t.Helper()
	p, err := text.Parse([]byte(src), "prog.flow")
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// A node that a pass takes away has been there, and says who did it.
func TestRemovedNode(t *testing.T) {
	h := optimized(t, parse(t, "seq { x = 1 }\n"), passes.Options{Level: 1})
	link, err := h.Why(h.Source().Body[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	if link.Final || len(link.Events) != 1 || link.Events[0].What != "removed" || link.Events[0].Pass != "canonicalize" {
		t.Errorf("got %+v", link)
	}
	if _, err := h.Why(1000); err == nil || !strings.Contains(err.Error(), "-S --ids") {
		t.Errorf("got %v", err)
	}
}

// What is said of a node that a pass made is said of the statement that it was.
func TestRemarksAreOfTheSource(t *testing.T) {
	h := optimized(t, parse(t, "x = ones([2])\nrepeat 2 {\n    x = exp(x)\n    print x\n}\n"), passes.Options{Level: 2, Family: "gorgonia"})
	remarks := h.Explain()
	last := remarks[len(remarks)-1]
	if last.Statement == nil || last.Statement.Op != "call" || last.Statement.Pos.Line != 3 || last.Notes[0].Pass != "collapse" {
		t.Errorf("got %+v", last)
	}
	for i := 1; i < len(remarks); i++ {
		if a, b := remarks[i-1].Statement, remarks[i].Statement; a.Pos.Line > b.Pos.Line {
			t.Errorf("%v stands before %v", a.Pos, b.Pos)
		}
	}
}

func TestSizes(t *testing.T) {
	h := optimized(t, parse(t, "x = ones([2])\ny = exp(x) + 1\nz = y\n    hook before { print y }\n"), passes.Options{Passes: "collapse"})
	before, after := history.SizeOf(h.Source()), history.SizeOf(h.Final())
	if before != (history.Size{Statements: 4, Nodes: 12}) || after.Statements != 3 || after.GraphCalls != 3 || after.Nodes <= before.Nodes {
		t.Errorf("got %+v and %+v", before, after)
	}
}
