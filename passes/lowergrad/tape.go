package lowergrad

import (
	"fmt"
	"strconv"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/passes/dataflow"
)

// tape gives gradient rules their view of a graph: operands are literals, lists
// and slices as they are, and register operands that stand for computed values.
type tape struct {
	g     *dataflow.Graph
	b     *dataflow.Builder
	frame *dataflow.Frame
	known map[*dataflow.Value]*ir.Node
	at    *ir.Node // the call whose rule runs
	err   error
}

func newTape(g *dataflow.Graph, b *dataflow.Builder) *tape {
	inner := &dataflow.Builder{Graph: g, Names: b.Names}
	return &tape{g: g, b: inner, frame: dataflow.NewFrame(), known: map[*dataflow.Value]*ir.Node{}}
}

// Call implements ops.Tape.
func (t *tape) Call(op string, args ...*ir.Node) *ir.Node {
	values := make([]*dataflow.Value, len(args))
	for i, arg := range args {
		v, err := t.value(arg)
		if err != nil {
			return t.fail(err)
		}
		values[i] = v
	}
	v, err := t.g.Bind(op, t.at, values, nil)
	if err != nil {
		return t.fail(err)
	}
	return t.node(v)
}

// fail remembers the first error; the rule goes on with a literal in place of
// the result, which is never used.
func (t *tape) fail(err error) *ir.Node {
	if t.err == nil {
		t.err = err
	}
	return ir.Const(ir.WeakInt(0))
}

// node returns an operand that stands for v.
func (t *tape) node(v *dataflow.Value) *ir.Node {
	if n := t.known[v]; n != nil {
		return n
	}
	var n *ir.Node
	switch v.Kind {
	case dataflow.Const:
		n = ir.Const(v.Literal)
		if v.Literal.IsNull() {
			n.Attrs = nil
		}
	case dataflow.List:
		n = &ir.Node{Op: "list", Args: t.nodes(v.Args)}
	case dataflow.Record:
		n = &ir.Node{Op: "record"}
		for i, field := range v.Args {
			n.Kwargs = append(n.Kwargs, ir.Kwarg{Name: v.Names[i], Node: t.node(field)})
		}
	case dataflow.Slice:
		n = &ir.Node{Op: "slice", Args: t.nodes(v.Args)}
	default:
		name := "%" + strconv.Itoa(len(t.known))
		t.frame.Set(name, v)
		n = ir.Reg(name)
	}
	if v.Node != nil {
		n.Pos = v.Node.Pos
	}
	t.known[v] = n
	return n
}

func (t *tape) nodes(values []*dataflow.Value) []*ir.Node {
	nodes := make([]*ir.Node, len(values))
	for i, v := range values {
		nodes[i] = t.node(v)
	}
	return nodes
}

// value returns what an operand that a rule gave back stands for.
func (t *tape) value(n *ir.Node) (*dataflow.Value, error) {
	if n == nil {
		return nil, fmt.Errorf("an operand is missing")
	}
	return t.b.Expr(t.frame, n)
}
