package flowc_test

import (
	"context"
	"strings"
	"testing"

	"flowc.dev/flowc"
	"flowc.dev/flowc/backend"
)

// The work of functions called in an expression is bounded, and an optimized
// program meets the bound when the plain one does.
func TestFunctionsInAnExpressionHaveTheSameLimitAtEveryLevel(t *testing.T) {
	for iterations, want := range map[string]string{"500000": "", "100000000": "made more than"} {
		src := `{"flowc": 1, "registers": {"a": 0}, "functions": {
			"g": {"params": ["a"], "returns": ["a"], "body": [{"call": "add", "args": [{"reg": "a"}, 1], "store": "a"}]},
			"f": {"params": ["a"], "returns": ["a"], "body": [{"repeat": ` + iterations + `, "body": [{"call": "g", "args": [{"reg": "a"}], "store": "a"}]}]}},
			"body": [{"call": "add", "args": [{"call": "f", "args": [{"reg": "a"}]}, 0], "store": "a"}]}`
		for level := range 3 {
			m, err := startProgram("limit.json", []byte(src), level, flowc.Step, nil)
			if err != nil {
				t.Fatal(err)
			}
			_, err = m.Run(context.Background(), backend.Budget{})
			if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
				t.Errorf("%s iterations at -O%d give the error %v", iterations, level, err)
			}
		}
	}
}
