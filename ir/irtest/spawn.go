package irtest

import (
	"slices"

	"flowc.dev/flowc/ir"
)

// maxSpawns bounds how often a spawn runs: each run takes long.
const maxSpawns = 6

// spawn returns a spawned fragment, statements that run beside it, and its join;
// nil where what waits would not be deterministic.
func (g *generator) spawn(b *block) ([]*ir.Node, value) {
	if b.apart || b.hook || b.spawned || b.times > maxSpawns {
		return nil, value{}
	}
	n := &ir.Node{Op: "spawn"}
	inner := b.strand()
	inner.apart, inner.spawned, inner.env = false, true, &env{}
	var ins []string
	for _, e := range b.env.entries {
		if !e.dynamic && g.chance(0.5) {
			e.locked, e.stable = e.locked && e.small > 0, false
			inner.env.set(e)
			ins = append(ins, e.name)
		}
	}
	copies := 0
	if g.chance(0.4) {
		copies = g.between(1, 3)
		n = with(n, "n", integer(copies))
		if as := g.ownName("i"); g.chance(0.6) {
			n = n.WithAttr("as", ir.String(as))
			inner.env.set(entry{name: as, t: number(ir.I64, nil), locked: true, small: copies})
		}
	}
	var body []*ir.Node
	for _, o := range g.objects {
		if o.class == "rng" && g.chance(0.5) {
			body, inner.draws = append(body, ir.Call(o.name+".split", integer(g.between(0, 5)))), true
		}
	}
	rest, _ := g.body(inner, 4)
	body = append(append(body, rest...), g.assign(inner))
	n.Regions = []ir.Region{{Field: "spawn", Body: body}}
	outs := g.outs(b, inner, body, copies)
	if len(ins) > 0 {
		n = n.WithAttr("in", ir.Strings(ins...))
	}
	var names []string
	var values []value
	for _, e := range outs {
		names, values = append(names, e.name), append(values, typed(e.t))
	}
	if len(names) > 0 {
		n = n.WithAttr("out", ir.Strings(names...))
	}
	handle := g.ownName("h")
	nodes := []*ir.Node{n.StoringTo(handle)}
	b.env.set(entry{name: handle, t: number(ir.I64, nil), locked: true})
	g.steps -= 2 * b.times
	beside := *b
	beside.jumps, beside.spawned = nil, true
	for range g.between(0, 2) {
		more, _ := g.plain(&beside)
		nodes = append(nodes, more...)
	}
	for _, e := range outs {
		b.env.set(e)
	}
	v := listOf(values)
	switch len(values) {
	case 0:
		v = value{}
	case 1:
		v = values[0]
	}
	join, v := g.finish(b, &ir.Node{Op: "join", Args: []*ir.Node{ir.Reg(handle)}}, v)
	return append(nodes, join...), v
}

// outs returns registers that a fragment gives, as they are after its join.
func (g *generator) outs(b, inner *block, body []*ir.Node, copies int) []entry {
	stored := ir.StoresIn(body)
	var outs []entry
	for _, e := range inner.env.entries {
		if e.dynamic || e.locked || !stored[e.name] || len(outs) == 2 || g.chance(0.3) {
			continue
		}
		t := e.t
		if copies > 0 {
			if !stackable(t) {
				continue
			}
			t = stacked(copies, t)
		}
		declared, fixed := b.scope.fixedType(e.name)
		if fixed && !declared.Equal(t) {
			continue
		}
		if old := b.env.find(e.name); old != nil && (old.locked || old.stable && (old.dynamic || !old.t.Equal(t))) {
			continue
		}
		if slices.Contains(g.counters, e.name) { // any join in that repeat would store it
			continue
		}
		outs = append(outs, entry{name: e.name, t: t, fixed: fixed})
	}
	return outs
}
