package gorgonia

import (
	"slices"
	"testing"

	"flowc.dev/flowc/ops"
)

// Only ops without kernels of the family, or with kernels that round nothing,
// are always computed by reference.
func TestByReference(t *testing.T) {
	c := New(Options{})
	for _, op := range ops.Standard().Ops() {
		ranks := slices.Repeat([]int{2}, len(op.Params))
		_, placed := placements[op.Name]
		product := placed && op.Name != "transpose" || op.Name == "matmul_adjoint_x1" || op.Name == "matmul_adjoint_x2"
		if got := c.ByReference(op.Name, ranks); got == product {
			t.Errorf("%s of matrices: ByReference is %t", op.Name, got)
		}
	}
	for _, ranks := range [][]int{{1, 2}, {2, 1}, {1, 1}, {3, 2}} {
		if !c.ByReference("matmul", ranks) || !c.ByReference("gemm", append([]int{1}, ranks...)) {
			t.Errorf("products of ranks %v are not computed by reference", ranks)
		}
	}
}
