package gorgonia

import (
	"math"
	"runtime"
	"sync"

	"gonum.org/v1/gonum/blas"
	blasgonum "gonum.org/v1/gonum/blas/gonum"
)

// float is the set of element types that have matrix products.
type float interface{ float32 | float64 }

const (
	// minColumns is the number of columns from which a product is computed as
	// it is. With fewer it is computed as the transposition of the product of
	// the transpositions, whose rows are longer.
	minColumns = 24

	// minParallelFlops is the size of a product from which a second goroutine
	// pays.
	minParallelFlops = 1 << 18

	// A product is computed in pieces: gonum does pieces of fewer than four
	// blocks of 64 x 64 without goroutines of its own, whose rows would be too
	// short, and the elements of b that a piece reads fit the first-level cache.
	pieceRows     = 64
	pieceColumns  = 192
	pieceElements = 4096
)

// addProduct adds the product of the m x k matrix a and the k x n matrix b to
// the m x n matrix c, all row-major and dense.
//
// Every element of c gets its k products one after the other in ascending
// order, so the bits depend neither on the division into blocks nor on the
// number of goroutines.
func addProduct[T float](m, n, k int, a, b, c []T) {
	if n >= minColumns || m < minColumns {
		addWide(m, n, k, a, b, c)
		return
	}
	scratch := borrow[T](m*k + k*n + m*n)
	defer giveBack(scratch)
	at, bt, ct := (*scratch)[:m*k], (*scratch)[m*k:m*k+k*n], (*scratch)[m*k+k*n:]
	transpose(m, k, a, at)
	transpose(k, n, b, bt)
	transpose(m, n, c, ct)
	addWide(n, m, k, bt, at, ct)
	transpose(n, m, ct, c)
}

// addWide is addProduct for products with many columns.
func addWide[T float](m, n, k int, a, b, c []T) {
	if !allFinite(b) || hasNegativeZero(c) {
		addPlainly(m, n, k, a, b, c)
		return
	}
	parts := min(runtime.GOMAXPROCS(0), 2*m*n*k/minParallelFlops, m)
	if parts < 2 {
		addPieces(m, n, k, a, b, c)
		return
	}
	var others sync.WaitGroup
	for p := range parts - 1 {
		from, to := m*p/parts, m*(p+1)/parts
		others.Go(func() { addPieces(to-from, n, k, a[from*k:to*k], b, c[from*n:to*n]) })
	}
	from := m * (parts - 1) / parts
	addPieces(m-from, n, k, a[from*k:], b, c[from*n:])
	others.Wait()
}

// addPieces is addWide on one goroutine.
func addPieces[T float](m, n, k int, a, b, c []T) {
	for j := 0; j < n; j += pieceColumns {
		cols := min(pieceColumns, n-j)
		depth := pieceElements / cols
		for p := 0; p < k; p += depth {
			for i := 0; i < m; i += pieceRows {
				gemm(min(pieceRows, m-i), cols, min(depth, k-p), a[i*k+p:], k, b[p*n+j:], n, c[i*n+j:], n)
			}
		}
	}
}

// gemm adds the product of a and b, whose rows are lda and ldb elements apart,
// to c.
func gemm[T float](m, n, k int, a []T, lda int, b []T, ldb int, c []T, ldc int) {
	switch a := any(a).(type) {
	case []float32:
		blasgonum.Implementation{}.Sgemm(blas.NoTrans, blas.NoTrans, m, n, k, 1, a, lda, any(b).([]float32), ldb, 1, any(c).([]float32), ldc)
	case []float64:
		blasgonum.Implementation{}.Dgemm(blas.NoTrans, blas.NoTrans, m, n, k, 1, a, lda, any(b).([]float64), ldb, 1, any(c).([]float64), ldc)
	}
}

// addPlainly is addWide without gonum, which skips the elements of a that are
// zero and so loses the NaN of zero times infinity and keeps a negative zero to
// which a positive one is to be added.
func addPlainly[T float](m, n, k int, a, b, c []T) {
	for i := range m {
		row := c[i*n : (i+1)*n]
		for p, x := range a[i*k : (i+1)*k] {
			for j, y := range b[p*n : (p+1)*n] {
				row[j] += T(x * y)
			}
		}
	}
}

// hasNegativeZero reports whether an element of x is -0.
func hasNegativeZero[T float](x []T) bool {
	for _, v := range x {
		if v == 0 && math.Signbit(float64(v)) {
			return true
		}
	}
	return false
}

// allFinite reports whether x has neither an infinity nor a NaN.
func allFinite[T float](x []T) bool {
	var s0, s1, s2, s3 T // stay 0 as long as everything is finite
	for len(x) >= 4 {
		s0 += x[0] * 0
		s1 += x[1] * 0
		s2 += x[2] * 0
		s3 += x[3] * 0
		x = x[4:]
	}
	for _, v := range x {
		s0 += v * 0
	}
	return s0+s1+s2+s3 == 0
}

var scratchF32, scratchF64 sync.Pool

// borrow returns scratch of n elements, to be given back.
func borrow[T float](n int) *[]T {
	scratch, _ := scratchPool[T]().Get().(*[]T)
	if scratch == nil || cap(*scratch) < n {
		fresh := make([]T, n)
		scratch = &fresh
	}
	*scratch = (*scratch)[:n]
	return scratch
}

func giveBack[T float](scratch *[]T) { scratchPool[T]().Put(scratch) }

func scratchPool[T float]() *sync.Pool {
	var zero T
	if _, single := any(zero).(float32); single {
		return &scratchF32
	}
	return &scratchF64
}
