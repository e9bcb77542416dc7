package dataflow

import "slices"

// Import copies what the roots, values of another graph, are computed from into
// g and returns the copies of the roots. Where replace gives a value of g for one,
// that takes its place, and what it was computed from is not copied.
func (g *Graph) Import(replace func(v *Value) *Value, roots ...*Value) []*Value {
	var order, copies []*Value // copies by the numbers of what is copied
	copyOf := func(v *Value) **Value {
		if v.id >= len(copies) {
			copies = append(copies, make([]*Value, v.id+1-len(copies))...)
		}
		return &copies[v.id]
	}
	stack := slices.Clone(roots)
	for len(stack) > 0 {
		v := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if *copyOf(v) != nil {
			continue
		}
		w := replace(v)
		if w == nil {
			w = v // until it is copied
			order = append(order, v)
			stack = append(stack, v.Args...)
		}
		*copyOf(v) = w
	}
	slices.SortFunc(order, func(a, b *Value) int { return a.id - b.id })
	for _, v := range order {
		c := *v
		c.Exact = nil
		c.Args = g.storage.list(len(v.Args))
		for i, arg := range v.Args {
			c.Args[i] = copies[arg.id]
		}
		copies[v.id] = g.add(c)
	}
	result := make([]*Value, len(roots))
	for i, v := range roots {
		result[i] = copies[v.id]
	}
	return result
}
