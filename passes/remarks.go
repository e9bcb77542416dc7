package passes

import (
	"fmt"
	"slices"
	"strings"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops"
	"flowc.dev/flowc/passes/contract"
	"flowc.dev/flowc/passes/dataflow"
	"flowc.dev/flowc/passes/pass"
	"flowc.dev/flowc/passes/stabilize"
)

// maxJoined bounds the statements that are looked at as if they were one.
const maxJoined = 8

// Remarks returns the places of p where the rules of contraction and
// stabilization, which work within a statement, would apply if it were written
// as one with the statements in front of it. That is where a register carries a
// value from one statement to the next one and nowhere else. p must have passed
// [ir.Verify].
func Remarks(p *ir.Program, registry *ops.Registry) ir.Problems {
	r := &remarks{p: p, names: pass.NewNames(p, registry), registry: registry, rules: slices.Concat(contract.Rules, stabilize.Rules)}
	r.scope(p.Body, p.Outputs)
	for _, f := range p.Functions {
		r.scope(f.Body, f.Returns)
	}
	return r.found
}

type remarks struct {
	p        *ir.Program
	names    *pass.Names
	registry *ops.Registry
	rules    []dataflow.Rule
	reads    map[string]int // of each register of the scope
	found    ir.Problems
}

func (r *remarks) scope(body []*ir.Node, results []string) {
	r.reads = map[string]int{}
	for _, name := range results {
		r.reads[name]++
	}
	for _, n := range body {
		ir.VisitNode(n, func(n *ir.Node) bool {
			if n.Op == "reg" {
				name, _, _ := strings.Cut(n.Text("reg"), ".")
				r.reads[name]++
			}
			for _, name := range slices.Concat(n.Names("in"), n.Names("out")) {
				r.reads[name]++
			}
			return true
		})
	}
	r.body(body)
}

// body looks at each statement together with the ones that feed it.
func (r *remarks) body(body []*ir.Node) {
	var last *ir.Node // the statement before, with what feeds it in its place
	joined := 0
	for _, n := range body {
		for i := range n.Regions {
			r.body(n.Regions[i].Body)
		}
		computes := r.isComputation(n)
		if !computes && n.Op != "print" {
			last, joined = nil, 0
			continue
		}
		whole := r.join(last, n)
		if !computes {
			if whole != nil {
				r.remark(last, n, whole)
			}
			last, joined = nil, 0
			continue
		}
		if whole == nil || joined == maxJoined {
			last, joined = n, 0
			continue
		}
		r.remark(last, n, whole)
		last, joined = whole, joined+1
	}
}

// isComputation reports whether n calls an op and stores one result.
func (r *remarks) isComputation(n *ir.Node) bool {
	return n.Op == "call" && len(n.Stores()) == 1 && n.Region("hooks") == nil && r.names.Op(n.Text("call")) != nil
}

// join returns n with the expression of the statement before it in the place
// of the register that this one stores to, nil if it has other uses.
func (r *remarks) join(last, n *ir.Node) *ir.Node {
	if last == nil || r.reads[last.Stores()[0]] != 1 {
		return nil
	}
	register := last.Stores()[0]
	expression := last.WithAttr("store", ir.Value{})
	found := false
	var replace func(n *ir.Node) *ir.Node
	replace = func(n *ir.Node) *ir.Node {
		if n.Op == "reg" && n.Text("reg") == register {
			found = true
			return expression
		}
		c := n.Copy()
		for i, arg := range c.Args {
			c.Args[i] = replace(arg)
		}
		for i, k := range c.Kwargs {
			c.Kwargs[i].Node = replace(k.Node)
		}
		return c
	}
	if whole := replace(n); found {
		return whole
	}
	return nil
}

// remark adds the rules that apply to the whole and not to its parts.
func (r *remarks) remark(last, n, whole *ir.Node) {
	first, second, together := r.fired(last), r.fired(n), r.fired(whole)
	for _, rule := range r.rules {
		if together[rule.Name] > first[rule.Name]+second[rule.Name] {
			r.found = append(r.found, ir.Problem{File: r.p.File, Pos: n.Pos, Message: fmt.Sprintf(
				"as one statement with the one at %s, which stores %s for it alone, %s would apply: %s",
				last.Pos, last.Stores()[0], rule.Name, rule.Doc)})
		}
	}
}

// fired counts the applications of each rule to a statement.
func (r *remarks) fired(n *ir.Node) map[string]int {
	if n.Op == "call" {
		return r.firedIn(n)
	}
	counts := map[string]int{}
	for _, arg := range n.Args {
		for name, count := range r.firedIn(arg) {
			counts[name] += count
		}
	}
	return counts
}

// firedIn counts them in an expression.
func (r *remarks) firedIn(n *ir.Node) map[string]int {
	g := dataflow.NewGraph(r.registry, false)
	b := &dataflow.Builder{Graph: g, Names: r.names, Keep: true, Kept: func(n *ir.Node) (*ir.Node, error) { return n, nil }}
	root, err := b.Expr(dataflow.NewFrame(), n)
	if err != nil {
		return nil // what cannot be read is left to the passes
	}
	_, fired := g.Rewrite(r.rules, root)
	return fired
}
