package flowc_test

import (
	"context"
	"strings"
	"testing"

	"flowc.dev/flowc"
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops"
)

// An op that panics on literals is evaluated by the compiler too: what it does
// there is left to the run.
func TestAPanicOfAnOpIsLeftToTheRun(t *testing.T) {
	registry := ops.Standard()
	if err := registry.Add(&ops.Op{
		Signature: ir.Signature{Name: "boom", Results: 1, Params: []ir.Param{{Name: "x"}}},
		Doc:       "Panics.",
		Infer:     func(args []ops.Arg) ([]ir.Type, error) { return []ir.Type{args[0].Type}, nil },
		Eval:      func(_, _ []ir.Value) error { panic("oh") },
	}); err != nil {
		t.Fatal(err)
	}
	p, err := flowc.Parse([]byte("program p\nprint \"a\"\nx = 1.0 + boom(2.0)\nprint x\n"), "p.flow")
	if err != nil {
		t.Fatal(err)
	}
	for level := range 4 {
		for _, family := range []string{flowc.Step, flowc.Gorgonia} {
			var printed []string
			c, err := flowc.Compile(p, flowc.Options{Level: level, Backend: family, Registry: registry, Print: func(line string) { printed = append(printed, line) }})
			if err != nil {
				t.Fatalf("-O%d, %s: %v", level, family, err)
			}
			m, err := c.Start(nil)
			if err == nil {
				_, err = m.Run(context.Background(), flowc.Budget{})
			}
			if err == nil || !strings.Contains(err.Error(), "boom") || !strings.Contains(err.Error(), "p.flow:3:") || strings.Join(printed, " ") != "a" {
				t.Errorf("-O%d, %s: printed %q, then %v", level, family, printed, err)
			}
		}
	}
}
