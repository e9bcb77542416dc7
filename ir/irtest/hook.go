package irtest

import "flowc.dev/flowc/ir"

// hook attaches hooks to n: what they do before it they do at the block before,
// the rest at the block after.
func (g *generator) hook(n *ir.Node, before, after *block) {
	if n.Op == "break" || n.Op == "continue" || n.Region("hooks") != nil {
		return
	}
	hooks := ir.Region{Field: "hooks"}
	for range g.weighted(0, 4, 1) {
		h := &ir.Node{Op: "hook"}
		at := before
		if g.chance(0.5) {
			h.Regions = append(h.Regions, ir.Region{Field: "before", Body: g.hookBody(before)})
		}
		if len(h.Regions) == 0 || g.chance(0.3) {
			h.Regions = append(h.Regions, ir.Region{Field: "after", Body: g.hookBody(after)})
			at = after
		}
		if g.chance(0.4) {
			h.Attrs = append(h.Attrs, ir.Attr{Name: "every", Value: ir.Int(int64(g.between(1, 4)))})
		}
		if g.chance(0.3) && len(h.Regions) == 1 {
			h = with(h, "when", g.condition(at))
		}
		hooks.Body = append(hooks.Body, h)
	}
	n.Regions = append(n.Regions, hooks)
}

// hookBody returns statements that may stand in a hook at b.
func (g *generator) hookBody(b *block) []*ir.Node {
	// The statement may rely on what is known of a number.
	for i := range b.env.entries {
		e := &b.env.entries[i]
		e.locked = e.locked || e.small > 0
	}
	c := b.again(1)
	c.hook, c.apart, c.jumps, c.depth = true, true, nil, maxDepth-1
	size, steps := g.size, g.steps
	g.size, g.steps = 2, 100
	defer func() { g.size, g.steps = size, steps }()
	body := []*ir.Node{g.print(c)}
	if g.chance(0.5) {
		nodes, _ := g.statement(c)
		body = append(body, nodes...)
	}
	return body
}
