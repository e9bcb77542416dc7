package irtest

import "flowc.dev/flowc/ir"

// rows returns a loop or buffer that draws a row in each iteration and computes with it,
// which a compiler may do for many rows at once. It is nil if there is no
// source.
func (g *generator) rows(b *block) ([]*ir.Node, value) {
	var source *object
	for _, i := range g.r.Perm(len(g.objects)) {
		if o := g.objects[i]; o.class == "data.normal" || o.class == "data.digits" {
			source = o
			break
		}
	}
	if source == nil {
		return nil, value{}
	}
	most := max(2, min(g.between(2, 14), g.steps/(4*b.times)))
	inner, n := b.again(most), &ir.Node{Op: "buffer", Args: []*ir.Node{integer(most)}}
	if g.chance(0.6) {
		n.Op, inner.jumps = "repeat", &jumps{}
	}
	if n.Op == "repeat" && g.chance(0.3) {
		as := g.counter()
		n = n.WithAttr("as", ir.String(as))
		inner.env.set(entry{name: as, t: number(ir.I64, nil), locked: true, small: most + 1})
	}
	results := []ir.Type{source.row}
	if source.class == "data.digits" {
		results = append(results, number(ir.I64, nil))
	}
	var v value
	draw := func() *ir.Node {
		var n *ir.Node
		g.steps -= inner.times
		if len(results) > 1 || !g.chance(0.25) {
			n, v = g.storeResults(inner, ir.Call(source.name+".next"), results)
			return n
		}
		count := g.between(1, 3)
		g.steps -= (count - 1) * inner.times
		v = typed(stacked(count, source.row))
		n = region("buffer", "body", []*ir.Node{ir.Call(source.name + ".next")}, integer(count))
		if g.chance(0.7) {
			n = n.StoringTo(g.store(inner, v))
		}
		return n
	}
	body := []*ir.Node{draw()}
	again := g.chance(0.3)
	for range g.between(0, 4) {
		var next *ir.Node
		switch o := pick(g, g.objects...); {
		case g.chance(0.04):
			next, v = g.print(inner), value{}
		case again && g.chance(0.5):
			next = draw()
		case o.class == "learn.pca" && g.chance(0.6):
			x := g.expr(inner, o.row, 1)
			next, v = ir.Call(o.name+".analyze", ir.Call("clip", ir.Call("where", ir.Call("isfinite", x), x, real(0.5)), real(-9), real(9))), value{}
		case g.chance(0.3):
			next, v = g.ofRow(inner, source.row)
		default:
			next, v = g.assignment(inner)
		}
		g.steps -= inner.times
		body = append(body, next)
	}
	if n.Op == "buffer" {
		if !v.known || !stackable(v.t) || g.chance(0.3) {
			var last *ir.Node
			last, v = g.gathered(inner, source.row)
			g.steps -= inner.times
			body = append(body, last)
		}
		v = typed(stacked(most, v.t))
	}
	n.Regions = []ir.Region{{Field: "body", Body: body}}
	b.join(inner)
	return g.finish(b, n, v)
}

// ofRow returns an assignment that computes a number of a row, which the rows
// before may have a part in.
func (g *generator) ofRow(b *block, row ir.Type) (*ir.Node, value) {
	x := g.expr(b, row, 2)
	op := pick(g, "sum", "mean", "max", "argmax", "matmul")
	t := number(row.DType, nil)
	switch op {
	case "argmax":
		t = number(ir.I64, nil)
		return ir.Call(op, x).StoringTo(g.store(b, typed(t))), typed(t)
	case "matmul":
		return ir.Call(op, x, g.expr(b, row, 1)).StoringTo(g.store(b, typed(t))), typed(t)
	}
	n := ir.Call(op, x)
	if g.chance(0.5) {
		n = ir.Call("add", g.expr(b, t, 1), n)
	}
	return n.StoringTo(g.store(b, typed(t))), typed(t)
}

// gathered returns a statement whose value a buffer can stack: a number, or
// several in a list or record.
func (g *generator) gathered(b *block, row ir.Type) (*ir.Node, value) {
	t, first := g.numberType(), g.expr(b, row, 1)
	second := g.expr(b, t, 1)
	switch g.between(0, 3) {
	case 0:
		return ir.Call("identity", &ir.Node{Op: "list", Args: []*ir.Node{first, second}}), typed(ir.Type{Kind: ir.ListKind, Parts: []ir.Type{row, t}})
	case 1:
		n := &ir.Node{Op: "record", Kwargs: []ir.Kwarg{{Name: "a", Node: first}, {Name: "b", Node: second}}}
		return ir.Call("identity", n), typed(ir.Type{Kind: ir.RecordKind, Names: []string{"a", "b"}, Parts: []ir.Type{row, t}})
	}
	return asStatement(second), typed(t)
}
