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
	e := emitter{g: g, newID: newID, locals: map[*Value]string{}, results: map[*Value][]*Value{}, lists: map[*Value][]string{}, whole: map[*Value]bool{}}
	roots := append(slices.Clone(l.Keep), l.Yields...)
	order := Reachable(roots...)
	for _, v := range l.Yields {
		e.whole[v] = true
	}
	for _, v := range order {
		if v.Kind == Result {
			e.results[v.Args[0]] = append(e.results[v.Args[0]], v)
			continue
		}
		for _, arg := range v.Args {
			e.whole[arg] = true
		}
	}
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
	n.Attrs = []ir.Attr{{Name: "steps", Value: ir.Int(l.Steps)}, {Name: "store", Value: ir.Strings(stores...)}}
	if l.Values != 1 {
		n.Attrs = append(n.Attrs, ir.Attr{Name: "values", Value: ir.Int(int64(l.Values))})
	}
	n.Attrs = append(n.Attrs, ir.Attr{Name: "yield", Value: ir.Strings(yields...)})
	n.Regions = []ir.Region{{Field: "graph", Body: e.body}, {Field: "source", Body: l.Source}}
	return n
}

// unread returns the registers that the statements read although nothing in
// order needs them. The leaf yields them to nobody, since reading a register
// that is unset is an error all the same.
func (g *Graph) unread(order []*Value) []string {
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

type emitter struct {
	g       *Graph
	newID   func() ir.ID
	body    []*ir.Node
	locals  map[*Value]string
	count   int
	results map[*Value][]*Value // of calls that have several, those in use
	whole   map[*Value]bool     // what is read other than by result
	lists   map[*Value][]string // the locals of a call's results, where all are read
}

func (e *emitter) local() string {
	e.count++
	return fmt.Sprintf("%%%d", e.count)
}

// call appends the statement that computes v. Each result that is read has a
// local; the list of several results is written out where it is read.
func (e *emitter) call(v *Value) {
	n := e.node(v, "call")
	n.Args = make([]*ir.Node, 0, len(v.Args))
	for _, arg := range e.g.withoutDefaults(v) {
		n.Args = append(n.Args, e.operand(arg))
	}
	stores := slices.Repeat([]string{ir.Discard}, e.g.results(v))
	if len(stores) == 1 {
		stores[0] = e.local()
		e.locals[v] = stores[0]
	} else {
		if e.whole[v] {
			for i := range stores {
				stores[i] = e.local()
			}
			e.lists[v] = stores
		}
		for _, r := range e.results[v] {
			if stores[r.Index] == ir.Discard {
				stores[r.Index] = e.local()
			}
			e.locals[r] = stores[r.Index]
		}
	}
	n.Attrs = []ir.Attr{{Name: "call", Value: ir.String(v.Op)}, {Name: "store", Value: ir.Strings(stores...)}}
	e.body = append(e.body, n)
}

// yield returns a name that holds v.
func (e *emitter) yield(v *Value) string {
	if name := e.locals[v]; name != "" {
		return name
	}
	if v.Kind == Input && len(v.Names) == 1 {
		return v.Names[0]
	}
	n := e.node(&Value{Node: v.Node}, "call")
	n.Args = []*ir.Node{e.operand(v)}
	e.locals[v] = e.local()
	n.Attrs = []ir.Attr{{Name: "call", Value: ir.String("identity")}, {Name: "store", Value: ir.Strings(e.locals[v])}}
	e.body = append(e.body, n)
	return e.locals[v]
}

// node returns a new node in the place that v comes from.
func (e *emitter) node(v *Value, op string) *ir.Node {
	n := &ir.Node{Op: op, ID: e.newID()}
	if v.Node != nil {
		n.Pos, n.Origins = v.Node.Pos, originsOf(v.Node)
	}
	return n
}

// operand returns an operand that reads v.
func (e *emitter) operand(v *Value) *ir.Node {
	if name := e.locals[v]; name != "" {
		n := e.node(v, "reg")
		n.Attrs = []ir.Attr{{Name: "reg", Value: ir.String(name)}}
		return n
	}
	if v.Kind == Call {
		n := e.node(v, "list")
		for _, name := range e.lists[v] {
			item := e.node(v, "reg")
			item.Attrs = []ir.Attr{{Name: "reg", Value: ir.String(name)}}
			n.Args = append(n.Args, item)
		}
		return n
	}
	n := e.node(v, "")
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

// describe makes n the operand v without its own operands.
func describe(n *ir.Node, v *Value) {
	switch v.Kind {
	case Const:
		n.Op = "const"
		if !v.Literal.IsNull() {
			n.Attrs = []ir.Attr{{Name: "value", Value: v.Literal}}
		}
	case Fill:
		n.Op, n.Attrs = "tensor", v.Node.Attrs
	case Input:
		n.Op = "reg"
		n.Attrs = []ir.Attr{{Name: "reg", Value: ir.String(strings.Join(v.Names, "."))}}
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
	op := g.Registry.Lookup(v.Op)
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
