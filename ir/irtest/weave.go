package irtest

import "flowc.dev/flowc/ir"

// weave returns a weave of some strands, now and then with an endless one that
// the others' end cancels.
func (g *generator) weave(b *block) ([]*ir.Node, value) {
	n := &ir.Node{Op: "weave"}
	count := g.weighted(1, 3, 12, 6, 2)
	required, sure := count, true
	var values []value
	var blocks []*block
	for range count {
		inner := b.strand()
		var first []*ir.Node
		if g.chance(0.3) {
			if call, _ := g.callStatement(inner); call != nil {
				first = append(first, call)
			}
		}
		body, v := g.body(inner, 4)
		if len(body) == 0 && len(first) > 0 {
			v = value{}
		}
		n.Regions = append(n.Regions, ir.Region{Field: "weave", Body: append(first, body...)})
		values, blocks = append(values, v), append(blocks, inner)
	}
	if count > 0 && g.chance(0.15) {
		inner := b.strand()
		n.Regions = append(n.Regions, ir.Region{Field: "weave", Body: []*ir.Node{region("loop", "loop", []*ir.Node{g.assign(inner)})}})
		values, sure = append(values, value{}), false
	} else if count > 0 && g.chance(0.3) {
		required = g.between(1, count)
		sure = required == count
	}
	strands := len(n.Regions)
	if required < strands || strands > 0 && g.chance(0.1) {
		n.Attrs = append(n.Attrs, ir.Attr{Name: "require", Value: ir.Int(int64(required))})
	}
	if g.chance(0.5) {
		n.Attrs = append(n.Attrs, ir.Attr{Name: "turn", Value: ir.String(pick(g, "step", "statement", "statement"))})
	}
	if g.chance(0.3) && strands > 0 {
		weights := make([]ir.Value, strands)
		for i := range weights {
			weights[i] = ir.Int(int64(g.between(1, 3)))
		}
		n.Attrs = append(n.Attrs, ir.Attr{Name: "weights", Value: ir.ListOf(weights...)})
	}
	v := value{}
	if sure {
		v = listOf(values)
		for _, inner := range blocks {
			b.join(inner)
		}
	}
	return g.finish(b, n, v)
}
