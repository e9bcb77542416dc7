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

// TestWait checks which leaves are left to the reference evaluation at first,
// and which for good.
func TestWait(t *testing.T) {
	for _, c := range []struct {
		patience, calls, elements int
		first, later              bool
	}{
		{0, 1, 1, false, false}, // other bits
		{2, plainCalls, plainElements, true, true},
		{2, plainCalls, plainElements + 1, true, false},
		{2, plainCalls + 1, 1, true, false},
		{2, 1, blockElements + 1, false, false},
	} {
		leaf := &ir.Node{Op: "graph", Regions: []ir.Region{{Field: "graph", Body: make([]*ir.Node, c.calls)}}}
		code := New(Options{Patience: c.patience}).Code(leaf, []string{"x"})
		inputs := []ir.Value{vector[float32](1, c.elements)}
		first := code.Wait(inputs) > 0
		code.Wait(inputs)
		if later := code.Wait(inputs) > 0; first != c.first || later != c.later {
			t.Errorf("%+v: got %t, then %t", c, first, later)
		}
	}
}
