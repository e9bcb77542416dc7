package ops

import "flowc.dev/flowc/ir"

// output returns a tensor of the given dtype and shape for a result: the
// storage of *dst if that may be reused, new storage otherwise. Its elements
// are unset; hand it over with finish. Results that are always of rank 0 are
// better made by scalarOf, which allocates nothing.
func output(dst *ir.Value, dtype ir.DType, shape []int) (*ir.Tensor, error) {
	return dst.Tensor().Resize(dtype, shape)
}

// finish makes t the result *dst, unboxed if its rank is 0.
func finish(dst *ir.Value, t *ir.Tensor, weak bool) {
	*dst = ir.TensorValue(t).AsWeak(weak)
}
