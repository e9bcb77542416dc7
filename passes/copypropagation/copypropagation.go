// Package copypropagation takes copies out of graph leaves.
package copypropagation

import (
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/passes/leaves"
	"flowc.dev/flowc/passes/pass"
)

// Pass is copy propagation within what runs as one.
var Pass = &pass.Pass{
	Name: "copy-propagation",
	Doc: "Reads what was copied instead of the copy, within a graph leaf: y = x; z = y + 1 adds to x, and the copy of a literal is the " +
		"literal. The register y gets its value all the same. Nothing goes through registers from one statement to the next outside " +
		"of leaves: between two steps a user may set any register, and a resumed run begins there.",
	Exact: true,
	Rewrites: []pass.Rewrite{
		{Name: "copies propagated", Doc: "%1 = identity(x); %2 = add(%1, 1) -> %2 = add(x, 1)"},
	},
	Run: run,
}

func run(c *pass.Context, p *ir.Program) (*ir.Program, pass.Stats, error) {
	result, err := leaves.EditAll(p, func(_ *pass.Scope, leaf *ir.Node) *ir.Node {
		return leaves.PropagateCopies(leaf, func(call *ir.Node) bool { return c.Fire("copies propagated", call) })
	})
	return result, pass.Stats{}, err
}
