package history

import "flowc.dev/flowc/ir"

// A Size is how large a program is.
type Size struct {
	// Statements are those that the machine may run: not those in graphs, and not
	// the source ones that optimized statements carry.
	Statements int `json:"statements"`
	// GraphCalls are the statements that graphs and blocks are made of.
	GraphCalls int `json:"graph_calls"`
	// Nodes are all statements and expressions, source ones included.
	Nodes int `json:"nodes"`
}

// SizeOf returns the size of p.
func SizeOf(p *ir.Program) Size {
	var s Size
	ir.Walk(p, func(*ir.Path, *ir.Node) bool {
		s.Nodes++
		return true
	})
	for _, f := range p.Functions {
		s.body(f.Body)
	}
	s.body(p.Body)
	return s
}

func (s *Size) body(body []*ir.Node) {
	for _, n := range body {
		s.Statements++
		for i := range n.Regions {
			switch r := &n.Regions[i]; r.Field {
			case "source":
			case "graph", "block", "each", "hoisted":
				s.GraphCalls += len(r.Body)
			case "hooks":
				for _, h := range r.Body {
					for j := range h.Regions {
						s.body(h.Regions[j].Body)
					}
				}
			default:
				s.body(r.Body)
			}
		}
	}
}
