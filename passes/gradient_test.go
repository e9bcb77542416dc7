package passes_test

import (
	"context"
	"fmt"
	"math"
	"testing"

	"flowc.dev/flowc/backend"
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops"
	"flowc.dev/flowc/passes"
)

// TestGradientsAreDifferences compares what grad lowers to with central
// differences of the function.
func TestGradientsAreDifferences(t *testing.T) {
	for _, c := range []struct{ name, functions string }{
		{"chain", `"f": {"params": ["x"], "returns": ["l"], "body": [
			{"call": "tanh", "args": [{"call": "multiply", "args": [{"reg": "x"}, 0.5]}], "store": "h"},
			{"call": "sum", "args": [{"call": "square", "args": [{"reg": "h"}]}], "store": "l"}]}`},
		{"shared values", `"f": {"params": ["x"], "returns": ["l"], "body": [
			{"call": "exp", "args": [{"reg": "x"}], "store": "h"},
			{"call": "add", "args": [{"call": "multiply", "args": [{"reg": "h"}, {"reg": "x"}]}, {"reg": "h"}], "store": "h"},
			{"call": "mean", "args": [{"call": "multiply", "args": [{"reg": "h"}, {"reg": "h"}]}], "store": "l"}]}`},
		{"repeat", `"f": {"params": ["x"], "returns": ["l"], "body": [
			{"repeat": 3, "as": "i", "body": [{"call": "tanh", "args": [{"call": "add", "args": [{"reg": "x"}, {"reg": "i"}]}], "store": "x"}]},
			{"call": "sum", "args": [{"reg": "x"}], "store": "l"}]}`},
		{"contraction and stabilization", `"f": {"params": ["x"], "returns": ["l"], "body": [
			{"call": "add", "args": [{"call": "matmul", "args": [{"call": "transpose", "args": [{"reg": "x"}]}, {"reg": "x"}]}, {"reg": "x"}], "store": "h"},
			{"call": "mean", "args": [{"call": "log", "args": [{"call": "softmax", "args": [{"reg": "h"}]}]}], "store": "l"}]}`},
		{"index and join", `"f": {"params": ["x"], "returns": ["l"], "body": [
			{"call": "concat", "args": [{"list": [{"index": [{"reg": "x"}, 0]}, {"index": [{"reg": "x"}, 1, {"slice": [1]}]}, {"index": [{"reg": "x"}, 0]}]}], "store": "h"},
			{"call": "sum", "args": [{"call": "multiply", "args": [{"reg": "h"}, {"call": "exp", "args": [{"reg": "h"}]}]}], "store": "l"}]}`},
		{"broadcast", `"f": {"params": ["x"], "returns": ["l"], "body": [
			{"call": "add", "args": [{"reg": "x"}, {"call": "sum", "args": [{"reg": "x"}], "kwargs": {"axis": 0}}], "store": "h"},
			{"call": "sum", "args": [{"call": "sigmoid", "args": [{"call": "multiply", "args": [{"reg": "h"}, {"index": [{"reg": "x"}, 0]}]}]}], "store": "l"}]}`},
		{"second order", `"f": {"params": ["x"], "returns": ["l"], "body": [
			{"grad": "g", "args": [{"reg": "x"}], "wrt": ["x"], "store": ["_", "d"]},
			{"call": "sum", "args": [{"call": "square", "args": [{"reg": "d"}]}], "store": "l"}]},
			"g": {"params": ["x"], "returns": ["l"], "body": [{"call": "sum", "args": [{"call": "multiply", "args": [{"reg": "x"}, {"call": "exp", "args": [{"reg": "x"}]}]}], "store": "l"}]}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			program := func(body string) *ir.Program {
				return parse(t, fmt.Sprintf(`{"flowc": 1, "registers": {"x": {"tensor": {"dtype": "f64", "shape": [2, 2], "fill": 0.0}}}, "inputs": ["x"],
					"functions": {%s}, "outputs": ["l"], "body": [%s]}`, c.functions, body))
			}
			x := []float64{0.5, -0.25, 1.0, 0.125}
			got := run(t, program(`{"grad": "f", "args": [{"reg": "x"}], "wrt": ["x"], "store": ["l", "g"]}`), x, "g").Tensor()
			forward := program(`{"call": "f", "args": [{"reg": "x"}], "store": "l"}`)
			const h = 1e-5
			for i := range x {
				at := func(d float64) float64 {
					y := append([]float64(nil), x...)
					y[i] += d
					return run(t, forward, y, "l").Float64()
				}
				want := (at(h) - at(-h)) / (2 * h)
				if g := ir.Data[float64](got)[i]; math.Abs(g-want) > 1e-6*(1+math.Abs(want)) {
					t.Errorf("d/dx[%d] = %v, difference %v", i, g, want)
				}
			}
		})
	}
}

// run runs the required lowerings of p and returns a register.
func run(t *testing.T, p *ir.Program, x []float64, register string) ir.Value {
	t.Helper()
	q, _, err := passes.Optimize(p, passes.Options{Registry: ops.Standard(), Passes: "none"})
	if err != nil {
		t.Fatal(err)
	}
	m, err := backend.NewMachine(q, backend.Config{Registry: ops.Standard()}, map[string]ir.Value{"x": ir.TensorValue(ir.MustTensor(x, 2, 2))})
	if err == nil {
		_, err = m.Run(context.Background(), backend.Budget{})
	}
	if err != nil {
		t.Fatal(err)
	}
	v, err := m.Register(register)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// The loss must be a number of rank 0, which a run finds.
func TestLossHasRankZero(t *testing.T) {
	p := parse(t, `{"flowc": 1, "registers": {"x": {"tensor": {"dtype": "f64", "data": [1.0, 2.0]}}},
		"functions": {"f": {"params": ["x"], "returns": ["l"], "body": [{"call": "square", "args": [{"reg": "x"}], "store": "l"}]}},
		"body": [{"grad": "f", "args": [{"reg": "x"}], "wrt": ["x"], "store": ["l", "g"]}]}`)
	q, _, err := passes.Optimize(p, passes.Options{Registry: ops.Standard()})
	if err != nil {
		t.Fatal(err)
	}
	m, err := backend.NewMachine(q, backend.Config{Registry: ops.Standard()}, nil)
	if err != nil {
		t.Fatal(err)
	}
	_, err = m.Step()
	wantError(t, err, "the loss is f64[2]: want a number of rank 0")
}
