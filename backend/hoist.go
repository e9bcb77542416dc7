package backend

import "flowc.dev/flowc/ir"

// A hoistingLeaf is a fused leaf part of which is computed once for a loop
// around. What is computed stays in hidden registers: slots of the leaf's scope
// that are set when the leaf first runs, unset when the loop is left, and no
// part of the state. A machine that is resumed inside the loop computes it anew.
//
// If a part fails, the source runs and fails at its own place; so what is never
// needed never fails.
type hoistingLeaf struct {
	fused
	parts []*stmt
}

func (l *hoistingLeaf) exec(m *Machine, s *strand, f *frame, st *stmt) error {
	for _, part := range l.parts {
		if !f.regs[part.stores[0].slot].IsUnset() {
			continue
		}
		if err := part.exec.exec(m, s, f, part); err != nil {
			return err
		}
	}
	return l.fused.exec(m, s, f, st)
}

// hoisted links what the graph leaf st computes once for loops around, and gives
// it to the loops to forget.
func (l *linker) hoisted(c *scopeCode, st *stmt) error {
	nodes := st.node.Body("hoisted")
	if len(nodes) == 0 {
		return nil
	}
	leaf := &hoistingLeaf{fused: st.exec.(fused)}
	for _, n := range nodes {
		// A fused statement leaves it to the source to fail, and to choose other
		// kernels.
		part := &stmt{node: n, kind: kindFused, counter: -1}
		for _, name := range n.Stores() {
			part.stores = append(part.stores, *c.sink(name))
		}
		if len(part.stores) == 0 {
			return l.problem(n, "a hoisted graph stores nothing")
		}
		loop, err := l.loopAround(n, n.Attr("loops").Int64())
		if err != nil {
			return err
		}
		for i := range part.stores {
			loop.hidden = append(loop.hidden, part.stores[i].slot)
		}
		if l.cfg.Graphs != nil {
			err = l.compiledGraph(c, part, 0, len(part.stores))
		} else {
			err = l.referenceGraph(c, part, 0, len(part.stores))
		}
		if err != nil {
			return err
		}
		leaf.parts = append(leaf.parts, part)
	}
	st.exec = leaf
	return nil
}

// loopAround returns the k-th of the loops around, counted from inside.
func (l *linker) loopAround(n *ir.Node, k int64) (*stmt, error) {
	if k < 1 || k > int64(len(l.loops)) {
		return nil, l.problem(n, "a value is kept for loop %d of the %d around", k, len(l.loops))
	}
	return l.loops[len(l.loops)-int(k)], nil
}

// kept links the call of the hidden register name, an operand that is evaluated
// once for a loop.
func (l *linker) kept(c *scopeCode, e *expr, name string, locals *locals) error {
	if len(e.node.Args) != 2 {
		return l.problem(e.node, "%s has %d arguments: want what it keeps and a number of loops", name, len(e.node.Args))
	}
	loop, err := l.loopAround(e.node, e.node.Args[1].Attr("value").Int64())
	if err != nil {
		return err
	}
	e.kind, e.name, e.slot = exprKept, name, c.slot(name)
	loop.hidden = append(loop.hidden, e.slot)
	return l.operands(c, e, e.node.Args[:1], locals)
}

func (m *Machine) evalKept(e *expr, regs []ir.Value) (ir.Value, error) {
	if v := regs[e.slot]; !v.IsUnset() {
		return v, nil
	}
	v, err := m.eval(e.args[0], regs)
	if err == nil {
		storeSlot(regs, e.slot, v)
	}
	return v, err
}

// forget unsets the hidden registers that live as long as the element st.
func (st *stmt) forget(regs []ir.Value) {
	for _, slot := range st.hidden {
		regs[slot].Release()
		regs[slot] = ir.Unset()
	}
}
