package pass

import "flowc.dev/flowc/ir"

// An Analysis finds out something about a program. It is a value, of which there
// is one for what it finds out:
//
//	var Prints = &pass.Analysis[int]{Name: "prints", Run: countPrints}
//
// Passes ask for it with [Get].
type Analysis[T any] struct {
	Name string
	// Run analyses p. It changes nothing, and may ask for other analyses.
	Run func(c *Context, p *ir.Program) T
}

// Get returns what the analysis finds out about p. It is done once for a
// program, whatever passes ask, and again when the program is another.
func Get[T any](c *Context, a *Analysis[T], p *ir.Program) T {
	if c.analysed != p {
		c.analysed, c.analyses = p, map[any]any{}
	}
	if found, ok := c.analyses[a]; ok {
		return found.(T)
	}
	found := a.Run(c, p)
	if c.analysed == p { // Run may have asked about another program
		c.analyses[a] = found
	}
	return found
}

// NamesOf finds out what the names in the calls of a program stand for.
var NamesOf = &Analysis[*Names]{Name: "names", Run: func(c *Context, p *ir.Program) *Names { return NewNames(p, c.Registry) }}
