// Package history keeps what passes do to a program, and tells of it: the chain
// of rewrites that made a node, why statements stayed as they are, and how the
// program's size changed. Package page, below it, shows it all.
package history

import (
	"time"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/passes"
	"flowc.dev/flowc/passes/pass"
)

// A History is what the passes did, one stage a pass. Its methods Trace and
// OnFire are the functions of that name in the options of a compilation.
type History struct {
	Stages []Stage

	fired    []Firing // by the pass that runs
	programs []*index // of the stages seen so far, when first asked for
	seen     int
}

// A Stage is one run of a pass.
type Stage struct {
	Pass *passes.Pass
	// Round counts from 1 in a group that is repeated, and is 0 elsewhere.
	Round int
	// Before and After are the very same program if nothing changed.
	Before, After *ir.Program
	// Fired are the rewrites made, in order.
	Fired []Firing
	pass.Stats
	Time time.Duration
}

// Changed reports whether the pass changed the program.
func (s *Stage) Changed() bool { return s.Before != s.After }

// A Firing is one rewrite, and the node that it started from.
type Firing struct {
	Rewrite string
	Node    *ir.Node
}

// Trace notes that a pass has run.
func (h *History) Trace(p *passes.Pass, before, after *ir.Program) {
	h.Stages = append(h.Stages, Stage{Pass: p, Before: before, After: after, Fired: h.fired})
	h.fired = nil
}

// OnFire notes a rewrite.
func (h *History) OnFire(_ *passes.Pass, rewrite string, n *ir.Node) {
	h.fired = append(h.fired, Firing{rewrite, n})
}

// Complete adds what the report says of each pass.
func (h *History) Complete(r *passes.Report) {
	for i := range min(len(h.Stages), len(r.Passes)) {
		h.Stages[i].Stats, h.Stages[i].Time, h.Stages[i].Round = r.Passes[i].Stats, r.Passes[i].Time, r.Passes[i].Round
	}
}

// Source returns the program that the first pass was given, nil if none ran.
func (h *History) Source() *ir.Program {
	if len(h.Stages) == 0 {
		return nil
	}
	return h.Stages[0].Before
}

// Final returns the program that the last pass made, nil if none ran.
func (h *History) Final() *ir.Program {
	if len(h.Stages) == 0 {
		return nil
	}
	return h.Stages[len(h.Stages)-1].After
}

// nodesOf returns the nodes of p by ID.
func nodesOf(p *ir.Program) map[ir.ID]*ir.Node {
	nodes := map[ir.ID]*ir.Node{}
	ir.Walk(p, func(_ *ir.Path, n *ir.Node) bool {
		if nodes[n.ID] == nil {
			nodes[n.ID] = n
		}
		return true
	})
	return nodes
}
