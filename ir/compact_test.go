package ir_test

import (
	"testing"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ir/irtest"
)

func TestCompactKeepsProgramsAndSharesAttributes(t *testing.T) {
	for seed := range uint64(50) {
		p := irtest.Program(seed, irtest.Options{Hooks: true, Spawn: true})
		digest, want := ir.Digest(p), nodes(p)
		p.Compact()
		if ir.Digest(p) != digest {
			t.Fatalf("seed %d: it is another program", seed)
		}
		got := nodes(p)
		if len(got) != len(want) {
			t.Fatalf("seed %d: %d nodes of %d", seed, len(got), len(want))
		}
		for i, n := range got {
			if m := want[i]; n.ID != m.ID || n.Pos != m.Pos || n.Op != m.Op || n.Doc != m.Doc {
				t.Fatalf("seed %d: node %d is %+v, was %+v", seed, i, n, m)
			}
		}
	}
	p := &ir.Program{Body: []*ir.Node{
		ir.Call("tanh", ir.Reg("x")).StoringTo("y"), ir.Call("tanh", ir.Reg("x")).StoringTo("y"),
		ir.Call("tanh", ir.Reg("x")), ir.Call("tanh", ir.Reg("y")).StoringTo("x"), ir.Call("tanh", ir.Reg("y")).StoringTo("y", "x")}}
	p.AssignIDs()
	p.Compact()
	for i, want := range []int{0, 0, 2, 3, 4} {
		if n, first := p.Body[i], p.Body[want]; &n.Attrs[0] != &first.Attrs[0] {
			t.Errorf("statement %d does not share the attributes of statement %d", i, want)
		}
		for j := range want {
			if n := p.Body[i]; want == i && &n.Attrs[0] == &p.Body[j].Attrs[0] {
				t.Errorf("statement %d has the attributes of statement %d", i, j)
			}
		}
	}
	if a, b := p.Body[0].Args[0], p.Body[2].Args[0]; &a.Attrs[0] != &b.Attrs[0] || cap(a.Attrs) != len(a.Attrs) {
		t.Error("reads of one register do not share their attributes, or leave room to append")
	}
}

func nodes(p *ir.Program) []*ir.Node {
	var all []*ir.Node
	ir.Visit(p, func(n *ir.Node) bool {
		all = append(all, n)
		return true
	})
	return all
}
