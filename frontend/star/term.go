package star

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"go.starlark.net/starlark"

	"flowc.dev/flowc/frontend/star/bounded"
	"flowc.dev/flowc/ir"
)

// A term is a statement, expression or hook of the program in the making. A
// term may be part of several others; the program gets a copy for each.
type term struct {
	node   *ir.Node
	size   int // nodes, counting what is shared as often as it is met
	depth  int
	placed bool // is part of another term or of the program
}

// broken stands for a term that could not be made.
var broken = &term{}

func (t *term) isBroken() bool { return t.node == nil }

// isExpression reports whether t may be an operand.
func (t *term) isExpression() bool {
	return ir.SchemaOf(t.node.Op).Class&ir.Expression != 0 && t.node.Attr(storeKey).IsNull() && t.node.Region(hooksKey) == nil
}

// isStatement reports whether t may stand in a body.
func (t *term) isStatement() bool { return ir.SchemaOf(t.node.Op).Class&ir.Statement != 0 }

const (
	storeKey = "store"
	hooksKey = "hooks"
)

// Type returns what t is, for messages of Starlark.
func (t *term) Type() string {
	switch {
	case t.isBroken():
		return "faulty value"
	case t.isExpression():
		return "expression"
	case t.node.Op == "hook":
		return "hook"
	}
	return "statement"
}

// String returns a short description.
func (t *term) String() string {
	if t.isBroken() {
		return "a faulty value"
	}
	return describeNode(t.node)
}

// Freeze does nothing: terms do not change.
func (t *term) Freeze() {}

// Truth is never asked for: conditions are guarded by truth.
func (t *term) Truth() starlark.Bool { return starlark.True }

// Hash refuses terms as keys.
func (t *term) Hash() (uint32, error) { return 0, fmt.Errorf("unhashable: %s", t.Type()) }

// describeNode names a node in messages.
func describeNode(n *ir.Node) string {
	switch n.Op {
	case "const":
		return ir.FormatShort(n.Attr("value"))
	case "reg":
		return fmt.Sprintf("reg(%q)", n.Text("reg"))
	case "call":
		name := n.Text("call")
		if name == "" {
			name = "a method"
		}
		return "the call of " + name
	}
	return "the " + strings.ToUpper(n.Op)
}

// truth returns an error for a term: what it computes is not known now.
func truth(v starlark.Value) error {
	t, ok := v.(*term)
	if !ok || t.isBroken() {
		return nil
	}
	return fmt.Errorf("the value of %s is known only when the program runs: decide by IF(condition, then, otherwise), WHILE or where(), "+
		"and join conditions by logical_and, logical_or and logical_not", t)
}

// parts are what a node is made of.
type parts struct {
	args    []*term
	kwargs  []namedTerm
	attrs   []ir.Attr
	regions []regionParts
	doc     string
}

type namedTerm struct {
	name string
	term *term
}

type regionParts struct {
	field string
	when  ir.Value
	doc   string
	body  []*term
}

// stepsPerNode is what a node costs beside the steps of Starlark.
const stepsPerNode = 8

// newTerm makes a node. The parts are in the order of the schema or of the file.
func (c *call) newTerm(op string, p parts) (*term, error) {
	if c.nodes++; c.nodes > 2*ir.MaxNodes {
		return nil, fatal{fmt.Errorf("the file makes more than %d statements and expressions", 2*ir.MaxNodes)}
	}
	if err := bounded.Charge(c.thread, stepsPerNode); err != nil {
		return nil, fatal{err}
	}
	n := &ir.Node{Op: op, Pos: c.pos, Doc: p.doc, Attrs: p.attrs}
	t := &term{node: n, size: 1}
	add := func(child *term) *ir.Node {
		child.placed = true
		t.size += child.size
		t.depth = max(t.depth, child.depth+1)
		return child.node
	}
	for _, arg := range p.args {
		n.Args = append(n.Args, add(arg))
	}
	for _, k := range p.kwargs {
		n.Kwargs = append(n.Kwargs, ir.Kwarg{Name: k.name, Node: add(k.term)})
	}
	for _, r := range p.regions {
		body := make([]*ir.Node, len(r.body))
		for i, child := range r.body {
			body[i] = add(child)
		}
		n.Regions = append(n.Regions, ir.Region{Field: r.field, When: r.when, Doc: r.doc, Body: body})
	}
	slices.SortStableFunc(n.Attrs, func(a, b ir.Attr) int { return cmp.Compare(a.Name, b.Name) })
	slices.SortStableFunc(n.Kwargs, func(a, b ir.Kwarg) int { return cmp.Compare(a.Name, b.Name) })
	// An expression may be larger while it is shared: FUNCTION makes registers
	// of what is used more than once.
	t.size = min(t.size, 2*ir.MaxNodes)
	switch {
	case t.size > ir.MaxNodes && !t.isExpression():
		return nil, fmt.Errorf("the program has more than %d nodes: split it, or use REPEAT", ir.MaxNodes)
	case t.depth > ir.MaxNesting:
		return nil, fmt.Errorf("statements and expressions are nested more than %d deep", ir.MaxNesting)
	}
	if problems := ir.SchemaOf(op).Check(n); len(problems) > 0 {
		return nil, fmt.Errorf("%s", problems[0])
	}
	return t, nil
}
