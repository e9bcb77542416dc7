package graphs_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"flowc.dev/flowc/backend"
	"flowc.dev/flowc/backend/gorgonia"
	"flowc.dev/flowc/backend/region"
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/passes/graphs"
)

// elementTypes are those that the laws give to the registers of a case.
var elementTypes = []ir.Type{
	{Kind: ir.Number, DType: ir.F32}, {Kind: ir.Number, DType: ir.F64}, {Kind: ir.Number, DType: ir.F64, Weak: true},
	{Kind: ir.Number, DType: ir.I64}, {Kind: ir.Number, DType: ir.I64, Weak: true},
	{Kind: ir.Number, DType: ir.I32}, {Kind: ir.Number, DType: ir.U8}, {Kind: ir.Number, DType: ir.Bool},
}

// variants returns the types of a case, and others: every dtype for all
// registers and for one of them, extents of 0, of 1 and large ones, rank 0.
func (c *testCase) variants() []map[string]ir.Type {
	all := []map[string]ir.Type{c.types}
	with := func(change func(i int, t ir.Type) ir.Type) {
		types := map[string]ir.Type{}
		for i, register := range c.order {
			types[register] = change(i, c.types[register])
		}
		all = append(all, types)
	}
	for _, e := range elementTypes {
		for only := -1; only < len(c.order); only++ {
			with(func(i int, t ir.Type) ir.Type {
				if only < 0 || only == i {
					t.DType, t.Weak = e.DType, e.Weak
				}
				return t
			})
		}
		for _, extent := range []int{0, 1, 33} {
			with(func(_ int, t ir.Type) ir.Type {
				shape := slices.Clone(t.Shape)
				for i := range shape {
					if extent < 33 || shape[i] > 1 {
						shape[i] = extent
					}
				}
				return ir.Type{Kind: ir.Number, DType: e.DType, Weak: e.Weak, Shape: shape}
			})
		}
		for only := range c.order {
			with(func(i int, t ir.Type) ir.Type {
				if t.DType, t.Weak = e.DType, e.Weak; i == only {
					t.Shape = nil
				}
				return t
			})
		}
	}
	return all
}

// specials are the numbers on which inexact rules show.
var specials = []float64{0, math.Copysign(0, -1), 1, -1, 2, -2, 0.5, 3, -0.75, 1e-3, math.Inf(1), math.Inf(-1), math.NaN(),
	math.SmallestNonzeroFloat64, -math.SmallestNonzeroFloat64, math.SmallestNonzeroFloat32, -3 * math.SmallestNonzeroFloat32,
	math.MaxFloat64, -math.MaxFloat64, math.MaxFloat32, -math.MaxFloat32, 0x1p-126, 0x1p-1022, 1.0000001, 1e30, 88.7, -103.9, 255, 128,
	math.MaxInt32, math.MinInt32, math.MaxInt64, math.MinInt64, 16777217}

// element returns a number that is special, or any.
func element(r *rand.Rand, tame bool) float64 {
	switch {
	case tame:
		return 0.25 + 1.5*r.Float64()
	case r.IntN(3) == 0:
		return math.Ldexp(r.Float64()-0.5, r.IntN(20)-8)
	}
	return specials[r.IntN(len(specials))]
}

// valueOf returns a number of type t.
func valueOf(t *testing.T, typ ir.Type, r *rand.Rand, tame bool) ir.Value {
	t.Helper()
	wide, err := ir.NewTensor(ir.F64, typ.Shape...)
	if err != nil {
		t.Fatal(err)
	}
	for i := range ir.Data[float64](wide) {
		ir.Data[float64](wide)[i] = element(r, tame)
	}
	dst := make([]ir.Value, 1)
	if err := registry.Lookup("cast").Eval(dst, []ir.Value{ir.TensorValue(wide), ir.String(typ.DType.String())}); err != nil {
		t.Fatal(err)
	}
	return dst[0].AsWeak(typ.Weak)
}

// A family executes a graph on the values of registers.
type family struct {
	name string
	exec func(c *testCase, g *ir.Graph, registers map[string]ir.Value) ([]ir.Value, error)
}

var families = []family{{"step", reference}, {"step, compiled", compiled(newStep)}, {"gorgonia", compiled(newGorgonia)}}

// reference evaluates each op as it is defined.
func reference(_ *testCase, g *ir.Graph, registers map[string]ir.Value) ([]ir.Value, error) {
	values := make([]ir.Value, len(g.Types))
	for i, in := range g.Inputs {
		if values[i] = registers[in.Register]; in.Const != nil {
			values[i] = *in.Const
		}
	}
	for _, s := range g.Steps {
		args := make([]ir.Value, len(s.Args))
		for i, v := range s.Args {
			if args[i] = s.Static[i]; v >= 0 {
				args[i] = values[v]
			}
		}
		results := make([]ir.Value, s.Results)
		if err := registry.Lookup(s.Op).Eval(results, args); err != nil {
			return nil, err
		}
		copy(values[s.First:], results)
	}
	for i, v := range values {
		if !v.HasType(g.Types[i]) {
			return nil, fmt.Errorf("bug: value %d is %s, inferred is %s", i, v.Type(), g.Types[i])
		}
	}
	var out []ir.Value
	for _, o := range g.Outputs {
		out = append(out, values[o.Value])
	}
	return out, nil
}

// compiled returns what executes a graph by the code of a compiler.
func compiled(newCompiler func(g *ir.Graph) backend.GraphCompiler) func(*testCase, *ir.Graph, map[string]ir.Value) ([]ir.Value, error) {
	return func(c *testCase, g *ir.Graph, registers map[string]ir.Value) ([]ir.Value, error) {
		code, err := newCompiler(g).Compile(c.leaf)
		if err != nil {
			return nil, err
		}
		var inputs []ir.Value
		for _, register := range code.Inputs() {
			inputs = append(inputs, registers[register])
		}
		out := make([]ir.Value, len(g.Outputs))
		err = code.Exec(out, inputs)
		return out, err
	}
}

func newGorgonia(g *ir.Graph) backend.GraphCompiler {
	return gorgonia.New(gorgonia.Options{Registry: registry, Specialize: specialized(g)})
}

func newStep(g *ir.Graph) backend.GraphCompiler {
	return region.New(region.Options{Family: region.Family{Name: "step"}, Registry: registry, Specialize: specialized(g)})
}

func specialized(g *ir.Graph) func(*ir.Node, func(string) (ir.Type, error)) (*ir.Graph, error) {
	return func(*ir.Node, func(string) (ir.Type, error)) (*ir.Graph, error) { return g, nil }
}

// enoughRuns is how often each exact rule is compared at the least.
const enoughRuns = 100

// A ruled graph is one that rules change.
type ruled struct {
	c      *testCase
	types  map[string]ir.Type
	before *ir.Graph
	after  *ir.Graph
	counts []graphs.Count
}

// compare runs the graph before and after, on values of the types.
func (u *ruled) compare(t *testing.T, r *rand.Rand, families []family) {
	t.Helper()
	registers := map[string]ir.Value{}
	for _, register := range u.c.order {
		registers[register] = valueOf(t, u.types[register], r, false)
	}
	for _, f := range families {
		if diff := differ(u.c, f, u.before, u.after, registers); diff != "" {
			t.Fatalf("%s: %s: %s: %s\n%sbecomes\n%sby %v\non %v", u.c.file, u.c.name, f.name, diff,
				graphs.Format(u.before), graphs.Format(u.after), u.counts, show(registers))
		}
	}
}

// TestExactRules runs the goldens' statements before and after the exact rules:
// on special values of every type that fits, in both families, all bits stay.
func TestExactRules(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	byRule := map[string][]*ruled{}
	runs := map[string]int{}
	for _, c := range cases(t) {
		seen := map[string]bool{}
		for _, types := range c.variants() {
			g, err := c.graph(types)
			if err != nil || seen[graphs.Format(g)] {
				continue
			}
			seen[graphs.Format(g)] = true
			h, counts := rewrite(g, graphs.Exact)
			if h == g {
				continue
			}
			u := &ruled{c, types, g, h, counts}
			u.compare(t, r, families) // compiling for Gorgonia takes most of the time
			for _, n := range counts {
				byRule[n.Rule] = append(byRule[n.Rule], u)
				runs[n.Rule]++
			}
		}
	}
	for _, rule := range graphs.Rules() {
		if rule.Level != graphs.Exact {
			continue
		}
		if len(byRule[rule.Name]) == 0 {
			t.Errorf("the rule %q was not compared", rule.Name)
			continue
		}
		for k := range max(enoughRuns-runs[rule.Name], 2*len(byRule[rule.Name])) {
			byRule[rule.Name][k%len(byRule[rule.Name])].compare(t, r, families[:1])
		}
	}
}

func show(registers map[string]ir.Value) map[string]string {
	text := map[string]string{}
	for name, v := range registers {
		text[name] = ir.Format(v)
	}
	return text
}

// differ returns how the runs of two graphs differ, "" if they do not.
func differ(c *testCase, f family, g, h *ir.Graph, registers map[string]ir.Value) string {
	want, wantErr := f.exec(c, g, registers)
	got, err := f.exec(c, h, registers)
	if fmt.Sprint(err) != fmt.Sprint(wantErr) {
		return fmt.Sprintf("error %v, want %v", err, wantErr)
	}
	for i := range got {
		if !got[i].Type().Equal(want[i].Type()) || !ir.SameValue(got[i], want[i]) {
			return fmt.Sprintf("output %d is %s, want %s", i, ir.Format(got[i]), ir.Format(want[i]))
		}
	}
	return ""
}

// TestReassociatingRules compares what the rules of level 3 make with its source
// on numbers between 0.25 and 1.75. These rules may lose NaN.
func TestReassociatingRules(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for _, c := range cases(t) {
		for _, types := range c.variants() {
			g, err := c.graph(types)
			if err != nil || slices.ContainsFunc(g.Types, isEmpty) {
				continue
			}
			h, _ := rewrite(g, graphs.Reassociates)
			registers := map[string]ir.Value{}
			for _, register := range c.order {
				registers[register] = valueOf(t, types[register], r, true)
			}
			want, wantErr := reference(c, g, registers)
			got, err := reference(c, h, registers)
			if wantErr != nil {
				continue
			}
			if err != nil {
				t.Fatalf("%s: %s: %v\n%sbecomes\n%s", c.file, c.name, err, graphs.Format(g), graphs.Format(h))
			}
			for i := range got {
				if !got[i].Type().Equal(want[i].Type()) || !near(got[i], want[i]) {
					t.Fatalf("%s: %s: output %d is %s, want %s\n%sbecomes\n%s", c.file, c.name, i, ir.Format(got[i]), ir.Format(want[i]),
						graphs.Format(g), graphs.Format(h))
				}
			}
		}
	}
}

func isEmpty(t ir.Type) bool { return slices.Contains(t.Shape, 0) }

// near reports whether the elements of a number are close to those wanted, of
// the same type. NaN may be lost.
func near(a, b ir.Value) bool {
	x, y := a.Boxed(), b.Boxed()
	for i := range x.Size() {
		u, v := x.At(i).Float64(), y.At(i).Float64()
		if u != v && !(math.Abs(u-v) <= 1e-4*max(math.Abs(v), 1e-2)) && v == v {
			return false
		}
	}
	return true
}
