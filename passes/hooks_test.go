package passes_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"flowc.dev/flowc/frontend/json"
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops"
	"flowc.dev/flowc/passes"
)

// TestHooksThatPrintChangeNothingElse runs random programs with hooks that only
// print, at the highest level of each family, against the same programs without
// the hooks.
func TestHooksThatPrintChangeNothingElse(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		g := &generator{t: rt, printing: true}
		text := g.program()
		hooked, err := json.Parse([]byte(text), "random.json")
		if err != nil {
			rt.Fatalf("%s\n%v", text, err)
		}
		if err := ir.Verify(hooked, ops.Standard().Library()); err != nil {
			rt.Fatalf("%s\n%v", text, err)
		}
		bare := hooked.Copy()
		bare.Body = withoutHooks(hooked.Body)
		for _, family := range []string{"step", "gorgonia"} {
			want := lastState(rt, bare, family, 0)
			for _, level := range []int{0, 2} {
				if got := lastState(rt, hooked, family, level); got != want {
					rt.Fatalf("%s\nat -O%d in the %s family:\n%s\nwithout hooks:\n%s", text, level, family, got, want)
				}
			}
		}
	})
}

func withoutHooks(body []*ir.Node) []*ir.Node {
	bare := make([]*ir.Node, len(body))
	for i, n := range body {
		bare[i] = n.Copy()
		bare[i].Regions = nil
		for _, r := range n.Regions {
			if r.Field != "hooks" {
				r.Body = withoutHooks(r.Body)
				bare[i].Regions = append(bare[i].Regions, r)
			}
		}
	}
	return bare
}

// lastState returns the registers in the end and what was printed, but for the
// lines of hooks.
func lastState(t tester, p *ir.Program, family string, level int) string {
	t.Helper()
	p, _, err := passes.Optimize(p, passes.Options{Registry: ops.Standard(), Family: family, Level: level})
	if err != nil {
		t.Fatal(err)
	}
	states := trace(t, p, 0, nil)
	last := int64(0)
	for steps := range states {
		last = max(last, steps)
	}
	var kept []string
	for _, line := range strings.Split(states[last], "\n") {
		if !strings.HasPrefix(line, "hook ") {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "\n")
}
