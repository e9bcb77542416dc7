package snapshot

import (
	"bytes"
	"math"
	"testing"

	"flowc.dev/flowc/frontend/json"
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ir/state"
)

const sampleSource = `{"flowc": 1, "name": "sample", "objects": {"data": {"new": "data.normal", "rows": 10}},
"registers": {"W": {"tensor": {"dtype": "f32", "shape": [2], "fill": 0}}, "i": 0}, "outputs": ["W"],
"functions": {"f": {"params": ["a"], "returns": ["a"], "registers": {"k": 1}, "body": [{"print": [{"reg": "a"}]}]}},
"body": [
  {"repeat": 10, "as": "i", "body": [
    {"weave": [[{"print": [{"reg": "i"}]}], [{"call": "f", "args": [1]}]]}]},
  {"spawn": [{"print": ["child"]}], "in": ["W"], "out": ["W"], "on": "local", "store": "h"}]}`

func sampleProgram(t testing.TB) *ir.Program {
	p, err := json.Parse([]byte(sampleSource), "sample.json")
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// find returns the ID of the first node of an element.
func find(t testing.TB, p *ir.Program, op string) ir.ID {
	var id ir.ID
	ir.Walk(p, func(_ *ir.Path, n *ir.Node) bool {
		if n.Op == op && id == 0 {
			id = n.ID
		}
		return true
	})
	if id == 0 {
		t.Fatalf("the sample has no %s", op)
	}
	return id
}

// sample returns a snapshot with every kind of value and frame.
func sample(t testing.TB) *state.Snapshot {
	p := sampleProgram(t)
	nan := math.NaN()
	w := ir.TensorValue(ir.MustTensor([]float32{1, float32(nan)}, 2))
	repeat, weave, call, printing := find(t, p, "repeat"), find(t, p, "weave"), find(t, p, "call"), p.Body[0].Body("body")[0].Regions[0].Body[0].ID
	return &state.Snapshot{
		Program: p, Family: "step", Seed: math.MaxUint64,
		Edits: []state.Edit{{Step: 3, What: "set lr = 1e-4", Before: "abc"}},
		Run: state.Run{
			Steps:   7,
			Firings: map[ir.ID]int64{call: 2, repeat: 11},
			Registers: map[string]ir.Value{
				"W": w, "W2": w, "i": ir.Int(3), "weak": ir.WeakInt(-4), "f": ir.WeakFloat(2), "minus_zero": ir.Float(math.Copysign(0, -1)),
				"b": ir.BoolValue(true), "u": ir.Scalar(ir.U8, 200), "i32": ir.Scalar(ir.I32, uint64(math.MaxUint64)), "f32": ir.Float32(0.1),
				"nan": ir.Float(nan), "weak_inf": ir.WeakFloat(math.Inf(-1)), "text": ir.String("a\"\\\n日"), "bytes": ir.String("\xff\x00"),
				"empty": ir.ListOf(), "nothing": ir.RecordOf([]string{}, []ir.Value{}), "unset": ir.ListOf(ir.Unset(), ir.Value{}),
				"mask":        ir.TensorValue(ir.MustTensor([]bool{true, false, true}, 3)),
				"weak_tensor": ir.TensorValue(ir.MustTensor([]int64{1, 2}, 2)).AsWeak(true),
				"nested":      ir.RecordOf([]string{"a/b", "\xfe"}, []ir.Value{ir.TensorValue(ir.MustTensor([]float64{}, 0, 3)), ir.ListOf(w, w)}),
				"twins":       ir.RecordOf([]string{"t", "t"}, []ir.Value{ir.TensorValue(ir.MustTensor([]float64{1}, 1)), ir.TensorValue(ir.MustTensor([]float64{2}, 1))}),
				"again":       ir.ListOf(ir.ListOf(w, w), ir.String(string(bytes.Repeat([]byte("long "), 20))), ir.String(string(bytes.Repeat([]byte("long "), 20)))),
			},
			Objects: map[string]ir.Value{"data": ir.RecordOf([]string{"row"}, []ir.Value{ir.Int(5)})},
			Main: state.Strand{Next: state.Turns, Frames: []state.Frame{
				{At: repeat},
				{Node: repeat, At: weave, Count: 10, Done: 3, Stepped: true, Value: ir.Int(1), Last: ir.String("last")},
				{Node: weave, Weave: &state.Weave{Started: 2, Current: 1, TurnsLeft: 1, TurnDone: 2, TurnAt: call, Strands: []state.Strand{
					{Next: state.Done, Value: ir.Int(1)},
					{Next: state.Leaf, Hooked: true, Frames: []state.Frame{{At: call},
						{Node: call, At: printing, Registers: map[string]ir.Value{"a": w}, Stacked: ir.TensorValue(ir.MustTensor([]uint8{1}, 1)), Left: true}}}}}},
			}},
			Children: []state.Child{{Handle: 1, Node: find(t, p, "spawn"), Call: 1, Stacked: true, Printed: ir.ListOf(ir.Strings("a"), ir.ListOf()), Copies: []state.Snapshot{
				{Program: smallProgram(t), Family: "step", Run: state.Run{Main: state.Strand{Next: state.Done, Value: ir.Int(1)}}},
				{Program: smallProgram(t), Family: "step", Run: state.Run{Steps: 1, Registers: map[string]ir.Value{"W": w}, Main: state.Strand{Next: state.Done}}}}}},
			NextHandle: 2,
		},
	}
}

// smallProgram has no positions.
func smallProgram(t testing.TB) *ir.Program {
	p := &ir.Program{Body: []*ir.Node{{Op: "print", ID: 5, Args: []*ir.Node{{Op: "const", ID: 2, Attrs: []ir.Attr{{Name: "value", Value: ir.String("child")}}}}}}}
	return p
}

func encoded(t testing.TB, s *state.Snapshot) []byte {
	var b bytes.Buffer
	if err := Encode(&b, s); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func decoded(b []byte) (*state.Snapshot, error) {
	return Decode(bytes.NewReader(b), int64(len(b)))
}

// compare reports what differs between snapshots.
func compare(t testing.TB, got, want *state.Snapshot) {
	t.Helper()
	if diff := difference(got, want); diff != "" {
		t.Error(diff)
	}
}
