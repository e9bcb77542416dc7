package pass

import (
	"slices"

	"flowc.dev/flowc/ir"
)

// A Census is what occurs in a program, hooks and what optimized nodes carry
// included. A pass that looks for what does not occur need not look.
type Census struct {
	// Nested reports whether a function is called in an operand.
	Nested bool

	elements, calls nameSet
}

// CensusOf finds out what occurs in a program.
var CensusOf = &Analysis[*Census]{Name: "census", Run: func(c *Context, p *ir.Program) *Census {
	census, names := &Census{}, c.Names(p)
	calls := func(n *ir.Node) bool { return n.Op == "call" && names.Function(n.Text("call")) != nil }
	ir.Visit(p, func(n *ir.Node) bool {
		census.elements.add(n.Op)
		if n.Op == "call" {
			census.calls.add(n.Text("call"))
		}
		if len(names.functions) > 0 && !census.Nested {
			census.Nested = slices.ContainsFunc(n.Args, calls) || slices.ContainsFunc(n.Kwargs, func(k ir.Kwarg) bool { return calls(k.Node) })
		}
		return true
	})
	return census
}}

// Has reports whether the element occurs.
func (c *Census) Has(element string) bool { return c.elements.all[element] }

// Calls reports whether a call of the name occurs.
func (c *Census) Calls(name string) bool { return c.calls.all[name] }

// A nameSet is a set of few names, most of which are added very often.
type nameSet struct {
	recent [64]string // some of them, by a hash
	all    map[string]bool
}

func (s *nameSet) add(name string) {
	if name == "" {
		return
	}
	slot := &s.recent[(len(name)*7+int(name[0])*3+int(name[len(name)-1]))%len(s.recent)]
	if *slot == name {
		return
	}
	*slot = name
	if s.all == nil {
		s.all = map[string]bool{}
	}
	s.all[name] = true
}
