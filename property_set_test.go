package flowc_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"flowc.dev/flowc"
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ir/state"
)

// A register that is set between two steps has the new value for all that comes
// after, at every level: no pass may trust what the program's text says of it.
func setRegisterCounts(s *subject, r *rand.Rand) string {
	from, to := r.IntN(levels), 1+r.IntN(levels-1)
	run := s.start(from).to(s.someStep(r))
	if run.machine == nil {
		return ""
	}
	taken, err := run.machine.Snapshot()
	if err != nil {
		return err.Error()
	}
	changed, what := withRegister(taken, r)
	if changed == nil {
		return ""
	}
	want := run.resumed(s.compiled[0], changed).to(propertySteps)
	got := run.resumed(s.compiled[to], changed).to(propertySteps)
	if diff := difference(want, got); diff != "" {
		return fmt.Sprintf("at -O%d after %d steps, then %s: -O0 and -O%d differ in %s", from, taken.Run.Steps, what, to, diff)
	}
	return ""
}

// withRegister returns the half-run program with some register set to another
// value, often of its type, nil if there is none to set.
func withRegister(s *state.Snapshot, r *rand.Rand) (changed *state.Snapshot, what string) {
	names := slices.Sorted(maps.Keys(s.Run.Registers))
	for range 5 {
		if len(names) == 0 {
			return nil, ""
		}
		name := names[r.IntN(len(names))]
		v := other(s.Run.Registers[name], r)
		if r.IntN(6) == 0 {
			v = s.Run.Registers[names[r.IntN(len(names))]]
		}
		if changed, err := state.Set(s, name, v); err == nil {
			return changed, fmt.Sprintf("%s = %s", name, ir.FormatShort(v))
		}
	}
	return nil, ""
}

// other returns a number of the type of v that differs from it, v itself if it
// is no number.
func other(v ir.Value, r *rand.Rand) ir.Value {
	switch {
	case !v.IsNumber():
		return v
	case v.IsScalar():
		n := ir.Int(int64(r.IntN(4))).Convert(v.DType())
		return n.AsWeak(v.Weak())
	}
	t, err := ir.NewTensor(v.DType(), v.Shape()...)
	if err != nil {
		return v
	}
	for i := range t.Size() {
		t.SetAt(i, ir.Int(int64(r.IntN(4))).Convert(v.DType()))
	}
	return ir.TensorValue(t)
}

// Every register of a program full of literals and copies is set after every
// step, at every level, in both families.
func TestSetAtEveryStep(t *testing.T) {
	p, err := flowc.Parse([]byte(`{"flowc": 1, "registers": {"x": {"tensor": {"dtype": "f64", "data": [2.0, 1.0]}}, "k": 2},
	  "functions": {"f": {"params": ["a"], "returns": ["r"], "body": [
	    {"call": "identity", "args": [2], "store": "two"}, {"call": "multiply", "args": [{"reg": "a"}, {"reg": "two"}], "store": "r"}]}},
	  "body": [
	    {"call": "identity", "args": [3], "store": "n"},
	    {"call": "identity", "args": [{"reg": "n"}], "store": "copy"},
	    {"call": "multiply", "args": [{"reg": "copy"}, 2], "store": "m"},
	    {"call": "add", "args": [{"reg": "x"}, {"reg": "m"}], "store": "x"},
	    {"call": "add", "args": [{"reg": "x"}, {"reg": "m"}], "store": "y"},
	    {"call": "add", "args": [{"reg": "x"}, {"reg": "m"}], "store": "z"},
	    {"call": "f", "args": [{"reg": "n"}], "store": "n"},
	    {"switch": {"call": "less", "args": [{"reg": "n"}, 4]}, "cases": [{"when": true, "body": [{"print": ["less"]}]}], "default": [{"print": ["more"]}]},
	    {"repeat": {"reg": "k"}, "body": [
	      {"call": "identity", "args": [0.5], "store": "h"},
	      {"call": "multiply", "args": [{"reg": "x"}, {"reg": "h"}], "store": "x"},
	      {"call": "add", "args": [{"reg": "h"}, {"reg": "m"}], "store": "h"},
	      {"call": "add", "args": [{"reg": "x"}, {"reg": "h"}], "store": "x"}]},
	    {"print": [{"reg": "x"}, {"reg": "y"}, {"reg": "z"}, {"reg": "n"}, {"reg": "m"}, {"reg": "h"}]}]}`), "set.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, family := range []string{flowc.Step, flowc.Gorgonia} {
		s, err := newSubject(p, family)
		if err != nil {
			t.Fatal(err)
		}
		for step := range s.whole().machine.Steps() {
			run := s.start(int(step) % levels).to(step)
			taken, err := run.machine.Snapshot()
			if err != nil {
				t.Fatal(err)
			}
			for name, v := range taken.Run.Registers {
				changed, err := state.Set(taken, name, other(v, rand.New(rand.NewPCG(uint64(step), 0))))
				if err != nil {
					t.Fatal(err)
				}
				want := run.resumed(s.compiled[0], changed).to(propertySteps)
				for level := 1; level < levels; level++ {
					if diff := difference(want, run.resumed(s.compiled[level], changed).to(propertySteps)); diff != "" {
						t.Errorf("%s family, %s set after %d steps: -O0 and -O%d differ in %s", family, name, step, level, diff)
					}
				}
			}
		}
		s.close()
	}
}
