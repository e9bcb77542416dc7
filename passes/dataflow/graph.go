package dataflow

import (
	"encoding/binary"
	"fmt"
	"slices"
	"strings"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops"
)

// A Graph makes values. Share decides whether equal computations are one value.
type Graph struct {
	Registry *ops.Registry
	Share    bool

	values  []*Value
	known   map[string]*Value
	keys    []string // of values, when sharing
	key     []byte   // of the last one
	calls   int
	storage storage
	walker  walker
	emitter emitter
}

// NewGraph returns an empty graph.
func NewGraph(registry *ops.Registry, share bool) *Graph {
	g := &Graph{Registry: registry, Share: share}
	g.Reset()
	return g
}

// Reset makes the graph empty. Its values must not be used any more: those made
// from now on take their places in memory.
func (g *Graph) Reset() {
	if g.Share {
		if len(g.known) > large || g.known == nil {
			g.known = map[string]*Value{}
		} else {
			clear(g.known)
		}
	}
	g.values, g.keys, g.calls = g.values[:0], g.keys[:0], 0
	g.storage.reset()
}

// maxAggregate bounds the lists and records that are followed through reads of
// their parts, whose written form could otherwise grow without bound.
const maxAggregate = 1000

// A Mark is a state of a graph to return to.
type Mark int

// Mark returns the current state.
func (g *Graph) Mark() Mark { return Mark(len(g.values)) }

// Rollback forgets all values made since the mark.
func (g *Graph) Rollback(m Mark) {
	for i := int(m); i < len(g.keys); i++ {
		delete(g.known, g.keys[i])
	}
	for _, v := range g.values[m:] {
		if v.Kind == Call {
			g.calls--
		}
	}
	g.values = g.values[:m]
	g.keys = g.keys[:min(int(m), len(g.keys))]
}

// Calls returns how many calls of ops the graph holds.
func (g *Graph) Calls() int { return g.calls }

func (g *Graph) add(v Value) *Value {
	if g.Share {
		g.key = v.appendKey(g.key[:0])
		if same := g.known[string(g.key)]; same != nil {
			return same
		}
	}
	made := g.storage.value()
	*made = v
	if g.Share {
		key := string(g.key)
		g.keys = append(g.keys, key)
		g.known[key] = made
	}
	if v.Kind == Call {
		g.calls++
	}
	made.id, made.size = len(g.values), 1
	if v.Kind == List || v.Kind == Record {
		for _, arg := range v.Args {
			made.size = min(made.size+arg.size, maxAggregate+1)
		}
	}
	g.values = append(g.values, made)
	return made
}

// appendKey appends what is equal for two values exactly if they compute the same
// bits. Where a value comes from is not part of it.
func (v *Value) appendKey(b []byte) []byte {
	b = append(b, byte(v.Kind))
	text := func(s string) {
		b = binary.AppendUvarint(b, uint64(len(s)))
		b = append(b, s...)
	}
	text(v.Op)
	b = binary.AppendVarint(b, int64(v.Index))
	b = binary.AppendUvarint(b, uint64(len(v.Args)))
	for _, arg := range v.Args {
		b = binary.AppendUvarint(b, uint64(arg.id))
	}
	b = binary.AppendUvarint(b, uint64(len(v.Names)))
	for _, name := range v.Names {
		text(name)
	}
	switch v.Kind {
	case Const:
		switch l := v.Literal; {
		case l.Kind() == ir.Str:
			b = append(b, 's')
			text(l.Text())
		case l.IsScalar() && l.Tensor() == nil:
			b = append(b, 'n', byte(l.DType()))
			if l.Weak() {
				b = append(b, 'w')
			}
			b = binary.AppendUvarint(b, l.CanonicalBits())
		default:
			b = append(b, 'd')
			b = append(b, ir.ValueDigest(l)...)
		}
	case Fill, Opaque:
		b = append(b, ir.NodeDigest(v.Node)...)
	}
	return b
}

// Const returns a literal.
func (g *Graph) Const(literal ir.Value, node *ir.Node) *Value {
	return g.add(Value{Kind: Const, Literal: literal, Node: node})
}

// Fill returns the value of a tensor node.
func (g *Graph) Fill(node *ir.Node) *Value { return g.add(Value{Kind: Fill, Node: node}) }

// Opaque returns the value of an expression that is kept as it is.
func (g *Graph) Opaque(node *ir.Node) *Value { return g.add(Value{Kind: Opaque, Node: node}) }

// Input returns the value of a register, or of a field of one.
func (g *Graph) Input(node *ir.Node, path ...string) *Value {
	return g.add(Value{Kind: Input, Names: path, Node: node})
}

// Param returns parameter i of a function.
func (g *Graph) Param(i int) *Value { return g.add(Value{Kind: Param, Index: i}) }

// List returns a list of values.
func (g *Graph) List(node *ir.Node, items ...*Value) *Value {
	return g.add(Value{Kind: List, Args: items, Node: node})
}

// Record returns a record of values.
func (g *Graph) Record(node *ir.Node, names []string, fields []*Value) *Value {
	return g.add(Value{Kind: Record, Names: names, Args: fields, Node: node})
}

// Slice returns a range of an index.
func (g *Graph) Slice(node *ir.Node, bounds ...*Value) *Value {
	return g.add(Value{Kind: Slice, Args: bounds, Node: node})
}

// Call returns a call of an op with bound arguments. Reading a known part of a
// list or record gives that part. A graph that shares has no copies either.
func (g *Graph) Call(op string, node *ir.Node, args ...*Value) *Value {
	return g.call(op, g.Registry.Lookup(op), node, args)
}

// call is Call for an op that has been looked up.
func (g *Graph) call(op string, found *ops.Op, node *ir.Node, args []*Value) *Value {
	if op == "identity" && g.Share && args[0].Kind != List && args[0].Kind != Record {
		return args[0]
	}
	if op == "getitem" && len(args) == 2 {
		if part := g.part(args[0], args[1], node); part != nil && part.size <= maxAggregate {
			return part
		}
	}
	return g.add(Value{Kind: Call, Op: op, op: found, Args: args, Node: node})
}

// Field returns a field of a record.
func (g *Graph) Field(record *Value, name string, node *ir.Node) *Value {
	return g.Call("getitem", node, record, g.Const(ir.String(name), nil))
}

// Item returns an item of a list.
func (g *Graph) Item(list *Value, i int, node *ir.Node) *Value {
	return g.Call("getitem", node, list, g.Const(ir.WeakInt(int64(i)), nil))
}

// part returns the part of aggregate that index names, or nil if that is not
// known.
func (g *Graph) part(aggregate, index *Value, node *ir.Node) *Value {
	name, named := index.IsString()
	if named {
		switch aggregate.Kind {
		case Record:
			if i := slices.Index(aggregate.Names, name); i >= 0 {
				return aggregate.Args[i]
			}
		case Input:
			if ir.IsName(name) && name != ir.Discard {
				path := append(slices.Clone(aggregate.Names), name)
				return g.Input(node, path...)
			}
		}
		return nil
	}
	i, numbered := index.IsInt()
	if !numbered {
		return nil
	}
	switch n := int64(len(aggregate.Args)); {
	case aggregate.Kind == List:
		if i < 0 {
			i += n
		}
		if 0 <= i && i < n {
			return aggregate.Args[i]
		}
	case aggregate.Kind == Call:
		if k := g.results(aggregate); k > 1 && 0 <= i && i < int64(k) {
			return g.Result(aggregate, int(i))
		}
	}
	return nil
}

// results returns how many results the call v has.
func (g *Graph) results(v *Value) int {
	if v.op != nil {
		return v.op.Results
	}
	return 1
}

// Result returns result i of a call that has several, else the call.
func (g *Graph) Result(call *Value, i int) *Value {
	if g.results(call) == 1 {
		return call
	}
	return g.add(Value{Kind: Result, Index: i, Args: []*Value{call}, Node: call.Node})
}

// positional is Bind for arguments without names, nil if they do not fit.
func (g *Graph) positional(op *ops.Op, args []*Value) []*Value {
	params := op.Params
	if !op.Takes(len(args)) {
		return nil
	}
	if len(args) >= len(params) {
		return args
	}
	all := append(g.storage.list(len(params))[:0], args...)
	for i := len(args); i < len(params); i++ {
		all = append(all, g.Const(*params[i].Default, nil))
	}
	return all
}

// Bind returns a call of the op with arguments in the order of its parameters,
// where the missing ones take their defaults, or an error that says what does
// not fit.
func (g *Graph) Bind(name string, node *ir.Node, args []*Value, kwargs map[string]*Value) (*Value, error) {
	op := g.Registry.Lookup(name)
	if op == nil {
		return nil, fmt.Errorf("unknown op %q", name)
	}
	if len(kwargs) == 0 {
		if all := g.positional(op, args); all != nil {
			return g.call(name, op, node, all), nil
		}
	}
	// Placeholders let the signature order the arguments.
	values := map[*ir.Node]*Value{}
	stand := func(v *Value) *ir.Node {
		n := &ir.Node{Op: "reg"}
		values[n] = v
		return n
	}
	var positional []*ir.Node
	for _, arg := range args {
		positional = append(positional, stand(arg))
	}
	var named []ir.Kwarg
	for k, v := range kwargs {
		named = append(named, ir.Kwarg{Name: k, Node: stand(v)})
	}
	slices.SortFunc(named, func(a, b ir.Kwarg) int { return strings.Compare(a.Name, b.Name) })
	bound, problems := op.Bind(positional, named)
	if len(problems) > 0 {
		return nil, fmt.Errorf("%s", strings.Join(problems, "; "))
	}
	all := make([]*Value, len(bound))
	for i, n := range bound {
		if all[i] = values[n]; all[i] == nil {
			all[i] = g.Const(n.Attr("value"), nil)
		}
	}
	return g.Call(name, node, all...), nil
}
