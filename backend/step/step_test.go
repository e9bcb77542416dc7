package step_test

import (
	"slices"
	"testing"

	"flowc.dev/flowc/backend"
	"flowc.dev/flowc/backend/step"
	"flowc.dev/flowc/frontend/json"
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops"
	"flowc.dev/flowc/passes"
)

// leaf returns the code of a graph leaf of eight ops on the register x.
func leaf(t *testing.T) backend.GraphCode {
	t.Helper()
	registry := ops.Standard()
	statement := `{"call": "multiply", "args": [{"reg": "x"}, 0.5], "store": "x"},`
	body := ""
	for range 8 {
		body += statement
	}
	p, err := json.Parse([]byte(`{"flowc": 1, "registers": {"x": null}, "inputs": ["x"], "body": [{"loop": [`+body+`{"print": []}]}]}`), "leaf.json")
	if err != nil {
		t.Fatal(err)
	}
	p, _, err = passes.Optimize(p, passes.Options{Registry: registry, Passes: "collapse"})
	if err != nil {
		t.Fatal(err)
	}
	var found *ir.Node
	for _, n := range p.Body {
		ir.WalkNode(nil, n, func(_ *ir.Path, n *ir.Node) bool {
			if n.Op == "graph" {
				found = n
			}
			return true
		})
	}
	if found == nil {
		t.Fatal("no graph leaf")
	}
	code, err := step.New(step.Options{Registry: registry,
		Specialize: func(leaf *ir.Node, inputType func(string) (ir.Type, error)) (*ir.Graph, error) {
			return passes.Specialize(leaf, inputType, registry)
		}}).Compile(found)
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// A leaf that has run before allocates nothing.
func TestRunsAllocateNothing(t *testing.T) {
	for name, x := range map[string]ir.Value{"scalar": ir.Float(3), "tensor": ir.TensorValue(ir.MustTensor(make([]float32, 16), 16)),
		"blocks": ir.TensorValue(ir.MustTensor(make([]float32, 20_000), 20_000))} {
		code := leaf(t)
		dst, inputs := make([]ir.Value, 1), []ir.Value{x}
		run := func() {
			if err := code.Exec(dst, inputs); err != nil {
				t.Fatal(err)
			}
		}
		run()
		if n := testing.AllocsPerRun(50, run); n != 0 {
			t.Errorf("%s: %v allocations a run", name, n)
		}
	}
}

// Small inputs wait for a number of runs, large ones do not.
func TestPatience(t *testing.T) {
	code := leaf(t).(backend.PatientCode)
	var waits []int
	for {
		n := code.Wait([]ir.Value{ir.Float(1)})
		if n == 0 {
			break
		}
		if waits = append(waits, n); len(waits) > 100 {
			t.Fatal("the leaf waits for ever")
		}
	}
	if want := []int{1, 1, 2, 4, 8, 16}; !slices.Equal(waits, want) {
		t.Errorf("a leaf with small inputs waits %v runs, want %v", waits, want)
	}
	if leaf(t).(backend.PatientCode).Wait([]ir.Value{ir.TensorValue(ir.MustTensor(make([]float32, 20_000), 20_000))}) > 0 {
		t.Error("a leaf with large inputs waits")
	}
}
