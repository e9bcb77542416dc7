package graphs

import "flowc.dev/flowc/ir"

// Bounds on what is computed when a graph is compiled, in elements.
const (
	maxFoldedOperand = 4096
	maxFolded        = 1024
)

// contractions are the ops whose bits are a family's own: they are left to it.
var contractions = map[string]bool{"matmul": true, "gemm": true, "matmul_adjoint_x1": true, "matmul_adjoint_x2": true,
	"outer": true, "ger": true}

var foldRules = []Rule{
	{Name: "shape(x) -> literal", Level: Exact, ops: []string{"shape"}, Doc: "The elements of x are not needed.",
		match: func(r *rewriter, s *step) *value {
			extents := s.args[0].typ.Shape
			t, err := ir.NewTensor(ir.I64, len(extents))
			if err != nil {
				return nil
			}
			for i, extent := range extents {
				ir.Data[int64](t)[i] = int64(extent)
			}
			return r.lit(ir.TensorValue(t))
		}},
	{Name: "size(x) -> literal", Level: Exact, ops: []string{"size"}, Doc: "The elements of x are not needed.",
		match: func(r *rewriter, s *step) *value { return r.lit(ir.Int(int64(s.args[0].size()))) }},
	{Name: "f(literals) -> literal", Level: Exact,
		Doc: "The reference evaluation of an op on literals, unless it fails or its operands or result are large. Not of matrix products, whose bits depend on the family.",
		match: func(r *rewriter, s *step) *value {
			if contractions[s.op.Name] || s.op.Name == "broadcast_to" || s.out().size() > maxFolded {
				return nil
			}
			args := make([]ir.Value, len(s.args))
			for i, v := range s.args {
				if args[i] = s.static[i]; v == nil {
					continue
				}
				lit, ok := v.literal()
				if !ok || v.size() > maxFoldedOperand {
					return nil
				}
				args[i] = lit
			}
			dst := make([]ir.Value, 1)
			if err := s.op.Attempt(dst, args); err != nil || !dst[0].HasType(s.out().typ) {
				return nil
			}
			return r.lit(dst[0])
		}},
}
