package snapshot

import (
	"bytes"
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ir/state"
)

func TestAnyStateReadsBack(t *testing.T) {
	p := sampleProgram(t)
	rapid.Check(t, func(t *rapid.T) {
		g := &generator{T: t, program: p}
		want := g.snapshot(2)
		var file bytes.Buffer
		if err := Encode(&file, want); err != nil {
			t.Fatal(err)
		}
		got, err := decoded(file.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		if diff := difference(got, want); diff != "" {
			t.Fatal(diff)
		}
		var again bytes.Buffer
		if err := Encode(&again, got); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(file.Bytes(), again.Bytes()) {
			t.Fatal("what was read is written as other bytes")
		}
	})
}

// A generator draws states of a program. Values are drawn again and again, so
// that they share parts.
type generator struct {
	*rapid.T
	program *ir.Program
	values  []ir.Value
}

func (g *generator) number(limit int) int { return rapid.IntRange(0, limit).Draw(g.T, "n") }
func (g *generator) flip() bool           { return rapid.Bool().Draw(g.T, "flip") }
func (g *generator) long() int64          { return rapid.Int64Min(0).Draw(g.T, "count") }

func (g *generator) snapshot(depth int) *state.Snapshot {
	s := &state.Snapshot{Program: g.program, Family: rapid.SampledFrom([]string{"step", "gorgonia"}).Draw(g.T, "family"),
		Seed: rapid.Uint64().Draw(g.T, "seed")}
	for range g.number(2) {
		s.Edits = append(s.Edits, state.Edit{Step: g.long(), What: g.text(), Before: g.text()})
	}
	s.Run = state.Run{Steps: g.long(), Registers: g.registers(), Main: g.strand(depth)}
	if g.flip() {
		s.Run.Firings = map[ir.ID]int64{g.id(): g.long(), g.id(): 0}
	}
	if g.flip() {
		s.Run.Objects = map[string]ir.Value{"data": g.value(3)}
	}
	for i := range g.number(depth) {
		child := state.Child{Handle: int64(i), Node: 14, Call: g.long(), Stacked: g.flip(), Printed: g.value(1)}
		for range g.number(2) {
			child.Copies = append(child.Copies, *g.snapshot(depth - 1))
		}
		s.Run.Children = append(s.Run.Children, child)
		s.Run.NextHandle = int64(i + 1 + g.number(3))
	}
	return s
}

func (g *generator) id() ir.ID {
	return rapid.SampledFrom([]ir.ID{5, 7, 9, 10, 12, 14}).Draw(g.T, "id")
}

func (g *generator) strand(depth int) state.Strand {
	s := state.Strand{Next: rapid.SampledFrom([]state.Next{state.Leaf, state.Tick, state.Turns, state.Done, state.Finish}).Draw(g.T, "next"), Value: g.value(2)}
	if s.Next == state.Done {
		return s
	}
	s.Hooked = g.flip()
	for i := range 1 + g.number(2) {
		f := state.Frame{At: g.id(), Count: g.long(), Done: g.long(), Stepped: g.flip(), Left: g.flip(),
			Value: g.value(1), Last: g.value(1), Stacked: g.value(1), Registers: g.registers()}
		if i > 0 {
			f.Node = g.id()
		}
		if depth > 0 && g.flip() {
			f.Weave = &state.Weave{TurnsLeft: g.long(), TurnAt: g.id(), TurnDone: g.long()}
			for range g.number(2) {
				f.Weave.Strands = append(f.Weave.Strands, g.strand(depth-1))
			}
			f.Weave.Started, f.Weave.Current = g.number(len(f.Weave.Strands)), g.number(len(f.Weave.Strands))
		}
		s.Frames = append(s.Frames, f)
	}
	return s
}

func (g *generator) registers() map[string]ir.Value {
	registers := map[string]ir.Value{}
	for i := range g.number(4) {
		if v := g.value(3); !v.IsUnset() {
			registers[fmt.Sprintf("r%d", i)] = v
		}
	}
	return registers
}

func (g *generator) text() string {
	return rapid.OneOf(rapid.String(), rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) }),
		rapid.SampledFrom([]string{string(bytes.Repeat([]byte("x"), 80)), "a/b~", ""})).Draw(g.T, "text")
}

// value draws a new value or one that was drawn before, or a copy of it.
func (g *generator) value(depth int) ir.Value {
	if len(g.values) > 0 && g.number(3) == 0 {
		v := rapid.SampledFrom(g.values).Draw(g.T, "again")
		if g.flip() {
			v = deepCopy(v)
		}
		return v
	}
	v := g.newValue(depth)
	g.values = append(g.values, v)
	return v
}

func (g *generator) newValue(depth int) ir.Value {
	kinds := 5
	if depth > 0 {
		kinds = 7
	}
	switch g.number(kinds) {
	case 0:
		return ir.Value{}
	case 1:
		return ir.Unset()
	case 2, 3:
		return g.scalar(rapid.SampledFrom(ir.DTypes).Draw(g.T, "dtype")).AsWeak(g.flip())
	case 4:
		return ir.String(g.text())
	case 5:
		tensor, err := ir.NewTensor(rapid.SampledFrom(ir.DTypes).Draw(g.T, "dtype"), rapid.SliceOfN(rapid.IntRange(0, 3), 0, 3).Draw(g.T, "shape")...)
		if err != nil {
			g.Fatal(err)
		}
		for i := range tensor.Size() {
			tensor.SetAt(i, g.scalar(tensor.DType()))
		}
		return ir.TensorValue(tensor).AsWeak(g.flip())
	case 6:
		items := make([]ir.Value, g.number(3))
		for i := range items {
			items[i] = g.value(depth - 1)
		}
		return ir.ListOf(items...)
	}
	names, values := make([]string, g.number(3)), []ir.Value{}
	for i := range names {
		names[i] = g.text()
		values = append(values, g.value(depth-1))
	}
	return ir.RecordOf(names, values)
}

// scalar draws a number of any bits, special ones often.
func (g *generator) scalar(dtype ir.DType) ir.Value {
	special := rapid.SampledFrom([]float64{0, math.Copysign(0, -1), 1, 1e21, 0.1, math.NaN(), math.Inf(1), math.Inf(-1), 5e-324})
	switch dtype {
	case ir.F64:
		if g.flip() {
			return ir.Float(special.Draw(g.T, "f64"))
		}
		return ir.Float(math.Float64frombits(rapid.Uint64().Draw(g.T, "f64")))
	case ir.F32:
		if g.flip() {
			return ir.Float32(float32(special.Draw(g.T, "f32")))
		}
		return ir.Float32(math.Float32frombits(rapid.Uint32().Draw(g.T, "f32")))
	}
	return ir.Int(rapid.Int64().Draw(g.T, "int")).Convert(dtype)
}
