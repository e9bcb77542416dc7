package irtest_test

import (
	"testing"

	"flowc.dev/flowc/frontend/json"
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ir/irtest"
)

// prints reports whether p has a print in a weave in a loop.
func prints(p *ir.Program) bool {
	found := false
	var visit func(n *ir.Node, loop, weave bool)
	visit = func(n *ir.Node, loop, weave bool) {
		found = found || loop && weave && n.Op == "print"
		loop, weave = loop || ir.SchemaOf(n.Op).Loop, weave || loop && n.Op == "weave"
		ir.Children(nil, n, func(_ *ir.Path, _ *ir.Field, child *ir.Node) { visit(child, loop, weave) })
	}
	for _, n := range p.Body {
		visit(n, false, false)
	}
	return found
}

func TestShrinkKeepsWhatFailsAndNoMore(t *testing.T) {
	shrunk := 0
	for seed := range uint64(400) {
		p := irtest.Program(seed, irtest.Options{})
		if !prints(p) {
			continue
		}
		shrunk++
		digest := ir.Digest(p)
		small := irtest.Shrink(p, prints)
		nodes := 0
		ir.Walk(small, func(*ir.Path, *ir.Node) bool { nodes++; return true })
		// A loop, its condition or count, a weave and a print.
		if !prints(small) || nodes > 4 || len(small.Functions)+len(small.Objects)+len(small.Registers) > 0 {
			text, _ := json.Print(small)
			t.Errorf("seed %d gives\n%s", seed, text)
		}
		if ir.Digest(p) != digest {
			t.Errorf("seed %d: shrinking has changed the program that it was given", seed)
		}
	}
	if shrunk < 10 {
		t.Errorf("only %d programs have something to shrink", shrunk)
	}
}

func TestShrinkIsBounded(t *testing.T) {
	calls := 0
	irtest.Shrink(irtest.Program(1, irtest.Options{Size: 2000}), func(*ir.Program) bool {
		calls++
		return calls%7 == 0
	})
	if calls > 4000 {
		t.Errorf("%d programs were tried", calls)
	}
}
