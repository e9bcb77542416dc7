// Package merge computes equal things once.
package merge

import (
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/passes/leaves"
	"flowc.dev/flowc/passes/pass"
)

// Pass is common subexpression elimination within what runs as one.
var Pass = &pass.Pass{
	Name: "merge",
	Doc: "Computes equal calls in a graph leaf once (common subexpression elimination). Calls are equal if the op is and the operands " +
		"are, bit for bit. Values are not shared from one statement to the next outside of leaves: between two steps a user may " +
		"set any register, and a resumed run begins there.",
	Exact: true,
	Rewrites: []pass.Rewrite{
		{Name: "equal calls joined", Doc: "%1 = exp(x); %2 = exp(x); %3 = add(%1, %2) -> %1 = exp(x); %3 = add(%1, %1)"},
	},
	Run: run,
}

func run(c *pass.Context, p *ir.Program) (*ir.Program, pass.Stats, error) {
	result, err := leaves.EditAll(p, func(_ *pass.Scope, leaf *ir.Node) *ir.Node {
		return leaves.MergeEqual(leaf, func(call *ir.Node) bool { return c.Fire("equal calls joined", call) })
	})
	return result, pass.Stats{}, err
}
