// Package outline makes statements that multiply matrices graph leaves.
package outline

import (
	"slices"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops"
	"flowc.dev/flowc/passes/cost"
	"flowc.dev/flowc/passes/dataflow"
	"flowc.dev/flowc/passes/pass"
)

// Pass gives each product of matrices to the kernels of the gorgonia family.
var Pass = &pass.Pass{
	Name: "outline",
	Doc: "Makes each statement that multiplies matrices a graph leaf of its own, so that the numeric family computes it by the same " +
		"kernels alone and in a larger graph. Other ops have equal bits in all families; products of literals only stay too.",
	Exact:    true,
	Required: true,
	Family:   pass.FamilyGorgonia,
	Rewrites: []pass.Rewrite{
		{Name: "statements outlined", Doc: "y = matmul(x, w) -> a graph leaf of that call"},
	},
	Run: run,
}

func run(c *pass.Context, p *ir.Program) (*ir.Program, pass.Stats, error) {
	var stats pass.Stats
	census := pass.Get(c, pass.CensusOf, p)
	if !slices.ContainsFunc(c.Registry.Ops(), func(op *ops.Op) bool { return op.Product && census.Calls(op.Name) }) {
		return p, stats, nil
	}
	names := c.Names(p)
	g, frame := dataflow.NewGraph(c.Registry, false), dataflow.NewFrame()
	b := &dataflow.Builder{Graph: g, Names: names, Keep: true, Kept: refuse}
	result, err := pass.LowerStatements(p, func(_ *pass.Scope, n *ir.Node) (*ir.Node, error) {
		if n.Op != "call" || names.Op(n.Text("call")) == nil {
			return n, nil
		}
		if cost.Neutral(names, n) {
			return n, nil
		}
		g.Reset()
		frame.Reset()
		results, _, err := b.Statement(frame, n)
		if err != nil {
			stats.Note(n, "not outlined: %s", err)
			return n, nil
		}
		leaf := g.Single(n, results)
		leaf.Keep = g.Dead(leaf.Yields...)
		values := g.Reachable(append(leaf.Keep, leaf.Yields...)...)
		if !dataflow.ReadsInput(values) {
			return n, nil
		}
		if reason := g.Dynamic(values); reason != "" {
			stats.Note(n, "not outlined: %s", reason)
			return n, nil
		}
		outlined := g.Leaf(leaf, c.NewID)
		if !c.Fits(outlined) {
			stats.Note(n, "not outlined: %s", pass.TooLarge)
			return n, nil
		}
		c.Fire("statements outlined", n)
		return outlined, nil
	})
	return result, stats, err
}

func refuse(n *ir.Node) (*ir.Node, error) {
	return nil, &dataflow.Obstacle{Node: n, Reason: "it calls the function " + n.Text("call")}
}
