package state

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"flowc.dev/flowc/ir"
)

// Set returns the half-run program s with a register of the program, not of a
// function, set to a value, as a store would: the value must fit the register's
// declaration, and weak numbers stay weak where that leaves them so. The counter
// of a loop that is running cannot be set. s is not changed; the result shares
// its values. The change is entered in Edits.
func Set(s *Snapshot, name string, v ir.Value) (*Snapshot, error) {
	known := scopeOf(s.Program, s.Program, "").mentioned
	if _, set := s.Run.Registers[name]; !set && !known[name] {
		return nil, fmt.Errorf("the program has no register %q: it has %s", name, strings.Join(slices.Sorted(maps.Keys(known)), ", "))
	}
	if isCounter(newTree(s.Program), &s.Run.Main, name) {
		return nil, fmt.Errorf("register %q counts the iterations of a loop that is running, which cannot be changed", name)
	}
	what := fmt.Sprintf("set %s = %s", name, ir.FormatShort(v))
	if r := s.Program.Register(name); r != nil && r.Fixed {
		if !ir.Storable(r.Type, v.Type()) {
			return nil, fmt.Errorf("register %q is declared %s and cannot take %s", name, r.Type, v.Type())
		}
		v = strong(v, r.Type.DType)
	}
	v.Freeze()
	changed := *s
	changed.Edits = append(slices.Clone(s.Edits), Edit{Step: s.Run.Steps, What: what, Before: ir.Digest(s.Program)})
	changed.Run.Registers = maps.Clone(s.Run.Registers)
	if changed.Run.Registers == nil {
		changed.Run.Registers = map[string]ir.Value{}
	}
	changed.Run.Registers[name] = v
	return &changed, nil
}

// strong returns a number as a strong one of a dtype that it converts to.
func strong(v ir.Value, dtype ir.DType) ir.Value {
	switch {
	case !v.Weak():
		return v
	case v.IsScalar():
		return v.Convert(dtype)
	}
	t, err := ir.NewTensor(dtype, v.Shape()...)
	if err != nil {
		panic("bug: the shape of a tensor is refused: " + err.Error())
	}
	for i := range t.Size() {
		t.SetAt(i, v.Tensor().At(i))
	}
	return ir.TensorValue(t)
}

// isCounter reports whether a loop around the position, not within a function
// call, counts in the register.
func isCounter(t *tree, s *Strand, name string) bool {
	for i := range s.Frames {
		f := &s.Frames[i]
		n := t.places[f.Node].node
		switch {
		case n == nil:
		case n.Op == "call":
			return false
		case n.Op == "repeat" && n.Text("as") == name:
			return true
		}
		if f.Weave == nil {
			continue
		}
		for j := range f.Weave.Strands {
			if isCounter(t, &f.Weave.Strands[j], name) {
				return true
			}
		}
	}
	return false
}
