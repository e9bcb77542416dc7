package pass

import "flowc.dev/flowc/ir"

// UsedValues returns the elements whose bodies' values are used: they are stored,
// stacked by a buffer, or the value of the body of such an element.
func UsedValues(p *ir.Program) map[*ir.Node]bool {
	used := map[*ir.Node]bool{}
	var walk func(body []*ir.Node, wanted bool)
	walk = func(body []*ir.Node, wanted bool) {
		for i, n := range body {
			if Optimized(n) || len(n.Regions) == 0 {
				continue
			}
			inner := len(n.Stores()) > 0 || n.Op == "buffer" || wanted && i == len(body)-1
			if inner {
				used[n] = true
			}
			for k := range n.Regions {
				walk(n.Regions[k].Body, inner)
			}
		}
	}
	walk(p.Body, false)
	for _, f := range p.Functions {
		walk(f.Body, false)
	}
	return used
}
