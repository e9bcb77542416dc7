package ops

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"flowc.dev/flowc/ir"
)

// element draws a float, often a zero, an infinity or a NaN.
func element[T float](t *rapid.T, label string) T {
	switch rapid.IntRange(0, 7).Draw(t, label+" kind") {
	case 0:
		return 0
	case 1:
		return T(math.Copysign(0, -1))
	case 2:
		return T(math.Inf(1))
	case 3:
		return T(math.NaN())
	}
	return T(rapid.Float64Range(-2, 2).Draw(t, label))
}

// elements draws floats with all their digits, which makes sums depend on their
// order; in one of four draws some are special.
func elements[T float](t *rapid.T, label string, n int) []T {
	r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, label), 1))
	x := make([]T, n)
	for i := range x {
		x[i] = T(4*r.Float64() - 2)
	}
	if n > 0 && rapid.IntRange(0, 3).Draw(t, label+" are special") == 0 {
		for range rapid.IntRange(1, 4).Draw(t, "specials") {
			x[r.IntN(n)] = element[T](t, "special")
		}
	}
	return x
}

// sameBits reports whether a and b are equal bit by bit, all NaNs being one.
func sameBits[T float](a, b T) bool {
	return a != a && b != b || a == b && math.Signbit(float64(a)) == math.Signbit(float64(b))
}

func checkSameBits[T float](t interface{ Fatalf(string, ...any) }, what string, got, want []T) {
	if len(got) != len(want) {
		t.Fatalf("%s has %d elements, want %d", what, len(got), len(want))
	}
	for i := range got {
		if !sameBits(got[i], want[i]) {
			t.Fatalf("%s: element %d is %v (%x), want %v", what, i, got[i], got[i], want[i])
		}
	}
}

func TestAxpyIsItsLoop(t *testing.T) {
	t.Run("f32", func(t *testing.T) { testAxpy(t, axpyF32) })
	t.Run("f64", func(t *testing.T) { testAxpy(t, axpyF64) })
}

func testAxpy[T float](t *testing.T, add axpy[T]) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 70).Draw(t, "n")
		offset := rapid.IntRange(0, 5).Draw(t, "offset") // alignment matters to the assembly
		alpha := element[T](t, "alpha")
		x, y := elements[T](t, "x", n+offset)[offset:], elements[T](t, "y", n+offset)[offset:]
		want := append([]T(nil), y...)
		axpyLoop(alpha, x, want)
		add(alpha, x, y)
		checkSameBits(t, "y", y, want)
	})
}

// naiveProduct is the definition: products in ascending order of k, each
// rounded before it is added to what c holds.
func naiveProduct[T float](c []T, a, b matrixView[T], m, k, n int) {
	for i := range m {
		for j := range n {
			for p := range k {
				product := T(a.data[i*a.rowStride+p*a.colStride] * b.data[p*b.rowStride+j*b.colStride])
				c[i*n+j] += product
			}
		}
	}
}

func TestMatmulKernelOrder(t *testing.T) {
	t.Run("f32", func(t *testing.T) { testMatmulKernel(t, axpyF32) })
	t.Run("f64", func(t *testing.T) { testMatmulKernel(t, axpyF64) })
}

func testMatmulKernel[T float](t *testing.T, add axpy[T]) {
	pack := make([]T, panelElements)
	check := func(t *rapid.T, m, k, n int, a, b, c []T) {
		for _, left := range []bool{false, true} {
			for _, right := range []bool{false, true} {
				va, vb := rowMajor(a, k), rowMajor(b, n)
				if left {
					va = rowMajor(a, m).transposed()
				}
				if right {
					vb = rowMajor(b, k).transposed()
				}
				want, got := append([]T(nil), c...), append([]T(nil), c...)
				naiveProduct(want, va, vb, m, k, n)
				matmulKernel(got, va, vb, m, k, n, add, pack)
				checkSameBits(t, fmt.Sprintf("%dx%dx%d, transposed %v %v", m, k, n, left, right), got, want)
			}
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		m, k, n := rapid.IntRange(0, 9).Draw(t, "m"), rapid.IntRange(0, 9).Draw(t, "k"), rapid.IntRange(0, 40).Draw(t, "n")
		check(t, m, k, n, elements[T](t, "a", m*k), elements[T](t, "b", k*n), elements[T](t, "c", m*n))
	})
	// Zeros of a are skipped where that changes nothing: not before infinities
	// and NaNs of b, nor where c holds -0.
	rapid.Check(t, func(t *rapid.T) {
		m, k, n := rapid.IntRange(narrowRows, 9).Draw(t, "m"), rapid.IntRange(1, 9).Draw(t, "k"), rapid.IntRange(narrowCols, 40).Draw(t, "n")
		a, b, c := elements[T](t, "a", m*k), elements[T](t, "b", k*n), make([]T, m*n)
		for i := range a {
			if i%3 > 0 {
				a[i] = T(math.Copysign(0, float64(1-i%2*2)))
			}
		}
		if rapid.Bool().Draw(t, "special sums") {
			c = elements[T](t, "c", m*n)
		}
		check(t, m, k, n, a, b, c)
	})
	// Sizes around the blocks, with few draws.
	rapid.Check(t, func(t *rapid.T) {
		m := rapid.SampledFrom([]int{1, 3, 4, 5}).Draw(t, "m")
		k := rapid.SampledFrom([]int{7, 8, 9, 130}).Draw(t, "k")
		n := rapid.SampledFrom([]int{23, 24, 31, 32, 33, 511, 512, 513, 600}).Draw(t, "n")
		seed := elements[T](t, "elements", 97)
		cycle := func(size, step int) []T {
			x := make([]T, size)
			for i := range x {
				x[i] = seed[i*step%len(seed)]
			}
			return x
		}
		check(t, m, k, n, cycle(m*k, 3), cycle(k*n, 5), cycle(m*n, 7))
	})
}

// TestMatmulNeverSkips: 0 * NaN and 0 * Inf are NaN, wherever they stand.
func TestMatmulNeverSkips(t *testing.T) {
	for _, n := range []int{1, 3, 24, 100} {
		a, b := make([]float32, 2*3), make([]float32, 3*n)
		b[1*n] = float32(math.NaN())
		if n > 1 {
			b[2*n+1] = float32(math.Inf(-1))
		}
		c := make([]float32, 2*n)
		matmulKernel(c, rowMajor(a, 3), rowMajor(b, n), 2, 3, n, axpyF32, nil)
		for j := range min(n, 2) {
			if c[j] == c[j] || c[n+j] == c[n+j] {
				t.Errorf("n = %d: column %d is %v and %v, want NaN", n, j, c[j], c[n+j])
			}
		}
	}
}

var benchSizes = [][3]int{{1, 64, 128}, {64, 64, 10}, {64, 64, 64}, {64, 64, 128}, {64, 128, 10}, {256, 256, 256}, {512, 512, 512}}

func BenchmarkMatmulF32(b *testing.B) {
	registry := Standard()
	for _, s := range benchSizes {
		m, k, n := s[0], s[1], s[2]
		x1, x2 := inDType(uniform(1, -1, 1, m, k), ir.F32), inDType(uniform(2, -1, 1, k, n), ir.F32)
		dout := inDType(uniform(3, -1, 1, m, n), ir.F32)
		for _, name := range []string{"matmul", "matmul_adjoint_x1", "matmul_adjoint_x2"} {
			b.Run(fmt.Sprintf("%s/%dx%dx%d", name, m, k, n), func(b *testing.B) {
				args := []ir.Value{x1, x2, dout}
				op := registry.Lookup(name)
				args = args[:len(op.Params)]
				dst := make([]ir.Value, 1)
				b.ReportAllocs()
				for b.Loop() {
					if err := op.Eval(dst, args); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(2*float64(m*n*k)*float64(b.N)/float64(b.Elapsed().Nanoseconds()), "GFLOP/s")
			})
		}
	}
}
