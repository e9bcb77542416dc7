package region

import (
	"fmt"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops"
)

// A layout divides a graph into stages. In each stage one region runs first and
// then matrix products, which take what that region, earlier ones and other
// products have computed. A region takes products of earlier stages only.
type Layout struct {
	Graph    *ir.Graph
	Ops      []*ops.Op   // of the steps
	Places   []Placement // of the steps
	Producer []int       // of the values: the step that computes it, -1 for inputs
	Stage    []int       // of the steps
	Stages   int

	family  *Family
	yielded []bool  // of the values
	readers [][]int // of the values: the steps that take them, ascending
	group   []int   // of the steps that regions compute: the number of its group
	groups  int
}

// NewLayout returns the layout of a graph for a family.
func NewLayout(g *ir.Graph, registry *ops.Registry, family *Family) (*Layout, error) {
	if family.Expand != nil {
		g = family.Expand(g)
	}
	l := &Layout{
		Graph:    g,
		Ops:      make([]*ops.Op, len(g.Steps)),
		Places:   make([]Placement, len(g.Steps)),
		Producer: make([]int, len(g.Types)),
		Stage:    make([]int, len(g.Steps)),
		Stages:   1,
		family:   family,
		yielded:  make([]bool, len(g.Types)),
		readers:  make([][]int, len(g.Types)),
		group:    make([]int, len(g.Steps)),
	}
	l.markYields(g.Outputs)
	for v := range l.Producer {
		l.Producer[v] = -1
	}
	for i := range g.Steps {
		step := &g.Steps[i]
		op := registry.Lookup(step.Op)
		if op == nil {
			return nil, fmt.Errorf("the graph calls the op %q, which the registry lacks", step.Op)
		}
		l.Ops[i] = op
		l.Places[i] = family.place(g, op, step)
		for _, v := range step.Args {
			if v < 0 {
				continue
			}
			if v >= len(g.Inputs) && l.Producer[v] < 0 {
				return nil, fmt.Errorf("bug: step %d (%s) of the graph uses a later value", i, step.Op)
			}
			l.readers[v] = append(l.readers[v], i)
			l.Stage[i] = max(l.Stage[i], l.availableTo(l.Places[i], v))
		}
		for v := step.First; v < step.First+step.Results; v++ {
			l.Producer[v] = i
		}
		l.Stages = max(l.Stages, l.Stage[i]+1)
	}
	for v := range g.Types {
		if l.IsProduct(v) && l.IsYielded(v) {
			l.Stages = max(l.Stages, l.availableTo(Reference, v)+1)
		}
	}
	return l, nil
}

// availableTo returns the first stage in which a step of the given placement
// can use value v.
func (l *Layout) availableTo(p Placement, v int) int {
	i := l.Producer[v]
	switch {
	case i < 0:
		return 0
	case l.Places[i] == Product && p != Product:
		return l.Stage[i] + 1
	}
	return l.Stage[i]
}

// IsProduct reports whether value v is computed by a product outside of regions.
func (l *Layout) IsProduct(v int) bool {
	return l.Producer[v] >= 0 && l.Places[l.Producer[v]] == Product
}

// IsYielded reports whether value v is a result of the graph or part of one.
func (l *Layout) IsYielded(v int) bool { return l.yielded[v] }

func (l *Layout) markYields(outputs []ir.GraphOutput) {
	for i := range outputs {
		if o := &outputs[i]; o.Value >= 0 {
			l.yielded[o.Value] = true
		} else {
			l.markYields(o.Parts)
		}
	}
}

// regionSteps returns the steps that the region of a stage computes.
func (l *Layout) regionSteps(stage int) []int {
	var steps []int
	for i := range l.Graph.Steps {
		if l.Stage[i] == stage && l.Places[i] != Product {
			steps = append(steps, i)
		}
	}
	return steps
}

// Products returns the steps of a stage that are products outside of regions.
func (l *Layout) Products(stage int) []int {
	var steps []int
	for i := range l.Graph.Steps {
		if l.Stage[i] == stage && l.Places[i] == Product {
			steps = append(steps, i)
		}
	}
	return steps
}

// divide returns the groups of steps that are evaluated together, in order, and
// numbers them.
func (l *Layout) divide(steps []int) [][]int {
	groups := attach(l, fuse(l, steps))
	for _, group := range groups {
		l.groups++
		for _, i := range group {
			l.group[i] = l.groups
		}
	}
	return groups
}

// escapes reports whether value v, of a step of the given group, is used
// outside of the group.
func (l *Layout) escapes(group, v int) bool {
	if l.yielded[v] {
		return true
	}
	for _, i := range l.readers[v] {
		if l.group[i] != group {
			return true
		}
	}
	return false
}
