package irtest

import "flowc.dev/flowc/ir"

// spawn returns a spawned fragment and its join, with statements between them.
// It stands in no strand, where others would take the turns that a join waits
// for, as many as they can get.
func (g *generator) spawn(b *block) ([]*ir.Node, value) {
	if b.apart || b.scope.function != nil {
		return nil, value{}
	}
	copies := 0 // one that is not stacked
	if g.chance(0.6) {
		copies = max(1, g.iterations(b))
	}
	n := &ir.Node{Op: "spawn"}
	inner := g.fragment(b, copies)
	var ins []string
	for _, e := range inner.env.entries {
		ins = append(ins, e.name)
	}
	k := g.between(-3, 3)
	number := func() *ir.Node { return integer(k) }
	if copies > 0 {
		n = with(n, "n", integer(copies))
		index := g.ownName("i")
		n = n.WithAttr("as", ir.String(index))
		inner.env.set(entry{name: index, t: ir.Type{Kind: ir.Number, DType: ir.I64}, locked: true, small: copies})
		number = func() *ir.Node { return ir.Reg(index) }
	}
	var body []*ir.Node
	for _, o := range g.objects {
		if o.class == "rng" {
			body = append(body, ir.Call(o.name+".split", number()))
		}
	}
	rest, _ := g.body(inner, 4)
	body = append(body, rest...)
	outs, given := g.outs(inner, &body, copies)
	if len(ins) > 0 {
		n = n.WithAttr("in", ir.Strings(ins...))
	}
	if len(outs) > 0 {
		n = n.WithAttr("out", ir.Strings(outs...))
	}
	if g.chance(0.2) {
		n = n.WithAttr("on", ir.String("local"))
	}
	n.Regions = []ir.Region{{Field: "spawn", Body: body}}
	g.steps -= 2 * b.times
	return g.joined(b, n, outs, given)
}

// fragment returns the block of a fragment that sees some of b's registers.
func (g *generator) fragment(b *block, copies int) *block {
	inner := b.inner()
	inner.env, inner.jumps, inner.times = &env{fed: b.env.fed}, nil, b.times*max(1, copies)
	for _, e := range b.env.entries {
		if g.chance(0.6) {
			e.stable = false
			inner.env.entries = append(inner.env.entries, e)
		}
	}
	return inner
}

// outs adds statements that set what a fragment gives, and returns the registers
// and the values that they have once they are joined.
func (g *generator) outs(inner *block, body *[]*ir.Node, copies int) ([]string, []value) {
	var outs []string
	var given []value
	for range g.between(0, 2) {
		t := g.anyType(inner)
		if copies > 0 && !stackable(t) {
			t = number(g.floatType(), []int{g.extent()})
		}
		name := g.ownName("g")
		*body = append(*body, asStatement(g.expr(inner, t, 2)).StoringTo(name))
		g.steps -= inner.times
		if copies > 0 {
			t = stacked(copies, t)
		}
		outs, given = append(outs, name), append(given, typed(t))
	}
	return outs, given
}

// joined returns the spawn n and its join.
func (g *generator) joined(b *block, n *ir.Node, outs []string, given []value) ([]*ir.Node, value) {
	handle := g.ownName("h")
	between := b.inner()
	between.jumps = nil
	rest, _ := g.body(between, 2)
	b.env = between.env
	for i, name := range outs {
		b.env.set(entry{name: name, t: given[i].t})
	}
	v := listOf(given)
	switch len(given) {
	case 0:
		v = typed(ir.Type{Kind: ir.Null})
	case 1:
		v = given[0]
	}
	nodes := append([]*ir.Node{n.StoringTo(handle)}, rest...)
	join := &ir.Node{Op: "join", Args: []*ir.Node{ir.Reg(handle)}}
	joined, v := g.finish(b, join, v)
	return append(nodes, joined...), v
}
