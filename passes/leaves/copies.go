package leaves

import (
	"slices"
	"strings"

	"flowc.dev/flowc/ir"
)

// PropagateCopies puts the operands of identity calls in the places of their
// results and leaves the calls out where nothing is left to use them, as far as
// may allows it.
func PropagateCopies(leaf *ir.Node, may func(call *ir.Node) bool) *ir.Node {
	if !slices.ContainsFunc(leaf.Body("graph"), func(call *ir.Node) bool { return call.Text("call") == "identity" }) {
		return leaf
	}
	return Edit(leaf, func(l *Leaf, call *ir.Node) *ir.Node {
		if call.Text("call") != "identity" || len(call.Args) != 1 || len(call.Stores()) != 1 {
			return call
		}
		operand, name := call.Args[0], call.Stores()[0]
		stays, ok := l.copied(operand, name)
		if !ok || stays && l.Uses(name) == 0 || !may(call) {
			return call
		}
		l.Replace(name, operand)
		if stays {
			return call
		}
		return nil
	})
}

// copied reports whether the operand may take the place of the copy of it that
// is called name, and whether the copy stays all the same.
func (l *Leaf) copied(operand *ir.Node, name string) (stays, ok bool) {
	switch operand.Op {
	case "const":
		// A literal has one place, unless it is small.
		v := operand.Attr("value")
		return l.Yielded(name), v.IsScalar() || v.IsNull() || v.Kind() == ir.Str || l.Uses(name) <= 1
	case "reg":
		register := operand.Text("reg")
		if ir.IsLocal(register) {
			return false, true
		}
		if l.Lone() {
			return false, false
		}
		// Reading a field may fail, and is no name to yield.
		field := strings.Contains(register, ".")
		return field && (l.Yielded(name) || l.Uses(name) == 0), true
	}
	return false, false
}
