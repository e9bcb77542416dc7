package gorgonia

import (
	"fmt"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops"
)

// A layout divides a graph into stages. In each stage one region runs first and
// then matrix products, which take what that region, earlier ones and other
// products have computed. A region takes products of earlier stages only.
type layout struct {
	graph    *ir.Graph
	ops      []*ops.Op   // of the steps
	places   []placement // of the steps
	producer []int       // of the values: the step that computes it, -1 for inputs
	stage    []int       // of the steps
	stages   int
}

func newLayout(g *ir.Graph, registry *ops.Registry) (*layout, error) {
	g = expand(g)
	l := &layout{
		graph:    g,
		ops:      make([]*ops.Op, len(g.Steps)),
		places:   make([]placement, len(g.Steps)),
		producer: make([]int, len(g.Types)),
		stage:    make([]int, len(g.Steps)),
		stages:   1,
	}
	for v := range l.producer {
		l.producer[v] = -1
	}
	for i := range g.Steps {
		step := &g.Steps[i]
		op := registry.Lookup(step.Op)
		if op == nil {
			return nil, fmt.Errorf("the graph calls the op %q, which the registry lacks", step.Op)
		}
		l.ops[i] = op
		l.places[i] = place(g, op, step)
		for _, v := range step.Args {
			if v < 0 {
				continue
			}
			if v >= len(g.Inputs) && l.producer[v] < 0 {
				return nil, fmt.Errorf("bug: step %d (%s) of the graph uses a later value", i, step.Op)
			}
			l.stage[i] = max(l.stage[i], l.availableTo(l.places[i], v))
		}
		for v := step.First; v < step.First+step.Results; v++ {
			l.producer[v] = i
		}
		l.stages = max(l.stages, l.stage[i]+1)
	}
	for v := range g.Types {
		if l.isProduct(v) && l.isYielded(v) {
			l.stages = max(l.stages, l.availableTo(byReference, v)+1)
		}
	}
	return l, nil
}

// availableTo returns the first stage in which a step of the given placement
// can use value v.
func (l *layout) availableTo(p placement, v int) int {
	i := l.producer[v]
	switch {
	case i < 0:
		return 0
	case l.places[i] == byProduct && p != byProduct:
		return l.stage[i] + 1
	}
	return l.stage[i]
}

// isProduct reports whether value v is computed by a Gorgonia product.
func (l *layout) isProduct(v int) bool {
	return l.producer[v] >= 0 && l.places[l.producer[v]] == byProduct
}

// isYielded reports whether value v is a result of the graph or part of one.
func (l *layout) isYielded(v int) bool { return yields(l.graph.Outputs, v) }

func yields(outputs []ir.GraphOutput, v int) bool {
	for i := range outputs {
		if o := &outputs[i]; o.Value == v || o.Value < 0 && yields(o.Parts, v) {
			return true
		}
	}
	return false
}

// regionSteps returns the steps that the region of a stage computes.
func (l *layout) regionSteps(stage int) []int {
	var steps []int
	for i := range l.graph.Steps {
		if l.stage[i] == stage && l.places[i] != byProduct {
			steps = append(steps, i)
		}
	}
	return steps
}

// products returns the steps of a stage that are Gorgonia products.
func (l *layout) products(stage int) []int {
	var steps []int
	for i := range l.graph.Steps {
		if l.stage[i] == stage && l.places[i] == byProduct {
			steps = append(steps, i)
		}
	}
	return steps
}
