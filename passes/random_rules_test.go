package passes_test

import (
	"testing"

	"pgregory.net/rapid"

	"flowc.dev/flowc/frontend/json"
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops"
	"flowc.dev/flowc/passes"
	"flowc.dev/flowc/passes/pass"
)

// copying is a pass whose rules apply nearly everywhere and change no bit.
func copying() *passes.Pass {
	copied := func(name string) func(m *pass.Match) bool {
		return func(m *pass.Match) bool { return m.Operand(name).Text("call") != "identity" }
	}
	return &passes.Pass{Name: "copying", Doc: "Copies operands.", Exact: true, Rules: []pass.Rule{
		{Name: "a + b", Doc: "a is copied", Pattern: "$a + $b", Replace: "identity($a) + $b", Guard: copied("a")},
		{Name: "a - b", Doc: "b is copied", Pattern: "$a - $b", Guard: copied("b"),
			Build: func(m *pass.Match) *ir.Node {
				return ir.Call("subtract", m.Operand("a"), ir.Call("identity", m.Operand("b")))
			}},
		{Name: "print", Doc: "what is printed is copied", Pattern: "print $x", Replace: "print identity($x)", Guard: copied("x")},
	}}
}

// Rules keep what a program does at every step, alone and among other passes.
func TestRulesOnRandomPrograms(t *testing.T) {
	table, err := passes.Standard().With(copying(), passes.Before("inline"))
	if err != nil {
		t.Fatal(err)
	}
	fired := map[string]int{}
	rapid.Check(t, func(rt *rapid.T) {
		g := &generator{t: rt}
		text := g.program()
		p, err := json.Parse([]byte(text), "random.json")
		if err != nil {
			rt.Fatalf("%s\n%v", text, err)
		}
		for _, family := range []string{"step", "gorgonia"} {
			for _, pipeline := range []string{"copying", "canonicalize,copying,inline,fuse-buffer,collapse"} {
				q, _, err := passes.Optimize(p, passes.Options{Registry: ops.Standard(), Table: table, Family: family, Passes: pipeline,
					OnFire: func(_ *passes.Pass, rewrite string, _ *ir.Node) { fired[rewrite]++ }})
				if err != nil {
					rt.Fatalf("%s\n%v", text, err)
				}
				sameRunOf(rt, p, q, family)
				if rt.Failed() {
					rt.Log(text)
				}
			}
		}
	})
	for _, r := range copying().Rules {
		if fired[r.Name] == 0 && !t.Failed() {
			t.Errorf("rule %q applies to no random program", r.Name)
		}
	}
}
