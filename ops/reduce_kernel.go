package ops

import "unsafe"

// Every reduction has one order of operations, which does not depend on the
// layout of the tensor: of the elements that make up a result, numbered in
// row-major order, element i goes to accumulator i mod 16, and the accumulators
// are merged pairwise: 8 with 8, 4 with 4, 2 with 2, 1 with 1.
const (
	lanes    = 16
	rowBlock = 128 // results that are computed side by side
)

// accumulatorShape is the shape of the scratch tensor of a reduction.
var accumulatorShape = []int{lanes * rowBlock}

// A reduction makes results of type A from elements of type I.
type reduction[I, A number] struct {
	// identity is what accumulators begin with.
	identity A
	// accumulate puts x into the accumulators, one after the other and around
	// again.
	accumulate func(acc []A, x []I)
	// merge puts accumulators into as many others.
	merge func(acc, other []A)
}

// run fills out with the results. acc has lanes*rowBlock elements of scratch.
func (r *reduction[I, A]) run(out []A, x []I, p *reducePlan, acc []A) {
	switch {
	case p.results == 0:
	case p.count == 0:
		fill(out, r.identity)
	case p.innerKept:
		for at := 0; ; at += p.inner {
			for j := 0; j < p.inner; j += rowBlock {
				width := min(rowBlock, p.inner-j)
				r.columns(out[at+j:at+j+width], x[p.keep.offset+j:], p, acc[:lanes*width])
			}
			if !p.keep.next() {
				return
			}
		}
	default:
		for at := 0; ; at++ {
			out[at] = r.one(x[p.keep.offset:], p, acc[:lanes])
			if !p.keep.next() {
				return
			}
		}
	}
}

// one returns a single result.
func (r *reduction[I, A]) one(x []I, p *reducePlan, acc []A) A {
	fill(acc, r.identity)
	phase := 0
	for {
		run := x[p.reduce.offset : p.reduce.offset+p.inner]
		if phase > 0 {
			head := min(lanes-phase, len(run))
			r.accumulate(acc[phase:phase+head], run[:head])
			run = run[head:]
		}
		if len(run) > 0 {
			r.accumulate(acc, run)
		}
		phase = (phase + p.inner) % lanes
		if !p.reduce.next() {
			break
		}
	}
	r.tree(acc, 1, p.count)
	return acc[0]
}

// columns fills out with neighbouring results; accumulator l of result j is
// acc[l*len(out)+j].
func (r *reduction[I, A]) columns(out []A, x []I, p *reducePlan, acc []A) {
	width := len(out)
	fill(acc, r.identity)
	for lane := 0; ; lane = (lane + 1) % lanes {
		r.accumulate(acc[lane*width:(lane+1)*width], x[p.reduce.offset:p.reduce.offset+width])
		if !p.reduce.next() {
			break
		}
	}
	r.tree(acc, width, p.count)
	copy(out, acc)
}

// tree merges the accumulators of width results into the first ones. Those that
// count elements do not reach are at the identity, with which merging changes
// nothing, as no sum of +0 and others is -0.
func (r *reduction[I, A]) tree(acc []A, width, count int) {
	for half := lanes / 2; half > 0; half /= 2 {
		if count > half {
			r.merge(acc[:half*width], acc[half*width:2*half*width])
		}
	}
}

// asBytes returns bools as bytes 0 and 1 that share their storage.
func asBytes(x []bool) []uint8 {
	return unsafe.Slice((*uint8)(unsafe.Pointer(unsafe.SliceData(x))), len(x))
}

func addTo[I, A number](acc []A, x []I) {
	for len(x) > len(acc) {
		for i, v := range x[:len(acc)] {
			acc[i] += A(v)
		}
		x = x[len(acc):]
	}
	for i, v := range x {
		acc[i] += A(v)
	}
}

// Adding 1*x is adding x, so wide rows are added by axpy.
const wideRow = 32

func addToF32(acc, x []float32) {
	if len(acc) >= wideRow && len(x) == len(acc) {
		axpyF32(1, x, acc)
		return
	}
	addTo(acc, x)
}

func addToF64(acc, x []float64) {
	if len(acc) >= wideRow && len(x) == len(acc) {
		axpyF64(1, x, acc)
		return
	}
	addTo(acc, x)
}

func multiplyInto[I, A number](acc []A, x []I) {
	for len(x) > 0 {
		n := min(len(acc), len(x))
		for i, v := range x[:n] {
			acc[i] *= A(v)
		}
		x = x[n:]
	}
}

func maxInto[T number](acc, x []T) {
	for len(x) > 0 {
		n := min(len(acc), len(x))
		for i, v := range x[:n] {
			acc[i] = max(acc[i], v)
		}
		x = x[n:]
	}
}

func minInto[T number](acc, x []T) {
	for len(x) > 0 {
		n := min(len(acc), len(x))
		for i, v := range x[:n] {
			acc[i] = min(acc[i], v)
		}
		x = x[n:]
	}
}

func anyInto[I number](acc []uint8, x []I) {
	for len(x) > 0 {
		n := min(len(acc), len(x))
		for i, v := range x[:n] {
			if v != 0 {
				acc[i] = 1
			}
		}
		x = x[n:]
	}
}

func allInto[I number](acc []uint8, x []I) {
	for len(x) > 0 {
		n := min(len(acc), len(x))
		for i, v := range x[:n] {
			if v == 0 {
				acc[i] = 0
			}
		}
		x = x[n:]
	}
}
