package backend

import (
	"strings"

	"flowc.dev/flowc/ir"
)

// blockLinker links a block.
type blockLinker struct {
	*linker
	c       *scopeCode
	leaf    *blockLeaf
	locals  *locals // that calls for all rows read
	stacked map[string]bool
	inEach  *locals // that calls of an iteration read
}

func (l *linker) blockLeaf(c *scopeCode, st *stmt) error {
	n := st.node
	leaf := &blockLeaf{per: max(1, n.Attr("steps").Int64()), familyOf: l.cfg.Graphs}
	leaf.limit.rows = firstBlockRows
	b := &blockLinker{linker: l, c: c, leaf: leaf, locals: newLocals(0), stacked: map[string]bool{}, inEach: newLocals(0)}
	leaf.counts = -1
	if counter := n.Text("counter"); counter != "" {
		leaf.counts = b.local(n, ir.Carried(counter), b.locals)
		b.stacked[ir.Carried(counter)] = true
	}
	leaf.calls = make([]blockCall, len(n.Body("block")))
	for i, call := range n.Body("block") {
		if err := b.call(&leaf.calls[i], call); err != nil {
			return err
		}
	}
	for i, name := range b.locals.names {
		if !b.stacked[name] {
			b.inEach.set(name, b.locals.yields[i])
		}
	}
	carries := n.Names("carry")
	for _, name := range carries {
		leaf.carry = append(leaf.carry, carried{slot: c.slot(name), local: b.local(n, ir.Carried(name), b.inEach)})
	}
	for _, call := range n.Body("each") {
		if err := b.eachCall(call); err != nil {
			return err
		}
	}
	if err := b.yields(st, n.Names("yield")); err != nil {
		return err
	}
	if err := b.value(n); err != nil {
		return err
	}
	for i, name := range carries {
		for j := range leaf.yield {
			if leaf.yield[j].to.name == name {
				leaf.carry[i].yield = &leaf.yield[j]
			}
		}
		if leaf.carry[i].yield == nil {
			return l.problem(n, "the block carries %s, which it does not store to", name)
		}
	}
	st.kind, st.exec = kindFused, leaf
	var err error
	st.source, err = l.source(c, n, st.want)
	return err
}

// local makes a local of the given name.
func (b *blockLinker) local(n *ir.Node, name string, in *locals) int {
	slot := len(b.leaf.space)
	b.leaf.space = append(b.leaf.space, ir.Value{})
	if name != ir.Discard {
		in.set(name, yield{from: &expr{kind: exprLocal, node: n, slot: slot, name: name}})
	}
	return slot
}

// results makes locals for the results of a call, which has op as its
// expression if it is one of an op.
func (b *blockLinker) results(n *ir.Node, op *expr, count int, in *locals) int {
	first := len(b.leaf.space)
	stores := n.Stores()
	for i := range count {
		name := ir.Discard
		if i < len(stores) {
			name = stores[i]
		}
		b.local(n, name, in)
		if y, ok := in.get(name); ok {
			y.call, y.result = op, i
			in.set(name, y)
		}
	}
	return first
}

// call links a call for all rows.
func (b *blockLinker) call(call *blockCall, n *ir.Node) error {
	name, args := n.Text("call"), n.Args
	call.per = 1
	if n.Op == "next_n" {
		name, args = n.Text("next_n"), n.Args[1:]
		call.per, call.matrix = int(ir.BlockDraw(n)), true
	}
	if !strings.Contains(name, ".") {
		e, err := b.operand(b.c, n, b.locals)
		if err != nil {
			return err
		}
		call.expr = e
		for i, arg := range e.args {
			if arg.kind == exprLocal && b.stacked[arg.name] {
				if call.stacked == nil {
					call.stacked = make([]bool, len(e.args))
				}
				call.stacked[i] = true
			}
		}
		if call.stacked != nil && e.op.Batched() == nil {
			return b.problem(n, "%s has no batched form", name)
		}
		call.local = b.results(n, e, len(e.out), b.locals)
		b.stack(n, call.stacked != nil)
		return nil
	}
	leaf, err := b.method(b.c, n, name, args, b.locals)
	if err != nil {
		return err
	}
	call.expr, call.self, call.method = leaf.args, leaf.self, leaf.method
	if source := leaf.method.Source; source != nil && len(n.Stores()) > 0 {
		call.out = leaf.out
		call.local = b.results(n, nil, len(leaf.out), b.locals)
		b.stack(n, true)
		return nil
	}
	if leaf.method.PrepareRows == nil || call.matrix {
		return b.problem(n, "%s takes no rows at once", name)
	}
	for _, arg := range leaf.args.args {
		if arg.kind != exprLocal || !b.stacked[arg.name] {
			return b.problem(n, "%s takes what is not stacked", name)
		}
	}
	return nil
}

func (b *blockLinker) stack(n *ir.Node, stacked bool) {
	for _, name := range n.Stores() {
		if stacked && name != ir.Discard {
			b.stacked[name] = true
		}
	}
}

// eachCall links a call of an iteration, with locals for the rows that it reads.
func (b *blockLinker) eachCall(n *ir.Node) error {
	ir.WalkNode(nil, n, func(_ *ir.Path, operand *ir.Node) bool {
		name := operand.Text("reg")
		if _, ok := b.inEach.get(name); !ok && b.stacked[name] {
			y, _ := b.locals.get(name)
			b.leaf.rows = append(b.leaf.rows, rowLocal{stack: y.from.slot, row: b.local(operand, name, b.inEach)})
		}
		return true
	})
	e, err := b.operand(b.c, n, b.inEach)
	if err != nil {
		return err
	}
	call := eachCall{expr: e, from: make([]int, len(e.args))}
	for i, arg := range e.args {
		if call.from[i] = -1; arg.kind == exprLocal && len(arg.fields) == 0 {
			call.from[i] = arg.slot
		}
	}
	call.local = b.results(n, e, len(e.out), b.inEach)
	b.leaf.each = append(b.leaf.each, call)
	return nil
}

func (b *blockLinker) yields(st *stmt, names []string) error {
	if len(names) != len(st.stores) {
		return b.problem(st.node, "the block has %d yields and %d stores", len(names), len(st.stores))
	}
	b.leaf.yield = make([]blockYield, len(names))
	for i, name := range names {
		y := &b.leaf.yield[i]
		y.to = &st.stores[i]
		from, ok := b.inEach.get(name)
		if b.stacked[name] {
			from, ok = b.locals.get(name)
			y.stacked = true
		}
		switch {
		case ok:
			y.local, y.call, y.result = from.from.slot, from.call, from.result
		case ir.IsLocal(name):
			return b.problem(st.node, "the block yields %s, which no call in it stores to", name)
		default:
			y.local, y.slot = -1, b.c.slot(name)
		}
	}
	return nil
}

// value links the value of an iteration.
func (b *blockLinker) value(n *ir.Node) error {
	v := &b.leaf.value
	v.names, v.whole = n.Names("fields"), true
	for _, name := range n.Names("value") {
		p := valuePart{local: -1}
		if from, ok := b.locals.get(name); ok && b.stacked[name] {
			p.local, p.stacked = from.from.slot, true
		} else if from, ok := b.inEach.get(name); ok {
			p.local = from.from.slot
		} else if ir.IsLocal(name) {
			return b.problem(n, "the value of the block has %s, which no call in it stores to", name)
		} else {
			p.slot = b.c.slot(name)
		}
		v.whole = v.whole && p.stacked
		v.parts = append(v.parts, p)
	}
	if v.names != nil && len(v.names) != len(v.parts) {
		return b.problem(n, "the value of the block has %d fields and %d parts", len(v.names), len(v.parts))
	}
	return nil
}
