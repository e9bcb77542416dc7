package dataflow

import "slices"

// Import copies what the roots, values of another graph, are computed from into
// g and returns the copies of the roots. Where replace gives a value of g for one,
// that takes its place, and what it was computed from is not copied.
func (g *Graph) Import(replace func(v *Value) *Value, roots ...*Value) []*Value {
	copies := map[*Value]*Value{}
	var order []*Value
	stack := slices.Clone(roots)
	for len(stack) > 0 {
		v := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if copies[v] != nil {
			continue
		}
		if copies[v] = replace(v); copies[v] == nil {
			copies[v] = v // until it is copied
			order = append(order, v)
			stack = append(stack, v.Args...)
		}
	}
	slices.SortFunc(order, func(a, b *Value) int { return a.id - b.id })
	for _, v := range order {
		c := *v
		c.Exact = nil
		c.Args = make([]*Value, len(v.Args))
		for i, arg := range v.Args {
			c.Args[i] = copies[arg]
		}
		copies[v] = g.add(c)
	}
	result := make([]*Value, len(roots))
	for i, v := range roots {
		result[i] = copies[v]
	}
	return result
}
