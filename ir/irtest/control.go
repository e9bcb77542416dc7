package irtest

import "flowc.dev/flowc/ir"

// control returns a control element at b, nil when the one that was chosen may
// not stand there.
func (g *generator) control(b *block) ([]*ir.Node, value) {
	if b.hook || b.scope.pure {
		switch g.weighted(3, 3, 3) {
		case 0:
			return g.seq(b)
		case 1:
			if !b.hook {
				return g.repeat(b)
			}
		case 2:
			if !b.scope.smooth {
				return g.choose(b)
			}
		}
		return nil, value{}
	}
	loops := 16
	if g.o.Rows {
		loops = 200
	}
	switch g.weighted(8, 16, 6, 5, 4, 14, 12, 16, 8, 6, loops) {
	case 0:
		return g.seq(b)
	case 1:
		return g.repeat(b)
	case 2:
		return g.counted(b, "while")
	case 3:
		return g.counted(b, "until")
	case 4:
		return g.counted(b, "loop")
	case 5:
		return g.choose(b)
	case 6:
		return g.weave(b)
	case 7:
		return g.buffer(b)
	case 8:
		if b.jumps != nil {
			return g.jump(b)
		}
	case 9:
		if g.o.Spawn {
			return g.spawn(b)
		}
	case 10:
		return g.rows(b)
	}
	return nil, value{}
}

// finish stores the value of a control element to a register, sometimes.
func (g *generator) finish(b *block, n *ir.Node, v value) ([]*ir.Node, value) {
	if g.chance(0.4) && (!b.scope.smooth || v.known && v.t.Kind != ir.Null) {
		name := ir.Discard
		if g.chance(0.9) {
			name = g.store(b, v)
		}
		n = n.StoringTo(name)
	}
	return []*ir.Node{n}, v
}

func (g *generator) seq(b *block) ([]*ir.Node, value) {
	body, v := g.body(b.inner(), 3)
	return g.finish(b, region("seq", "seq", body), v)
}

func (g *generator) repeat(b *block) ([]*ir.Node, value) {
	most := g.iterations(b)
	count, sure := integer(most), most > 0
	if !b.scope.pure && g.chance(0.4) {
		count, sure = g.whole(b, most), false
	}
	inner := b.loop(most)
	n := &ir.Node{Op: "repeat", Args: []*ir.Node{count}}
	as := ""
	if g.chance(0.5) {
		as = g.counter()
		n = n.WithAttr("as", ir.String(as))
		inner.env.set(entry{name: as, t: number(ir.I64, nil), locked: true, small: most + 1})
	}
	var body []*ir.Node
	if !b.scope.pure && g.chance(0.08) {
		body, _ = g.jump(inner) // perhaps an iteration without a step
	}
	if !b.scope.smooth && inner.depth < maxDepth && g.chance(0.2) {
		body = append(body, g.invariant(inner, as)...)
	}
	if !b.scope.smooth && !b.scope.pure && inner.depth < maxDepth && g.chance(0.4) {
		body = append(body, g.shortLoop(inner)...)
	}
	if !b.scope.smooth && !b.scope.pure && as != "" && g.chance(0.15) {
		chosen, _ := g.chosen(inner)
		body = append(body, chosen...)
	}
	rest, v := g.body(inner, 4)
	n.Regions = []ir.Region{{Field: "body", Body: append(body, rest...)}}
	if sure = sure && !inner.jumps.used; sure {
		b.join(inner)
	} else {
		v = value{}
	}
	if as != "" {
		b.env.set(entry{name: as, t: number(ir.I64, nil), small: most + 1})
	}
	return g.finish(b, n, v)
}

// iterations returns how often a loop at b may run.
func (g *generator) iterations(b *block) int {
	return min(g.weighted(1, 2, 5, 4, 3, 1), max(1, g.steps/(4*b.times)))
}

// counted returns a loop that a counter of its own ends.
func (g *generator) counted(b *block, op string) ([]*ir.Node, value) {
	most := g.iterations(b)
	counter := g.ownName("w")
	start := ir.Call("identity", integer(0)).StoringTo(counter)
	count := entry{name: counter, t: weakInt(), locked: true, small: most + 2}
	b.env.set(count)
	inner := b.loop(most + 1)
	step := ir.Call("add", ir.Reg(counter), integer(1)).StoringTo(counter)
	g.steps -= 2 * b.times * (most + 1)
	rest, v := g.body(inner, 4)
	body := append([]*ir.Node{step}, rest...)
	if len(rest) == 0 {
		v = typed(weakInt())
	}
	var n *ir.Node
	switch op {
	case "while":
		more := ir.Call("less", ir.Reg(counter), integer(most))
		if g.chance(0.3) {
			more = ir.Call("logical_and", more, g.condition(b))
		}
		n, v = region(op, "body", body, more), value{}
		if g.chance(0.05) {
			n.Args[0] = truth(false)
		}
	case "until":
		n = region(op, "body", body, ir.Call("greater_equal", ir.Reg(counter), integer(most)))
		if inner.jumps.used {
			v = value{}
		} else {
			b.join(inner)
		}
	default:
		leave := choice(ir.Call("greater_equal", ir.Reg(counter), integer(most)), []*ir.Node{{Op: "break"}}, nil)
		at := g.between(1, len(body))
		if b.spawned || b.scope.function != nil {
			at = 1 // before any continue: nothing bounds the steps of a fragment
		}
		body = append(body[:at:at], append([]*ir.Node{leave}, body[at:]...)...)
		n, v = region(op, "loop", body), value{}
	}
	nodes, v := g.finish(b, n, v)
	return append([]*ir.Node{start}, nodes...), v
}

// jump returns a break or continue, mostly behind a condition.
func (g *generator) jump(b *block) ([]*ir.Node, value) {
	b.jumps.used = true
	n := &ir.Node{Op: pick(g, "break", "continue")}
	if g.chance(0.3) {
		return []*ir.Node{n}, value{}
	}
	inner := b.branch()
	then, _ := g.body(inner, 1)
	b.env = merge(b.env, inner.env)
	return []*ir.Node{choice(g.condition(b), append(then, n), nil)}, value{}
}

// choose returns a switch.
func (g *generator) choose(b *block) ([]*ir.Node, value) {
	if !b.hook && !b.scope.pure && g.chance(0.4) {
		if nodes, v := g.chosen(b); nodes != nil {
			return nodes, v
		}
	}
	var labels []ir.Value
	var selector *ir.Node
	otherwise := g.chance(0.7)
	switch g.weighted(4, 4, 2) {
	case 0:
		selector = g.condition(b)
		labels = []ir.Value{ir.BoolValue(true), ir.BoolValue(false)}
		if otherwise {
			labels = labels[:1]
		}
		if g.chance(0.15) {
			selector = truth(g.chance(0.5))
		}
	case 1:
		most := g.between(0, 3)
		selector = g.whole(b, most)
		for k := range most + 1 {
			labels = append(labels, ir.WeakInt(int64(k)))
		}
		if otherwise {
			labels = labels[:g.between(0, most)]
		}
	default:
		selector = g.expr(b, ir.Type{Kind: ir.Str}, 1)
		labels, otherwise = []ir.Value{ir.String("red"), ir.String("")}, true
	}
	n := &ir.Node{Op: "switch", Args: []*ir.Node{selector}}
	var after *env
	var values []value
	branch := func(field string, label ir.Value) {
		inner := b.branch()
		body, v := g.body(inner, 3)
		n.Regions = append(n.Regions, ir.Region{Field: field, When: label, Body: body})
		values = append(values, v)
		if after == nil {
			after = inner.env
		} else {
			after = merge(after, inner.env)
		}
	}
	for _, label := range labels {
		branch("cases", label)
	}
	if otherwise || len(labels) == 0 {
		branch("default", ir.Value{})
	}
	*b.env = *after
	v := values[0]
	for _, u := range values {
		if !u.known || !u.t.Equal(v.t) {
			v = value{}
		}
	}
	return g.finish(b, n, v)
}
