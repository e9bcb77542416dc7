package backend

import "flowc.dev/flowc/ir"

// slabs are where a linker takes expressions and their values from, so that
// linking a program that runs for a short time takes few allocations.
type slabs struct {
	exprs  []expr
	values []ir.Value
}

// slab is the number of expressions, or of values, that are made together.
const slab = 16

// expr returns a new expression.
func (l *linker) expr() *expr {
	if len(l.slabs.exprs) == 0 {
		l.slabs.exprs = make([]expr, slab)
	}
	e := &l.slabs.exprs[0]
	l.slabs.exprs = l.slabs.exprs[1:]
	return e
}

// values returns n nulls.
func (l *linker) values(n int) []ir.Value {
	if n > slab/2 {
		return make([]ir.Value, n)
	}
	if n > len(l.slabs.values) {
		l.slabs.values = make([]ir.Value, slab)
	}
	v := l.slabs.values[:n:n]
	l.slabs.values = l.slabs.values[n:]
	return v
}
