package dataflow

import "slices"

// Reachable returns the values that roots are computed from, roots included, in
// an order of evaluation.
func Reachable(roots ...*Value) []*Value {
	var seen marks
	var all []*Value
	stack := slices.Clone(roots)
	sorted := true
	for len(stack) > 0 {
		v := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if v == nil || !seen.add(v) {
			continue
		}
		sorted = sorted && (len(all) == 0 || all[len(all)-1].id < v.id)
		all = append(all, v)
		stack = append(stack, v.Args...)
	}
	if !sorted {
		slices.SortFunc(all, func(a, b *Value) int { return a.id - b.id })
	}
	return all
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
	var used, drafts marks
	var stack []*Value
	mark := func() {
		for len(stack) > 0 {
			v := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			if v != nil && used.add(v) {
				stack = append(stack, v.Args...)
			}
		}
	}
	stack = append(stack, roots...)
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
			stack = append(stack, v)
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
