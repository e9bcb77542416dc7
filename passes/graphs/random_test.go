package graphs_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops"
	"flowc.dev/flowc/passes/graphs"
	"flowc.dev/flowc/passes/graphs/graphstest"
)

var (
	randomGraphs = flag.Int("graphs", 4000, "how many random graphs to rewrite and run")
	graphsSeed   = flag.Uint64("graphs.seed", 6, "what the random graphs are made from")
)

// A randomGraph is a graph of calls that type rules accept, of ops that rules
// are about.
type randomGraph struct {
	r     *rand.Rand
	graph *ir.Graph
	types map[string]ir.Type
}

var randomShapes = [][]int{nil, nil, {3}, {1}, {2, 3}, {1, 3}, {2, 1}, {3, 2}, {0}, {2, 3, 2}}

var randomLiterals = []ir.Value{ir.WeakInt(0), ir.WeakInt(1), ir.WeakInt(-1), ir.WeakInt(2), ir.WeakInt(3), ir.WeakFloat(1), ir.WeakFloat(0.5),
	ir.WeakFloat(-4), ir.WeakFloat(0), ir.WeakFloat(2), ir.BoolValue(true), ir.BoolValue(false), ir.Float32(1), ir.Int(2), ir.Float(-1)}

// unusual ops have arguments that random ones do not fit, or several results.
var unusual = map[string]bool{"eigh": true, "histogram": true, "one_hot": true, "record_like": true, "scalar_loss": true, "identity": true,
	"summary": true, "concat": true, "stack": true, "concat_adjoint": true, "stack_adjoint": true, "take_adjoint": true}

// favoured ops come often.
var favoured = strings.Fields("add subtract multiply divide negative power maximum where logical_not logical_and reshape transpose broadcast_to " +
	"sum max zeros_like ones_like full cast square abs matmul sum_adjoint mean_adjoint getitem not_equal less add multiply negative transpose")

func newRandomGraph(r *rand.Rand) *randomGraph {
	x := &randomGraph{r: r, graph: &ir.Graph{}, types: map[string]ir.Type{}}
	for i := range 4 {
		t := graphstest.ElementTypes[r.IntN(len(graphstest.ElementTypes))]
		t.Shape = randomShapes[r.IntN(len(randomShapes))]
		name := fmt.Sprint("x", i)
		x.types[name] = t
		x.graph.Inputs = append(x.graph.Inputs, ir.GraphInput{Register: name})
		x.graph.Types = append(x.graph.Types, t)
	}
	for range 3 {
		v := randomLiterals[r.IntN(len(randomLiterals))]
		x.graph.Inputs = append(x.graph.Inputs, ir.GraphInput{Const: &v})
		x.graph.Types = append(x.graph.Types, v.Type())
	}
	var names []string
	for _, op := range registry.Ops() {
		if !unusual[op.Name] && !op.Aggregate {
			names = append(names, op.Name)
		}
	}
	steps := 2 + r.IntN(9)
	for range 400 {
		name := names[r.IntN(len(names))]
		if r.IntN(3) > 0 {
			name = favoured[r.IntN(len(favoured))]
		}
		if x.try(registry.Lookup(name)); len(x.graph.Steps) == steps {
			break
		}
	}
	for range 1 + r.IntN(3) {
		last := len(x.graph.Types) - 1
		x.graph.Outputs = append(x.graph.Outputs, ir.GraphOutput{Kind: ir.Number, Value: last - r.IntN(min(4, last))})
	}
	return x
}

// try adds a call of the op if random arguments fit it.
func (x *randomGraph) try(op *ops.Op) {
	s := ir.GraphStep{Op: op.Name, First: len(x.graph.Types), Results: op.Results}
	count := len(op.Params)
	if count > 0 && op.Params[count-1].Variadic {
		count += x.r.IntN(2)
	}
	known := make([]ops.Arg, count)
	for i := range count {
		p := op.ParamAt(i)
		v, static := -1, ir.Value{}
		if p.Static || op.Name == "getitem" && i > 0 && x.r.IntN(2) == 0 {
			static = x.static(p.Name)
			known[i] = ops.Arg{Type: static.Type(), Value: &static}
		} else {
			v = x.r.IntN(len(x.graph.Types))
			if x.r.IntN(2) == 0 {
				v = len(x.graph.Types) - 1 - x.r.IntN(min(4, len(x.graph.Types)))
			}
			known[i] = ops.Arg{Type: x.graph.Types[v]}
			if v < len(x.graph.Inputs) {
				known[i].Value = x.graph.Inputs[v].Const
			}
		}
		s.Args, s.Static = append(s.Args, v), append(s.Static, static)
	}
	types, err := op.Infer(known)
	if err != nil || len(types) != 1 || types[0].Kind != ir.Number {
		return
	}
	size := 1
	for _, extent := range types[0].Shape {
		size *= extent
	}
	if size > 1000 {
		return
	}
	x.graph.Steps = append(x.graph.Steps, s)
	x.graph.Types = append(x.graph.Types, types...)
}

// static returns an argument that decides a type.
func (x *randomGraph) static(param string) ir.Value {
	ints := func(numbers ...int) ir.Value {
		items := make([]ir.Value, len(numbers))
		for i, n := range numbers {
			items[i] = ir.WeakInt(int64(n))
		}
		return ir.ListOf(items...)
	}
	pick := func(values ...ir.Value) ir.Value { return values[x.r.IntN(len(values))] }
	null := ir.Value{}
	switch param {
	case "axis", "axes":
		return pick(null, null, ir.WeakInt(0), ir.WeakInt(-1), ir.WeakInt(1), ints(0, 1), ints(1, 0), ints(), ints(2, 0, 1), ints(0, 2, 1))
	case "keepdims":
		return ir.BoolValue(x.r.IntN(2) == 0)
	case "shape":
		return pick(ints(3), ints(2, 3), ints(6), ints(-1), ints(3, 2), ints(1, 3), ints(1, -1), ints(), ints(2, 2, 3), ints(-1, 1))
	case "dtype":
		return pick(null, ir.String("f32"), ir.String("f64"), ir.String("i32"), ir.String("i64"), ir.String("u8"), ir.String("bool"))
	case "indices":
		return pick(ir.ListOf(null, null, null), ir.ListOf(ir.WeakInt(1), null, null), ir.ListOf(null, null, ir.WeakInt(-1)))
	}
	return pick(ir.WeakInt(0), ir.WeakInt(1), ir.WeakInt(2))
}

// TestRandomGraphs rewrites random graphs by the exact rules, which meet in any
// order there, and runs them before and after.
func TestRandomGraphs(t *testing.T) {
	r := rand.New(rand.NewPCG(5, *graphsSeed))
	fired := map[string]int{}
	for i := range *randomGraphs {
		x := newRandomGraph(r)
		h, counts := rewrite(x.graph, graphs.Exact)
		for _, n := range counts {
			fired[n.Rule] += n.N
		}
		if h == x.graph {
			continue
		}
		if again, more := rewrite(h, graphs.Exact); again != h {
			t.Errorf("a second time, %v fire on\n%smade of\n%s", more, graphs.Format(h), graphs.Format(x.graph))
		}
		c := &graphstest.Case{Leaf: &ir.Node{Op: "graph"}}
		registers := map[string]ir.Value{}
		for name, typ := range x.types {
			v, err := graphstest.Value(typ, r, false, registry)
			if err != nil {
				t.Fatal(err)
			}
			registers[name] = v
			c.Order = append(c.Order, name)
		}
		c.Leaf = c.Leaf.WithAttr("yield", ir.Strings(c.Order...))
		for _, f := range families[:3-min(i%8, 1)] {
			if diff := differ(c, f, x.graph, h, registers); diff != "" {
				t.Fatalf("%s: %s\n%sbecomes\n%sby %v\non %v", f.name, diff, graphs.Format(x.graph), graphs.Format(h), counts, show(registers))
			}
		}
	}
	t.Logf("%d of the rules fired", len(fired))
	if *randomGraphs >= 4000 && len(fired) < 50 && !t.Failed() {
		t.Errorf("only %d of the exact rules fired: %v", len(fired), fired)
	}
}

// TestRewriteIsBounded bounds the work on a long graph by counting the
// rewrites.
func TestRewriteIsBounded(t *testing.T) {
	g := &ir.Graph{Inputs: []ir.GraphInput{{Register: "x"}}, Types: []ir.Type{ir.NumberType(ir.F32, 3)}}
	const n = 20_000
	for i := range n {
		g.Steps = append(g.Steps, ir.GraphStep{Op: "negative", Args: []int{i}, Static: make([]ir.Value, 1), First: i + 1, Results: 1})
		g.Types = append(g.Types, g.Types[0])
	}
	g.Outputs = []ir.GraphOutput{{Kind: ir.Number, Value: n}}
	h, counts := rewrite(g, graphs.Exact)
	if len(h.Steps) != 0 {
		t.Errorf("%d steps are left of an even number of signs", len(h.Steps))
	}
	for _, c := range counts {
		if c.N > 2*n {
			t.Errorf("%s fired %d times on %d steps", c.Rule, c.N, n)
		}
	}
	if again := graphs.Rewrite(g, graphs.Options{Level: 1, Registry: registry}); again != g {
		t.Error("below level 2 the graph changes")
	}
}
