package ops

import "math"

// A matrixView is a strided view of a matrix: element (i, j) is
// data[i*rowStride+j*colStride]. Transposing a view is swapping its strides.
type matrixView[T number] struct {
	data                 []T
	rowStride, colStride int
}

func rowMajor[T number](data []T, cols int) matrixView[T] {
	return matrixView[T]{data, cols, 1}
}

func (v matrixView[T]) transposed() matrixView[T] {
	return matrixView[T]{v.data, v.colStride, v.rowStride}
}

// Block sizes of the matrix product: a block of b has panelRows x panelCols
// elements and stays in the first-level cache while all rows of a pass by.
const (
	panelCols     = 512
	panelElements = 4096
	narrowCols    = 24 // products with fewer columns are computed in registers
	narrowRows    = 4  // so are products with fewer rows when b would be packed for them
)

// matmulKernel adds the product of the m x k matrix a and the k x n matrix b to
// the row-major m x n matrix c. Each element of c gets its k products one after
// the other in ascending order, each rounded before it is added and none
// skipped, so the bits do not depend on m, n, the strides or the blocking.
// pack has panelElements of scratch; it is used when the rows of b are not
// contiguous.
func matmulKernel[T number](c []T, a, b matrixView[T], m, k, n int, add axpy[T], pack []T) {
	if m == 0 || k == 0 || n == 0 {
		return
	}
	if n < narrowCols || m < narrowRows && b.colStride != 1 {
		matmulNarrow(c, a, b, m, k, n)
		return
	}
	skip := !hasNegativeZero(c[:m*n])
	for j0 := 0; j0 < n; j0 += panelCols {
		cols := min(panelCols, n-j0)
		rows := panelElements / cols
		for k0 := 0; k0 < k; k0 += rows {
			matmulPanel(c[j0:], a, b, m, n, k0, min(k0+rows, k), j0, cols, add, pack, skip)
		}
	}
}

// matmulPanel adds the products with rows k0 to k1 and columns j0 to j0+cols of
// b; c begins at column j0 and has rows of n elements. skip says that no element
// of c was -0 when the product began: then none ever is, as no sum of others is
// -0, and a zero times finite elements adds nothing.
func matmulPanel[T number](c []T, a, b matrixView[T], m, n, k0, k1, j0, cols int, add axpy[T], pack []T, skip bool) {
	panel, stride := b.data[k0*b.rowStride+j0*b.colStride:], b.rowStride
	if b.colStride != 1 {
		for j := range cols {
			column := panel[j*b.colStride:]
			for p := range k1 - k0 {
				pack[p*cols+j] = column[p*b.rowStride]
			}
		}
		panel, stride = pack, cols
	}
	asked := false // whether skip is known to hold for this panel
	for i := range m {
		row := c[i*n : i*n+cols]
		at := i*a.rowStride + k0*a.colStride
		for p := range k1 - k0 {
			if skip && a.data[at] == 0 {
				if !asked {
					asked, skip = true, finiteRows(panel, k1-k0, cols, stride)
				}
				if skip {
					at += a.colStride
					continue
				}
			}
			add(a.data[at], panel[p*stride:p*stride+cols], row)
			at += a.colStride
		}
	}
}

// hasNegativeZero reports whether an element of x is -0.
func hasNegativeZero[T number](x []T) bool {
	switch x := any(x).(type) {
	case []float32:
		for _, v := range x {
			if math.Float32bits(v) == 1<<31 {
				return true
			}
		}
	case []float64:
		for _, v := range x {
			if math.Float64bits(v) == 1<<63 {
				return true
			}
		}
	}
	return false
}

// finiteRows reports whether rows of cols elements, stride elements apart, have
// neither an infinity nor a NaN.
func finiteRows[T number](x []T, rows, cols, stride int) bool {
	var s0, s1 T // stay 0 as long as everything is finite
	for i := range rows {
		row := x[i*stride : i*stride+cols]
		for len(row) >= 2 {
			s0 += row[0] * 0
			s1 += row[1] * 0
			row = row[2:]
		}
		for _, v := range row {
			s0 += v * 0
		}
	}
	return s0+s1 == 0
}

// matmulNarrow is matmulKernel for few columns: it keeps tiles of 4 x 2 elements
// in registers over the whole of k.
func matmulNarrow[T number](c []T, a, b matrixView[T], m, k, n int) {
	i := 0
	for ; i+4 <= m; i += 4 {
		j := 0
		for ; j+2 <= n; j += 2 {
			matmulTile4x2(c[i*n+j:], n, a.row(i), b.col(j), k)
		}
		if j < n {
			matmulTile4x1(c[i*n+j:], n, a.row(i), b.col(j), k)
		}
	}
	for ; i < m; i++ {
		// The row's elements are the rows of the transposed product, whose
		// row stride is 1.
		j := 0
		for ; j+4 <= n; j += 4 {
			matmulTile4x1(c[i*n+j:], 1, b.col(j).transposed(), a.row(i).transposed(), k)
		}
		for ; j < n; j++ {
			matmulTile1x1(c[i*n+j:], a.row(i), b.col(j), k)
		}
	}
}

// at returns the view whose first element is element i of the data of v.
func (v matrixView[T]) at(i int) matrixView[T] {
	return matrixView[T]{v.data[i:], v.rowStride, v.colStride}
}

// row and col return the views that begin at a row or a column.
func (v matrixView[T]) row(i int) matrixView[T] { return v.at(i * v.rowStride) }
func (v matrixView[T]) col(j int) matrixView[T] { return v.at(j * v.colStride) }

func matmulTile4x2[T number](c []T, n int, a, b matrixView[T], k int) {
	c00, c01 := c[0], c[1]
	c10, c11 := c[n], c[n+1]
	c20, c21 := c[2*n], c[2*n+1]
	c30, c31 := c[3*n], c[3*n+1]
	a0, a1, a2, a3 := a.data, a.data[a.rowStride:], a.data[2*a.rowStride:], a.data[3*a.rowStride:]
	b0, b1 := b.data, b.data[b.colStride:]
	ia, ib := 0, 0
	for range k {
		x, y := b0[ib], b1[ib]
		v := a0[ia]
		c00 += T(v * x)
		c01 += T(v * y)
		v = a1[ia]
		c10 += T(v * x)
		c11 += T(v * y)
		v = a2[ia]
		c20 += T(v * x)
		c21 += T(v * y)
		v = a3[ia]
		c30 += T(v * x)
		c31 += T(v * y)
		ia += a.colStride
		ib += b.rowStride
	}
	c[0], c[1] = c00, c01
	c[n], c[n+1] = c10, c11
	c[2*n], c[2*n+1] = c20, c21
	c[3*n], c[3*n+1] = c30, c31
}

func matmulTile4x1[T number](c []T, n int, a, b matrixView[T], k int) {
	c0, c1, c2, c3 := c[0], c[n], c[2*n], c[3*n]
	a0, a1, a2, a3 := a.data, a.data[a.rowStride:], a.data[2*a.rowStride:], a.data[3*a.rowStride:]
	ia, ib := 0, 0
	for range k {
		x := b.data[ib]
		c0 += T(a0[ia] * x)
		c1 += T(a1[ia] * x)
		c2 += T(a2[ia] * x)
		c3 += T(a3[ia] * x)
		ia += a.colStride
		ib += b.rowStride
	}
	c[0], c[n], c[2*n], c[3*n] = c0, c1, c2, c3
}

func matmulTile1x1[T number](c []T, a, b matrixView[T], k int) {
	sum := c[0]
	for p := range k {
		sum += T(a.data[p*a.colStride] * b.data[p*b.rowStride])
	}
	c[0] = sum
}
