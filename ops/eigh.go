package ops

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"flowc.dev/flowc/ir"
)

func eighOp() *Op {
	return &Op{
		Signature: ir.Signature{Name: "eigh", Results: 2, Params: []ir.Param{
			required("x", "symmetric matrix")}},
		Doc: "Eigenvalues, ascending, and eigenvectors, as columns, of a symmetric matrix. The lower triangle is read; " +
			"the entry of the largest magnitude of each vector, the first of equal ones, is positive. " +
			"The matrix is finite, and symmetric up to rounding. The calculation is in f64.",
		Infer: func(args []Arg) ([]ir.Type, error) {
			if err := checkNumber("eigh", "x", args[0].Type); err != nil {
				return nil, err
			}
			n, err := squareExtent(args[0].Type.Shape)
			if err != nil {
				return nil, err
			}
			element := elementOfType(args[0].Type).toInexact()
			return []ir.Type{element.typeOf([]int{n}), element.typeOf([]int{n, n})}, nil
		},
		Eval:      evalEigh,
		CanFail:   true,
		Tolerance: Tolerance{F32: 1e-4, F64: 1e-10},
	}
}

func squareExtent(shape []int) (int, error) {
	if len(shape) != 2 || shape[0] != shape[1] {
		return 0, fmt.Errorf("eigh: x has the shape %s: want a square matrix", ir.FormatShape(shape))
	}
	return shape[0], nil
}

func evalEigh(dst, args []ir.Value) error {
	if err := checkNumbers("eigh", []string{"x"}, args); err != nil {
		return err
	}
	n, err := squareExtent(args[0].Shape())
	if err != nil {
		return err
	}
	element := elementOf(args[0]).toInexact()
	a, err := newScratch(ir.F64, args[0].Shape())
	if err != nil {
		return err
	}
	defer freeScratch(a)
	convertTensor(a, args[0].Tensor())
	data := ir.Data[float64](a)
	epsilon := 0x1p-52
	if element.DType == ir.F32 {
		epsilon = 0x1p-23
	}
	if err := checkSymmetric(data, n, epsilon); err != nil {
		return err
	}
	values, vectors, err := symmetricEigen(data, n)
	if err != nil {
		return err
	}
	shapes := [][]int{{n}, {n, n}}
	for i, result := range [][]float64{values, vectors} {
		out, err := output(&dst[i], element.DType, shapes[i])
		if err != nil {
			return err
		}
		if element.DType == ir.F32 {
			convertElements(ir.Data[float32](out), result)
		} else {
			copy(ir.Data[float64](out), result)
		}
		finish(&dst[i], out, element.Weak)
	}
	return nil
}

// checkSymmetric allows differences that rounding makes in a sum of n products.
func checkSymmetric(a []float64, n int, epsilon float64) error {
	largest := 0.0
	for i, x := range a {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return fmt.Errorf("eigh: x[%d, %d] is %v: want finite elements", i/n, i%n, x)
		}
		largest = max(largest, math.Abs(x))
	}
	bound := 16 * float64(n) * epsilon * largest
	for i := range n {
		for j := range i {
			if math.Abs(a[i*n+j]-a[j*n+i]) > bound {
				return fmt.Errorf("eigh: x is not symmetric: x[%d, %d] is %v and x[%d, %d] is %v; use (x + transpose(x)) / 2",
					i, j, a[i*n+j], j, i, a[j*n+i])
			}
		}
	}
	return nil
}

// symmetricEigen returns the eigenvalues and the row-major matrix of the
// eigenvectors of the matrix whose lower triangle is in a.
func symmetricEigen(a []float64, n int) (values, vectors []float64, err error) {
	if n == 0 {
		return nil, nil, nil
	}
	symmetric := mat.NewSymDense(n, nil)
	for i := range n {
		for j := range i + 1 {
			symmetric.SetSym(i, j, a[i*n+j])
		}
	}
	var eigen mat.EigenSym
	if !eigen.Factorize(symmetric, true) {
		return nil, nil, fmt.Errorf("eigh: the iteration for the eigenvalues did not converge")
	}
	var columns mat.Dense
	eigen.VectorsTo(&columns)
	vectors = slices.Clone(columns.RawMatrix().Data[:n*n])
	for j := range n {
		signColumn(vectors[j:], n)
	}
	return eigen.Values(nil), vectors, nil
}

// signColumn makes the entry of the largest magnitude of a column of a
// row-major n x n matrix positive.
func signColumn(column []float64, n int) {
	largest := 0.0
	for i := 0; i < n; i++ {
		if x := column[i*n]; math.Abs(x) > math.Abs(largest) {
			largest = x
		}
	}
	if largest < 0 {
		for i := 0; i < n; i++ {
			column[i*n] = -column[i*n]
		}
	}
}
