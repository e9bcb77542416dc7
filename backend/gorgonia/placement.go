package gorgonia

import (
	"slices"

	"flowc.dev/flowc/backend/region"
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops"
)

// placements lists the ops that have a kernel of their own for some types.
// Whatever is not here is computed by its reference evaluation. So are the ops
// whose Gorgonia form is wrong, incomplete or slower: its elementwise ops take
// about 5 ns for each element and an allocation, its transposition 12 ns, and
// its reductions, softmax and slices have other rules for NaN, for empty axes
// or for shapes than the ops have.
var placements = map[string]struct {
	placement region.Placement
	fits      func(args []ir.Type, static []ir.Value, result ir.Type) bool
}{
	"matmul":    {region.Product, isProduct},
	"gemm":      {region.Own, isAccumulation},
	"transpose": {region.Own, isTransposition},
}

// place returns the placement of a step: what is not in placements is left to
// the reference.
func place(g *ir.Graph, op *ops.Op, step *ir.GraphStep) region.Placement {
	rule, ok := placements[op.Name]
	if !ok || step.Results != 1 {
		return region.Reference
	}
	args := make([]ir.Type, len(step.Args))
	for i, v := range step.Args {
		if v >= 0 {
			args[i] = g.Types[v]
		} else {
			args[i] = ir.Type{Kind: ir.Null}
		}
	}
	if !rule.fits(args, step.Static, g.Types[step.First]) {
		return region.Reference
	}
	return rule.placement
}

// isMatrix accepts matrices of two or more rows and columns: Gorgonia takes
// others for vectors.
func isMatrix(t ir.Type, dtype ir.DType) bool {
	return t.Kind == ir.Number && t.DType == dtype && dtype.IsFloat() && !t.Weak &&
		len(t.Shape) == 2 && t.Shape[0] > 1 && t.Shape[1] > 1
}

func isProduct(args []ir.Type, _ []ir.Value, result ir.Type) bool {
	return len(args) == 2 && isMatrix(result, result.DType) &&
		isMatrix(args[0], result.DType) && isMatrix(args[1], result.DType) &&
		args[0].Shape[1] == args[1].Shape[0] &&
		result.Shape[0] == args[0].Shape[0] && result.Shape[1] == args[1].Shape[1]
}

// isAccumulation accepts a matrix product plus a sum that broadcasts to it.
func isAccumulation(args []ir.Type, static []ir.Value, result ir.Type) bool {
	if len(args) != 3 || !isProduct(args[1:], static, result) {
		return false
	}
	c := args[0]
	if c.Kind != ir.Number || c.DType != result.DType || c.Weak || len(c.Shape) > 2 {
		return false
	}
	for i, extent := range c.Shape {
		if extent != 1 && extent != result.Shape[2-len(c.Shape)+i] {
			return false
		}
	}
	return true
}

// isTransposition accepts the transposition of a matrix by default axes.
func isTransposition(args []ir.Type, static []ir.Value, result ir.Type) bool {
	return len(args) == 2 && args[1].Kind == ir.Null && (len(static) < 2 || static[1].IsNull()) &&
		isMatrix(args[0], args[0].DType) && !args[0].Weak &&
		slices.Equal(result.Shape, []int{args[0].Shape[1], args[0].Shape[0]}) && result.DType == args[0].DType
}

// isOwn reports whether some calls of the op have Gorgonia's bits.
func isOwn(op *ops.Op) bool { return op.Product }

// byReference reports whether a call of the op has the bits of its reference
// evaluation, which is so for all but products of matrices.
func byReference(op string, ranks []int) bool {
	switch op {
	case "matmul":
		return ranks[0] != 2 || ranks[1] != 2
	case "gemm":
		return ranks[1] != 2 || ranks[2] != 2
	case "matmul_adjoint_x1", "matmul_adjoint_x2": // see expand
		return false
	}
	return true
}
