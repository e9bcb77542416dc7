package cost

import (
	"strings"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops"
	"flowc.dev/flowc/passes/pass"
)

// Scalars knows which registers of a program or function hold rank-0 numbers
// whenever they are set, as far as the text tells. It is an estimate for cost
// gates: an input may be given any shape.
type Scalars struct {
	names  *pass.Names
	others map[string]bool // registers that may hold something else
}

// ScalarsOf analyses the registers of the program, or of the function if f is
// not nil. It assumes that all are scalars and takes back what a store
// contradicts until nothing changes.
func ScalarsOf(names *pass.Names, p *ir.Program, f *ir.Function) *Scalars {
	s := &Scalars{names: names, others: map[string]bool{}}
	registers, body := p.Registers, p.Body
	if f != nil {
		registers, body = f.Registers, f.Body
		for _, name := range f.Params {
			s.others[name] = true
		}
	}
	for i := range registers {
		r := &registers[i]
		if r.Init != nil && !s.Expr(r.Init) || r.Fixed && len(r.Type.Shape) > 0 {
			s.others[r.Name] = true
		}
	}
	if f == nil {
		for _, name := range p.Inputs {
			if r := p.Register(name); r == nil || r.Init == nil && !r.Fixed {
				s.others[name] = true
			}
		}
	}
	for changed := true; changed; {
		changed = false
		s.walk(body, func(name string, scalar bool) {
			if !scalar && !s.others[name] {
				s.others[name] = true
				changed = true
			}
		})
	}
	return s
}

// walk reports every store below body.
func (s *Scalars) walk(body []*ir.Node, store func(name string, scalar bool)) {
	for _, n := range body {
		if counter := n.Text("as"); counter != "" {
			store(counter, n.Op == "repeat")
		}
		scalar := n.Op == "call" && s.Expr(n)
		for _, name := range n.Stores() {
			store(name, scalar)
		}
		if pass.Optimized(n) {
			continue
		}
		for i := range n.Regions {
			s.walk(n.Regions[i].Body, store)
		}
	}
}

// Expr reports whether the value of an expression or of a call of an op is a
// rank-0 number, computed from such numbers alone.
func (s *Scalars) Expr(n *ir.Node) bool {
	switch n.Op {
	case "const":
		return n.Attr("value").IsScalar()
	case "reg":
		name, _, field := strings.Cut(n.Text("reg"), ".")
		return !field && !s.others[name]
	case "call":
		op := s.names.Op(n.Text("call"))
		if op == nil || !op.Elementwise || op.Results != 1 {
			return false
		}
		for _, arg := range n.Args {
			if !s.Expr(arg) {
				return false
			}
		}
		for _, k := range n.Kwargs {
			if !s.Expr(k.Node) {
				return false
			}
		}
		return true
	}
	return false
}

// Neutral reports whether every op that the statement or expression calls has
// equal bits in all numeric families, so that it may run by itself or in a
// graph leaf of any family.
func Neutral(names *pass.Names, n *ir.Node) bool {
	neutral := true
	ir.WalkNode(nil, n, func(_ *ir.Path, inner *ir.Node) bool {
		switch inner.Op {
		case "call":
			op := names.Op(inner.Text("call"))
			neutral = neutral && op != nil && op.Tolerance == ops.Tolerance{}
		case "const", "reg", "tensor", "index", "slice", "list", "record":
		default:
			neutral = false
		}
		return neutral
	})
	return neutral
}
