package licm

import (
	"fmt"
	"strings"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/passes/pass"
)

// operands returns the statement n with the calls in its operands that are
// invariant in the loops around evaluated once. The statement's own call stays: a
// failure is told in its words.
func (h *hoister) operands(n *ir.Node) *ir.Node {
	if len(h.loops) == 0 || n.Op == "graph" {
		return n
	}
	o := &operands{h: h, statement: n, level: map[*ir.Node]int{}, rewrite: "invariant operands hoisted"}
	if n.Op == "switch" && n.Args[0].Op != "const" && o.levelOf(n.Args[0]) < len(h.loops) {
		o.rewrite = "loops unswitched"
		if kept := o.keep(n.Args[0]); kept != nil {
			n = n.Copy()
			n.Args[0] = kept
		}
		return n
	}
	return o.below(n, len(h.loops))
}

type operands struct {
	h         *hoister
	statement *ir.Node
	rewrite   string
	level     map[*ir.Node]int // as in splitter, of expressions that have been looked at
}

// levelOf returns how many of the loops, counted from outside, an expression has
// to be inside of.
func (o *operands) levelOf(n *ir.Node) int {
	if level, known := o.level[n]; known {
		return level
	}
	level := 0
	switch {
	case n.Op == "reg":
		name, _, _ := strings.Cut(n.Text("reg"), ".")
		level = o.h.stores.level(o.h.loops, name)
	case n.Op == "call" && !o.pure(n.Text("call")):
		level = len(o.h.loops)
	}
	for _, arg := range n.Args {
		level = max(level, o.levelOf(arg))
	}
	for _, k := range n.Kwargs {
		level = max(level, o.levelOf(k.Node))
	}
	o.level[n] = level
	return level
}

// pure reports whether a call gives equal results for equal arguments, also in
// what it counts: a function that is called within a function adds to the steps
// by which the outer one is bounded.
func (o *operands) pure(name string) bool {
	if op := o.h.names.Op(name); op != nil {
		return op.Effects.Pure()
	}
	return o.h.function == nil && o.h.names.Function(name) != nil
}

// below returns n with what is invariant in more than its own level below it
// kept.
func (o *operands) below(n *ir.Node, level int) *ir.Node {
	result := n
	for i, arg := range n.Args {
		if changed := o.operand(arg, level); changed != arg {
			if result == n {
				result = n.Copy()
			}
			result.Args[i] = changed
		}
	}
	for i, k := range n.Kwargs {
		if changed := o.operand(k.Node, level); changed != k.Node {
			if result == n {
				result = n.Copy()
			}
			result.Kwargs[i].Node = changed
		}
	}
	return result
}

func (o *operands) operand(n *ir.Node, level int) *ir.Node {
	if o.levelOf(n) >= level || n.Op != "index" && n.Op != "call" || n.Text("call") == "identity" {
		return o.below(n, level)
	}
	if kept := o.keep(n); kept != nil {
		return kept
	}
	return n
}

// keep returns the operand that keeps the value of n, nil if there may be none.
func (o *operands) keep(n *ir.Node) *ir.Node {
	h, level := o.h, o.levelOf(n)
	loops := ir.Const(ir.WeakInt(int64(len(h.loops) - level)))
	if !h.c.Fits(&ir.Node{Regions: []ir.Region{{Field: "graph", Body: []*ir.Node{loops}}}}) {
		h.stats.Note(o.statement, "not hoisted from: %s", pass.TooLarge)
		return nil
	}
	if !h.c.Fire(o.rewrite, o.statement) {
		return nil
	}
	name := fmt.Sprintf("%s%d", ir.HiddenPrefix, h.c.NewID())
	kept := ir.Call(name, o.below(n, level), loops)
	loops.ID, kept.ID, kept.Pos, kept.Origins = h.c.NewID(), h.c.NewID(), n.Pos, originsOf(n)
	return kept
}

// whole reports whether all of the statement n, a call of an op, is invariant.
func (h *hoister) whole(n *ir.Node) bool {
	inner := h.loops[len(h.loops)-1:]
	invariant := func(n *ir.Node) bool {
		name, _, _ := strings.Cut(n.Text("reg"), ".")
		return n.Op != "reg" || h.stores.level(inner, name) == 0
	}
	whole := true
	pass.WalkOperands(n, func(n *ir.Node) bool {
		whole = whole && invariant(n)
		return whole
	})
	return whole
}
