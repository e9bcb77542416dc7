package irtest

import (
	"slices"

	"flowc.dev/flowc/ir"
)

// tame fills g.p with a tame program.
func (g *generator) tame() {
	b := &block{env: &env{}, scope: &scope{}, times: 1}
	g.choosePatterns(b)
	for g.size > 0 && g.steps > 0 {
		g.p.Body = append(g.p.Body, g.tameStatements(b)...)
	}
}

// tameStatements returns a run of patterns, a loop over such, a print of a result
// or a statement that makes other numbers of those that patterns read.
func (g *generator) tameStatements(b *block) []*ir.Node {
	g.size--
	switch g.weighted(6, 2, 2, 1) {
	case 1:
		if b.depth == 0 {
			most := g.between(1, 3)
			inner := b.loop(most)
			var body []*ir.Node
			for range g.between(1, 3) {
				body = append(body, g.tameStatements(inner)...)
			}
			b.join(inner)
			return []*ir.Node{region("repeat", "body", body, integer(most))}
		}
	case 2:
		floats := b.env.matching(func(n *entry) bool { return n.locked && isFloat(n.t) && !n.t.Weak })
		if len(floats) > 0 {
			g.steps -= b.times
			k := pick(g, floats...).name
			return []*ir.Node{ir.Call("add", ir.Call("multiply", ir.Reg(k), real(0.5)), real(0.5)).StoringTo(k)}
		}
	case 3:
		results := b.env.matching(func(n *entry) bool { return !n.locked && isScalar(n.t) && !isFloat(n.t) })
		if len(results) > 0 {
			g.steps -= b.times
			return []*ir.Node{{Op: "print", Args: []*ir.Node{ir.Reg(pick(g, results...).name)}}}
		}
	}
	return slices.Clip(g.patterned(b))
}
