package dataflow

import (
	"slices"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/passes/pass"
)

// RewriteStatements returns the run function of a pass that applies the rules
// within each statement: in the expressions of its operands, its own call
// included, and in graph leaves. Statements in which nothing matches stay the
// same nodes.
func RewriteStatements(rules []Rule) func(*pass.Context, *ir.Program) (*ir.Program, pass.Stats, error) {
	return func(c *pass.Context, p *ir.Program) (*ir.Program, pass.Stats, error) {
		if !anyHope(pass.Get(c, pass.CensusOf, p), rules) {
			return p, pass.Stats{}, nil
		}
		r := newStatementRewriter(c, c.Names(p), rules)
		result, err := pass.LowerStatements(p, func(_ *pass.Scope, n *ir.Node) (*ir.Node, error) {
			changed, err := r.statement(n)
			if err != nil {
				return nil, &pass.NodeError{Node: n, Err: err}
			}
			return changed, nil
		})
		return result, pass.Stats{}, err
	}
}

// anyHope reports whether a program has the ops of one of the rules. An index, or
// the read of a field, is a getitem.
func anyHope(census *pass.Census, rules []Rule) bool {
	has := func(op string) bool {
		return op == "" || census.Calls(op) || op == "getitem" && (census.Has("index") || census.Has("reg"))
	}
	return slices.ContainsFunc(rules, func(r Rule) bool { return has(r.Op) && has(r.Needs) })
}

// Rewrites declares the rules as the rewrites of a pass.
func Rewrites(rules []Rule) []pass.Rewrite {
	rewrites := make([]pass.Rewrite, len(rules))
	for i := range rules {
		rewrites[i] = pass.Rewrite{Name: rules[i].Name, Doc: rules[i].Doc}
	}
	return rewrites
}

type statementRewriter struct {
	c     *pass.Context
	names *pass.Names
	rules []Rule
	bits  map[string]uint64 // of the ops that rules ask for
	asked []uint64          // by rule
}

func newStatementRewriter(c *pass.Context, names *pass.Names, rules []Rule) *statementRewriter {
	r := &statementRewriter{c: c, names: names, rules: rules, bits: map[string]uint64{}, asked: make([]uint64, len(rules))}
	for i := range rules {
		for _, op := range []string{rules[i].Op, rules[i].Needs} {
			if op != "" && r.bits[op] == 0 && len(r.bits) < 64 {
				r.bits[op] = 1 << len(r.bits)
			}
			r.asked[i] |= r.bits[op]
		}
	}
	return r
}

// hopeless reports whether the nodes lack the ops of every rule, so that there is
// no need to read them.
func (r *statementRewriter) hopeless(nodes ...*ir.Node) bool {
	var have uint64
	for _, n := range nodes {
		ir.VisitNode(n, func(n *ir.Node) bool {
			switch n.Op {
			case "call":
				have |= r.bits[n.Text("call")]
			case "index", "reg":
				have |= r.bits["getitem"]
			}
			return true
		})
	}
	for _, asked := range r.asked {
		if asked&^have == 0 {
			return false
		}
	}
	return true
}

func (r *statementRewriter) statement(n *ir.Node) (*ir.Node, error) {
	switch {
	case n.Op == "graph":
		return r.leaf(n)
	case n.Op == "call" && r.names.Op(n.Text("call")) != nil:
		changed, err := r.expression(n)
		if err != nil || changed == n {
			return changed, err
		}
		return r.asStatement(changed), nil
	}
	return r.operands(n)
}

// asStatement returns the expression n as a statement that has its value.
func (r *statementRewriter) asStatement(n *ir.Node) *ir.Node {
	switch n.Op {
	case "call":
		return n
	case "index":
		c := n.WithAttr("call", ir.String("getitem"))
		c.Op = "call"
		return c
	}
	// The statement's own fields move to the call around it.
	c := ir.Call("identity", n)
	c.ID, c.Pos, c.Doc, c.Origins, c.Regions = n.ID, n.Pos, n.Doc, n.Origins, n.Regions
	inner := n.Copy()
	if stores := n.Stores(); stores != nil {
		c = c.StoringTo(stores...)
		inner = n.WithAttr("store", ir.Value{})
	}
	inner.ID, inner.Origins, inner.Regions = r.c.NewID(), originsOf(n), nil
	c.Args[0] = inner
	return c
}

// operands rewrites each operand of n by itself.
func (r *statementRewriter) operands(n *ir.Node) (*ir.Node, error) {
	result := n
	for i, arg := range n.Args {
		changed, err := r.expression(arg)
		if err != nil {
			return nil, err
		}
		if changed != arg {
			if result == n {
				result = n.Copy()
			}
			result.Args[i] = changed
		}
	}
	for i, k := range n.Kwargs {
		changed, err := r.expression(k.Node)
		if err != nil {
			return nil, err
		}
		if changed != k.Node {
			if result == n {
				result = n.Copy()
			}
			result.Kwargs[i].Node = changed
		}
	}
	return result, nil
}

// expression rewrites one expression, or a statement that calls an op.
func (r *statementRewriter) expression(n *ir.Node) (*ir.Node, error) {
	switch n.Op {
	case "const", "reg", "tensor":
		return n, nil
	}
	if r.hopeless(n) {
		return n, nil
	}
	g := NewGraph(r.c.Registry, false)
	b := &Builder{Graph: g, Names: r.names, Keep: true, Kept: r.operands}
	root, err := b.Expr(NewFrame(), n)
	if err != nil {
		return nil, err
	}
	read := root
	if r.keptChanged(root) {
		root = g.reopened(root)
	}
	roots, fired := g.Rewrite(r.rules, root)
	if roots[0] == read {
		return n, nil
	}
	r.count(n, fired)
	return r.inPlaceOf(n, g.Tree(roots[0], r.c.NewID)), nil
}

// keptChanged reports whether an expression that is kept as it is below root
// was rewritten inside.
func (r *statementRewriter) keptChanged(root *Value) bool {
	for _, v := range Reachable(root) {
		if v.Kind == Opaque && v.Exact == nil {
			return true
		}
	}
	return false
}

// reopened returns v with the exact readings above rewritten expressions taken
// off.
func (g *Graph) reopened(v *Value) *Value {
	replaced := map[*Value]*Value{}
	for _, w := range Reachable(v) {
		if w.Kind == Opaque && w.Exact == nil {
			replaced[w] = g.Opaque(w.Node)
			continue
		}
		if x := g.replaceArgs(w, replaced); x != w {
			replaced[w] = x
		}
	}
	if replaced[v] != nil {
		return replaced[v]
	}
	return v
}

// inPlaceOf gives the rewritten call what belongs to the statement or
// expression n.
func (r *statementRewriter) inPlaceOf(n, changed *ir.Node) *ir.Node {
	result := changed.Copy()
	result.ID, result.Pos, result.Doc = n.ID, n.Pos, n.Doc
	if result.ID != 0 {
		result.Origins = n.Origins
	}
	if stores := n.Stores(); stores != nil {
		result = result.StoringTo(stores...)
	}
	if hooks := n.Region("hooks"); hooks != nil {
		result.Regions = append(result.Regions, *hooks)
	}
	return result
}

// leaf rewrites the body of a graph leaf.
func (r *statementRewriter) leaf(n *ir.Node) (*ir.Node, error) {
	if r.hopeless(n.Body("graph")...) {
		return n, nil
	}
	g := NewGraph(r.c.Registry, false)
	b := &Builder{Graph: g, Names: r.names}
	yields, dead, err := b.ReadLeaf(n)
	if err != nil {
		return nil, err
	}
	roots, fired := g.Rewrite(r.rules, append(yields, dead...)...)
	if len(fired) == 0 {
		return n, nil
	}
	r.count(n, fired)
	leaf := Leaf{Statement: n, Origins: n.Origins, Yields: roots[:len(yields)], Stores: n.Stores(), Values: LeafValues(n),
		Keep: roots[len(yields):], Steps: n.Attr("steps").Int64(), Source: n.Body("source")}
	return g.Leaf(leaf, r.c.NewID), nil
}

func (r *statementRewriter) count(n *ir.Node, fired map[string]int) {
	for i := range r.rules {
		r.c.Count(r.rules[i].Name, n, fired[r.rules[i].Name])
	}
}
