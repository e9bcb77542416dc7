// Package canonicalize takes away control elements that decide nothing.
package canonicalize

import (
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/passes/pass"
)

// Pass simplifies control.
var Pass = &pass.Pass{
	Name: "canonicalize",
	Doc: "Takes away control elements that decide nothing: seqs in sequences, switches on literals, loops that never " +
		"run. Steps, values and turns stay the same.",
	Exact:     true,
	DropsDead: true,
	Rewrites: []pass.Rewrite{
		{Name: "seqs flattened", Doc: "a { b } c -> a b c, where the braces are a seq"},
		{Name: "switches decided", Doc: "switch 1 { case 1 { a } case 2 { b } } -> a"},
		{Name: "loops that never run removed", Doc: "repeat 0 { a } -> nothing; while false { a } -> nothing"},
	},
	Run: run,
}

func run(c *pass.Context, p *ir.Program) (*ir.Program, pass.Stats, error) {
	s := simplifier{c: c}
	result, err := pass.EditBodies(p, s.body)
	return result, pass.Stats{}, err
}

type simplifier struct {
	c *pass.Context
}

// body replaces statements by the sequences that they are equal to. A sequence
// has the value of its last statement; where that is the value of the whole
// body, only what has an equal value is replaced.
func (s *simplifier) body(scope *pass.Scope, body []*ir.Node) ([]*ir.Node, error) {
	if scope.Top() {
		return body, nil // a turn of the weave may be one of these statements
	}
	var result []*ir.Node
	changed := false
	for i, n := range body {
		inner, rule := s.simpler(n)
		if rule == "" || len(inner) == 0 && i == len(body)-1 || !s.c.Fire(rule, n) {
			result = append(result, n)
			continue
		}
		changed = true
		result = append(result, inner...)
	}
	if !changed {
		return body, nil
	}
	return result, nil
}

// simpler returns the statements that do what n does, and the name of the rule,
// "" when there is none.
func (s *simplifier) simpler(n *ir.Node) (body []*ir.Node, rule string) {
	if pass.Hooked(n) || len(n.Stores()) > 0 {
		return nil, ""
	}
	switch n.Op {
	case "seq":
		return n.Body("seq"), "seqs flattened"
	case "switch":
		if r := chosen(n); r != nil {
			return r.Body, "switches decided"
		}
	case "while":
		if cond := n.Args[0]; cond.Op == "const" && isBool(cond.Attr("value")) && !cond.Attr("value").Truth() {
			return nil, "loops that never run removed"
		}
	case "repeat":
		count := n.Args[0]
		if count.Op != "const" || n.Text("as") != "" {
			return nil, ""
		}
		switch k, err := count.Attr("value").Count("count"); {
		case err != nil:
		case k == 0:
			return nil, "loops that never run removed"
		}
	}
	return nil, ""
}

func isBool(v ir.Value) bool { return v.IsScalar() && v.DType() == ir.Bool }

// chosen returns the branch of a switch on a literal, or nil if it is not one
// or has no branch to take.
func chosen(n *ir.Node) *ir.Region {
	if n.Args[0].Op != "const" {
		return nil
	}
	selector := n.Args[0].Attr("value")
	if selector.Kind() != ir.Str && (!selector.IsScalar() || selector.DType().IsFloat()) {
		return nil // an error, which belongs to the run
	}
	for i := range n.Regions {
		if r := &n.Regions[i]; r.Field == "cases" && sameLabel(r.When, selector) {
			return r
		}
	}
	return n.Region("default")
}

// sameLabel compares whole numbers by value, bools with bools and strings with
// strings.
func sameLabel(label, v ir.Value) bool {
	if label.Kind() != v.Kind() {
		return false
	}
	if label.Kind() == ir.Str {
		return label.Text() == v.Text()
	}
	return isBool(label) == isBool(v) && label.Int64() == v.Int64()
}
