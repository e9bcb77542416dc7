package dataflow

import "slices"

// Reachable returns the values that roots are computed from, roots included, in
// an order of evaluation.
func Reachable(roots ...*Value) []*Value { return new(walker).reachable(roots) }

// Reachable is [Reachable] for values of g. The list is g's own, until it is asked
// again or makes a leaf.
func (g *Graph) Reachable(roots ...*Value) []*Value { return g.walker.reachable(roots) }

// A walker goes through values. It keeps its memory for the next time.
type walker struct {
	seen, drafts marks
	all, stack   []*Value
}

// reachable is [Reachable]. The list is the walker's own.
func (w *walker) reachable(roots []*Value) []*Value {
	clear(w.seen)
	w.all, w.stack = w.all[:0], append(w.stack[:0], roots...)
	sorted := true
	for len(w.stack) > 0 {
		v := w.stack[len(w.stack)-1]
		w.stack = w.stack[:len(w.stack)-1]
		if v == nil || !w.seen.add(v) {
			continue
		}
		sorted = sorted && (len(w.all) == 0 || w.all[len(w.all)-1].id < v.id)
		w.all = append(w.all, v)
		w.stack = append(w.stack, v.Args...)
	}
	if !sorted {
		w.sort()
	}
	return w.all
}

// sort puts all values into the order in which they were made.
func (w *walker) sort() {
	// Most came in the opposite order.
	slices.Reverse(w.all)
	slices.SortFunc(w.all, func(a, b *Value) int { return a.id - b.id })
}

// marks are values of one graph.
type marks []uint64

// add marks v. It reports whether v was not marked before.
func (m *marks) add(v *Value) bool {
	at, bit := v.id/64, uint64(1)<<(v.id%64)
	if at >= len(*m) {
		*m = append(*m, make([]uint64, at+1-len(*m))...)
	}
	if (*m)[at]&bit != 0 {
		return false
	}
	(*m)[at] |= bit
	return true
}

func (m marks) has(v *Value) bool { return v.id/64 < len(m) && m[v.id/64]&(1<<(v.id%64)) != 0 }

// Dead returns the calls of the graph that neither the roots nor other calls
// are computed from, in order of evaluation. What is computed from a [Param] is
// the draft of a gradient and belongs to no program.
func (g *Graph) Dead(roots ...*Value) []*Value {
	w := &g.walker
	used, drafts := &w.seen, &w.drafts
	clear(*used)
	clear(*drafts)
	w.stack = append(w.stack[:0], roots...)
	mark := func() {
		for len(w.stack) > 0 {
			v := w.stack[len(w.stack)-1]
			w.stack = w.stack[:len(w.stack)-1]
			if v != nil && used.add(v) {
				w.stack = append(w.stack, v.Args...)
			}
		}
	}
	mark()
	if slices.ContainsFunc(g.values, func(v *Value) bool { return v.Kind == Param }) {
		for _, v := range g.values {
			if v.Kind == Param || slices.ContainsFunc(v.Args, drafts.has) {
				drafts.add(v)
			}
		}
	}
	var dead []*Value
	for i := len(g.values) - 1; i >= 0; i-- {
		if v := g.values[i]; v.Kind == Call && !used.has(v) && !drafts.has(v) {
			dead = append(dead, v)
			w.stack = append(w.stack, v)
			mark()
		}
	}
	slices.Reverse(dead)
	return dead
}

// Uses returns how often each value is an operand of the roots' computation or
// a root itself.
func Uses(roots ...*Value) map[*Value]int {
	uses := map[*Value]int{}
	for _, v := range roots {
		uses[v]++
	}
	for _, v := range Reachable(roots...) {
		for _, arg := range v.Args {
			uses[arg]++
		}
	}
	return uses
}
