package ops

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"flowc.dev/flowc/ir"
)

// evalOp returns the one result of the named standard op.
func evalOp(t interface{ Fatal(...any) }, name string, args ...ir.Value) ir.Value {
	results, err := eval(Standard().Lookup(name), args)
	if err != nil {
		t.Fatal(err)
	}
	return results[0]
}

// TestMatmulBatches: a batched product is the products of its matrices, and an
// operand of rank 1 is a row or a column.
func TestMatmulBatches(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m, k, n := rapid.IntRange(1, 3).Draw(t, "m"), rapid.IntRange(0, 3).Draw(t, "k"), rapid.IntRange(1, 3).Draw(t, "n")
		batch := rapid.SliceOfN(rapid.IntRange(1, 3), 0, 3).Draw(t, "batch")
		side := func(label string) []int { // an operand's batch axes
			s := slices.Clone(batch[rapid.IntRange(0, len(batch)).Draw(t, label):])
			for i := range s {
				if rapid.Bool().Draw(t, label+" broadcast") {
					s[i] = 1
				}
			}
			return s
		}
		left, right := side("left"), side("right")
		var buf extents
		joint, err := broadcastShape("matmul", &buf, left, right)
		if err != nil {
			t.Fatal(err)
		}
		joint = slices.Clone(joint)
		aRow, bColumn := len(left) == 0 && rapid.Bool().Draw(t, "row"), len(right) == 0 && rapid.Bool().Draw(t, "column")
		aShape, bShape, want := append(slices.Clone(left), m, k), append(slices.Clone(right), k, n), slices.Clone(joint)
		if aRow {
			m, aShape = 1, []int{k}
		} else {
			want = append(want, m)
		}
		if bColumn {
			n, bShape = 1, []int{k}
		} else {
			want = append(want, n)
		}
		a, b := elements[float64](t, "a", elementCount(aShape)), elements[float64](t, "b", elementCount(bShape))
		got := evalOp(t, "matmul", f64t(aShape, a...), f64t(bShape, b...)).Boxed()
		if !slices.Equal(got.Shape(), want) {
			t.Fatalf("%v @ %v has the shape %v, want %v", aShape, bShape, got.Shape(), want)
		}
		// offset returns where the matrix of an operand begins for a position
		// in the joint batch.
		offset := func(shape []int, position, size int) int {
			at, stride := 0, size
			for i := 1; i <= len(joint); i++ {
				index := position % joint[len(joint)-i]
				position /= joint[len(joint)-i]
				if i <= len(shape) {
					if extent := shape[len(shape)-i]; extent != 1 {
						at += index * stride
						stride *= extent
					}
				}
			}
			return at
		}
		for position := range elementCount(joint) {
			product := make([]float64, m*n)
			naiveProduct(product, rowMajor(a[offset(left, position, m*k):], k), rowMajor(b[offset(right, position, k*n):], n), m, k, n)
			checkSameBits(t, fmt.Sprintf("%v @ %v, product %d", aShape, bShape, position), ir.Data[float64](got)[position*m*n:][:m*n], product)
		}
	})
}

// TestMatmulAdjointsAreProducts: in two dimensions they have the bits of the
// products with a transpose.
func TestMatmulAdjointsAreProducts(t *testing.T) {
	for _, s := range [][3]int{{3, 4, 5}, {1, 30, 40}, {30, 40, 50}, {2, 600, 30}} {
		m, k, n := s[0], s[1], s[2]
		a, b, dout := uniform(1, -1, 1, m, k), uniform(2, -1, 1, k, n), uniform(3, -1, 1, m, n)
		null := ir.Value{}
		for _, dtype := range []ir.DType{ir.F32, ir.F64} {
			a, b, dout := inDType(a, dtype), inDType(b, dtype), inDType(dout, dtype)
			if got, want := evalOp(t, "matmul_adjoint_x1", a, b, dout), evalOp(t, "matmul", dout, evalOp(t, "transpose", b, null)); !ir.SameValue(got, want) {
				t.Errorf("%s %v: matmul_adjoint_x1 is not dout @ transpose(x2)", dtype, s)
			}
			if got, want := evalOp(t, "matmul_adjoint_x2", a, b, dout), evalOp(t, "matmul", evalOp(t, "transpose", a, null), dout); !ir.SameValue(got, want) {
				t.Errorf("%s %v: matmul_adjoint_x2 is not transpose(x1) @ dout", dtype, s)
			}
		}
	}
}

func TestGemmBeginsWithC(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m, k, n := rapid.IntRange(1, 5).Draw(t, "m"), rapid.IntRange(0, 5).Draw(t, "k"), rapid.IntRange(1, 40).Draw(t, "n")
		a, b, c := elements[float32](t, "a", m*k), elements[float32](t, "b", k*n), elements[float32](t, "c", n)
		want := slices.Repeat(c, m)
		naiveProduct(want, rowMajor(a, k), rowMajor(b, n), m, k, n)
		got := evalOp(t, "gemm", f32t([]int{n}, c...), f32t([]int{m, k}, a...), f32t([]int{k, n}, b...))
		checkSameBits(t, "gemm", ir.Data[float32](got.Tensor()), want)
	})
}

// TestContractionsOtherwiseAdd: where gemm does not accumulate, and for ger
// always, the result is that of two operations.
func TestContractionsOtherwiseAdd(t *testing.T) {
	a, b := uniform(1, -1, 1, 4, 3), uniform(2, -1, 1, 3, 5)
	x, y := uniform(3, -1, 1, 4), uniform(4, -1, 1, 5)
	for _, c := range []ir.Value{uniform(5, -1, 1, 2, 4, 5), inDType(uniform(6, -1, 1, 5), ir.F32), ir.WeakInt(2), i64t([]int{4, 1}, 1, 2, 3, 4),
		ir.BoolValue(true), uniform(7, -1, 1, 4, 5)} {
		if got, want := evalOp(t, "ger", c, x, y), evalOp(t, "add", c, evalOp(t, "outer", x, y)); !ir.SameValue(got, want) {
			t.Errorf("ger with s %s is not an addition", c.Type())
		}
		if c.DType() == ir.F64 && len(c.Shape()) == 2 {
			continue
		}
		if got, want := evalOp(t, "gemm", c, a, b), evalOp(t, "add", c, evalOp(t, "matmul", a, b)); !ir.SameValue(got, want) {
			t.Errorf("gemm with c %s is not an addition", c.Type())
		}
	}
}

func TestLinalgErrors(t *testing.T) {
	a, b := uniform(1, -1, 1, 2, 3), uniform(2, -1, 1, 2, 3)
	tests := []struct {
		op   string
		args []ir.Value
		want string
	}{
		{"matmul", []ir.Value{a, b},
			"matmul: shapes [2,3] and [2,3] do not match: the last axis of the first has 3 elements, axis 0 of the second 2"},
		{"matmul", []ir.Value{a, ir.Float(1)},
			"matmul: shapes [2,3] and []: operands have at least one axis; use multiply for a number of rank 0"},
		{"matmul", []ir.Value{uniform(1, 0, 1, 2, 2, 3), uniform(2, 0, 1, 3, 3, 2)},
			"matmul: shapes [2,2,3] and [3,3,2]: the axes before the last two do not broadcast"},
		{"outer", []ir.Value{a, b}, "outer: shapes [2,3] and [2,3]: operands have rank 1; reshape them to [-1] first"},
		{"eigh", []ir.Value{a}, "eigh: x has the shape [2,3]: want a square matrix"},
		{"eigh", []ir.Value{f64t([]int{2, 2}, 1, 2, 3, 4)},
			"eigh: x is not symmetric: x[1, 0] is 3 and x[0, 1] is 2; use (x + transpose(x)) / 2"},
		{"eigh", []ir.Value{f64t([]int{2, 2}, 1, math.NaN(), 0, 4)}, "eigh: x[0, 1] is NaN: want finite elements"},
		{"matmul_adjoint_x1", []ir.Value{a, uniform(2, 0, 1, 3, 4), ir.Float(1)},
			"matmul_adjoint_x1: dout has the shape [], to which the product's, [2,4], does not broadcast"},
	}
	for _, test := range tests {
		checkError(t, test.op, test.args, test.want)
	}
}

func TestEigh(t *testing.T) {
	for _, n := range []int{1, 2, 5, 20} {
		half := uniform(uint64(n), -1, 1, n, n)
		x := evalOp(t, "add", half, evalOp(t, "transpose", half, ir.Value{}))
		results, err := eval(Standard().Lookup("eigh"), []ir.Value{x})
		if err != nil {
			t.Fatal(err)
		}
		values, vectors := ir.Data[float64](results[0].Tensor()), ir.Data[float64](results[1].Tensor())
		if !slices.IsSorted(values) {
			t.Errorf("the eigenvalues %v do not ascend", values)
		}
		data := ir.Data[float64](x.Tensor())
		for j := range n {
			largest := 0.0
			for i := range n {
				if v := vectors[i*n+j]; math.Abs(v) > math.Abs(largest) {
					largest = v
				}
				product := 0.0
				for k := range n {
					product += data[i*n+k] * vectors[k*n+j]
				}
				if math.Abs(product-values[j]*vectors[i*n+j]) > 1e-12 {
					t.Errorf("n = %d: x @ v is %v at element %d of vector %d, want %v", n, product, i, j, values[j]*vectors[i*n+j])
				}
			}
			if largest <= 0 {
				t.Errorf("n = %d: the largest entry of vector %d is %v, want a positive one", n, j, largest)
			}
		}
	}
}
