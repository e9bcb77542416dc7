package state_test

import (
	"strings"
	"testing"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ir/state"
)

// setProgram has a loop with a counter, within which it stands, and a register
// with a type.
func setProgram() *state.Snapshot {
	loop := &ir.Node{Op: "repeat", ID: 1, Args: []*ir.Node{{Op: "const", ID: 2, Attrs: []ir.Attr{{Name: "value", Value: ir.WeakInt(3)}}}},
		Attrs: []ir.Attr{{Name: "as", Value: ir.String("i")}}}
	body := ir.Call("identity", ir.Reg("j")).StoringTo("k")
	body.ID, body.Args[0].ID = 3, 4
	loop.Regions = []ir.Region{{Field: "body", Body: []*ir.Node{body}}}
	p := &ir.Program{Body: []*ir.Node{loop}, Registers: []ir.Register{
		{Name: "W", Fixed: true, Type: ir.NumberType(ir.F32, 2)}, {Name: "n", Fixed: true, Type: ir.NumberType(ir.U8)}}}
	return &state.Snapshot{Program: p, Run: state.Run{Steps: 2, Registers: map[string]ir.Value{"i": ir.Int(1)},
		Main: state.Strand{Next: state.Leaf, Frames: []state.Frame{{At: 1}, {Node: 1, At: 3, Count: 3, Done: 1}}}}}
}

func TestSet(t *testing.T) {
	pair := func(dtype ir.DType, weak bool) ir.Value {
		tensor, err := ir.NewTensor(dtype, 2)
		if err != nil {
			t.Fatal(err)
		}
		return ir.TensorValue(tensor).AsWeak(weak)
	}
	for _, c := range []struct {
		name       string
		value      ir.Value
		want, fail string
	}{
		{"j", ir.WeakFloat(1e-4), "weak f64", ""},
		{"k", ir.String("x"), "string", ""},
		{"n", ir.WeakInt(7), "u8", ""},
		{"n", ir.Scalar(ir.U8, 7), "u8", ""},
		{"W", pair(ir.F32, false), "f32[2]", ""},
		{"W", pair(ir.F64, true), "f32[2]", ""},
		{"W", pair(ir.F64, false), "", `register "W" is declared f32[2] and cannot take f64[2]`},
		{"W", ir.WeakFloat(1), "", "cannot take weak f64"},
		{"n", ir.WeakFloat(1), "", "cannot take weak f64"},
		{"x", ir.WeakInt(1), "", `the program has no register "x": it has W, i, j, k, n`},
		{"i", ir.WeakInt(1), "", `register "i" counts the iterations of a loop that is running`},
	} {
		s := setProgram()
		changed, err := state.Set(s, c.name, c.value)
		if c.fail != "" {
			if err == nil || !strings.Contains(err.Error(), c.fail) {
				t.Errorf("%s: the error is %v: want %q in it", c.name, err, c.fail)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %s", c.name, err)
			continue
		}
		if got := changed.Run.Registers[c.name].Type().String(); got != c.want {
			t.Errorf("%s is %s, want %s", c.name, got, c.want)
		}
		if len(s.Run.Registers) != 1 || len(s.Edits) != 0 {
			t.Error("the snapshot itself has changed")
		}
		if len(changed.Edits) != 1 || changed.Edits[0].Step != 2 || !strings.HasPrefix(changed.Edits[0].What, "set "+c.name+" = ") {
			t.Errorf("the record is %+v", changed.Edits)
		}
	}
	s := setProgram()
	s.Run.Main = state.Strand{Next: state.Done}
	if _, err := state.Set(s, "i", ir.Int(5)); err != nil {
		t.Errorf("the counter of a loop that is done cannot be set: %s", err)
	}
}
