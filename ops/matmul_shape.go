package ops

import (
	"fmt"
	"slices"

	"flowc.dev/flowc/ir"
)

// A product is the geometry of a matrix product: operands of rank 1 are a row
// or a column, and leading axes are broadcast batches of matrices.
type product struct {
	m, k, n    int
	left       []int // the batch axes of each operand
	right      []int
	batch      []int // broadcast, a slice of batchBuf or of an operand's shape
	shape      []int // of the result, a slice of shapeBuf
	batchBuf   extents
	shapeBuf   extents
	batches    int // number of products
	leftCount  int // number of matrices of each operand
	rightCount int
}

var products pool[product]

// start reads the shapes of the operands of the op of the given name.
func (p *product) start(op string, a, b []int) error {
	if len(a) == 0 || len(b) == 0 {
		return fmt.Errorf("%s: shapes %s and %s: operands have at least one axis; use multiply for a number of rank 0",
			op, ir.FormatShape(a), ir.FormatShape(b))
	}
	p.m, p.n, p.k = 1, 1, a[len(a)-1]
	rows := b[max(0, len(b)-2)]
	if rows != p.k {
		return fmt.Errorf("%s: shapes %s and %s do not match: the last axis of the first has %d elements, axis %d of the second %d",
			op, ir.FormatShape(a), ir.FormatShape(b), p.k, max(0, len(b)-2), rows)
	}
	p.left, p.right = nil, nil
	if len(a) > 1 {
		p.m, p.left = a[len(a)-2], a[:len(a)-2]
	}
	if len(b) > 1 {
		p.n, p.right = b[len(b)-1], b[:len(b)-2]
	}
	var err error
	if p.batch, err = broadcastShape(op, &p.batchBuf, p.left, p.right); err != nil {
		return fmt.Errorf("%s: shapes %s and %s: the axes before the last two do not broadcast",
			op, ir.FormatShape(a), ir.FormatShape(b))
	}
	p.batches, p.leftCount, p.rightCount = elementCount(p.batch), elementCount(p.left), elementCount(p.right)
	p.shape = append(p.shapeBuf[:0], p.batch...)
	if len(a) > 1 {
		p.shape = append(p.shape, p.m)
	}
	if len(b) > 1 {
		p.shape = append(p.shape, p.n)
	}
	return nil
}

func elementCount(shape []int) int {
	count := 1
	for _, extent := range shape {
		count *= extent
	}
	return count
}

// fold makes the batch axes of the first operand part of its rows when the
// second operand is one matrix: the products are the same.
func (p *product) fold() {
	if p.rightCount == 1 && slices.Equal(p.left, p.batch) {
		p.m *= p.leftCount
		p.left, p.right, p.batch = nil, nil, nil
		p.batches, p.leftCount = 1, 1
	}
}

// A productRole is an operand or the result of a product in a batched kernel.
type productRole[T number] struct {
	matrix matrixView[T]
	batch  []int // its batch axes
	size   int   // elements of one matrix
}

// multiplyBatches adds to c, which is row-major, the products of a and b for
// every position of batch, in order.
func multiplyBatches[T number](c, a, b productRole[T], batch []int, m, k, n int, add axpy[T], pack []T) {
	if len(batch) == 0 {
		matmulKernel(c.matrix.data, a.matrix, b.matrix, m, k, n, add, pack)
		return
	}
	if len(c.matrix.data) == 0 || elementCount(batch) == 0 || m == 0 || k == 0 || n == 0 {
		return
	}
	var w walk
	w.start(batch, c.batch, a.batch, b.batch)
	for {
		at := w.offset
		for range w.run() {
			matmulKernel(c.matrix.data[at[0]*c.size:], a.matrix.at(at[1]*a.size), b.matrix.at(at[2]*b.size), m, k, n, add, pack)
			for role := range at {
				at[role] += w.stride[role][w.rank-1]
			}
		}
		if !w.next() {
			return
		}
	}
}
