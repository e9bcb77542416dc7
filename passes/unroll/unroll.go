// Package unroll makes short loops of tensor statements straight-line.
package unroll

import (
	"errors"
	"fmt"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/passes/collapse"
	"flowc.dev/flowc/passes/cost"
	"flowc.dev/flowc/passes/dataflow"
	"flowc.dev/flowc/passes/pass"
)

// MaxCalls bounds the calls of ops in a loop that is unrolled: a graph takes time
// to compile, and a leaf is not interrupted. A pipeline may say otherwise.
const MaxCalls = 100

// Pass unrolls loops.
var Pass = &pass.Pass{
	Name: "unroll",
	Doc: "Replaces a repeat of few iterations, known in number, of pure tensor statements by one graph leaf of as many steps. " +
		"The leaf carries the repeat, which runs when the program stops inside. Only a repeat in a loop is unrolled: " +
		"others run too seldom to pay for a larger graph. What collapse then makes of neighbouring leaves is loop fusion, " +
		"equal loops are computed once, and values that only the next iteration reads need no register.",
	Exact:  true,
	Params: []pass.Param{{Name: "max", Doc: "how many calls of ops a loop may make, and steps it may take, once it is unrolled", Default: int64(MaxCalls), Min: 1, Max: 10_000}},
	Rewrites: []pass.Rewrite{
		{Name: "loops unrolled", Doc: "repeat 3 { x = f(x) } -> a graph leaf that computes f(f(f(x)))"},
	},
	Run: run,
}

type unroller struct {
	c       *pass.Context
	p       *ir.Program
	names   *pass.Names
	most    int // steps and calls of a leaf
	whole   *collapse.Whole
	sizes   map[*ir.Node]size // of the repeats in loops
	scalars map[*ir.Function]*cost.Scalars
	graph   *dataflow.Graph // of the loop that is being read
	stats   pass.Stats
}

func run(c *pass.Context, p *ir.Program) (*ir.Program, pass.Stats, error) {
	names := c.Names(p)
	u := &unroller{c: c, p: p, names: names, most: int(c.Int("max")), whole: collapse.NewWhole(c, names),
		sizes: map[*ir.Node]size{}, scalars: map[*ir.Function]*cost.Scalars{}, graph: dataflow.NewGraph(c.Registry, true)}
	u.measure(p.Body, false)
	for _, f := range p.Functions {
		u.measure(f.Body, false)
	}
	if len(u.sizes) == 0 {
		return p, u.stats, nil
	}
	result, err := pass.EditOutermost(p, u.statement)
	return result, u.stats, err
}

func (u *unroller) statement(s *pass.Scope, n *ir.Node) (*ir.Node, error) {
	if _, inLoop := u.sizes[n]; !inLoop || s.Strand {
		return n, nil
	}
	leaf, err := u.leaf(s, n)
	if err != nil {
		u.stats.Note(n, "not unrolled: %s", err)
		return n, nil
	}
	if !u.c.Fits(leaf) {
		u.stats.Note(n, "not unrolled: %s", pass.TooLarge)
		return n, nil
	}
	if !u.c.Fire("loops unrolled", n) {
		return n, nil
	}
	return leaf, nil
}

// leaf returns the leaf for the repeat n, or an error that says why it may not be
// one or does not pay.
func (u *unroller) leaf(s *pass.Scope, n *ir.Node) (*ir.Node, error) {
	if size := u.sizes[n]; !u.fits(size) {
		return nil, u.misfit(size)
	}
	m := &members{u: u, s: s, seen: map[string]bool{}, fixed: fixedIn(s), times: 1}
	if len(n.Body("hooks")) > 0 {
		return nil, errors.New("hooks are attached to it")
	}
	if err := m.element(n); err != nil {
		return nil, err
	}
	if err := u.whole.Body(n.Body("body")); err != nil {
		return nil, err
	}
	g := u.graph
	g.Reset()
	b := &dataflow.Builder{Graph: g, Names: u.names, MaxCalls: u.most}
	frame := dataflow.NewFrame()
	results, steps, err := b.Statement(frame, n)
	if err != nil {
		return nil, err
	}
	if len(results) == 0 || steps < 2 {
		return nil, errors.New("it has no value or takes no two steps")
	}
	m.cost.CallsAfter = g.Calls()
	if gain := cost.Gain(u.c.Family, m.cost); gain <= 0 {
		return nil, fmt.Errorf("a graph of its %d steps would cost %.0f ns more than they do", steps, -gain)
	}
	l := g.Single(n, results)
	if len(l.Stores) > 1 {
		return nil, errors.New("several registers take its value apart")
	}
	l.ID, l.Origins, l.Steps = u.c.NewID(), []ir.ID{n.ID}, steps
	for _, name := range m.stored {
		if name != l.Stores[0] {
			l.Stores = append(l.Stores, name)
			l.Yields = append(l.Yields, frame.Get(name))
		}
	}
	// The value is what comes last.
	l.Stores, l.Yields = append(l.Stores[1:], l.Stores[0]), append(l.Yields[1:], l.Yields[0])
	l.Keep = g.Dead(l.Yields...)
	return g.Leaf(l, u.c.NewID), nil
}

func fixedIn(s *pass.Scope) map[string]bool {
	registers := s.Program.Registers
	if s.Function != nil {
		registers = s.Function.Registers
	}
	fixed := map[string]bool{}
	for i := range registers {
		if registers[i].Fixed {
			fixed[registers[i].Name] = true
		}
	}
	return fixed
}
