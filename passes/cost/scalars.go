package cost

import (
	"slices"
	"strings"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/passes/pass"
)

// Scalars knows which registers of a program or function hold rank-0 numbers
// whenever they are set, as far as the text tells. It is an estimate for cost
// gates: an input may be given any shape.
type Scalars struct {
	names  *pass.Names
	others map[string]bool // registers that may hold something else
	gaveUp bool            // any register may
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
		declared := map[string]bool{}
		for i := range registers {
			declared[registers[i].Name] = registers[i].Init != nil || registers[i].Fixed
		}
		for _, name := range p.Inputs {
			s.others[name] = s.others[name] || !declared[name]
		}
	}
	// The first round goes through the text, the others through the stores of
	// what still seemed to be a scalar then.
	var stores []scalarStore
	changed := false
	s.walk(body, func(name string, n *ir.Node) {
		switch {
		case s.others[name]:
		case n == nil:
			s.others[name], changed = true, true
		case n.Op == "call":
			if s.rankZero(n) {
				stores = append(stores, scalarStore{name, n})
			} else {
				s.others[name], changed = true, true
			}
		}
	})
	for round := 1; changed && !s.gaveUp; round++ {
		changed = false
		for _, store := range stores {
			if !s.others[store.name] && !s.rankZero(store.call) {
				s.others[store.name], changed = true, true
			}
		}
		s.gaveUp = round == maxRounds
	}
	return s
}

// A scalarStore is a store of what seems to be a rank-0 number.
type scalarStore struct {
	name string
	call *ir.Node
}

// maxRounds bounds the analysis of registers that are computed from each other
// against the order of the text.
const maxRounds = 20

// walk reports every store below body: with nil what is no scalar, with the
// statement what is one, if it is a call that is as long as what it reads is.
func (s *Scalars) walk(body []*ir.Node, store func(name string, n *ir.Node)) {
	for _, n := range body {
		if counter := n.Text("as"); counter != "" {
			if n.Op == "repeat" {
				store(counter, n)
			} else {
				store(counter, nil)
			}
		}
		for i, name := range n.EachStore() {
			if n.Op == "call" || i == 0 && isLoss(n) {
				store(name, n)
			} else {
				store(name, nil)
			}
		}
		if n.Op == "spawn" {
			for _, name := range n.Names("out") {
				store(name, nil)
			}
			s.walk(n.Body("hooks"), store)
			continue
		}
		if pass.Optimized(n) {
			s.walk(pass.Hooks(n), store)
			continue
		}
		for i := range n.Regions {
			s.walk(n.Regions[i].Body, store)
		}
	}
}

// isLoss reports whether the first result of n is the loss of a grad.
func isLoss(n *ir.Node) bool {
	source := n.Body("source")
	return n.Op == "graph" && len(source) == 1 && source[0].Op == "grad" && len(n.Stores()) > 1
}

// rankZero reports whether a call gives a rank-0 number: scalars do, and so does
// a reduction over all axes.
func (s *Scalars) rankZero(n *ir.Node) bool {
	if s.Expr(n) {
		return true
	}
	op := s.names.Op(n.Text("call"))
	if op == nil || !reductions[op.Name] {
		return false
	}
	bound, problems := op.Bind(n.Args, n.Kwargs)
	if len(problems) > 0 {
		return false
	}
	for i := range op.Params {
		v := bound[i].Attr("value")
		switch {
		case op.Params[i].Name != "axis" && op.Params[i].Name != "keepdims":
		case bound[i].Op != "const" || !v.IsNull() && (!v.IsScalar() || v.DType() != ir.Bool || v.Truth()):
			return false
		}
	}
	return true
}

// reductions give one number if they get no axis.
var reductions = map[string]bool{
	"sum": true, "prod": true, "mean": true, "var": true, "max": true, "min": true, "any": true, "all": true, "argmax": true, "argmin": true,
}

// Register reports whether the register holds a rank-0 number whenever it is set.
func (s *Scalars) Register(name string) bool { return !s.others[name] && !s.gaveUp }

// Expr reports whether the value of an expression or of a call of an op is a
// rank-0 number, computed from such numbers alone.
func (s *Scalars) Expr(n *ir.Node) bool {
	switch n.Op {
	case "const":
		return n.Attr("value").IsScalar()
	case "reg":
		name, _, field := strings.Cut(n.Text("reg"), ".")
		return !field && s.Register(name)
	case "call":
		op := s.names.Op(n.Text("call"))
		if op == nil || op.Results != 1 || !op.Elementwise && op.Name != "identity" {
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

// Copies reports whether the statement computes nothing: it calls identity only.
func Copies(n *ir.Node) bool {
	copies := true
	pass.WalkOperands(n, func(inner *ir.Node) bool {
		copies = copies && inner.Op != "index" && (inner.Op != "call" || inner.Text("call") == "identity")
		return copies
	})
	return copies
}

// Neutral reports whether every op that the statement or expression calls has
// equal bits in all numeric families, so that it may run by itself or in a
// graph leaf of any family.
func Neutral(names *pass.Names, n *ir.Node) bool {
	if n.Op == "graph" {
		return !slices.ContainsFunc(n.Body("graph"), func(c *ir.Node) bool { return !Neutral(names, c) })
	}
	neutral := true
	pass.WalkOperands(n, func(inner *ir.Node) bool {
		switch inner.Op {
		case "call":
			op := names.Op(inner.Text("call"))
			neutral = neutral && op != nil && !op.Product
		case "const", "reg", "tensor", "index", "slice", "list", "record":
		default:
			neutral = false
		}
		return neutral
	})
	return neutral
}
