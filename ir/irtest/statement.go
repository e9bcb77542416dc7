package irtest

import (
	"fmt"

	"flowc.dev/flowc/ir"
)

// A value is what is known of the value of a statement.
type value struct {
	t     ir.Type
	known bool
}

func typed(t ir.Type) value { return value{t, true} }

// listOf returns the type of a list of values, if all are known.
func listOf(values []value) value {
	t := ir.Type{Kind: ir.ListKind}
	for _, v := range values {
		if !v.known {
			return value{}
		}
		t.Parts = append(t.Parts, v.t)
	}
	return typed(t)
}

// maxDepth bounds how deep elements are nested.
const maxDepth = 4

// statement returns a statement at b, now and then with others before it that
// it needs, and the value of the last one.
func (g *generator) statement(b *block) ([]*ir.Node, value) {
	g.size--
	if !g.o.Hooks || b.hook || b.scope.pure || !g.chance(0.2) {
		return g.plain(b)
	}
	before := *b
	before.env = b.env.clone()
	nodes, v := g.plain(b)
	g.hook(nodes[len(nodes)-1], &before, b)
	return nodes, v
}

func (g *generator) plain(b *block) ([]*ir.Node, value) {
	if b.depth < maxDepth && g.steps > 0 && g.size > 0 && g.chance(0.3) {
		if nodes, v := g.control(b); nodes != nil {
			return nodes, v
		}
	}
	if len(g.patterns) > 0 && g.chance(patternShare) {
		if nodes := g.patterned(b); nodes != nil {
			return nodes, value{}
		}
	}
	g.steps -= b.times
	if g.failing && !b.scope.pure && g.chance(0.1) {
		return []*ir.Node{g.mayFail(b)}, value{}
	}
	switch g.weighted(40, 7, 9, 5, 9) {
	case 1:
		if !b.scope.pure {
			return []*ir.Node{g.print(b)}, value{}
		}
	case 2:
		if n, v := g.callStatement(b); n != nil {
			return []*ir.Node{n}, v
		}
	case 3:
		if n, v := g.grad(b); n != nil {
			return []*ir.Node{n}, v
		}
	case 4:
		if n, v := g.method(b); n != nil {
			return []*ir.Node{n}, v
		}
	}
	n, v := g.assignment(b)
	return []*ir.Node{n}, v
}

// body returns up to most statements and the value of the last.
func (g *generator) body(b *block, most int) ([]*ir.Node, value) {
	var body []*ir.Node
	last := typed(ir.Type{Kind: ir.Null})
	for range g.between(0, most) {
		if g.size <= 0 || g.steps <= 0 {
			break
		}
		nodes, v := g.statement(b)
		body, last = append(body, nodes...), v
	}
	return body, last
}

// assign is assignment without its value.
func (g *generator) assign(b *block) *ir.Node {
	n, _ := g.assignment(b)
	return n
}

// assignment returns a call of an op that stores its result, mostly.
func (g *generator) assignment(b *block) (*ir.Node, value) {
	var known []*entry
	for i := range b.env.entries {
		if n := &b.env.entries[i]; !n.locked && !n.dynamic {
			known = append(known, n)
		}
	}
	t := g.anyType(b)
	if len(known) > 0 && g.chance(0.6) {
		e := pick(g, known...)
		if t = e.t; e.fixed && isScalar(t) && t.DType != ir.Bool && g.chance(0.5) {
			t = weakInt() // which the store converts
		}
	}
	n := asStatement(g.expr(b, t, g.between(1, 3)))
	switch g.weighted(88, 6, 6) {
	case 1:
		return n, typed(t)
	case 2:
		return n.StoringTo(ir.Discard), typed(t)
	}
	return n.StoringTo(g.store(b, typed(t))), typed(t)
}

// store returns a register that takes a value and notes what it then holds.
func (g *generator) store(b *block, v value) string {
	var fits []entry
	for _, n := range b.env.entries {
		if n.locked || n.fixed && !(v.known && ir.Storable(n.t, v.t)) {
			continue
		}
		if n.fixed || n.dynamic || !n.stable || v.known && v.t.Equal(n.t) {
			fits = append(fits, n)
		}
	}
	for _, f := range b.scope.fixed {
		if v.known && b.env.find(f.name) == nil && ir.Storable(f.t, v.t) {
			fits = append(fits, entry{name: f.name, t: f.t, fixed: true})
		}
	}
	n := entry{name: g.newName(b)}
	if len(fits) > 0 && (b.hook && g.chance(0.5) || !b.hook && g.chance(0.7)) {
		n = pick(g, fits...)
	}
	switch {
	case n.fixed:
	case n.dynamic && n.stable:
	default:
		n.t, n.dynamic, n.small = v.t, !v.known, 0
	}
	b.env.set(n)
	return n.name
}

// newName returns a name for a register whose type may change.
func (g *generator) newName(b *block) string {
	if !b.apart && !b.hook {
		for range 3 {
			name := fmt.Sprintf("r%d", g.r.IntN(12))
			if n := b.env.find(name); n == nil {
				return name
			}
		}
	}
	return g.ownName("s")
}

// ownName returns a name that nothing else has.
func (g *generator) ownName(prefix string) string {
	g.names++
	return fmt.Sprintf("%s%d", prefix, g.names)
}

// counter returns a new name for the counter of a repeat.
func (g *generator) counter() string {
	name := g.ownName("i")
	g.counters = append(g.counters, name)
	return name
}

func (g *generator) print(b *block) *ir.Node {
	n := &ir.Node{Op: "print"}
	for range g.between(1, 3) {
		switch g.weighted(6, 2, 2) {
		case 0:
			if len(b.env.entries) > 0 {
				n.Args = append(n.Args, ir.Reg(pick(g, b.env.entries...).name))
			}
		case 1:
			n.Args = append(n.Args, text(pick(g, "at", "cost", "=")))
		case 2:
			n.Args = append(n.Args, g.expr(b, g.numberType(), 2))
		}
	}
	return n
}

// condition returns a bool of rank 0 that is often of either value.
func (g *generator) condition(b *block) *ir.Node {
	return g.expr(b, number(ir.Bool, nil), g.between(1, 2))
}

// whole returns an operand with a whole number of 0 to most.
func (g *generator) whole(b *block, most int) *ir.Node {
	small := b.env.matching(func(n *entry) bool { return n.small > 0 && n.small <= most+1 })
	if len(small) > 0 && g.chance(0.4) {
		return ir.Reg(pick(g, small...).name)
	}
	if g.chance(0.5) {
		return ir.Call("remainder", g.expr(b, pick(g, number(ir.I64, nil), weakInt(), number(ir.I32, nil)), 1), integer(most+1))
	}
	return integer(g.between(0, most))
}
