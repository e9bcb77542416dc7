package gorgonia

import (
	"fmt"

	gg "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// engine is Gorgonia's engine with products that keep the NaN of zero times
// infinity and that use more than one core from smaller sizes on.
type engine struct{ gg.StandardEngine }

// MatMul makes to the product of the matrices a and b.
func (engine) MatMul(a, b, to tensor.Tensor) error {
	x, xOK := a.(*tensor.Dense)
	y, yOK := b.(*tensor.Dense)
	z, zOK := to.(*tensor.Dense)
	if !xOK || !yOK || !zOK || !plain(x) || !plain(y) || !plain(z) {
		return fmt.Errorf("bug: a product of %T and %T that are not plain matrices", a, b)
	}
	m, k, n := x.Shape()[0], x.Shape()[1], y.Shape()[1]
	if y.Shape()[0] != k || z.Shape()[0] != m || z.Shape()[1] != n || x.Dtype() != y.Dtype() || x.Dtype() != z.Dtype() {
		return fmt.Errorf("bug: a product of %v %v and %v %v into %v %v", x.Dtype(), x.Shape(), y.Dtype(), y.Shape(), z.Dtype(), z.Shape())
	}
	switch x.Dtype() {
	case tensor.Float32:
		return product(m, n, k, x.Float32s(), y.Float32s(), z.Float32s())
	case tensor.Float64:
		return product(m, n, k, x.Float64s(), y.Float64s(), z.Float64s())
	}
	return fmt.Errorf("bug: a product of %v matrices", x.Dtype())
}

func plain(d *tensor.Dense) bool {
	return d.Dims() == 2 && d.DataOrder().IsRowMajor() && d.DataOrder().IsContiguous() && !d.RequiresIterator()
}

// product makes c the product of a and b. The lengths are checked here because
// a panic in a goroutine cannot be recovered from.
func product[T float](m, n, k int, a, b, c []T) error {
	if len(a) != m*k || len(b) != k*n || len(c) != m*n {
		return fmt.Errorf("bug: a product of %d and %d elements into %d for m=%d, k=%d, n=%d", len(a), len(b), len(c), m, k, n)
	}
	clear(c)
	addProduct(m, n, k, a, b, c)
	return nil
}
