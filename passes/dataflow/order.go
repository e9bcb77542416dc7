package dataflow

import "slices"

// Reachable returns the values that roots are computed from, roots included, in
// an order of evaluation.
func Reachable(roots ...*Value) []*Value {
	seen := map[*Value]bool{}
	var all []*Value
	stack := slices.Clone(roots)
	for len(stack) > 0 {
		v := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if v == nil || seen[v] {
			continue
		}
		seen[v] = true
		all = append(all, v)
		stack = append(stack, v.Args...)
	}
	slices.SortFunc(all, func(a, b *Value) int { return a.id - b.id })
	return all
}

// Dead returns the calls of the graph that neither the roots nor other calls
// are computed from, in order of evaluation. What is computed from a [Param] is
// the draft of a gradient and belongs to no program.
func (g *Graph) Dead(roots ...*Value) []*Value {
	used := map[*Value]bool{}
	mark := func(stack []*Value) {
		for len(stack) > 0 {
			v := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			if v != nil && !used[v] {
				used[v] = true
				stack = append(stack, v.Args...)
			}
		}
	}
	mark(slices.Clone(roots))
	drafts := map[*Value]bool{}
	for _, v := range g.values {
		drafts[v] = v.Kind == Param || slices.ContainsFunc(v.Args, func(arg *Value) bool { return drafts[arg] })
	}
	var dead []*Value
	for i := len(g.values) - 1; i >= 0; i-- {
		if v := g.values[i]; v.Kind == Call && !used[v] && !drafts[v] {
			dead = append(dead, v)
			mark([]*Value{v})
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
