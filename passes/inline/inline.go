// Package inline replaces calls of small pure functions by what they compute.
package inline

import (
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/passes/collapse"
	"flowc.dev/flowc/passes/dataflow"
	"flowc.dev/flowc/passes/pass"
)

// MaxCalls bounds the calls of ops in a function that is expanded, unless a pipeline
// says otherwise.
const MaxCalls = 200

// Pass expands statements that call functions.
var Pass = &pass.Pass{
	Name: "inline",
	Doc: "Replaces a statement that calls a small function of straight-line pure computation by one graph leaf. The leaf counts " +
		"the steps of the function and carries the call, which runs when the program stops inside.",
	Exact:  true,
	Params: []pass.Param{{Name: "max", Doc: "how many calls of ops a function may make, and steps it may take, once it is expanded", Default: int64(MaxCalls), Min: 1, Max: 10_000}},
	Rewrites: []pass.Rewrite{
		{Name: "calls inlined", Doc: "f(x) -> a graph leaf that computes the body of f"},
	},
	Run: run,
}

func run(c *pass.Context, p *ir.Program) (*ir.Program, pass.Stats, error) {
	var stats pass.Stats
	names, most := c.Names(p), int(c.Int("max"))
	whole := collapse.NewWhole(c, names)
	g := dataflow.NewGraph(c.Registry, false)
	result, err := pass.EditStatements(p, func(s *pass.Scope, n *ir.Node) (*ir.Node, error) {
		if n.Op != "call" || names.Function(n.Text("call")) == nil || s.Divided() {
			return n, nil
		}
		if err := whole.Call(n); err != nil {
			stats.Note(n, "not inlined: %s", err)
			return n, nil
		}
		g.Reset()
		b := &dataflow.Builder{Graph: g, Names: names, MaxCalls: most}
		results, steps, err := b.Statement(dataflow.NewFrame(), n)
		if err != nil || len(results) == 0 {
			if err != nil {
				stats.Note(n, "not inlined: %s", err)
			}
			return n, nil
		}
		leaf := g.Single(n, results)
		leaf.ID, leaf.Origins = c.NewID(), []ir.ID{n.ID}
		leaf.Steps = steps
		leaf.Keep = g.Dead(leaf.Yields...)
		inlined := g.Leaf(leaf, c.NewID)
		if !c.Fits(inlined) {
			stats.Note(n, "not inlined: %s", pass.TooLarge)
			return n, nil
		}
		if !c.Fire("calls inlined", n) {
			return n, nil
		}
		return inlined, nil
	})
	return result, stats, err
}
