package irtest

import (
	"slices"

	"flowc.dev/flowc/ir"
)

// stackable reports whether a buffer can stack values of type t.
func stackable(t ir.Type) bool {
	switch t.Kind {
	case ir.Number:
		return len(t.Shape) < 4
	case ir.ListKind, ir.RecordKind:
		return !slices.ContainsFunc(t.Parts, func(p ir.Type) bool { return !stackable(p) })
	}
	return false
}

// stacked returns the type of n stacked values of type t.
func stacked(n int, t ir.Type) ir.Type {
	if t.Kind == ir.Number {
		return shaped(t, append([]int{n}, t.Shape...))
	}
	parts := make([]ir.Type, len(t.Parts))
	for i, part := range t.Parts {
		parts[i] = stacked(n, part)
	}
	t.Parts = parts
	return t
}

// buffer returns a buffer. Often its body is one draw from a source, which a
// compiler takes rows from in one go.
func (g *generator) buffer(b *block) ([]*ir.Node, value) {
	n := max(1, g.iterations(b))
	inner := b.again(n)
	var body []*ir.Node
	var v value
	if g.chance(0.5) {
		if draw, t := g.draw(inner); draw != nil {
			g.steps -= inner.times
			body, v = []*ir.Node{draw}, typed(t)
		}
	}
	if body == nil {
		if body, v = g.body(inner, 3); !v.known || !stackable(v.t) {
			t := g.numberType()
			last := asStatement(g.expr(inner, t, 2))
			if g.chance(0.5) {
				last = last.StoringTo(g.store(inner, typed(t)))
			}
			g.steps -= inner.times
			body, v = append(body, last), typed(t)
		}
	}
	count, result := integer(n), typed(stacked(n, v.t))
	if g.chance(0.15) {
		count, result = ir.Call("add", g.whole(b, n-1), integer(1)), value{}
	} else {
		b.join(inner)
	}
	return g.finish(b, region("buffer", "body", body, count), result)
}
