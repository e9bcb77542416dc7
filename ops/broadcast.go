package ops

import (
	"fmt"
	"slices"

	"flowc.dev/flowc/ir"
)

// extents is storage for a shape that need not be allocated.
type extents [ir.MaxRank]int

// broadcastShape returns the shape that a and b broadcast to by NumPy's rules:
// aligned at the last axis, extents are equal or one of them is 1. The result
// is a, b or a slice of buf. The error, which names both shapes, is for the op
// of that name.
func broadcastShape(op string, buf *extents, a, b []int) ([]int, error) {
	if len(b) == 0 || slices.Equal(a, b) {
		return a, nil
	}
	if len(a) == 0 {
		return b, nil
	}
	long, short := a, b
	if len(a) < len(b) {
		long, short = b, a
	}
	shape, ok := broadcastLonger(buf, long, short)
	if !ok {
		return nil, broadcastError(op, a, b)
	}
	return shape, nil
}

func broadcastLonger(buf *extents, a, b []int) (shape []int, ok bool) {
	if len(a) > ir.MaxRank {
		return nil, false
	}
	shape = buf[:copy(buf[:], a)]
	offset := len(a) - len(b)
	for i, extent := range b {
		switch at := &shape[offset+i]; {
		case *at == extent || extent == 1:
		case *at == 1:
			*at = extent
		default:
			return nil, false
		}
	}
	return shape, true
}

func broadcastError(op string, a, b []int) error {
	return fmt.Errorf("%s: shapes %s and %s do not broadcast: aligned at the last axis, extents must be equal or 1",
		op, ir.FormatShape(a), ir.FormatShape(b))
}

// broadcastsTo reports whether an operand of shape from broadcasts to exactly
// the shape to.
func broadcastsTo(from, to []int) bool {
	if len(from) > len(to) {
		return false
	}
	offset := len(to) - len(from)
	for i, extent := range from {
		if extent != 1 && extent != to[offset+i] {
			return false
		}
	}
	return true
}

// A walk visits the result of a broadcast in row-major order as runs along
// which every operand either moves by one element or stands still. Adjacent
// axes that all operands cross alike are one axis of the walk.
type walk struct {
	rank   int // at least 1
	extent extents
	// stride holds, per operand, its step along each axis of the walk.
	stride [3]extents
	index  extents // of the outer axes
	// offset holds, per operand, where the current run starts.
	offset [3]int
}

// start begins the walk over shape, which all operands broadcast to. The result
// has at least one element.
func (w *walk) start(shape []int, a, b, c []int) {
	operands := [3][]int{a, b, c}
	var stride [3]extents
	for k, operand := range operands {
		step := 1
		for i := range operand {
			axis := len(operand) - 1 - i
			if operand[axis] != 1 {
				stride[k][len(shape)-1-i] = step
				step *= operand[axis]
			}
		}
	}
	for axis, extent := range shape {
		if extent == 1 {
			continue
		}
		last := w.rank - 1
		joins := last >= 0
		for k := range operands {
			joins = joins && w.stride[k][last] == stride[k][axis]*extent
		}
		if !joins {
			w.rank++
			last++
			w.extent[last] = 1
		}
		w.extent[last] *= extent
		for k := range operands {
			w.stride[k][last] = stride[k][axis]
		}
	}
	if w.rank == 0 {
		w.rank, w.extent[0] = 1, 1
		for k := range operands {
			w.stride[k][0] = 1
		}
	}
}

// run returns the number of elements of every run.
func (w *walk) run() int { return w.extent[w.rank-1] }

// moves reports whether operand k moves along a run.
func (w *walk) moves(k int) bool { return w.stride[k][w.rank-1] != 0 }

// next goes on to the next run and reports whether there is one.
func (w *walk) next() bool {
	for axis := w.rank - 2; axis >= 0; axis-- {
		w.index[axis]++
		for k := range w.offset {
			w.offset[k] += w.stride[k][axis]
		}
		if w.index[axis] < w.extent[axis] {
			return true
		}
		for k := range w.offset {
			w.offset[k] -= w.stride[k][axis] * w.extent[axis]
		}
		w.index[axis] = 0
	}
	return false
}
