package region

import (
	"fmt"
	"slices"
	"testing"

	"flowc.dev/flowc/ir"
)

// TestInputRegisters checks the order of the registers that a leaf reads, each
// once, in operands of any depth, be they few or many.
func TestInputRegisters(t *testing.T) {
	reg := func(name string) *ir.Node {
		return &ir.Node{Op: "reg", Attrs: []ir.Attr{{Name: "reg", Value: ir.String(name)}}}
	}
	leaf := &ir.Node{Op: "graph", Attrs: []ir.Attr{{Name: "yield", Value: ir.Strings("%1", "y", "r3", "%h7")}}}
	var body []*ir.Node
	var want []string
	for i := range 3 * few {
		name := fmt.Sprintf("r%d", i)
		want = append(want, name)
		inner := &ir.Node{Op: "list", Args: []*ir.Node{reg("%1"), reg(name), reg(fmt.Sprintf("r%d.field", i/2))}}
		body = append(body,
			&ir.Node{Op: "call", Args: []*ir.Node{{Op: "list", Args: []*ir.Node{inner}}}},
			&ir.Node{Op: "call", Args: []*ir.Node{reg(name), reg("r0")}},
			&ir.Node{Op: "call", Kwargs: []ir.Kwarg{{Name: "axis", Node: reg(name)}}})
	}
	leaf.Regions = []ir.Region{{Field: "graph", Body: body}}
	if got, want := inputRegisters(leaf), append(want, "y", "%h7"); !slices.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}
