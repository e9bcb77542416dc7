package ops_test

import (
	"math"
	"testing"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops"
	"flowc.dev/flowc/ops/opstest"
)

// TestGradientsAtKinks: what the rules give where finite differences cannot
// tell.
func TestGradientsAtKinks(t *testing.T) {
	registry := ops.Standard()
	for _, c := range []struct {
		op   string
		args []float64
		want []float64
	}{
		{"relu", []float64{0}, []float64{0}}, {"abs", []float64{0}, []float64{0}},
		{"maximum", []float64{2, 2}, []float64{0.5, 0.5}}, {"minimum", []float64{2, 2}, []float64{0.5, 0.5}},
		{"clip", []float64{1, 1, 3}, []float64{1, 0, 0}}, {"clip", []float64{3, 1, 3}, []float64{1, 0, 0}}, {"clip", []float64{2, 5, 3}, []float64{0, 0, 1}},
		{"power", []float64{0, 2}, []float64{0, 0}}, {"power", []float64{0, 0}, []float64{0, 0}}, {"power", []float64{3, 0}, []float64{0, math.Log(3)}},
	} {
		args := make([]ir.Value, len(c.args))
		for i, x := range c.args {
			args[i] = ir.Float(x)
		}
		op := registry.Lookup(c.op)
		out := make([]ir.Value, 1)
		if err := op.Eval(out, args); err != nil {
			t.Fatal(err)
		}
		got, err := opstest.Adjoints(registry, op, args, out[0], ir.Float(1))
		if err != nil {
			t.Fatal(err)
		}
		for i, want := range c.want {
			if math.Abs(got[i].Float64()-want) > 1e-15 {
				t.Errorf("%s%v: adjoint %d is %v, want %v", c.op, c.args, i, got[i].Float64(), want)
			}
		}
	}
}
