package unroll

import (
	"errors"
	"fmt"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/passes/cost"
	"flowc.dev/flowc/passes/pass"
)

// members looks at the statements of a loop that is to become one leaf.
type members struct {
	u      *unroller
	s      *pass.Scope
	fixed  map[string]bool
	seen   map[string]bool
	stored []string // registers, in the order of their first stores
	cost   cost.Run
	times  int // that what is looked at runs
}

func (m *members) body(body []*ir.Node) error {
	for _, n := range body {
		if err := m.element(n); err != nil {
			return err
		}
	}
	return nil
}

// element returns why n keeps the loop from being one leaf, or nil. The loop fits.
func (m *members) element(n *ir.Node) error {
	switch n.Op {
	case "seq":
		if err := m.body(n.Body("seq")); err != nil {
			return err
		}
	case "repeat":
		count, _ := literalCount(n)
		around := m.times
		m.times *= int(count)
		err := m.body(n.Body("body"))
		if m.times = around; err != nil {
			return err
		}
	case "graph":
		if callsFunction(m.u.names, n) {
			return errors.New("a function is called in it, whose arguments are evaluated when control comes to the call")
		}
		calls := len(n.Body("graph"))
		m.cost.Leaves += m.times
		m.cost.LeafCalls += m.times * calls
		if !cost.Neutral(m.u.names, n) {
			m.cost.Products += m.times
			m.cost.ProductCalls += m.times * calls
		}
	case "call":
		if m.u.scalarsOf(m.s.Function).Expr(n) {
			m.cost.Scalars += m.times
		} else {
			m.cost.Tensors += m.times
		}
		m.cost.StatementCalls += m.times * countCalls(n)
	}
	for _, name := range n.Stores() {
		switch {
		case m.fixed[name]:
			return fmt.Errorf("register %s has a declared type, which each store checks", name)
		case name != ir.Discard && !m.seen[name]:
			m.seen[name] = true
			m.stored = append(m.stored, name)
		}
	}
	return nil
}

// countCalls returns how many calls of ops a call statement makes.
func countCalls(n *ir.Node) int {
	calls := 0
	pass.WalkOperands(n, func(inner *ir.Node) bool {
		if inner.Op == "call" || inner.Op == "index" {
			calls++
		}
		return true
	})
	return calls
}

// callsFunction reports whether a leaf stands for the call of a function.
func callsFunction(names *pass.Names, n *ir.Node) bool {
	for _, s := range n.Body("source") {
		if s.Op == "call" && names.Function(s.Text("call")) != nil || s.Op == "graph" && callsFunction(names, s) {
			return true
		}
	}
	return false
}

func (u *unroller) scalarsOf(f *ir.Function) *cost.Scalars {
	if u.scalars[f] == nil {
		u.scalars[f] = cost.ScalarsOf(u.names, u.p, f)
	}
	return u.scalars[f]
}
