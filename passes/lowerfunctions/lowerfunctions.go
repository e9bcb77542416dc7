// Package lowerfunctions expands the functions that statements call in their
// expressions.
package lowerfunctions

import (
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/passes/dataflow"
	"flowc.dev/flowc/passes/lowergrad"
	"flowc.dev/flowc/passes/pass"
)

// MaxCalls bounds the calls of ops that a statement may expand to: what
// compiles a graph takes time that grows with the square of its size.
const MaxCalls = 2000

// Pass is the required lowering of function calls in expressions.
var Pass = &pass.Pass{
	Name: "lower-functions",
	Doc: "Turns each statement that calls an op and has function calls in its operands into one graph leaf, " +
		"with the functions expanded. Functions that choose (switch) or are too large stay calls.",
	Exact:    true,
	Required: true,
	Rewrites: []pass.Rewrite{
		{Name: "statements lowered", Doc: "y = sin(f(x)) -> a graph leaf that computes the body of f and its sine"},
	},
	Run: run,
}

func run(c *pass.Context, p *ir.Program) (*ir.Program, pass.Stats, error) {
	var stats pass.Stats
	if !pass.Get(c, pass.CensusOf, p).Nested {
		return p, stats, nil
	}
	names := c.Names(p)
	result, err := pass.LowerStatements(p, func(_ *pass.Scope, n *ir.Node) (*ir.Node, error) {
		if n.Op != "call" || names.Op(n.Text("call")) == nil || !callsFunction(names, n) {
			return n, nil
		}
		g := dataflow.NewGraph(c.Registry, false)
		b := &dataflow.Builder{Graph: g, Names: names, Grad: lowergrad.Expand, MaxCalls: MaxCalls}
		leaf, err := lower(b, n)
		if err != nil {
			// The call stays: the driver runs the function, and what is wrong
			// with it shows there.
			stats.Note(n, "not lowered: %s", err)
			return n, nil
		}
		lowered := g.Leaf(*leaf, c.NewID)
		if !c.Fits(lowered) {
			stats.Note(n, "not lowered: %s", pass.TooLarge)
			return n, nil
		}
		c.Fire("statements lowered", n)
		return lowered, nil
	})
	return result, stats, err
}

// callsFunction reports whether an operand of n calls a function.
func callsFunction(names *pass.Names, n *ir.Node) bool {
	found := false
	pass.WalkOperands(n, func(inner *ir.Node) bool {
		if inner.Op == "call" && names.Function(inner.Text("call")) != nil {
			found = true
		}
		return !found
	})
	return found
}

func lower(b *dataflow.Builder, n *ir.Node) (*dataflow.Leaf, error) {
	results, _, err := b.Statement(dataflow.NewFrame(), n)
	if err != nil {
		return nil, err
	}
	leaf := b.Graph.Single(n, results)
	leaf.Keep = b.Graph.Dead(leaf.Yields...)
	return &leaf, nil
}
