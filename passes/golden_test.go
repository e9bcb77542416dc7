package passes_test

import (
	"flag"
	"testing"

	"flowc.dev/flowc/frontend/json"
	"flowc.dev/flowc/ops"
	"flowc.dev/flowc/passes"
	"flowc.dev/flowc/passes/passtest"
)

var update = flag.Bool("update", false, "rewrite the expectations of golden files")

func TestGoldens(t *testing.T) {
	fired := passtest.Run(t, passtest.Config{
		Parse:    json.Parse,
		Print:    json.Print,
		Registry: ops.Standard(),
		Update:   *update,
		Also:     sameRun,
	}, "*/testdata/*.txtar")
	for _, p := range passes.Standard().Passes {
		if fired[p.Name] == 0 {
			t.Errorf("pass %s changes no program of the goldens", p.Name)
		}
	}
}
