package cost

import (
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/passes/pass"
)

// ScalarsIn gives [ScalarsOf] the functions of a program, and of its body for
// nil, each found out when it is first asked for.
var ScalarsIn = &pass.Analysis[func(f *ir.Function) *Scalars]{
	Name: "scalars",
	Run: func(c *pass.Context, p *ir.Program) func(f *ir.Function) *Scalars {
		names, known := c.Names(p), map[*ir.Function]*Scalars{}
		return func(f *ir.Function) *Scalars {
			if known[f] == nil {
				known[f] = ScalarsOf(names, p, f)
			}
			return known[f]
		}
	},
}
