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
			wantError(t, ir.VerifyChanged(before, c.after, ops.Standard().Library()), c.want)
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
