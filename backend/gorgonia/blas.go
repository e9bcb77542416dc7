package gorgonia

import (
	"runtime"
	"sync"

	"gonum.org/v1/gonum/blas"
	blasgonum "gonum.org/v1/gonum/blas/gonum"
)

// float is the set of element types that have matrix products.
type float interface{ float32 | float64 }

// Sizes from which a product is worth a second goroutine, and from which gonum
// divides it by itself.
const (
	minParallelFlops = 1 << 18
	gonumBlock       = 64
	gonumMinBlocks   = 4

	// Products of fewer columns are computed as the transposition of the
	// product of the transpositions, whose rows are longer.
	minColumns = 24
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
	if !allFinite(b) {
		addPlainly(m, n, k, a, b, c)
		return
	}
	blocks := ((m + gonumBlock - 1) / gonumBlock) * ((n + gonumBlock - 1) / gonumBlock)
	if blocks >= gonumMinBlocks || m < 2 || 2*m*n*k < minParallelFlops || runtime.GOMAXPROCS(0) < 2 {
		gemm(m, n, k, a, b, c)
		return
	}
	half := m / 2
	var other sync.WaitGroup
	other.Go(func() { gemm(half, n, k, a[:half*k], b, c[:half*n]) })
	gemm(m-half, n, k, a[half*k:], b, c[half*n:])
	other.Wait()
}

func gemm[T float](m, n, k int, a, b, c []T) {
	switch a := any(a).(type) {
	case []float32:
		blasgonum.Implementation{}.Sgemm(blas.NoTrans, blas.NoTrans, m, n, k, 1, a, k, any(b).([]float32), n, 1, any(c).([]float32), n)
	case []float64:
		blasgonum.Implementation{}.Dgemm(blas.NoTrans, blas.NoTrans, m, n, k, 1, a, k, any(b).([]float64), n, 1, any(c).([]float64), n)
	}
}

// addPlainly is addWide without gonum, which skips the elements of a
// that are zero and so loses the NaN of zero times infinity.
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
