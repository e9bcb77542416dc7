package dataflow_test

import (
	"errors"
	"strings"
	"testing"

	"flowc.dev/flowc/frontend/json"
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops"
	"flowc.dev/flowc/passes/dataflow"
	"flowc.dev/flowc/passes/pass"
)

func parse(t *testing.T, text string) *ir.Program {
	t.Helper()
	p, err := json.Parse([]byte(text), "p.json")
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func builder(p *ir.Program, share bool) *dataflow.Builder {
	registry := ops.Standard()
	return &dataflow.Builder{Graph: dataflow.NewGraph(registry, share), Names: pass.NewNames(p, registry)}
}

// Equal computations are one value when a graph shares; literals are equal by
// bits and type.
func TestSharing(t *testing.T) {
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{`{"call": "add", "args": [{"reg": "x"}, 1]}`, `{"call": "add", "args": [{"reg": "x"}, 1]}`, true},
		{`{"call": "sum", "args": [{"reg": "x"}]}`, `{"call": "sum", "args": [{"reg": "x"}], "kwargs": {"axis": null}}`, true},
		{`{"call": "add", "args": [{"reg": "x"}, 1]}`, `{"call": "add", "args": [{"reg": "x"}, 1.0]}`, false},
		{`{"call": "add", "args": [{"reg": "x"}, 0.0]}`, `{"call": "add", "args": [{"reg": "x"}, -0.0]}`, false},
		{`{"call": "add", "args": [{"reg": "x"}, {"reg": "y"}]}`, `{"call": "add", "args": [{"reg": "y"}, {"reg": "x"}]}`, false},
		{`{"call": "negative", "args": [{"tensor": {"dtype": "f32", "shape": [2], "fill": 0}}]}`, `{"call": "negative", "args": [{"tensor": {"dtype": "f64", "shape": [2], "fill": 0}}]}`, false},
		{`{"call": "negative", "args": [{"index": [{"record": {"a": {"reg": "x"}}}, "a"]}]}`, `{"call": "negative", "args": [{"reg": "x"}]}`, true},
		{`{"call": "negative", "args": [{"index": [{"reg": "p"}, "a"]}]}`, `{"call": "negative", "args": [{"reg": "p.a"}]}`, true},
		{`{"call": "negative", "args": [{"index": [{"list": [1, {"reg": "x"}]}, -1]}]}`, `{"call": "negative", "args": [{"reg": "x"}]}`, true},
		{`{"call": "negative", "args": [{"call": "identity", "args": [{"reg": "x"}]}]}`, `{"call": "negative", "args": [{"reg": "x"}]}`, true},
	} {
		p := parse(t, `{"flowc": 1, "body": [`+c.a+`, `+c.b+`]}`)
		for _, share := range []bool{true, false} {
			b := builder(p, share)
			var values []*dataflow.Value
			for _, n := range p.Body {
				results, steps, err := b.Statement(dataflow.NewFrame(), n)
				if err != nil || len(results) != 1 || steps != 1 {
					t.Fatalf("%s: %v, %d steps, %v", c.a, results, steps, err)
				}
				values = append(values, results[0])
			}
			if same := values[0] == values[1]; same != (c.same && share) {
				t.Errorf("sharing %t: %s and %s are one value: %t", share, c.a, c.b, same)
			}
		}
	}
}

func TestRollback(t *testing.T) {
	g := dataflow.NewGraph(ops.Standard(), true)
	x := g.Input(nil, "x")
	kept := g.Call("negative", nil, x)
	mark := g.Mark()
	dropped := g.Call("tanh", nil, x)
	if g.Calls() != 2 {
		t.Errorf("%d calls, want 2", g.Calls())
	}
	g.Rollback(mark)
	if g.Calls() != 1 || len(g.Dead()) != 1 {
		t.Errorf("after the rollback there are %d calls, %d dead", g.Calls(), len(g.Dead()))
	}
	if g.Call("negative", nil, x) != kept {
		t.Error("what was made before the mark is forgotten")
	}
	if g.Call("tanh", nil, x) == dropped {
		t.Error("what was made after the mark is found again")
	}
}

func TestObstacles(t *testing.T) {
	for _, c := range []struct{ body, want string }{
		{`{"print": [1]}`, "it contains print"},
		{`{"loop": []}`, "it contains loop"},
		{`{"switch": 1, "cases": [], "default": []}`, "it contains switch"},
		{`{"repeat": {"reg": "n"}, "body": []}`, "without a literal count"},
		{`{"repeat": 1000000, "body": []}`, "more than 100 calls"},
		{`{"repeat": 90, "body": [{"call": "add", "args": [{"call": "add", "args": [1, 2]}, 3]}]}`, "unrolls to more than 100 calls"},
		{`{"call": "r.normal", "store": "x"}`, "it calls r.normal, which has effects"},
		{`{"grad": "f", "args": [1], "wrt": ["a"]}`, "it contains grad"},
		{`{"call": "f", "args": [1]}`, `register "b" is read before anything sets it`},
		{`{"call": "typed", "args": [1]}`, `has a declared type`},
		{`{"call": "eigh", "args": [{"reg": "x"}], "store": ["a", "b", "c"]}`, "3 registers take 2 results"},
		{`{"seq": [{"call": "add", "args": [1, 2], "hooks": [{"after": [{"print": []}]}]}]}`, "hooks are attached"},
	} {
		p := parse(t, `{"flowc": 1, "objects": {"r": {"new": "rng"}}, "functions": {
			"f": {"params": ["a"], "returns": ["a"], "body": [{"call": "add", "args": [{"reg": "a"}, {"reg": "b"}], "store": "a"}, {"call": "add", "args": [1, 1], "store": "b"}]},
			"typed": {"params": ["a"], "returns": ["a"], "registers": {"a": {"type": "f32"}}, "body": []}}, "body": [`+c.body+`]}`)
		b := builder(p, false)
		b.MaxCalls = 100
		_, _, err := b.Body(dataflow.NewFrame(), p.Body)
		var o *dataflow.Obstacle
		if !errors.As(err, &o) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q", c.body, err, c.want)
		}
	}
}

// Steps are counted as a run counts them: an iteration and a function call
// without a step take one.
func TestSteps(t *testing.T) {
	for _, c := range []struct {
		body string
		want int64
	}{
		{`{"seq": []}`, 0},
		{`{"call": "empty"}`, 1},
		{`{"repeat": 3, "body": []}`, 3},
		{`{"repeat": 0, "body": [{"call": "add", "args": [1, 1]}]}`, 0},
		{`{"repeat": 2, "as": "i", "body": [{"call": "add", "args": [{"reg": "i"}, 1]}, {"seq": [{"call": "three"}]}]}`, 8},
	} {
		p := parse(t, `{"flowc": 1, "functions": {"empty": {"params": [], "returns": [], "body": []},
			"three": {"params": [], "returns": [], "body": [{"repeat": 3, "body": [{"call": "add", "args": [1, 1]}]}]}}, "body": [`+c.body+`]}`)
		if _, steps, err := builder(p, true).Body(dataflow.NewFrame(), p.Body); err != nil || steps != c.want {
			t.Errorf("%s: %d steps (%v), want %d", c.body, steps, err, c.want)
		}
	}
}
