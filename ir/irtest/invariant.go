package irtest

import "flowc.dev/flowc/ir"

// invariant returns, for the body b of a repeat that counts in the register as
// if that is not empty, a register that is set once an iteration and a loop in
// which what is computed from it does not change.
func (g *generator) invariant(b *block, as string) []*ir.Node {
	t := number(g.floatType(), g.shape())
	name := g.ownName("v")
	start := g.expr(b, t, 1)
	if as != "" {
		start = ir.Call("add", start, ir.Reg(as))
	}
	b.env.set(entry{name: name, t: t, locked: true})
	most := g.between(1, 3)
	inner := b.loop(most)
	fixed := ir.Call(pick(g, "tanh", "square", "negative"), ir.Reg(name))
	use := asStatement(fixed)
	if g.chance(0.7) {
		use = ir.Call(pick(g, "multiply", "add"), fixed, g.expr(inner, t, 1))
	}
	use = use.StoringTo(g.store(inner, typed(t)))
	body := []*ir.Node{use}
	if g.chance(0.5) { // always the same branch
		branch := inner.branch()
		then, _ := g.body(branch, 2)
		inner.env = merge(inner.env, branch.env)
		body = append(body, choice(ir.Call("less", ir.Call("sum", ir.Reg(name)), real(1)), then, nil))
	}
	rest, _ := g.body(inner, 2)
	loop := region("repeat", "body", append(body, rest...), integer(most))
	g.steps -= b.times * (1 + most)
	if !inner.jumps.used {
		b.join(inner)
	}
	return []*ir.Node{asStatement(start).StoringTo(name), loop}
}

// shortLoop returns a loop of a few pure statements that runs a few times.
func (g *generator) shortLoop(b *block) []*ir.Node {
	t := number(g.floatType(), g.shape())
	name := g.ownName("u")
	start := asStatement(g.expr(b, t, 1)).StoringTo(name)
	b.env.set(entry{name: name, t: t})
	most := g.between(2, 3)
	step := ir.Call(pick(g, "tanh", "square", "negative"), ir.Reg(name)).StoringTo(name)
	g.steps -= b.times * (1 + most)
	return []*ir.Node{start, region("repeat", "body", []*ir.Node{step}, integer(most))}
}
