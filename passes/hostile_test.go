package passes_test

import (
	"fmt"
	"strings"
	"testing"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops"
	"flowc.dev/flowc/passes"
)

// TestHostilePrograms compiles programs whose expansion has no bound: each must
// come to an end, with an error only where grad needs the expansion.
func TestHostilePrograms(t *testing.T) {
	doubling := func(body string) string {
		var b strings.Builder
		for i := range 40 {
			fmt.Fprintf(&b, `"f%d": {"params": ["a"], "returns": ["a"], "body": [%s]}, `, i, strings.ReplaceAll(body, "NEXT", fmt.Sprintf("f%d", i+1)))
		}
		return b.String() + `"f40": {"params": ["a"], "returns": ["a"], "body": []}`
	}
	twice := doubling(`{"call": "NEXT", "args": [{"reg": "a"}], "store": "a"}, {"call": "NEXT", "args": [{"reg": "a"}], "store": "a"}`)
	nested := doubling(`{"call": "tanh", "args": [{"call": "add", "args": [{"call": "NEXT", "args": [{"reg": "a"}]}, {"call": "NEXT", "args": [{"reg": "a"}]}]}], "store": "a"}`)
	lists := doubling(`{"call": "identity", "args": [{"list": [{"reg": "a"}, {"reg": "a"}]}], "store": "a"}, {"call": "NEXT", "args": [{"reg": "a"}], "store": "a"}`)
	wide := make([]string, 3000)
	for i := range wide {
		wide[i] = `{"call": "add", "args": [{"reg": "x"}, {"reg": "x"}], "store": "x"}`
	}
	for _, c := range []struct{ name, functions, body, want string }{
		{"doubling calls in an expression", twice, `{"call": "add", "args": [{"call": "f0", "args": [{"reg": "x"}]}, 1], "store": "y"}`, ""},
		{"doubling calls in a statement", twice, `{"call": "f0", "args": [{"reg": "x"}], "store": "y"}`, ""},
		{"doubling expressions", nested, `{"call": "f0", "args": [{"reg": "x"}], "store": "y"}, {"call": "add", "args": [{"call": "f0", "args": [{"reg": "x"}]}, 1], "store": "y"}`, ""},
		{"doubling lists", lists, `{"call": "f0", "args": [{"reg": "x"}], "store": "y"}, {"call": "identity", "args": [{"call": "f0", "args": [{"reg": "x"}]}], "store": "y"}`, ""},
		{"a gradient of doubling calls", nested, `{"grad": "f0", "args": [{"reg": "x"}], "wrt": ["a"], "store": ["l", "g"]}`, "the function unrolls to"},
		{"a gradient of doubling empty calls", twice, `{"grad": "f0", "args": [{"reg": "x"}], "wrt": ["a"], "store": ["l", "g"]}`, "unrolls"},
		{"many statements", doubling(""), strings.Join(wide, ", "), ""},
		{"a long repeat", `"f": {"params": ["a"], "returns": ["a"], "body": [{"repeat": 1000000000000000000, "body": [{"repeat": 1000000000000000000, "body": []}]}]}`,
			`{"call": "f", "args": [{"reg": "x"}], "store": "y"}, {"call": "add", "args": [{"call": "f", "args": [{"reg": "x"}]}, 1], "store": "y"}`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := parse(t, fmt.Sprintf(`{"flowc": 1, "inputs": ["x"], "functions": {%s}, "body": [%s]}`, c.functions, c.body))
			for _, family := range []string{"step", "gorgonia"} {
				q, _, err := passes.Optimize(p, passes.Options{Registry: ops.Standard(), Level: 2, Family: family})
				wantError(t, err, c.want)
				if err != nil {
					continue
				}
				nodes := 0
				ir.Walk(q, func(*ir.Path, *ir.Node) bool { nodes++; return true })
				if nodes > ir.MaxNodes/2 {
					t.Errorf("%d nodes", nodes)
				}
			}
		})
	}
}
