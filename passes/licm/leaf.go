package licm

import (
	"slices"
	"strconv"
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
	if !h.c.Room(n) { // what is split is no smaller
		h.stats.Note(n, "not hoisted from: %s", pass.TooLarge)
		return n, nil
	}
	s := h.splitter
	graph := n
	if n.Op == "call" {
		g := s.rest
		g.Reset()
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
	s.leaf.Reset()
	yields, dead, err := s.reader.ReadLeaf(graph)
	if err != nil {
		return nil, &pass.NodeError{Node: n, Err: err}
	}
	roots := slices.Concat(dead, yields)
	values := s.leaf.Reachable(roots...)
	s.reset(len(h.loops), values)
	for _, v := range values {
		s.measure(v)
	}
	if s.cut(roots, s.loops); !s.cuts() {
		return n, nil
	}
	parts := s.parts(n)
	rest := s.rest
	rest.Reset()
	l := dataflow.Leaf{Statement: n, Origins: n.Origins, Stores: graph.Stores(), Values: dataflow.LeafValues(graph),
		Steps: graph.Attr("steps").Int64(), Source: graph.Body("source")}
	kept := slices.DeleteFunc(dead, func(v *dataflow.Value) bool { return s.of[v.Number()].hidden != "" })
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
	} else if h.names.Op(n.Text("call")) == nil || h.c.Family != pass.FamilyStep && !cost.Neutral(h.names, n) || !h.whole(n) {
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
	// leaf is the leaf as it is, rest what stays of it, part what is computed
	// outside of a loop.
	leaf, rest, part *dataflow.Graph
	reader           *dataflow.Builder   // into leaf
	of               []measured          // by the numbers of the values
	group            [][]*dataflow.Value // that are kept, by level
}

// measured is what a splitter knows of a value.
type measured struct {
	// level is the number of loops, counted from outside, that the value has to
	// be inside of: all for what changes in the innermost one.
	level  int
	cost   float64 // nanoseconds to compute it from registers, at least
	scalar bool
	hidden string // the register in which it is kept, or ""
	cut    bool   // looked at by cut
}

func newSplitter(h *hoister) *splitter {
	s := &splitter{h: h}
	for _, g := range []**dataflow.Graph{&s.leaf, &s.rest, &s.part} {
		*g = dataflow.NewGraph(h.c.Registry, false)
	}
	s.reader = &dataflow.Builder{Graph: s.leaf, Names: h.names}
	return s
}

// reset begins a leaf with the values, in the order in which they were made, in
// so many loops.
func (s *splitter) reset(loops int, values []*dataflow.Value) {
	s.loops, s.group = loops, make([][]*dataflow.Value, loops)
	s.of = append(s.of[:0], make([]measured, values[len(values)-1].Number()+1)...)
}

// cuts reports whether anything is kept.
func (s *splitter) cuts() bool {
	return slices.ContainsFunc(s.group, func(values []*dataflow.Value) bool { return len(values) > 0 })
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
		of := &s.of[arg.Number()]
		level, sum, scalar = max(level, of.level), sum+of.cost, scalar && of.scalar
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
		op := v.Called()
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
	s.of[v.Number()] = measured{level: level, cost: min(sum, 1e12), scalar: scalar}
}

// cut finds what the roots, which belong to the given level, need from levels
// outside of it, and what that needs in turn.
func (s *splitter) cut(roots []*dataflow.Value, level int) {
	for i := range s.of {
		s.of[i].cut = false
	}
	stack := slices.Clone(roots)
	for len(stack) > 0 {
		v := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		of := &s.of[v.Number()]
		if of.cut {
			continue
		}
		of.cut = true
		if v.Kind == dataflow.Call && of.level < level && of.cost > keeping {
			if of.hidden == "" {
				of.hidden = ir.HiddenPrefix + strconv.FormatUint(uint64(s.h.c.NewID()), 10)
				s.group[of.level] = append(s.group[of.level], v)
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
		g := s.part
		g.Reset()
		l := dataflow.Leaf{Statement: &ir.Node{Pos: values[0].Node.Pos}, ID: s.h.c.NewID(), Origins: originsOf(n), Values: len(values)}
		for _, v := range values {
			l.Stores = append(l.Stores, s.of[v.Number()].hidden)
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
		if of := &s.of[v.Number()]; of.hidden != "" && of.level < level {
			return g.Input(v.Node, of.hidden)
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
