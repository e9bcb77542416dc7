package passes_test

import (
	"testing"

	"flowc.dev/flowc/passes"
	"flowc.dev/flowc/passes/passtest"
)

func TestGoldens(t *testing.T) {
	changed := passtest.Run(t, passtest.Config{Also: sameRun}, "*/testdata/*.txtar")
	for _, p := range passes.Standard().Passes {
		if changed[p.Name] == 0 {
			t.Errorf("pass %s changes no program of the goldens", p.Name)
		}
	}
}
