package gorgonia

import "flowc.dev/flowc/ir"

// An accumulationKernel computes c + a*b for matrices a and b and a sum c that
// broadcasts to their product: it fills the result with c and adds the product.
type accumulationKernel struct {
	c, a, b, to int
}

func (k *accumulationKernel) name() string { return "gemm" }

func (k *accumulationKernel) run(slots []ir.Value) error {
	a, b := slots[k.a].Tensor(), slots[k.b].Tensor()
	m, p, n := a.Shape()[0], a.Shape()[1], b.Shape()[1]
	to, err := slots[k.to].Tensor().Resize(a.DType(), []int{m, n})
	if err != nil {
		return err
	}
	if a.DType() == ir.F32 {
		accumulate(m, n, p, ir.Data[float32](a), ir.Data[float32](b), ir.Data[float32](to), slots[k.c],
			float32(slots[k.c].Float64()))
	} else {
		accumulate(m, n, p, ir.Data[float64](a), ir.Data[float64](b), ir.Data[float64](to), slots[k.c],
			slots[k.c].Float64())
	}
	slots[k.to] = ir.TensorValue(to)
	return nil
}

// accumulate makes to the sum c plus the product of a and b. fill is c when its
// rank is 0.
func accumulate[T float](m, n, p int, a, b, to []T, c ir.Value, fill T) {
	if c.IsScalar() {
		for i := range to {
			to[i] = fill
		}
	} else {
		fillRows(m, n, to, ir.Data[T](c.Tensor()), c.Shape())
	}
	addProduct(m, n, p, a, b, to)
}

// fillRows broadcasts c, of the given shape of rank 1 or 2, to the m x n
// matrix to.
func fillRows[T float](m, n int, to, c []T, shape []int) {
	cols := shape[len(shape)-1]
	rows := len(c) / cols
	for i := range m {
		row, from := to[i*n:(i+1)*n], c
		if rows > 1 {
			from = c[i*cols : (i+1)*cols]
		}
		if cols > 1 {
			copy(row, from)
			continue
		}
		for j := range row {
			row[j] = from[0]
		}
	}
}

// A transpositionKernel swaps the axes of a matrix.
type transpositionKernel struct{ from, to int }

func (k transpositionKernel) name() string { return "transpose" }

func (k transpositionKernel) run(slots []ir.Value) error {
	from := slots[k.from].Tensor()
	m, n := from.Shape()[0], from.Shape()[1]
	to, err := slots[k.to].Tensor().Resize(from.DType(), []int{n, m})
	if err != nil {
		return err
	}
	if from.DType() == ir.F32 {
		transpose(m, n, ir.Data[float32](from), ir.Data[float32](to))
	} else {
		transpose(m, n, ir.Data[float64](from), ir.Data[float64](to))
	}
	slots[k.to] = ir.TensorValue(to)
	return nil
}

// transpose writes the m x n matrix from, transposed, to to. It goes through
// squares that fit the first-level cache.
func transpose[T float](m, n int, from, to []T) {
	const square = 16
	for i0 := 0; i0 < m; i0 += square {
		i1 := min(i0+square, m)
		for j0 := 0; j0 < n; j0 += square {
			for j := j0; j < min(j0+square, n); j++ {
				row := to[j*m+i0 : j*m+i1]
				at := i0*n + j
				for i := range row {
					row[i] = from[at]
					at += n
				}
			}
		}
	}
}
