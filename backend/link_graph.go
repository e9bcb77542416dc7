package backend

import (
	"flowc.dev/flowc/ir"
)

// graph links a graph leaf. One that is the lowered form of a statement is a
// plain leaf: nothing can stop inside it.
func (l *linker) graph(c *scopeCode, st *stmt) error {
	n := st.node
	count, values := n.Attr("steps").Int64(), 1
	if v := n.Attr("values"); !v.IsNull() {
		values = int(v.Int64())
	}
	var err error
	if l.cfg.Graphs != nil && len(n.Body("graph")) > 0 {
		err = l.compiledGraph(c, st, count, values)
	} else {
		err = l.referenceGraph(c, st, count, values)
	}
	if err == nil {
		err = l.hoisted(c, st)
	}
	if err != nil || lowered(n) {
		return err
	}
	st.kind = kindFused
	if st.source, err = l.source(c, n, st.want); err == nil && !st.source.entered {
		st.whole = count
	}
	return err
}

// lowered reports whether the graph is the form in which its one statement
// runs, rather than a faster form of statements that can run themselves.
func lowered(n *ir.Node) bool {
	source := n.Body("source")
	return len(source) == 0 || len(source) == 1 && (source[0].ID == n.ID || source[0].Op == "grad")
}

func (l *linker) compiledGraph(c *scopeCode, st *stmt, count int64, values int) error {
	code, err := l.cfg.Graphs.Compile(st.node)
	if err != nil {
		return l.problem(st.node, "%s", err)
	}
	leaf := &compiledLeaf{code: code, names: code.Inputs(), count: count, values: values, out: l.values(len(st.node.Names("yield")))}
	leaf.patient, _ = code.(PatientCode)
	leaf.inputs = l.values(len(leaf.names))
	leaf.slots = make([]int, len(leaf.names))
	for i, name := range leaf.names {
		leaf.slots[i] = c.slot(name)
	}
	leaf.reference = func() (*graphLeaf, error) { return l.referenceLeaf(c, st, count, values) }
	st.exec = leaf
	return nil
}

func (l *linker) referenceGraph(c *scopeCode, st *stmt, count int64, values int) error {
	leaf, err := l.referenceLeaf(c, st, count, values)
	st.exec = leaf
	return err
}

func (l *linker) referenceLeaf(c *scopeCode, st *stmt, count int64, values int) (*graphLeaf, error) {
	body, yields := st.node.Body("graph"), st.node.Names("yield")
	leaf := &graphLeaf{count: count, values: values, calls: make([]*expr, 0, len(body)), locals: make([]int, 0, len(body)),
		space: make([]ir.Value, 0, len(body)), yields: make([]yield, 0, len(yields))}
	locals := newLocals(len(body))
	for _, n := range body {
		call, err := l.operand(c, n, locals)
		if err != nil {
			return nil, err
		}
		leaf.calls = append(leaf.calls, call)
		leaf.locals = append(leaf.locals, len(leaf.space))
		for i, name := range n.EachStore() {
			from := l.expr()
			from.kind, from.node, from.slot, from.name = exprLocal, n, len(leaf.space)+i, name
			locals.set(name, yield{from: from, call: call, result: i})
		}
		for range call.out {
			leaf.space = append(leaf.space, ir.Value{})
		}
	}
	for _, name := range yields {
		y, ok := locals.get(name)
		if !ok {
			if ir.IsLocal(name) && !ir.IsHidden(name) {
				return nil, l.problem(st.node, "the graph yields %s, which no call in it stores to", name)
			}
			y.from = l.expr()
			y.from.kind, y.from.node, y.from.slot, y.from.name = exprReg, st.node, c.slot(name), name
		}
		leaf.yields = append(leaf.yields, y)
	}
	if len(leaf.yields) < leaf.values {
		return nil, l.problem(st.node, "the graph yields %d values, its value takes %d", len(leaf.yields), leaf.values)
	}
	leaf.out = l.values(len(leaf.yields))
	return leaf, nil
}
