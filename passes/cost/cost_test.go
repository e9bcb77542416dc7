package cost_test

import (
	"fmt"
	"testing"

	"flowc.dev/flowc/frontend/json"
	"flowc.dev/flowc/ops"
	"flowc.dev/flowc/passes/cost"
	"flowc.dev/flowc/passes/pass"
)

func TestGain(t *testing.T) {
	for _, c := range []struct {
		family string
		run    cost.Run
		pays   bool
	}{
		{pass.FamilyStep, cost.Run{Tensors: 1, StatementCalls: 1, CallsAfter: 1}, false},
		{pass.FamilyStep, cost.Run{Tensors: 2, StatementCalls: 2, CallsAfter: 2}, true},
		{pass.FamilyStep, cost.Run{Scalars: 2, StatementCalls: 2, CallsAfter: 2}, false},
		{pass.FamilyStep, cost.Run{Scalars: 4, StatementCalls: 4, CallsAfter: 4}, true},
		{pass.FamilyGorgonia, cost.Run{Tensors: 1, StatementCalls: 1, CallsAfter: 1}, false},
		{pass.FamilyGorgonia, cost.Run{Tensors: 2, StatementCalls: 2, CallsAfter: 2}, true},
		{pass.FamilyGorgonia, cost.Run{Leaves: 2, LeafCalls: 20, Products: 2, ProductCalls: 20, CallsAfter: 20}, true},
		{pass.FamilyGorgonia, cost.Run{Leaves: 2, LeafCalls: 2, Products: 2, ProductCalls: 2, Scalars: 3, StatementCalls: 3, CallsAfter: 5}, true},
		{pass.FamilyGorgonia, cost.Run{Leaves: 1, LeafCalls: 1, Products: 1, ProductCalls: 1, Tensors: 1, StatementCalls: 5, CallsAfter: 10}, false},
		{"another", cost.Run{Tensors: 2, StatementCalls: 2, CallsAfter: 2}, true},
	} {
		if gain := cost.Gain(c.family, c.run); gain > 0 != c.pays {
			t.Errorf("%s %+v: gain %v, want it to pay: %t", c.family, c.run, gain, c.pays)
		}
	}
}

func TestScalars(t *testing.T) {
	const program = `{"flowc": 1, "objects": {"r": {"new": "rng"}}, "inputs": ["in", "lr"],
		"registers": {"lr": 0.1, "n": 0, "x": {"tensor": {"dtype": "f32", "shape": [3], "fill": 0}}, "f": {"type": "f32"}, "g": {"type": "f32[2]"}},
		"functions": {"l": {"params": ["w"], "returns": ["l"], "body": [{"call": "sum", "args": [{"reg": "w"}], "store": "l"}]}},
		"body": [
			{"repeat": 3, "as": "i", "body": [
				{"call": "add", "args": [{"reg": "n"}, {"reg": "i"}], "store": "n"},
				{"call": "mean", "args": [{"reg": "x"}], "store": "m"},
				{"call": "mean", "args": [{"reg": "x"}], "kwargs": {"keepdims": true}, "store": "k"},
				{"call": "multiply", "args": [{"reg": "m"}, {"reg": "late"}], "store": "early"},
				{"call": "tanh", "args": [{"reg": "x"}], "store": "late"}], "store": "v"},
			{"call": "r.normal", "store": "drawn"},
			{"call": "identity", "args": [{"reg": "lr"}], "store": "copy"},
			{"call": "add", "args": [{"reg": "in"}, 1], "store": "f"},
			{"call": "add", "args": [{"reg": "in"}, 1], "store": "g"}]}`
	p, err := json.Parse([]byte(program), "p.json")
	if err != nil {
		t.Fatal(err)
	}
	s := cost.ScalarsOf(pass.NewNames(p, ops.Standard()), p, nil)
	for register, want := range map[string]bool{
		"lr": true, "n": true, "i": true, "m": true, "copy": true,
		"in": false, "x": false, "k": false, "late": false, "early": false, "drawn": false, "v": false, "g": false, "f": false,
	} {
		text := fmt.Sprintf(`{"flowc": 1, "body": [{"call": "negative", "args": [{"reg": "%s"}]}]}`, register)
		q, err := json.Parse([]byte(text), "q.json")
		if err != nil {
			t.Fatal(err)
		}
		if got := s.Expr(q.Body[0]); got != want {
			t.Errorf("register %s is taken for a scalar: %t", register, got)
		}
	}
}
