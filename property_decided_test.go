package flowc_test

import (
	"strings"
	"testing"

	"flowc.dev/flowc"
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ir/state"
)

// A run goes on in an element that an edit has decided otherwise: what the text
// says of it holds from the next time on that control comes to it.
func TestResumeInDecidedElement(t *testing.T) {
	const inside = `[{"call": "add", "args": [{"reg": "n"}, 1], "store": "n", "id": 2}, {"call": "multiply", "args": [{"reg": "n"}, 2], "store": "n", "id": 3}, {"print": [{"reg": "n"}], "id": 4}]`
	for name, edit := range map[string][2]string{
		"another branch":         {`{"switch": 1, "cases": [{"when": 1, "body": IN}], "default": [], "id": 1}`, `{"switch": 2, "cases": [{"when": 1, "body": IN}], "default": [], "id": 1}`},
		"a loop that never runs": {`{"repeat": 3, "body": IN, "id": 1}`, `{"repeat": 0, "body": IN, "id": 1}`},
		"a loop that ended":      {`{"while": {"call": "less", "args": [{"reg": "n"}, 9]}, "body": IN, "id": 1}`, `{"while": false, "body": IN, "id": 1}`},
		"one iteration":          {`{"repeat": 3, "body": IN, "id": 1}`, `{"repeat": 1, "body": IN, "id": 1}`},
		"after a break": {`{"repeat": 3, "body": [{"seq": [], "id": 7}, {"seq": IN, "id": 8}], "id": 1}`,
			`{"repeat": 3, "body": [{"seq": [{"break": null, "id": 9}], "id": 7}, {"seq": IN, "id": 8}], "id": 1}`},
	} {
		program := func(element string) *ir.Program {
			text := `{"flowc": 1, "registers": {"n": 0}, "body": [` + strings.ReplaceAll(element, "IN", inside) + `, {"print": ["end", {"reg": "n"}], "id": 5}]}`
			p, err := flowc.Parse([]byte(text), "p.json")
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			return p
		}
		before, after := program(edit[0]), program(edit[1])
		for steps := int64(1); steps < 3; steps++ {
			s := &subject{p: before, family: flowc.Step}
			var want *trial
			for level := range levels {
				c, err := s.compile(before, level)
				if err != nil {
					t.Fatal(err)
				}
				s.compiled[level] = c
				run := s.start(level).to(steps)
				taken, err := run.machine.Snapshot()
				if err != nil {
					t.Fatal(err)
				}
				edited, err := state.Rebase(taken, after, nil)
				if err != nil {
					t.Fatalf("%s: %v", name, err)
				}
				if c, err = s.compile(after, level); err != nil {
					t.Fatal(err)
				}
				resumed := run.resumed(c, edited).to(propertySteps)
				if want == nil {
					want = resumed
				}
				if resumed.err != nil {
					t.Errorf("%s, edited after %d steps at -O%d: %v", name, steps, level, resumed.err)
				} else if diff := difference(want, resumed); diff != "" {
					t.Errorf("%s, edited after %d steps: -O0 and -O%d differ in %s", name, steps, level, diff)
				}
			}
		}
	}
}
