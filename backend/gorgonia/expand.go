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
			x.addProduct(step, dout, x.transpose(step, x2))
			return
		case step.Op == "matmul_adjoint_x2" && x.isAdjoint(step):
			x.addProduct(step, x.transpose(step, x1), dout)
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

func (x *expansion) addProduct(step *ir.GraphStep, a, b int) {
	x.graph.Steps = append(x.graph.Steps, ir.GraphStep{Op: "matmul", Args: []int{a, b},
		Static: make([]ir.Value, 2), First: step.First, Results: 1, Origin: step.Origin})
}

// transpose returns the value that is the transposition of v.
func (x *expansion) transpose(step *ir.GraphStep, v int) int {
	if to, known := x.transposed[v]; known {
		return to
	}
	to := len(x.graph.Types)
	t := x.graph.Types[v]
	t.Shape = []int{t.Shape[1], t.Shape[0]}
	x.graph.Types = append(x.graph.Types, t)
	x.graph.Steps = append(x.graph.Steps, ir.GraphStep{Op: "transpose", Args: []int{v, -1},
		Static: make([]ir.Value, 2), First: to, Results: 1, Origin: step.Origin})
	x.transposed[v] = to
	return to
}
