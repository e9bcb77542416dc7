package irtest

import "flowc.dev/flowc/ir"

// rows returns a loop that draws a row in each iteration and computes with it,
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
	inner := b.loop(most)
	n := &ir.Node{Op: "repeat", Args: []*ir.Node{integer(most)}}
	if g.chance(0.3) {
		as := g.ownName("i")
		n = n.WithAttr("as", ir.String(as))
		inner.env.set(entry{name: as, t: number(ir.I64, nil), locked: true, small: most + 1})
	}
	results := []ir.Type{source.row}
	if source.class == "data.digits" {
		results = append(results, number(ir.I64, nil))
	}
	draw, v := g.storeResults(inner, ir.Call(source.name+".next"), results)
	g.steps -= inner.times
	body := []*ir.Node{draw}
	for range g.between(0, 4) {
		var next *ir.Node
		switch o := pick(g, g.objects...); {
		case g.chance(0.04):
			next, v = g.print(inner), value{}
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
