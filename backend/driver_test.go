package backend_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"flowc.dev/flowc/backend"
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// nop is an op that does nothing, so that what remains is the driver's work.
var nop = &ops.Op{
	Signature: ir.Signature{Name: "nop", Results: 1},
	Doc:       "Does nothing.",
	Infer:     func([]ops.Arg) ([]ir.Type, error) { return []ir.Type{{}}, nil },
	Eval:      func(dst, args []ir.Value) error { return nil },
}

// flaky is a source whose next call fails as often as told, once so many calls
// have succeeded.
type flaky struct{ failures, after, calls int64 }

func (f *flaky) State() ir.Value { return ir.Int(f.calls) }

var current *flaky

var flakyClass = &ops.Class{
	Signature: ir.Signature{Name: "flaky"},
	Doc:       "Counts its calls.",
	New:       func(ops.Env, []ir.Value) (ops.Object, error) { current = &flaky{}; return current, nil },
	Restore: func(_ ops.Env, _ []ir.Value, state ir.Value) (ops.Object, error) {
		current = &flaky{calls: state.Int64()}
		return current, nil
	},
	Methods: []*ops.Method{{
		Signature: ir.Signature{Name: "next", Results: 1, Effects: ir.WritesObject},
		Doc:       "Counts one call.",
		Prepare: func(self ops.Object, dst, _ []ir.Value) error {
			f := self.(*flaky)
			if f.failures > 0 && f.calls >= f.after {
				f.failures--
				return errors.New("not now")
			}
			dst[0] = ir.Int(f.calls + 1)
			return nil
		},
		Commit: func(self ops.Object) { self.(*flaky).calls++ },
	}},
}

func registry(t testing.TB) *ops.Registry {
	r := ops.Standard()
	if err := r.Add(nop); err != nil {
		t.Fatal(err)
	}
	if err := r.AddClass(flakyClass); err != nil {
		t.Fatal(err)
	}
	return r
}

func machine(t testing.TB, p *ir.Program, print func(string)) *backend.Machine {
	p.AssignIDs()
	r := registry(t)
	if err := ir.Verify(p, r.Library()); err != nil {
		t.Fatal(err)
	}
	m, err := backend.NewMachine(p, backend.Config{Registry: r, Print: print}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func repeat(n int64, body ...*ir.Node) *ir.Node {
	return &ir.Node{Op: "repeat", Args: []*ir.Node{ir.Const(ir.WeakInt(n))}, Regions: []ir.Region{{Field: "body", Body: body}}}
}

func loop(body ...*ir.Node) *ir.Node {
	return &ir.Node{Op: "loop", Regions: []ir.Region{{Field: "loop", Body: body}}}
}

// threeLoops runs a leaf that does nothing inside three nested loops without
// end.
func threeLoops() *ir.Program {
	counted := repeat(100, repeat(100, ir.Call("nop"))).WithAttr("as", ir.String("i"))
	return &ir.Program{Body: []*ir.Node{loop(counted)}}
}

func run(t testing.TB, m *backend.Machine, steps int64) backend.Status {
	status, err := m.Run(context.Background(), backend.Budget{Steps: steps})
	if err != nil {
		t.Fatal(err)
	}
	return status
}

func TestDriverAllocatesNothingPerStep(t *testing.T) {
	weave := &ir.Node{Op: "weave", Regions: []ir.Region{
		{Field: "weave", Body: []*ir.Node{loop(ir.Call("nop"))}},
		{Field: "weave", Body: []*ir.Node{loop(ir.Call("nop"), ir.Call("nop"))}}}}
	count := &ir.Program{Registers: []ir.Register{{Name: "s", Init: ir.Const(ir.WeakInt(0))}},
		Body: []*ir.Node{loop(ir.Call("add", ir.Reg("s"), ir.Const(ir.WeakInt(1))).StoringTo("s"))}}
	tensor := &ir.Program{Registers: []ir.Register{{Name: "x", Init: ir.Const(ir.TensorValue(ir.MustTensor(make([]float32, 64), 8, 8)))}},
		Body: []*ir.Node{loop(ir.Call("tanh", ir.Call("add", ir.Call("matmul", ir.Reg("x"), ir.Reg("x")), ir.Const(ir.WeakFloat(0.5)))).StoringTo("x"))}}
	function := &ir.Program{Functions: []*ir.Function{{Name: "f", Params: []string{"a"}, Returns: []string{"b"}, Body: []*ir.Node{ir.Call("add", ir.Reg("a"), ir.Const(ir.WeakInt(1))).StoringTo("b")}}},
		Body: []*ir.Node{loop(ir.Call("f", ir.Const(ir.WeakInt(1))).StoringTo("y"))}}
	for name, p := range map[string]*ir.Program{
		"loops": threeLoops(), "weave": {Body: []*ir.Node{weave}}, "count": count, "tensor": tensor, "function": function,
	} {
		t.Run(name, func(t *testing.T) {
			m := machine(t, p, nil)
			run(t, m, 1000)
			// Run itself makes a timer or two; the steps add nothing to them.
			few := testing.AllocsPerRun(20, func() { run(t, m, 1) })
			many := testing.AllocsPerRun(20, func() { run(t, m, 2000) })
			if many > few {
				t.Errorf("2000 steps allocate %v times, one step %v times", many, few)
			}
		})
	}
}

func BenchmarkDriverStep(b *testing.B) {
	m := machine(b, threeLoops(), nil)
	b.ReportAllocs()
	b.ResetTimer()
	run(b, m, int64(b.N))
}

func TestAFailedLeafChangesNothingAndCanBeRetried(t *testing.T) {
	p := &ir.Program{Objects: []ir.Object{{Name: "f", Class: "flaky"}}, Outputs: []string{"x"},
		Body: []*ir.Node{ir.Call("f.next").StoringTo("x"), ir.Call("f.next").StoringTo("x")}}
	m := machine(t, p, nil)
	run(t, m, 1)
	current.failures = 2
	for range 2 {
		status, err := m.Step()
		var failed *backend.RunError
		if status != backend.Ready || !errors.As(err, &failed) || failed.Node != p.Body[1] || failed.Step != 1 {
			t.Fatalf("a failing step gives %v, %v", status, err)
		}
		if x, _ := m.Register("x"); x.Int64() != 1 || m.Steps() != 1 || current.calls != 1 {
			t.Fatalf("a failing step left x = %s after %d steps and %d calls", ir.Format(x), m.Steps(), current.calls)
		}
	}
	if status, err := m.Step(); err != nil || status != backend.Done {
		t.Fatalf("the retry gives %v, %v", status, err)
	}
	if x, _ := m.Register("x"); x.Int64() != 2 || m.Steps() != 2 {
		t.Errorf("after the retry x = %s, %d steps", ir.Format(x), m.Steps())
	}
}

func TestAResultThatDoesNotFitLeavesTheObjectAlone(t *testing.T) {
	p := &ir.Program{Objects: []ir.Object{{Name: "f", Class: "flaky"}},
		Registers: []ir.Register{{Name: "x", Fixed: true, Type: ir.NumberType(ir.F32, 2)}},
		Body:      []*ir.Node{ir.Call("f.next").StoringTo("x")}}
	m := machine(t, p, nil)
	if _, err := m.Step(); err == nil || current.calls != 0 {
		t.Errorf("error %v, %d calls", err, current.calls)
	}
}

func TestABudgetOfTimeAndACancelledContextStopARun(t *testing.T) {
	m := machine(t, threeLoops(), nil)
	for m.Steps() == 0 { // a busy computer may let a millisecond pass without a step
		if status, err := m.Run(context.Background(), backend.Budget{Time: time.Millisecond}); status != backend.Ready || err != nil {
			t.Fatalf("a run of a millisecond gives %v, %v after %d steps", status, err, m.Steps())
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	before := m.Steps()
	if status, err := m.Run(ctx, backend.Budget{}); status != backend.Ready || err != nil || m.Steps() != before {
		t.Errorf("a cancelled run gives %v, %v and %d steps", status, err, m.Steps()-before)
	}
	if _, err := m.Run(context.Background(), backend.Budget{Steps: -1}); err == nil {
		t.Error("a negative budget is accepted")
	}
}

func TestAValueThatWasReadDoesNotChange(t *testing.T) {
	x := ir.MustTensor([]float64{1, 2}, 2)
	p := &ir.Program{Registers: []ir.Register{{Name: "x", Init: ir.Const(ir.TensorValue(x))}},
		Body: []*ir.Node{loop(ir.Call("add", ir.Reg("x"), ir.Const(ir.WeakInt(1))).StoringTo("x"))}}
	m := machine(t, p, nil)
	for i := range 5 {
		run(t, m, 1)
		v, err := m.Register("x")
		if err != nil {
			t.Fatal(err)
		}
		want := ir.Format(v)
		run(t, m, 3)
		if got := ir.Format(v); got != want {
			t.Fatalf("round %d: a value read as %s became %s", i, want, got)
		}
	}
	if ir.Data[float64](x)[0] != 1 {
		t.Error("a literal of the program changed")
	}
}

func TestAPanicBelowTheMachineIsAnError(t *testing.T) {
	r := ops.NewRegistry()
	broken := *nop
	broken.Eval = func(dst, args []ir.Value) error { panic("oh") }
	if err := r.Add(&broken); err != nil {
		t.Fatal(err)
	}
	p := &ir.Program{Body: []*ir.Node{ir.Call("nop")}}
	m, err := backend.NewMachine(p, backend.Config{Registry: r}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := m.Step(); err == nil || !strings.Contains(err.Error(), "oh") {
		t.Errorf("error %v", err)
	}
}

func TestInputs(t *testing.T) {
	p := &ir.Program{Registers: []ir.Register{{Name: "lr", Init: ir.Const(ir.WeakFloat(0.1))}, {Name: "x", Fixed: true, Type: ir.NumberType(ir.F32, 2)}},
		Inputs: []string{"lr", "x"}, Outputs: []string{"y"},
		Body: []*ir.Node{ir.Call("multiply", ir.Reg("lr"), ir.Reg("x")).StoringTo("y")}}
	p.AssignIDs()
	start := func(inputs map[string]ir.Value) (*backend.Machine, error) {
		return backend.NewMachine(p, backend.Config{Registry: registry(t)}, inputs)
	}
	x := ir.TensorValue(ir.MustTensor([]float32{1, 2}, 2))
	m, err := start(map[string]ir.Value{"x": x, "lr": ir.WeakFloat(10)})
	if err != nil {
		t.Fatal(err)
	}
	run(t, m, 1)
	if out := m.Outputs(); len(out) != 1 || ir.Format(out[0].Value) != "[10.0 20.0]" || out[0].Value.DType() != ir.F32 {
		t.Errorf("outputs %v", out)
	}
	for want, inputs := range map[string]map[string]ir.Value{
		"no value":     nil,
		"no input":     {"x": x, "z": x},
		"cannot take ": {"x": ir.TensorValue(ir.MustTensor([]float32{1}, 1))},
	} {
		if _, err := start(inputs); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("inputs %v give the error %v, want one with %q", inputs, err, want)
		}
	}
}
