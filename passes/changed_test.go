package passes_test

import (
	"slices"
	"testing"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops"
)

// Of a changed program, what was there before is passed over, but not what is
// new, nor what depends on both.
func TestVerifyChangedLooksAtWhatIsNew(t *testing.T) {
	before := parse(t, printing).Numbered()
	with := func(at int, n *ir.Node) *ir.Program {
		after := before.Copy()
		after.Body = slices.Insert(slices.Clone(before.Body), at, n)
		return after
	}
	fresh := func(op string) *ir.Node {
		n := ir.Call(op, ir.Reg("x"))
		n.ID = before.MaxID() + 1
		return n
	}
	taken := fresh("negative")
	taken.ID = before.Body[2].ID
	misplaced := &ir.Node{Op: "break", ID: before.MaxID() + 1}
	malformed := fresh("negative")
	malformed.Attrs = append(malformed.Attrs, ir.Attr{Name: "colour", Value: ir.Int(1)})
	for _, c := range []struct {
		name  string
		after *ir.Program
		want  string
	}{
		{"nothing", before, ""},
		{"a good call", with(1, fresh("negative")), ""},
		{"an unknown op", with(3, fresh("negativ")), "unknown op"},
		{"an ID that a later statement has", with(0, taken), "is taken"},
		{"an ID that an earlier statement has", with(3, taken), "is taken"},
		{"a break outside of loops", with(1, misplaced), "stands in no loop"},
		{"an attribute that calls do not have", with(1, malformed), "no attribute"},
	} {
		t.Run(c.name, func(t *testing.T) {
			wantError(t, ir.Known(before).Changed(before, c.after, ops.Standard().Library()), c.want)
		})
	}
}

// A statement that moves is looked at again where it stands, and the program that
// was verified last is what the next one is compared with.
func TestVerifiedLooksAtWhatMoves(t *testing.T) {
	before := parse(t, printing).Numbered()
	with := func(body ...*ir.Node) *ir.Program {
		after := before.Copy()
		after.Body = body
		return after
	}
	id := before.MaxID()
	number := func(n *ir.Node) *ir.Node {
		id++
		n.ID = id
		return n
	}
	count := number(ir.Const(ir.Int(2)))
	loop := func(body ...*ir.Node) *ir.Node {
		return number(&ir.Node{Op: "repeat", Args: []*ir.Node{count}, Attrs: []ir.Attr{{Name: "as", Value: ir.String("i")}},
			Regions: []ir.Region{{Field: "body", Body: body}}})
	}
	operand := number(ir.Reg("x"))
	store := number(ir.Call("negative", operand).StoringTo("i"))
	local := number(ir.Call("negative", operand).StoringTo("%1"))
	source := number(ir.Call("negative", operand).StoringTo("y"))
	leaf := number(&ir.Node{Op: "graph", Attrs: []ir.Attr{{Name: "steps", Value: ir.Int(1)}, {Name: "store", Value: ir.Strings("y")}, {Name: "yield", Value: ir.Strings("%1")}},
		Regions: []ir.Region{{Field: "graph", Body: []*ir.Node{local}}, {Field: "source", Body: []*ir.Node{source}}}})
	first := with(append(slices.Clone(before.Body), store, leaf)...)
	var known ir.Verified
	if err := known.Changed(before, first, ops.Standard().Library()); err != nil {
		t.Fatal(err)
	}
	if known.Had(leaf) || !known.Had(before.Body[0]) {
		t.Error("what was there before is not told from what is new")
	}
	for _, c := range []struct {
		name  string
		after *ir.Program
		want  string
	}{
		{"into a loop", with(append(slices.Clone(before.Body), loop(store))...), "counts an enclosing repeat"},
		{"out of a leaf", with(append(slices.Clone(before.Body), local)...), "is not a register to store to"},
		{"into a loop that counts otherwise", with(append(slices.Clone(before.Body), loop(leaf))...), ""},
		{"away", before, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			wantError(t, known.Changed(first, c.after, ops.Standard().Library()), c.want)
		})
	}
}

func TestKept(t *testing.T) {
	n := make([]*ir.Node, 5)
	for i := range n {
		n[i] = ir.Reg("x")
	}
	fresh := ir.Reg("x")
	got := ir.Kept(n, []*ir.Node{n[0], fresh, n[3], n[2], n[4], n[4]})
	if want := []bool{true, false, true, false, true, false}; !slices.Equal(got, want) {
		t.Errorf("kept %t, want %t", got, want)
	}
}
