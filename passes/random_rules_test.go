package passes_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"flowc.dev/flowc/frontend/json"
	"flowc.dev/flowc/ir"
	flow "flowc.dev/flowc/ir/text"
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

// Rules look into graph leaves, where each value is used once.
func TestRulesInLeaves(t *testing.T) {
	once := &passes.Pass{Name: "once", Doc: "Takes away a second abs.", Exact: true, Rules: []pass.Rule{
		{Name: "abs(abs(x)) -> abs(x)", Doc: "it is positive already", Pattern: "abs(abs($x))", Replace: "abs($x)"}}}
	table, err := passes.Standard().With(once, passes.Before("inline"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ pipeline, src, want string }{
		{"once", "x = f64[2,2]{-1, 2, 3, 4}\ny = abs(abs(x)) @ abs(x)\n",
			"x = f64[2,2]{-1, 2, 3, 4}\ny = graph yield %3 steps 1 {\n    %1 = abs(x)\n    %2 = abs(x)\n    %3 = %1 @ %2\n} source {\n    y = abs(abs(x)) @ abs(x)\n}\n"},
		{"once", "x = f64[2]{-1, 2}\nprint abs(abs(abs(x)))\n", "x = f64[2]{-1, 2}\nprint abs(x)\n"},
		{"once", "function f(a) -> r {\n    b = abs(a)\n    r = abs(b) + b\n}\nx = f64[2]{-1, 2}\ny = exp(f(x))\n", "%1 = abs(x)\n    %2 = abs(%1)\n"},
		{"inline,once", "function f(a) -> r {\n    r = abs(a)\n}\nx = f64[2]{-1, 2}\ny = exp(abs(f(x)))\n", "%1 = abs(x)\n    %2 = exp(%1)\n}"},
	} {
		p, err := flow.Parse([]byte(c.src), "prog.flow")
		if err != nil {
			t.Fatal(err)
		}
		p = p.Numbered()
		q, _, err := passes.Optimize(p, passes.Options{Registry: ops.Standard(), Table: table, Family: "gorgonia", Passes: c.pipeline})
		if err != nil {
			t.Fatal(err)
		}
		got, err := flow.Print(q)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(got), c.want) {
			t.Errorf("%s becomes\n%s\nwant\n%s", c.src, got, c.want)
		}
		sameRun(t, p, q, "gorgonia")
	}
}
