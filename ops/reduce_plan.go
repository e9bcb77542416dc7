package ops

// An axisLoop steps through the positions of some axes of a row-major tensor,
// the last axis fastest. Adjacent axes that are crossed as one are one axis of
// the loop.
type axisLoop struct {
	rank           int
	extent, stride extents
	index          extents
	offset         int // of the current position, in elements
}

// add appends an axis inside those that are there.
func (l *axisLoop) add(extent, stride int) {
	if last := l.rank - 1; last >= 0 && l.stride[last] == extent*stride {
		l.extent[last] *= extent
		l.stride[last] = stride
		return
	}
	l.extent[l.rank], l.stride[l.rank] = extent, stride
	l.rank++
}

// next goes on to the next position and reports whether there is one; after the
// last it is back at the first.
func (l *axisLoop) next() bool {
	for axis := l.rank - 1; axis >= 0; axis-- {
		l.index[axis]++
		l.offset += l.stride[axis]
		if l.index[axis] < l.extent[axis] {
			return true
		}
		l.offset -= l.stride[axis] * l.extent[axis]
		l.index[axis] = 0
	}
	return false
}

// takeInner removes the last axis if its stride is 1 and returns its extent.
func (l *axisLoop) takeInner() (extent int, ok bool) {
	last := l.rank - 1
	if last < 0 || l.stride[last] != 1 {
		return 1, false
	}
	l.rank--
	return l.extent[last], true
}

// A reducePlan says how a reduction passes through a row-major tensor: for each
// position of keep, all of reduce. The axis of stride 1, where there is one, is
// apart: a run of inner elements, which belong to one result or to as many
// neighbouring ones.
type reducePlan struct {
	keep, reduce axisLoop
	inner        int
	innerKept    bool
	results      int // number of results
	count        int // number of elements that each result is made of
}

// start makes p the plan for reducing the given axes, which are ascending, of a
// tensor of the given shape.
func (p *reducePlan) start(shape, axes []int) {
	*p = reducePlan{results: 1, count: 1}
	step := 1
	for _, extent := range shape {
		step *= extent
	}
	for axis, extent := range shape {
		if extent > 0 {
			step /= extent
		}
		reduced := len(axes) > 0 && axes[0] == axis
		if reduced {
			axes = axes[1:]
			p.count *= extent
		} else {
			p.results *= extent
		}
		switch {
		case extent == 1:
		case reduced:
			p.reduce.add(extent, step)
		default:
			p.keep.add(extent, step)
		}
	}
	if p.inner, p.innerKept = p.keep.takeInner(); !p.innerKept {
		p.inner, _ = p.reduce.takeInner()
	}
}

// reducedShape returns the shape that is left of shape when the given axes,
// which are ascending, are reduced: without them, or with extent 1. It is a
// slice of buf.
func reducedShape(buf *extents, shape, axes []int, keepdims bool) []int {
	reduced := buf[:0]
	for axis, extent := range shape {
		switch {
		case len(axes) == 0 || axes[0] != axis:
			reduced = append(reduced, extent)
			continue
		case keepdims:
			reduced = append(reduced, 1)
		}
		axes = axes[1:]
	}
	return reduced
}
