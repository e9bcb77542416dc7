package ir_test

import (
	"testing"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ir/text"
)

func TestCloneSharesNoNode(t *testing.T) {
	p, err := text.Parse([]byte(`
object d = data.normal(rows=10, cols=2, seed=1)
register w = f64[2]{1, 2}
function f(x) -> y {
    register k = 3
    y = x * k
}
repeat 3 as i {
    z = f(w) + i
        hook after { print "z", z }
}
switch 1 { case 0 { x = d.next() } case 1 { x = w[0] } }
`), "p.flow")
	if err != nil {
		t.Fatal(err)
	}
	p = p.Numbered()
	q := p.Clone()
	had := map[*ir.Node]bool{}
	ir.Visit(p, func(n *ir.Node) bool { had[n] = true; return true })
	count := 0
	ir.Visit(q, func(n *ir.Node) bool {
		if count++; had[n] {
			t.Errorf("node %d is shared", n.ID)
		}
		return true
	})
	if count != len(had) || ir.Digest(p) != ir.Digest(q) {
		t.Errorf("the copy has %d nodes, want %d that mean the same", count, len(had))
	}
}
