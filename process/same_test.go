package process

import (
	"fmt"
	"strings"
	"testing"

	"flowc.dev/flowc"
	"flowc.dev/flowc/backend"
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ir/irtest"
)

// A fragment gives, bit for bit, what its statements give in place.
func TestFragmentsGiveWhatTheirStatementsGive(t *testing.T) {
	const program = `{"flowc": 1, "registers": {"w": {"tensor": {"dtype": "f32", "shape": [7, 5], "fill": 0.37}}, "j": {"tensor": {"dtype": "i64", "shape": [], "fill": 0}}},
  "functions": {
   "loss": {"params": ["w", "x"], "returns": ["l"], "body": [{"call": "mean", "args": [{"call": "square", "args": [{"call": "tanh", "args": [{"call": "matmul", "args": [{"reg": "x"}, {"reg": "w"}]}]}]}], "store": "l"}]},
   "train": {"params": ["w", "i"], "returns": ["w"], "body": [
     {"call": "exp", "args": [{"call": "multiply", "args": [{"call": "reshape", "args": [{"call": "arange", "args": [21], "kwargs": {"dtype": "f32"}}, {"list": [3, 7]}]}, {"call": "multiply", "args": [-0.1, {"call": "add", "args": [{"reg": "i"}, 1]}]}]}], "store": "x"},
     {"repeat": 9, "body": [{"grad": "loss", "args": [{"reg": "w"}, {"reg": "x"}], "wrt": "w", "store": ["l", "g"]},
       {"call": "subtract", "args": [{"reg": "w"}, {"call": "multiply", "args": [0.1, {"reg": "g"}]}], "store": "w"}]}]}},
  "outputs": ["r"], "body": [%s]}`
	const inPlace = `{"buffer": 4, "store": "r", "body": [{"call": "train", "args": [{"reg": "w"}, {"reg": "j"}], "store": "v"}, {"call": "add", "args": [{"reg": "j"}, 1], "store": "j"}, {"call": "identity", "args": [{"reg": "v"}]}]}`
	const spawned = `{"spawn": [{"call": "train", "args": [{"reg": "w"}, {"reg": "i"}], "store": "r"}], "in": ["w"], "out": ["r"], "n": 4, "as": "i", "store": "h"}, {"join": {"reg": "h"}}`
	for _, family := range []string{flowc.Step, flowc.Gorgonia} {
		m := start(t, fmt.Sprintf(program, inPlace), flowc.Options{Backend: family})
		want, _ := outcome(t, m)
		for level := range 3 {
			m := start(t, fmt.Sprintf(program, spawned), flowc.Options{Level: level, Backend: family, Fragments: engine(t, 2, "serve")})
			if got, _ := outcome(t, m); got != want {
				t.Errorf("-O%d %s: spawned\n%sin place\n%s", level, family, got, want)
			}
		}
	}
}

// Random programs give the same whether their fragments run in goroutines
// without optimization or in processes with it.
func TestRandomPrograms(t *testing.T) {
	spawns := 0
	for seed := range uint64(60) {
		text, err := flowc.Print(irtest.Program(seed, irtest.Options{Spawn: true, Hooks: true}))
		if err != nil {
			t.Fatal(err)
		}
		p, err := flowc.Parse(text, "random.json")
		if err != nil {
			t.Fatal(err)
		}
		uses := false
		ir.Walk(p, func(_ *ir.Path, n *ir.Node) bool { uses = uses || n.Op == "spawn"; return true })
		if !uses {
			continue
		}
		spawns++
		want := observe(t, p, flowc.Options{Level: 0, Backend: flowc.Step})
		got := observe(t, p, flowc.Options{Level: 2, Backend: flowc.Step, Fragments: engine(t, 2, "serve")})
		if got != want {
			t.Errorf("seed %d: in processes at -O2\n%sin goroutines at -O0\n%s", seed, got, want)
		}
	}
	if spawns < 10 {
		t.Errorf("only %d random programs spawn", spawns)
	}
}

// observe returns all that can be seen of up to 2000 steps of a program.
func observe(t *testing.T, p *ir.Program, o flowc.Options) string {
	var b strings.Builder
	o.Print = func(line string) { fmt.Fprintln(&b, line) }
	c, err := flowc.Compile(p, o)
	if err != nil {
		t.Fatal(err)
	}
	inputs := map[string]ir.Value{}
	m, err := c.Start(inputs)
	if m == nil {
		t.Fatal(err)
	}
	defer m.Close()
	for err == nil && m.Status() != backend.Done && m.Steps() < 2000 {
		if err = m.Wait(t.Context()); err == nil {
			_, err = m.Run(t.Context(), backend.Budget{Steps: 2000 - m.Steps()})
		}
	}
	fmt.Fprintf(&b, "%d steps, error %v\n%s", m.Steps(), err, digests(m))
	return b.String()
}
