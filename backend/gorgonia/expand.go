package gorgonia

import (
	"slices"

	"flowc.dev/flowc/ir"
)

// expand returns g with the adjoints of matrix products written as a
// transposition and a product. A transposition that is needed twice is
// computed once. Values keep their numbers; new ones follow.
func expand(g *ir.Graph) *ir.Graph {
	x := expansion{graph: *g, transposed: map[int]int{}}
	x.graph.Types = slices.Clone(g.Types)
	x.graph.Steps = nil
	for i := range g.Steps {
		x.add(&g.Steps[i])
	}
	return &x.graph
}

type expansion struct {
	graph      ir.Graph
	transposed map[int]int // value to the value of its transposition
}

func (x *expansion) add(step *ir.GraphStep) {
	if len(step.Args) == 3 && step.Results == 1 {
		x1, x2, dout := step.Args[0], step.Args[1], step.Args[2]
		switch {
		case step.Op == "matmul_adjoint_x1" && x.isAdjoint(step):
			x.addProduct(step, step.First, dout, x.transpose(step, x2))
			return
		case step.Op == "matmul_adjoint_x2" && x.isAdjoint(step):
			x.addSecondAdjoint(step, x1, dout)
			return
		}
	}
	x.graph.Steps = append(x.graph.Steps, *step)
}

// isAdjoint accepts the adjoints of products that Gorgonia computes.
func (x *expansion) isAdjoint(step *ir.GraphStep) bool {
	var types [3]ir.Type
	for i, v := range step.Args {
		if v < 0 {
			return false
		}
		types[i] = x.graph.Types[v]
	}
	return isProduct(types[:2], nil, types[2]) &&
		(step.Op == "matmul_adjoint_x1" && x.graph.Types[step.First].Equal(types[0]) ||
			step.Op == "matmul_adjoint_x2" && x.graph.Types[step.First].Equal(types[1]))
}

// addSecondAdjoint computes transpose(x1) times dout. If the result has few
// columns, it is the transposition of transpose(dout) times x1, which spares
// transposing x1 twice.
func (x *expansion) addSecondAdjoint(step *ir.GraphStep, x1, dout int) {
	shape := x.graph.Types[step.First].Shape
	if shape[1] >= minColumns || shape[0] < minColumns {
		x.addProduct(step, step.First, x.transpose(step, x1), dout)
		return
	}
	left := x.transpose(step, dout)
	product := x.newValue(x.graph.Types[step.First])
	x.addProduct(step, product, left, x1)
	x.addTransposition(step, step.First, product)
}

func (x *expansion) addProduct(step *ir.GraphStep, to, a, b int) {
	x.graph.Steps = append(x.graph.Steps, ir.GraphStep{Op: "matmul", Args: []int{a, b},
		Static: make([]ir.Value, 2), First: to, Results: 1, Origin: step.Origin})
}

func (x *expansion) addTransposition(step *ir.GraphStep, to, v int) {
	x.graph.Steps = append(x.graph.Steps, ir.GraphStep{Op: "transpose", Args: []int{v, -1},
		Static: make([]ir.Value, 2), First: to, Results: 1, Origin: step.Origin})
}

// newValue returns a value for the transposition of a matrix of type t.
func (x *expansion) newValue(t ir.Type) int {
	t.Shape = []int{t.Shape[1], t.Shape[0]}
	x.graph.Types = append(x.graph.Types, t)
	return len(x.graph.Types) - 1
}

// transpose returns the value that is the transposition of v.
func (x *expansion) transpose(step *ir.GraphStep, v int) int {
	to, known := x.transposed[v]
	if !known {
		to = x.newValue(x.graph.Types[v])
		x.addTransposition(step, to, v)
		x.transposed[v] = to
	}
	return to
}
