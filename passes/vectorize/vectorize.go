// Package vectorize runs the iterations of loops over bufferable sources in
// blocks.
package vectorize

import (
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/passes/pass"
)

// Pass makes the body of a repeat or buffer that draws from a source a block.
var Pass = &pass.Pass{
	Name: "vectorize",
	Doc: "Makes the body of a repeat or buffer that draws rows from bufferable sources a block, which runs many iterations at once: it takes " +
		"the rows of all of them, makes each call that has a batched form once for all, the others row after row, gives the rows " +
		"to methods that take blocks in, and leaves in the registers what the last iteration leaves there. The values of a buffer's iterations join its stack together. The body may contain " +
		"draws, calls of ops and methods that take rows in; each object may be used once, or only be drawn from. A next_n of few rows is a draw too. Products of matrices, which have bits of " +
		"their own in the gorgonia family, run in no block there.",
	Exact: true,
	Rewrites: []pass.Rewrite{
		{Name: "iterations blocked", Doc: "repeat n { x = source.next(); ... } -> repeat n { block { ... } }"},
		{Name: "buffers blocked", Doc: "buffer n { x = source.next(); ...; f(x) } -> buffer n { block { ... } }"},
	},
	Run: run,
}

func run(c *pass.Context, p *ir.Program) (*ir.Program, pass.Stats, error) {
	var stats pass.Stats
	names := c.Names(p)
	result, err := pass.EditBodies(p, func(s *pass.Scope, body []*ir.Node) ([]*ir.Node, error) {
		if s.Parent == nil || !draws(names, body) {
			return body, nil
		}
		rewrite, buffered := "iterations blocked", false
		switch s.Parent.Op {
		case "repeat":
		case "buffer":
			rewrite, buffered = "buffers blocked", true
		default:
			return body, nil
		}
		if s.Strand {
			stats.Note(s.Parent, "not blocked: turns of a weave come between its iterations")
			return body, nil
		}
		b := newBuilder(c, s, body)
		b.buffered = buffered
		if reason := b.statements(body); reason != "" {
			stats.Note(s.Parent, "not blocked: %s", reason)
			return body, nil
		}
		if !c.Fire(rewrite, s.Parent) {
			return body, nil
		}
		return []*ir.Node{b.block(body)}, nil
	})
	return result, stats, err
}

// draws reports whether a statement of the body takes a row from a source.
func draws(names *pass.Names, body []*ir.Node) bool {
	for _, n := range body {
		if _, ok := drawn(n); ok {
			return true
		}
		if n.Op == "call" {
			if m := names.Method(n.Text("call")); m != nil && m.Source != nil {
				return true
			}
		}
	}
	return false
}
