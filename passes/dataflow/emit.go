package dataflow

import (
	"fmt"
	"slices"
	"strings"

	"flowc.dev/flowc/ir"
)

// A Leaf describes the graph leaf that [Graph.Leaf] makes.
type Leaf struct {
	// Statement is the statement that the leaf takes the place of. Its ID,
	// position and doc are the leaf's; a fresh leaf replaces the ID. Its hooks
	// stay where they are, in the source.
	Statement *ir.Node
	ID        ir.ID
	Origins   []ir.ID
	// Yields are the results, one per store; Discard drops one.
	Yields []*Value
	Stores []string
	// Values is how many of the last yields make up the value.
	Values int
	// Keep are calls whose results nothing uses, which may fail all the same.
	Keep   []*Value
	Steps  int64
	Source []*ir.Node
}

// Leaf returns a graph leaf that computes l's yields. newID numbers its nodes.
func (g *Graph) Leaf(l Leaf, newID func() ir.ID) *ir.Node {
	e := &g.emitter
	e.reset(g, newID)
	e.roots = append(append(e.roots[:0], l.Keep...), l.Yields...)
	order := g.walker.reachable(e.roots)
	for _, v := range l.Yields {
		e.whole[v.id] = true
	}
	calls := 0
	for _, v := range order {
		if v.Kind == Result {
			if e.results == nil {
				e.results = map[*Value][]*Value{}
			}
			e.results[v.Args[0]] = append(e.results[v.Args[0]], v)
			continue
		}
		if v.Kind == Call {
			calls++
			e.nodes += 1 + len(v.Args)
		}
		for _, arg := range v.Args {
			e.whole[arg.id] = true
		}
	}
	e.body = make([]*ir.Node, 0, calls)
	for _, v := range order {
		if v.Kind == Call {
			e.call(v)
		}
	}
	yields := g.unread(order)
	stores := append(slices.Repeat([]string{ir.Discard}, len(yields)), l.Stores...)
	for _, v := range l.Yields {
		yields = append(yields, e.yield(v))
	}
	n := &ir.Node{Op: "graph", ID: l.ID, Origins: l.Origins, Pos: l.Statement.Pos, Doc: l.Statement.Doc}
	if n.ID == 0 {
		n.ID = l.Statement.ID
	}
	n.Attrs = e.leafAttrs(l, stores, yields)
	n.Regions = []ir.Region{{Field: "graph", Body: e.body}, {Field: "source", Body: l.Source}}
	return n
}

// unread returns the registers that the statements read although nothing in
// order needs them. The leaf yields them to nobody, since reading a register
// that is unset is an error all the same.
func (g *Graph) unread(order []*Value) []string {
	inputs := func(values []*Value) int {
		count := 0
		for _, v := range values {
			if v.Kind == Input {
				count++
			}
		}
		return count
	}
	if inputs(order) == inputs(g.values) {
		return nil
	}
	read := map[string]bool{}
	for _, v := range order {
		if v.Kind == Input {
			read[v.Names[0]] = true
		}
	}
	var names []string
	for _, v := range g.values {
		if v.Kind == Input && !read[v.Names[0]] {
			read[v.Names[0]] = true
			names = append(names, v.Names[0])
		}
	}
	return names
}

// Single returns the leaf for one statement with the given results: its yields,
// stores and values.
func (g *Graph) Single(n *ir.Node, results []*Value) Leaf {
	l := Leaf{Statement: n, Yields: results, Stores: n.Stores(), Values: len(results), Steps: 1, Source: []*ir.Node{n}}
	switch {
	case len(l.Stores) == 0:
		l.Stores = slices.Repeat([]string{ir.Discard}, len(results))
	case len(l.Stores) == 1 && len(results) > 1:
		l.Yields, l.Values = []*Value{g.List(n, results...)}, 1
	}
	return l
}

// An emitter makes one leaf after the other.
type emitter struct {
	g       *Graph
	newID   func() ir.ID
	body    []*ir.Node
	roots   []*Value
	locals  []string // by the IDs of values
	count   int
	results map[*Value][]*Value // of calls that have several, those in use
	whole   []bool              // what is read other than by result, by IDs
	lists   map[*Value][]string // the locals of a call's results, where all are read

	nodes int // about so many are still to be made
	room  []place
	// stored has the attributes of calls by their ops and then by the first
	// locals to which they store.
	stored map[string][][]ir.Attr
	leaves map[leafKey][]ir.Attr
}

// A place has room for a node with one origin: they are made many at a time.
type place struct {
	node    ir.Node
	origins [1]ir.ID
}

// reset makes e ready for a leaf of g.
func (e *emitter) reset(g *Graph, newID func() ir.ID) {
	e.g, e.newID, e.body, e.count, e.results, e.lists, e.nodes = g, newID, nil, 0, nil, nil, 0
	e.locals = append(e.locals[:0], make([]string, len(g.values))...)
	e.whole = append(e.whole[:0], make([]bool, len(g.values))...)
}

func (e *emitter) local() string {
	e.count++
	return localName(e.count)
}

// call appends the statement that computes v. Each result that is read has a
// local; the list of several results is written out where it is read.
func (e *emitter) call(v *Value) {
	n := e.callNode(v)
	n.Args = make([]*ir.Node, 0, len(v.Args))
	for _, arg := range e.g.withoutDefaults(v) {
		n.Args = append(n.Args, e.operand(arg))
	}
	if results := e.g.results(v); results == 1 {
		e.locals[v.id] = e.local()
		n.Attrs = e.callAttrs(v.Op, e.locals[v.id])
	} else {
		stores := slices.Repeat([]string{ir.Discard}, results)
		if e.whole[v.id] {
			for i := range stores {
				stores[i] = e.local()
			}
			if e.lists == nil {
				e.lists = map[*Value][]string{}
			}
			e.lists[v] = stores
		}
		for _, r := range e.results[v] {
			if stores[r.Index] == ir.Discard {
				stores[r.Index] = e.local()
			}
			e.locals[r.id] = stores[r.Index]
		}
		n.Attrs = callAttrs(v.Op, ir.Strings(stores...))
	}
	e.body = append(e.body, n)
}

// yield returns a name that holds v.
func (e *emitter) yield(v *Value) string {
	if name := e.locals[v.id]; name != "" {
		return name
	}
	if v.Kind == Input && len(v.Names) == 1 {
		return v.Names[0]
	}
	n := e.callNode(v)
	n.Args = []*ir.Node{e.operand(v)}
	name := e.local()
	e.locals[v.id] = name
	n.Attrs = e.callAttrs("identity", name)
	e.body = append(e.body, n)
	return name
}

// callNode returns a new call in the place that v comes from.
func (e *emitter) callNode(v *Value) *ir.Node {
	n := e.node(v)
	n.Op = "call"
	return n
}

// node returns a new node in the place that v comes from.
func (e *emitter) node(v *Value) *ir.Node {
	if len(e.room) == 0 {
		const most = 23 // take four kilobytes
		e.room = make([]place, min(max(e.nodes, 1), most))
		e.nodes -= len(e.room)
	}
	p := &e.room[0]
	e.room = e.room[1:]
	e.place(&p.node, &p.origins, v)
	return &p.node
}

// place gives n an ID and the place that v comes from.
func (e *emitter) place(n *ir.Node, origins *[1]ir.ID, v *Value) {
	n.ID = e.newID()
	if from := v.Node; from != nil {
		if n.Pos, n.Origins = from.Pos, from.Origins; len(n.Origins) == 0 && from.ID != 0 {
			origins[0] = from.ID
			n.Origins = origins[:]
		}
	}
}

// operand returns an operand that reads v.
func (e *emitter) operand(v *Value) *ir.Node {
	if name := e.locals[v.id]; name != "" {
		return e.register(v, name)
	}
	if n := written(v); n != nil {
		return n
	}
	if v.Kind == Call {
		n := e.node(v)
		n.Op = "list"
		for _, name := range e.lists[v] {
			n.Args = append(n.Args, e.register(v, name))
		}
		return n
	}
	n := e.node(v)
	describe(n, v)
	for _, arg := range v.Args {
		child := e.operand(arg)
		if v.Kind == Record {
			n.Kwargs = append(n.Kwargs, ir.Kwarg{Name: v.Names[len(n.Kwargs)], Node: child})
		} else {
			n.Args = append(n.Args, child)
		}
	}
	return n
}

// written returns the operand that v has been read from, if it can be written
// again as it is: a literal or a register. It stands at both places then.
func written(v *Value) *ir.Node {
	n := v.Node
	if n == nil {
		return nil
	}
	switch v.Kind {
	case Const:
		if n.Op == "const" && v.Literal.IsScalar() && ir.SameValue(n.Attr("value"), v.Literal) {
			return n
		}
	case Fill:
		return n
	case Input:
		if n.Op == "reg" && len(v.Names) == 1 && n.Text("reg") == v.Names[0] {
			return n
		}
	}
	return nil
}

// register returns an operand that reads the local that holds v.
func (e *emitter) register(v *Value, name string) *ir.Node {
	n := e.node(v)
	n.Op, n.Attrs = "reg", readAttrs(name)
	return n
}

// describe makes n the operand v without its own operands.
func describe(n *ir.Node, v *Value) {
	if from := written(v); from != nil {
		n.Op, n.Attrs = from.Op, from.Attrs
		return
	}
	switch v.Kind {
	case Const:
		if n.Op = "const"; !v.Literal.IsNull() {
			n.Attrs = []ir.Attr{{Name: "value", Value: v.Literal}}
		}
	case Input:
		n.Op, n.Attrs = "reg", readAttrs(strings.Join(v.Names, "."))
	case List:
		n.Op = "list"
	case Record:
		n.Op = "record"
	case Slice:
		n.Op = "slice"
	default:
		panic(fmt.Sprintf("bug: a value of kind %d as an operand", v.Kind))
	}
}

// withoutDefaults returns the arguments of a call less the last ones that equal
// their parameters' defaults.
func (g *Graph) withoutDefaults(v *Value) []*Value {
	op := v.op
	args := v.Args
	for len(args) > 0 && len(args) <= len(op.Params) {
		p := &op.Params[len(args)-1]
		last := args[len(args)-1]
		if p.Default == nil || p.Variadic || last.Kind != Const || !ir.SameValue(*p.Default, last.Literal) {
			break
		}
		args = args[:len(args)-1]
	}
	return args
}
