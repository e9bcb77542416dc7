package irtest

import "flowc.dev/flowc/ir"

// chosen returns a switch on the counter of a loop, whose branches store numbers
// of one type, between statements on tensors; nil where there is no counter.
func (g *generator) chosen(b *block) ([]*ir.Node, value) {
	counters := b.env.matching(func(n *entry) bool { return n.locked && n.t.Equal(number(ir.I64, nil)) })
	if len(counters) == 0 {
		return nil, value{}
	}
	counter := pick(g, counters...)
	condition := ir.Call(pick(g, "less", "equal", "greater_equal"), ir.Reg(counter.name), integer(g.between(0, counter.small)))
	first := g.tensor(b)
	t := pick(g, weakInt(), weakFloat())
	name := g.store(b, typed(t))
	branch := func() []*ir.Node {
		return []*ir.Node{ir.Call("add", g.literal(t), g.literal(t)).StoringTo(name)}
	}
	then, otherwise := branch(), branch()
	if g.chance(0.1) {
		otherwise = nil
	}
	n := choice(condition, then, otherwise)
	last := g.tensor(b)
	g.steps -= 3 * b.times
	return []*ir.Node{first, n, last}, value{}
}

// tensor returns a statement that computes a tensor.
func (g *generator) tensor(b *block) *ir.Node {
	t := number(pick(g, ir.F32, ir.F64), []int{pick(g, g.extents...)})
	n := asStatement(g.expr(b, t, 2))
	return n.StoringTo(g.store(b, typed(t)))
}
