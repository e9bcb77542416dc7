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
	"flowc.dev/flowc/passes/graphs/graphstest"
)

// A family executes a graph on the values of registers.
type family struct {
	name string
	exec func(c *graphstest.Case, g *ir.Graph, registers map[string]ir.Value) ([]ir.Value, error)
}

var families = []family{{"step", reference}, {"step, compiled", compiled(newStep)}, {"gorgonia", compiled(newGorgonia)}}

// reference evaluates each op as it is defined.
func reference(_ *graphstest.Case, g *ir.Graph, registers map[string]ir.Value) ([]ir.Value, error) {
	return graphstest.Evaluate(g, registers, registry)
}

// compiled returns what executes a graph by the code of a compiler.
func compiled(newCompiler func(g *ir.Graph) backend.GraphCompiler) func(*graphstest.Case, *ir.Graph, map[string]ir.Value) ([]ir.Value, error) {
	return func(c *graphstest.Case, g *ir.Graph, registers map[string]ir.Value) ([]ir.Value, error) {
		code, err := newCompiler(g).Compile(c.Leaf)
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
	c      *graphstest.Case
	types  map[string]ir.Type
	before *ir.Graph
	after  *ir.Graph
	counts []graphs.Count
}

// compare runs the graph before and after, on values of the types.
func (u *ruled) compare(t *testing.T, r *rand.Rand, families []family) {
	t.Helper()
	registers, err := u.c.Registers(u.types, r, false)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		if diff := differ(u.c, f, u.before, u.after, registers); diff != "" {
			t.Fatalf("%s: %s: %s: %s\n%sbecomes\n%sby %v\non %v", u.c.File, u.c.Name, f.name, diff,
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
		for _, types := range c.Variants() {
			g, err := c.Graph(types)
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
func differ(c *graphstest.Case, f family, g, h *ir.Graph, registers map[string]ir.Value) string {
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
		for _, types := range c.Variants() {
			g, err := c.Graph(types)
			if err != nil || slices.ContainsFunc(g.Types, isEmpty) {
				continue
			}
			h, _ := rewrite(g, graphs.Reassociates)
			registers, err := c.Registers(types, r, true)
			if err != nil {
				t.Fatal(err)
			}
			want, wantErr := reference(c, g, registers)
			got, err := reference(c, h, registers)
			if wantErr != nil {
				continue
			}
			if err != nil {
				t.Fatalf("%s: %s: %v\n%sbecomes\n%s", c.File, c.Name, err, graphs.Format(g), graphs.Format(h))
			}
			for i := range got {
				if !got[i].Type().Equal(want[i].Type()) || !near(got[i], want[i]) {
					t.Fatalf("%s: %s: output %d is %s, want %s\n%sbecomes\n%s", c.File, c.Name, i, ir.Format(got[i]), ir.Format(want[i]),
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
