package gorgonia

import (
	"fmt"
	"runtime"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"flowc.dev/flowc/backend/region"
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops"
)

// randomGraph draws a graph of up to 14 steps on n x n matrices, vectors of n
// and numbers of rank 0.
func randomGraph(t *rapid.T, b *builder, n int) {
	seed := rapid.IntRange(0, 1000).Draw(t, "seed")
	for i := range rapid.IntRange(1, 3).Draw(t, "inputs") {
		b.input(fmt.Sprintf("m%d", i), matrix[float32](seed+i, n, n))
	}
	b.input("v", vector[float32](seed+10, n))
	b.input("column", matrix[float32](seed+11, n, 1))
	b.constant(ir.Float32(0.5))
	pick := func(ok func(shape []int) bool) int {
		var fitting []int
		for v := range b.graph.Types {
			if ok(b.graph.Types[v].Shape) {
				fitting = append(fitting, v)
			}
		}
		return rapid.SampledFrom(fitting).Draw(t, "value")
	}
	isMatrix := func(shape []int) bool { return slices.Equal(shape, []int{n, n}) }
	anything := func([]int) bool { return true }
	for range rapid.IntRange(1, 14).Draw(t, "steps") {
		switch op := rapid.SampledFrom([]string{"add", "multiply", "add", "multiply", "negative", "relu", "matmul", "gemm", "adjoint", "transpose", "sum"}).Draw(t, "op"); op {
		case "add", "multiply":
			b.call(op, []int{pick(isMatrix), pick(anything)})
		case "matmul":
			b.call(op, []int{pick(isMatrix), pick(isMatrix)})
		case "gemm":
			b.call(op, []int{pick(anything), pick(isMatrix), pick(isMatrix)})
		case "adjoint":
			b.call(rapid.SampledFrom([]string{"matmul_adjoint_x1", "matmul_adjoint_x2"}).Draw(t, "which"),
				[]int{pick(isMatrix), pick(isMatrix), pick(isMatrix)})
		case "transpose", "sum":
			b.call(op, []int{pick(isMatrix)})
		default:
			b.call(op, []int{pick(anything)})
		}
	}
}

// execValues runs the graph and returns all its values.
func execValues(b *builder) []ir.Value {
	b.graph.Outputs = nil
	for v := range b.graph.Types {
		b.yield(v)
	}
	return b.exec()
}

// Each piece of a graph, run as a graph of its own on what the pieces before it
// computed, gives the bits that the whole gives. So do graphs that yield less.
func TestPartitionsGiveEqualBits(t *testing.T) {
	registry := toyRegistry(t)
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.SampledFrom([]int{2, 3, 3, 5, 5, 17, 17, 65}).Draw(rt, "n")
		b := newBuilder(t, registry)
		randomGraph(rt, b, n)
		whole := execValues(b)
		b.graph.Outputs = nil
		want := whole[len(whole)-1:]
		b.yield(len(whole) - 1)
		sameBits(rt, "the last value alone", b.exec(), want)

		values := slices.Clone(whole[:len(b.graph.Inputs)])
		for from := 0; from < len(b.graph.Steps); {
			to := from + rapid.IntRange(1, len(b.graph.Steps)-from).Draw(rt, "length")
			piece := newBuilder(t, registry)
			for v, value := range values {
				piece.input(fmt.Sprintf("r%d", v), value)
			}
			for _, step := range b.graph.Steps[from:to] {
				piece.call(step.Op, slices.DeleteFunc(slices.Clone(step.Args), func(v int) bool { return v < 0 }))
			}
			values = execValues(piece)
			from = to
		}
		sameBits(rt, "a partition", values, whole)
	})
}

// With toy ops the kernels of this family and the reference differ only in the
// division of the work.
func TestRandomGraphsEqualReference(t *testing.T) {
	registry := toyRegistry(t)
	rapid.Check(t, func(rt *rapid.T) {
		b := newBuilder(t, registry)
		randomGraph(rt, b, rapid.SampledFrom([]int{2, 3, 3, 9, 9, 18, 18, 66}).Draw(rt, "n"))
		got := execValues(b)
		for i, want := range b.reference() {
			within(rt, ops.Tolerance{}, got[i], want) // gonum skips zeros, which can keep a -0
		}
	})
}

// Blocks that do not divide the shape, with operands of every kind.
func TestElementwiseBlocks(t *testing.T) {
	registry := toyRegistry(t)
	for _, shape := range [][2]int{{3, 5000}, {5000, 3}, {129, 130}, {1, 9000}, {9000, 1}, {8, 4096}} {
		b := newBuilder(t, registry)
		x := b.input("x", matrix[float32](1, shape[0], shape[1]))
		y := b.input("y", matrix[float64](4, shape[0], shape[1]))
		row, column := b.input("row", vector[float32](2, shape[1])), b.input("column", matrix[float32](3, shape[0], 1))
		flat := b.call("multiply", []int{b.call("negative", []int{x}), b.call("add", []int{x, x})})
		mixed := b.call("add", []int{b.call("multiply", []int{x, row}), column})
		wide := b.call("multiply", []int{b.call("relu", []int{mixed}), y})
		b.yield(flat, b.call("negative", []int{wide}), mixed)
		sameBits(t, fmt.Sprint(shape), b.exec(), b.reference())
	}
}

// The adjoints of both operands of a product are products themselves.
func TestAdjointsOfProducts(t *testing.T) {
	for _, shape := range [][3]int{{30, 40, 50}, {30, 40, 10}, {30, 10, 10}, {10, 40, 50}, {100, 70, 9}} {
		m, k, n := shape[0], shape[1], shape[2]
		b := newBuilder(t, toyRegistry(t))
		x, y := b.input("x", matrix[float32](1, m, k)), b.input("y", matrix[float32](2, k, n))
		d := b.input("d", matrix[float32](3, m, n))
		b.yield(b.call("matmul_adjoint_x1", []int{x, y, d}), b.call("matmul_adjoint_x2", []int{x, y, d}))
		l, err := region.NewLayout(&b.graph, b.registry, &family)
		if err != nil {
			t.Fatal(err)
		}
		if got := len(l.Products(0)); got != 2 {
			t.Errorf("%d products, want 2", got)
		}
		sameBits(t, fmt.Sprint("adjoints of ", shape), b.exec(), b.reference())
	}
}

// The result of a transposition is not one element off at any edge.
func TestTranspose(t *testing.T) {
	for _, shape := range [][2]int{{2, 2}, {7, 9}, {8, 8}, {9, 300}, {300, 9}, {16, 256}, {17, 513}} {
		m, n := shape[0], shape[1]
		from, to := numbers[float64](1, m*n), make([]float64, m*n)
		transpose(m, n, from, to)
		for i := range m {
			for j := range n {
				if to[j*m+i] != from[i*n+j] {
					t.Fatalf("%v: element (%d, %d) is wrong", shape, i, j)
				}
			}
		}
	}
}

// Products are the same by one goroutine and by several, in pieces of all kinds.
func TestProductOfAnyShape(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(3))
	for _, shape := range [][3]int{{2, 2, 2}, {65, 193, 30}, {130, 400, 70}, {24, 23, 300}, {300, 5, 70}, {3, 1000, 40}, {129, 64, 64}} {
		m, n, k := shape[0], shape[1], shape[2]
		a, b, c := numbers[float32](1, m*k), numbers[float32](2, k*n), numbers[float32](3, m*n)
		want := slices.Clone(c)
		addPlainly(m, n, k, a, b, want)
		if addProduct(m, n, k, a, b, c); !slices.Equal(c, want) {
			t.Errorf("the product of shape %v is wrong", shape)
		}
	}
}

// Only calls of the ops that multiply matrices may have bits of their own: leaves
// without them wait until compiling pays.
func TestOwnOps(t *testing.T) {
	for _, op := range ops.Standard().Ops() {
		for rank := range 4 {
			ranks := slices.Repeat([]int{rank}, max(3, len(op.Params)))
			if !byReference(op.Name, ranks) && !isOwn(op) {
				t.Errorf("%s has bits of its own and is no product", op.Name)
			}
		}
		if placements[op.Name].placement == region.Product && !isOwn(op) {
			t.Errorf("%s is placed as a product and is none", op.Name)
		}
	}
}
