package irtest

import "flowc.dev/flowc/ir"

// mayFail returns a statement that fails, mostly or depending on values.
func (g *generator) mayFail(b *block) *ir.Node {
	n := g.fails(b)
	if g.o.Hooks && !b.hook && n.Op == "call" && g.chance(0.4) {
		at := *b
		at.env = b.env.clone()
		g.hook(n, &at, &at)
	}
	small := b.env.matching(func(n *entry) bool { return n.small > 1 })
	if len(small) > 0 && !b.hook && g.chance(0.6) {
		// Not at once.
		e := pick(g, small...)
		return choice(ir.Call("equal", ir.Reg(e.name), integer(g.between(0, e.small-1))), []*ir.Node{n}, nil)
	}
	return n
}

func (g *generator) fails(b *block) *ir.Node {
	i64 := number(ir.I64, nil)
	switch g.weighted(2, 3, 2, 1, 1, 2, 2, 1, 1, 1) {
	case 0: // a divisor that may be 0
		return ir.Call(pick(g, "remainder", "floor_divide"), g.expr(b, i64, 1), ir.Call("remainder", g.expr(b, i64, 1), integer(2))).StoringTo(ir.Discard)
	case 1: // shapes that do not meet
		return ir.Call(pick(g, "add", "matmul", "multiply"), g.expr(b, number(ir.F64, []int{2, 3}), 1), g.expr(b, number(ir.F64, []int{4}), 1)).StoringTo(ir.Discard)
	case 2: // an index that may be out of range
		return ir.Call("identity", index(g.expr(b, number(g.dtype(), []int{2}), 1), g.whole(b, 3))).StoringTo(ir.Discard)
	case 3: // a register that only a branch sets
		name := g.ownName("u")
		return region("seq", "seq", []*ir.Node{
			choice(g.condition(b), []*ir.Node{ir.Call("add", integer(1), integer(2)).StoringTo(name)}, nil),
			{Op: "print", Args: []*ir.Node{text("unset"), ir.Reg(name)}}})
	case 4:
		return ir.Call("power", integer(2), ir.Call("negative", g.expr(b, i64, 1))).StoringTo(ir.Discard)
	case 5: // a case that may be missing
		n := &ir.Node{Op: "switch", Args: []*ir.Node{g.whole(b, 2)}}
		for k := range 2 {
			n.Regions = append(n.Regions, ir.Region{Field: "cases", When: ir.WeakInt(int64(k)), Body: []*ir.Node{g.print(b)}})
		}
		return n
	case 6: // values of a buffer that differ
		if b.hook {
			break
		}
		counter := g.ownName("i")
		odd := choice(ir.Call("equal", ir.Reg(counter), integer(g.between(0, 3))),
			[]*ir.Node{ir.Call("zeros", integers([]int{g.between(1, 2)}))}, []*ir.Node{ir.Call("zeros", integers([]int{2}))})
		return region("seq", "seq", []*ir.Node{
			ir.Call("identity", ir.Const(ir.WeakInt(-1))).StoringTo(counter),
			region("buffer", "body", []*ir.Node{ir.Call("add", ir.Reg(counter), integer(1)).StoringTo(counter), odd}, integer(3)).StoringTo(ir.Discard)})
	case 7: // a count that may be negative
		if b.hook {
			break
		}
		return region("repeat", "body", []*ir.Node{g.print(b)}, ir.Call("subtract", g.whole(b, 2), integer(1)))
	case 8: // a declared register that takes another type
		if len(b.scope.fixed) > 0 {
			f := pick(g, b.scope.fixed...)
			return asStatement(g.expr(b, number(f.t.DType, []int{2, 2}), 1)).StoringTo(f.name)
		}
	case 9: // a value that does not come apart
		return region("seq", "seq", []*ir.Node{ir.Call("identity", g.expr(b, g.listType(), 1))}).StoringTo(g.ownName("s"), g.ownName("s"))
	}
	return ir.Call("reshape", g.expr(b, number(ir.F32, []int{g.between(2, 3)}), 1), integers([]int{2})).StoringTo(ir.Discard)
}
