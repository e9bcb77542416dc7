package irtest

import (
	"slices"
	"strings"

	"flowc.dev/flowc/ir"
)

func integer(k int) *ir.Node   { return ir.Const(ir.WeakInt(int64(k))) }
func real(x float64) *ir.Node  { return ir.Const(ir.WeakFloat(x)) }
func text(s string) *ir.Node   { return ir.Const(ir.String(s)) }
func truth(yes bool) *ir.Node  { return ir.Const(ir.BoolValue(yes)) }
func null() *ir.Node           { return &ir.Node{Op: "const"} }
func dtypeOf(t ir.Type) string { return t.DType.String() }

func list(items ...*ir.Node) *ir.Node { return &ir.Node{Op: "list", Args: items} }

func integers(ks []int) *ir.Node {
	items := make([]*ir.Node, len(ks))
	for i, k := range ks {
		items[i] = integer(k)
	}
	return list(items...)
}

func index(args ...*ir.Node) *ir.Node { return &ir.Node{Op: "index", Args: args} }

func slice(bounds ...*ir.Node) *ir.Node { return &ir.Node{Op: "slice", Args: bounds} }

// with returns n with a named operand added.
func with(n *ir.Node, name string, value *ir.Node) *ir.Node {
	n.Kwargs = append(n.Kwargs, ir.Kwarg{Name: name, Node: value})
	slices.SortFunc(n.Kwargs, func(a, b ir.Kwarg) int { return strings.Compare(a.Name, b.Name) })
	return n
}

// region returns an element with one region.
func region(op, field string, body []*ir.Node, args ...*ir.Node) *ir.Node {
	return &ir.Node{Op: op, Args: args, Regions: []ir.Region{{Field: field, Body: body}}}
}

// statement returns an expression as a statement.
func asStatement(n *ir.Node) *ir.Node {
	if n.Op == "call" {
		return n
	}
	return ir.Call("identity", n)
}

// choice returns a switch on a bool.
func choice(condition *ir.Node, then, otherwise []*ir.Node) *ir.Node {
	return &ir.Node{Op: "switch", Args: []*ir.Node{condition}, Regions: []ir.Region{
		{Field: "cases", When: ir.BoolValue(true), Body: then}, {Field: "default", Body: otherwise}}}
}
