package licm

import (
	"fmt"
	"slices"
	"strings"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/passes/cost"
	"flowc.dev/flowc/passes/dataflow"
	"flowc.dev/flowc/passes/pass"
)

// leaf splits a graph leaf, or a statement that calls ops, into what is
// invariant in the loops around and the rest. n itself is the answer if nothing
// is gained.
func (h *hoister) leaf(n *ir.Node) (*ir.Node, error) {
	if !h.mayGain(n) {
		return n, nil
	}
	graph := n
	if n.Op == "call" {
		g := dataflow.NewGraph(h.c.Registry, false)
		b := &dataflow.Builder{Graph: g, Names: h.names, Keep: true, Kept: refuse}
		results, _, err := b.Statement(dataflow.NewFrame(), n)
		if err != nil {
			h.stats.Note(n, "not hoisted from: %s", err)
			return n, nil
		}
		l := g.Single(n, results)
		l.Keep = g.Dead(l.Yields...)
		graph = g.Leaf(l, h.c.NewID)
	}
	b := &dataflow.Builder{Graph: dataflow.NewGraph(h.c.Registry, false), Names: h.names}
	yields, dead, err := b.ReadLeaf(graph)
	if err != nil {
		return nil, &pass.NodeError{Node: n, Err: err}
	}
	s := &splitter{h: h, loops: len(h.loops), level: map[*dataflow.Value]int{}, cost: map[*dataflow.Value]float64{},
		scalar: map[*dataflow.Value]bool{}, group: make([][]*dataflow.Value, len(h.loops)), hidden: map[*dataflow.Value]string{}}
	roots := slices.Concat(dead, yields)
	for _, v := range dataflow.Reachable(roots...) {
		s.measure(v)
	}
	s.cut(roots, s.loops)
	if len(s.hidden) == 0 {
		return n, nil
	}
	parts := s.parts(n)
	rest := dataflow.NewGraph(h.c.Registry, false)
	l := dataflow.Leaf{Statement: n, Origins: n.Origins, Stores: graph.Stores(), Values: dataflow.LeafValues(graph),
		Steps: graph.Attr("steps").Int64(), Source: graph.Body("source")}
	kept := slices.DeleteFunc(dead, func(v *dataflow.Value) bool { return s.hidden[v] != "" })
	copies := rest.Import(s.reading(rest, s.loops), slices.Concat(kept, yields)...)
	l.Keep, l.Yields = copies[:len(kept)], copies[len(kept):]
	if source := graph.Body("source"); len(source) == 1 && (source[0].ID == n.ID || source[0].Op == "grad") {
		// The statement in the form in which it runs by itself.
		l.ID, l.Source, l.Origins = h.c.NewID(), []*ir.Node{n}, originsOf(n)
	}
	split := rest.Leaf(l, h.c.NewID)
	if !h.c.Fits(&ir.Node{Regions: []ir.Region{{Field: "graph", Body: slices.Concat(split.Body("graph"), parts)}}}) {
		h.stats.Note(n, "not hoisted from: %s", pass.TooLarge)
		return n, nil
	}
	rewrite := "invariant calls hoisted"
	if len(split.Body("graph")) == 0 {
		rewrite = "invariant statements hoisted"
	}
	if !h.c.Fire(rewrite, n) {
		return n, nil
	}
	split.Regions = append(split.Regions, ir.Region{Field: "hoisted", Body: parts})
	return split, nil
}

func refuse(n *ir.Node) (*ir.Node, error) {
	return nil, &dataflow.Obstacle{Node: n, Reason: "it calls the function " + n.Text("call")}
}

func originsOf(n *ir.Node) []ir.ID {
	if len(n.Origins) > 0 {
		return n.Origins
	}
	return []ir.ID{n.ID}
}

// mayGain reports whether n calls an op on nothing that the innermost loop
// stores to. It is a quick look before the leaf is read.
func (h *hoister) mayGain(n *ir.Node) bool {
	calls := []*ir.Node{n}
	if n.Op == "graph" {
		calls = n.Body("graph")
		if len(n.Body("hoisted")) > 0 {
			return false
		}
	} else if h.c.Family != pass.FamilyStep || h.names.Op(n.Text("call")) == nil || !h.whole(n) {
		return false // only its operands, or no leaf of the family for a reason
	}
	inner := h.loops[len(h.loops)-1:]
	gain := false
	var invariant func(n *ir.Node) bool
	invariant = func(n *ir.Node) bool {
		fixed := true
		for _, arg := range n.Args {
			fixed = invariant(arg) && fixed
		}
		for _, k := range n.Kwargs {
			fixed = invariant(k.Node) && fixed
		}
		switch n.Op {
		case "reg":
			name, _, _ := strings.Cut(n.Text("reg"), ".")
			return !ir.IsLocal(name) && h.stores.level(inner, name) == 0
		case "call", "index":
			gain = gain || fixed
		}
		return fixed
	}
	for _, c := range calls {
		invariant(c)
	}
	return gain
}

// A splitter divides the values of one leaf by the loops in which they change.
type splitter struct {
	h     *hoister
	loops int
	// level is the number of loops, counted from outside, that a value has to be
	// inside of: loops for what changes in the innermost one.
	level  map[*dataflow.Value]int
	cost   map[*dataflow.Value]float64 // nanoseconds to compute it from registers, at least
	scalar map[*dataflow.Value]bool
	// group has the values of each level that are kept, hidden their registers.
	group  [][]*dataflow.Value
	hidden map[*dataflow.Value]string
}

// Costs in nanoseconds of a call on small values and of keeping a value: looking
// whether it is there, and reading it. See package cost.
const (
	scalarCall = 30
	tensorCall = 150
	keeping    = 100
)

// views are ops that compute nothing. Kernels of compiled graphs read their
// operands in place where that pays, the reference evaluation copies.
var views = map[string]bool{
	"identity": true, "reshape": true, "transpose": true, "broadcast_to": true, "expand_dims": true, "squeeze": true,
	"getitem": true, "zeros": true, "ones": true, "full": true, "shape": true, "size": true, "cast": true,
}

// measure notes level and cost of v, whose operands have been measured.
func (s *splitter) measure(v *dataflow.Value) {
	level, sum, scalar := 0, 0.0, v.Kind == dataflow.Call
	for _, arg := range v.Args {
		level, sum, scalar = max(level, s.level[arg]), sum+s.cost[arg], scalar && s.scalar[arg]
	}
	switch v.Kind {
	case dataflow.Const:
		scalar = v.Literal.IsScalar()
	case dataflow.Input:
		level = s.h.stores.level(s.h.loops, v.Names[0])
		scalar = len(v.Names) == 1 && s.h.scalarsOf().Register(v.Names[0])
	case dataflow.Opaque, dataflow.Param, dataflow.Result:
		level = s.loops
	case dataflow.Call:
		op := s.h.c.Registry.Lookup(v.Op)
		switch {
		case op == nil || op.Results != 1 || op.Aggregate || !op.Effects.Pure():
			level = s.loops
		case v.Op == "identity" || views[v.Op] && s.h.c.Family != pass.FamilyStep:
		case scalar && op.Elementwise:
			sum += scalarCall
		default:
			sum += tensorCall
		}
		scalar = scalar && op != nil && op.Elementwise
	}
	s.level[v], s.cost[v], s.scalar[v] = level, min(sum, 1e12), scalar
}

// cut finds what the roots, which belong to the given level, need from levels
// outside of it, and what that needs in turn.
func (s *splitter) cut(roots []*dataflow.Value, level int) {
	seen := map[*dataflow.Value]bool{}
	stack := slices.Clone(roots)
	for len(stack) > 0 {
		v := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if seen[v] {
			continue
		}
		seen[v] = true
		if v.Kind == dataflow.Call && s.level[v] < level && s.cost[v] > keeping {
			if s.hidden[v] == "" {
				s.hidden[v] = fmt.Sprintf("%s%d", ir.HiddenPrefix, s.h.c.NewID())
				s.group[s.level[v]] = append(s.group[s.level[v]], v)
			}
			continue
		}
		stack = append(stack, v.Args...)
	}
	for i := level - 1; i >= 0; i-- {
		if len(s.group[i]) > 0 {
			var args []*dataflow.Value
			for _, v := range s.group[i] {
				args = append(args, v.Args...)
			}
			s.cut(args, i)
			return
		}
	}
}

// parts returns a graph for each level that has values to keep.
func (s *splitter) parts(n *ir.Node) []*ir.Node {
	var parts []*ir.Node
	for level, values := range s.group {
		if len(values) == 0 {
			continue
		}
		g := dataflow.NewGraph(s.h.c.Registry, false)
		l := dataflow.Leaf{Statement: &ir.Node{Pos: values[0].Node.Pos}, ID: s.h.c.NewID(), Origins: originsOf(n), Values: len(values)}
		for _, v := range values {
			l.Stores = append(l.Stores, s.hidden[v])
		}
		l.Yields = g.Import(s.reading(g, level), values...)
		part := g.Leaf(l, s.h.c.NewID).WithAttr("loops", ir.Int(int64(s.loops-level)))
		part.Regions = part.Regions[:1]
		parts = append(parts, part)
	}
	return parts
}

// reading returns a function that gives, for a value that is kept outside of the
// level, its reading in g.
func (s *splitter) reading(g *dataflow.Graph, level int) func(v *dataflow.Value) *dataflow.Value {
	return func(v *dataflow.Value) *dataflow.Value {
		if name := s.hidden[v]; name != "" && s.level[v] < level {
			return g.Input(v.Node, name)
		}
		return nil
	}
}

func (h *hoister) scalarsOf() *cost.Scalars {
	if h.scalars == nil {
		h.scalars = pass.Get(h.c, cost.ScalarsIn, h.p)(h.function)
	}
	return h.scalars
}
