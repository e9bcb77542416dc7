package checkrun_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"flowc.dev/flowc"
	"flowc.dev/flowc/checkrun"
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ir/irtest"
	"flowc.dev/flowc/ops"
	"flowc.dev/flowc/passes"
	"flowc.dev/flowc/passes/pass"
)

// check runs the check on a program with one pass or op more than there are.
func check(t *testing.T, src string, o flowc.Options) *checkrun.Report {
	t.Helper()
	p, err := flowc.Parse([]byte(src), "prog.flow")
	if err != nil {
		t.Fatal(err)
	}
	r, err := checkrun.Run(t.Context(), p, checkrun.Options{Options: o})
	if err != nil {
		t.Fatal(err)
	}
	t.Log("\n" + r.Text("prog.flow"))
	return r
}

// with returns a table that has the pass too.
func with(t *testing.T, p *passes.Pass, at passes.Position) *passes.Table {
	t.Helper()
	table, err := passes.Standard().With(p, at, 2)
	if err != nil {
		t.Fatal(err)
	}
	return table
}

func registry(t *testing.T, list ...*ops.Op) *ops.Registry {
	t.Helper()
	r := ops.Standard()
	if err := r.Add(list...); err != nil {
		t.Fatal(err)
	}
	return r
}

// differing returns the only pass that differs.
func differing(t *testing.T, r *checkrun.Report) checkrun.Pass {
	t.Helper()
	var found []checkrun.Pass
	for _, p := range r.Passes {
		if p.Difference != nil {
			found = append(found, p)
		}
	}
	if len(found) != 1 || r.OK() || len(r.Faults) > 0 || r.Unstable != nil {
		t.Fatalf("%d passes differ: want one and nothing else\n%s", len(found), r.Text(""))
	}
	return found[0]
}

const training = `
object data = data.normal(rows=1000, cols=3, seed=1)
w = f32[2]{0.5, 0.25}
b = zeros([2])
repeat 40 as i {
    x = buffer 4 { data.next() }
    h = exp(w) + b
    b = tanh(h) * 0.5
    s = sum(x)
}
`

func TestRightPassesAreEqual(t *testing.T) {
	for _, family := range []string{flowc.Step, flowc.Gorgonia} {
		r := check(t, training, flowc.Options{Level: 2, Backend: family})
		compared := 0
		for _, p := range r.Passes {
			if p.Skipped == "" {
				compared++
			}
		}
		if !r.OK() || compared < 2 || !r.Ended || r.Points < 100 {
			t.Errorf("%s: %d passes were compared, at %d points", family, compared, r.Points)
		}
	}
}

// A rule that is wrong is found at the statement that it has rewritten.
func TestWrongRule(t *testing.T) {
	wrong := &passes.Pass{Name: "wrong", Doc: "Takes exp for tanh.", Exact: true,
		Rules: []pass.Rule{{Name: "exp(x) -> tanh(x)", Doc: "which is wrong", Pattern: "exp($x)", Replace: "tanh($x)"}}}
	p := differing(t, check(t, training, flowc.Options{Level: 2, Backend: flowc.Step, Table: with(t, wrong, passes.After("canonicalize"))}))
	d := p.Difference
	if p.Name != "wrong" || len(p.Rewrites) != 1 || d.What != "register h" || d.Statement == nil || d.Statement.Pos.Line != 7 || d.Before != "f32[2] with 1.6487212 at [0]" || d.After != "f32[2] with 0.46211717 at [0]" {
		t.Errorf("found %+v at %v", d, d.Statement)
	}
}

// So is a fused node that does not do what its source does, which only shows when
// it runs as one.
func TestWrongFusion(t *testing.T) {
	wrong := &passes.Pass{Name: "short", Doc: "Takes a row less.", Exact: true, Rewrites: []pass.Rewrite{{Name: "rows lost", Doc: "n -> n-1"}},
		Run: func(c *pass.Context, p *ir.Program) (*ir.Program, pass.Stats, error) {
			q, err := pass.EditStatements(p, func(_ *pass.Scope, n *ir.Node) (*ir.Node, error) {
				if n.Op != "next_n" || !c.Fire("rows lost", n) {
					return n, nil
				}
				m := n.Copy()
				m.Args[0] = ir.Const(ir.Int(3))
				return m, nil
			})
			return q, pass.Stats{}, err
		}}
	d := differing(t, check(t, training, flowc.Options{Level: 2, Backend: flowc.Step, Table: with(t, wrong, passes.After("fuse-buffer"))})).Difference
	if d.Step != 5 || d.Split == "one at a time" || d.What != "the position" || d.Statement == nil || d.Statement.Pos.Line != 6 {
		t.Errorf("found %+v", d)
	}
}

// A pass that is not exact is not compared; what comes after it is, with it.
func TestInexactPass(t *testing.T) {
	loose := &passes.Pass{Name: "loose", Doc: "Takes exp for tanh, which is not exact.",
		Rules: []pass.Rule{{Name: "exp(x) -> tanh(x)", Doc: "changes bits", Pattern: "exp($x)", Replace: "tanh($x)"}}}
	r := check(t, training, flowc.Options{Level: 2, Backend: flowc.Step, Table: with(t, loose, passes.After("canonicalize"))})
	collapse := slices.IndexFunc(r.Passes, func(p checkrun.Pass) bool { return p.Name == "collapse" })
	if !r.OK() || r.Passes[0].Skipped == "" || collapse < 0 || r.Passes[collapse].Skipped != "" {
		t.Errorf("found %+v", r.Passes)
	}
}

// op returns an op of one operand x of any type.
func op(name string, eval func(dst, args []ir.Value) error) *ops.Op {
	return &ops.Op{
		Signature: ir.Signature{Name: name, Params: []ir.Param{{Name: "x", Doc: "an array"}}, Results: 1}, Doc: "A wrong op.",
		Infer: func(args []ops.Arg) ([]ir.Type, error) { return []ir.Type{args[0].Type}, nil }, Eval: eval}
}

func fresh(v ir.Value) ir.Value {
	t, err := ir.NewTensor(v.DType(), v.Shape()...)
	if err != nil {
		panic(err)
	}
	for i := range t.Size() {
		t.SetAt(i, v.Tensor().At(i))
	}
	return ir.TensorValue(t)
}

func TestWrongOps(t *testing.T) {
	count := 0.0
	var mine ir.Value // a result that has been handed out
	for _, c := range []struct {
		op   *ops.Op
		want string
	}{
		{op("bump", func(dst, args []ir.Value) error {
			args[0].Tensor().SetAt(0, ir.Float32(float32(args[0].Tensor().At(0).Float64()+1)))
			dst[0] = fresh(args[0])
			return nil
		}), "op bump changes its operand x"},
		{op("dice", func(dst, args []ir.Value) error {
			count++
			dst[0] = fresh(args[0])
			dst[0].Tensor().SetAt(0, ir.Float32(float32(count)))
			return nil
		}), "op dice gives other bits when it is evaluated again"},
		{op("moody", func(dst, args []ir.Value) error {
			if count++; int(count)%2 == 0 {
				return errors.New("not today")
			}
			dst[0] = fresh(args[0])
			return nil
		}), "op moody gives another error when it is evaluated again"},
		{op("liar", func(dst, args []ir.Value) error {
			dst[0] = ir.Int(3)
			return nil
		}), "op liar gives i64 where its type rule says f32[3]"},
		{op("breaks", func(dst, args []ir.Value) error { panic("oh") }), "op breaks panics: oh"},
		{op("keeps", func(dst, args []ir.Value) error {
			if !mine.IsNull() {
				mine.Tensor().SetAt(0, ir.Float32(float32(count)))
				count++
			}
			dst[0] = fresh(args[0])
			if mine.IsNull() {
				mine = dst[0]
			}
			return nil
		}), "a statement writes into a value that was handed out: register y has changed since"},
	} {
		count = 0
		r := check(t, "x = ones([3])\nz = 1\ny = "+c.op.Name+"(x)\nrepeat 3 { v = "+c.op.Name+"(x) }\n", flowc.Options{Backend: flowc.Step, Registry: registry(t, c.op)})
		found := false
		for _, f := range r.Faults {
			found = found || f.Who+" "+f.What == c.want
		}
		if !found || r.OK() {
			t.Errorf("%s: found %v", c.want, r.Faults)
		}
		if first := r.Faults[0]; c.op.Name == "bump" && (first.Statement == nil || first.Statement.Pos.Line != 3) {
			t.Errorf("found %v", first)
		}
	}
}

// dial is an object that turns.
type dial struct{ at int64 }

func (d *dial) State() ir.Value { return ir.Int(d.at) }

// dials returns a class with the method turn.
func dials(prepare func(d *dial) int64) *ops.Class {
	return &ops.Class{
		Signature: ir.Signature{Name: "test.dial", Results: 1}, Doc: "A dial.",
		New: func(ops.Env, []ir.Value) (ops.Object, error) { return &dial{}, nil },
		Restore: func(_ ops.Env, _ []ir.Value, state ir.Value) (ops.Object, error) {
			return &dial{state.Int64()}, nil
		},
		Methods: []*ops.Method{{
			Signature: ir.Signature{Name: "turn", Results: 1, Effects: ir.WritesObject}, Doc: "Turns.",
			Prepare: func(self ops.Object, dst, _ []ir.Value) error {
				dst[0] = ir.Int(prepare(self.(*dial)))
				return nil
			},
			Commit: func(self ops.Object) { self.(*dial).at++ }}}}
}

func TestWrongMethods(t *testing.T) {
	run := func(class *ops.Class) *checkrun.Report {
		r := ops.Standard()
		if err := r.AddClass(class); err != nil {
			t.Fatal(err)
		}
		return check(t, "object d = test.dial()\nrepeat 5 { x = d.turn() }\n", flowc.Options{Backend: flowc.Step, Registry: r})
	}
	if r := run(dials(func(d *dial) int64 { return d.at })); !r.OK() {
		t.Error("a right method is wrong")
	}
	if r := run(dials(func(d *dial) int64 { d.at++; return 7 })); len(r.Faults) == 0 || !strings.Contains(r.Faults[0].What, "changes its object before") {
		t.Errorf("found %v", r.Faults)
	}
	calls := int64(0)
	if r := run(dials(func(*dial) int64 { calls++; return calls })); r.Unstable == nil || r.OK() {
		t.Error("a run that differs from time to time is not found")
	}
}

// All passes are right on random programs.
func TestRandomPrograms(t *testing.T) {
	for seed := range uint64(60) {
		p := irtest.Program(seed, irtest.Options{Size: 12, Failures: 0.3, Hooks: seed%2 == 0})
		family := flowc.Step
		if seed%10 == 9 {
			family = flowc.Gorgonia
		}
		r, err := checkrun.Run(t.Context(), p, checkrun.Options{Options: flowc.Options{Level: 2, Backend: family}, MaxSteps: 60})
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if !r.OK() {
			src, _ := flowc.Print(p)
			t.Errorf("seed %d: %s\n%s", seed, r.Text(""), src)
		}
	}
}

func TestErrors(t *testing.T) {
	p, err := flowc.Parse([]byte("x = 1\nloop { x = x + 1 }\n"), "prog.flow")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := checkrun.Run(ctx, p, checkrun.Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if _, err := checkrun.Run(t.Context(), p, checkrun.Options{MaxSteps: -1}); err == nil {
		t.Error("a negative number of steps is no error")
	}
	if r, err := checkrun.Run(t.Context(), p, checkrun.Options{MaxSteps: 7}); err != nil || r.Steps != 7 || r.Ended {
		t.Errorf("got %v, %v", r, err)
	}
	// A program that cannot be started is the same at all levels.
	p, err = flowc.Parse([]byte("input x\ny = x + 1\n"), "prog.flow")
	if err != nil {
		t.Fatal(err)
	}
	if r, err := checkrun.Run(t.Context(), p, checkrun.Options{Options: flowc.Options{Level: 2}}); err != nil || !r.OK() || r.Steps != 0 {
		t.Errorf("got %v, %v", r, err)
	}
}
