package gorgonia

import "flowc.dev/flowc/ir"

// An accumulationKernel computes c + a*b for matrices a and b and a sum c that
// broadcasts to their product: it fills the result with c and adds the product.
type accumulationKernel struct {
	c, a, b, to int
}

func (k *accumulationKernel) Name() string { return "gemm" }

func (k *accumulationKernel) Run(slots []ir.Value) error {
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

func (k transpositionKernel) Name() string { return "transpose" }

func (k transpositionKernel) Run(slots []ir.Value) error {
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

// transpose writes the m x n matrix from, transposed, to to: eight rows at a
// time, by so many columns that the rows of the result stay in the cache until
// the next eight.
func transpose[T float](m, n int, from, to []T) {
	const columns = 256
	for j := 0; j < n; j += columns {
		width := min(columns, n-j)
		i := 0
		for ; i+8 <= m; i += 8 {
			transposeEight(m, n, width, from[i*n+j:], to[j*m+i:])
		}
		for ; i < m; i++ {
			for k, v := range from[i*n+j:][:width] {
				to[(j+k)*m+i] = v
			}
		}
	}
}

// transposeEight makes the first width columns of eight rows, n elements apart,
// columns of eight rows, m elements apart.
func transposeEight[T float](m, n, width int, from, to []T) {
	r0, r1, r2, r3 := from[:width], from[n:][:width], from[2*n:][:width], from[3*n:][:width]
	r4, r5, r6, r7 := from[4*n:][:width], from[5*n:][:width], from[6*n:][:width], from[7*n:][:width]
	at := 0
	for j := range width {
		column := (*[8]T)(to[at:])
		column[0], column[1], column[2], column[3] = r0[j], r1[j], r2[j], r3[j]
		column[4], column[5], column[6], column[7] = r4[j], r5[j], r6[j], r7[j]
		at += m
	}
}
