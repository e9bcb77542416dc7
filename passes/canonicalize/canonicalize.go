// Package canonicalize takes away control elements that decide nothing.
package canonicalize

import (
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/passes/fold"
	"flowc.dev/flowc/passes/pass"
)

// Pass simplifies control.
var Pass = &pass.Pass{
	Name: "canonicalize",
	Doc: "Takes away control elements that decide nothing: seqs in sequences, switches on what is known, loops and weaves that never " +
		"run, and statements that control never comes to. Steps, values and turns stay the same. " +
		"A repeat of 1 stays, since errors and positions inside tell its iteration; so does a loop with an empty body, whose iterations are " +
		"steps; so does a switch with equal branches, since a position tells the branch; so does a strand of a weave that runs, since a snapshot has a " +
		"place for each.",
	Exact:     true,
	DropsDead: true,
	Rewrites: []pass.Rewrite{
		{Name: "seqs flattened", Doc: "a { b } c -> a b c, where the braces are a seq"},
		{Name: "switches decided", Doc: "switch 1 { case 1 { a } case 2 { b } } -> a"},
		{Name: "loops that never run removed", Doc: "repeat 0 { a } -> nothing; while 2 < 1 { a } -> nothing"},
		{Name: "dead strands removed", Doc: "weave require 1 [ { } { a } ] -> nothing, since it ends before a begins"},
		{Name: "unreachable statements removed", Doc: "loop { a; break; b } -> loop { a; break }"},
	},
	Run: run,
}

func run(c *pass.Context, p *ir.Program) (*ir.Program, pass.Stats, error) {
	s := simplifier{c: c, known: fold.Evaluator{Names: c.Names(p)}, used: pass.UsedValues(p)}
	result, err := pass.EditBodies(p, s.body)
	return result, pass.Stats{}, err
}

type simplifier struct {
	c     *pass.Context
	known fold.Evaluator
	used  map[*ir.Node]bool // elements whose bodies' values are used
}

// body replaces statements by the sequences that they are equal to. A sequence
// has the value of its last statement; where that is used, only what has an
// equal value is replaced.
func (s *simplifier) body(scope *pass.Scope, body []*ir.Node) ([]*ir.Node, error) {
	body = s.reachable(body)
	if scope.Top() && scope.Parent.Text("turn") == "statement" {
		return body, nil // a turn of the weave may be one of these statements
	}
	var result []*ir.Node
	changed := false
	for i, n := range body {
		inner, rule := s.simpler(n)
		if rule == "" || len(inner) == 0 && i == len(body)-1 && s.used[scope.Parent] || !s.c.Fire(rule, n) {
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

// reachable returns the statements up to the first one that control never leaves
// for the next.
func (s *simplifier) reachable(body []*ir.Node) []*ir.Node {
	for i, n := range body {
		if i+1 < len(body) && s.neverPassed(n) {
			if !s.c.Fire("unreachable statements removed", body[i+1]) {
				break
			}
			return body[: i+1 : i+1]
		}
	}
	return body
}

// neverPassed reports whether control never comes to what follows n.
func (s *simplifier) neverPassed(n *ir.Node) bool {
	switch n.Op {
	case "break", "continue":
		return true
	case "loop":
		return !breaks(n.Body("loop"))
	case "while":
		v, ok := s.known.Value(n.Args[0])
		return ok && isBool(v) && v.Truth() && !breaks(n.Body("body"))
	}
	return false
}

// breaks reports whether the statements have a break that leaves the loop around
// them.
func breaks(body []*ir.Node) bool {
	for _, n := range body {
		switch n.Op {
		case "break":
			return true
		case "seq", "switch", "buffer":
			for i := range n.Regions {
				if breaks(n.Regions[i].Body) {
					return true
				}
			}
		}
	}
	return false
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
		if r := s.chosen(n); r != nil {
			return r.Body, "switches decided"
		}
	case "while":
		if v, ok := s.known.Value(n.Args[0]); ok && isBool(v) && !v.Truth() {
			return nil, "loops that never run removed"
		}
	case "repeat":
		if n.Text("as") != "" {
			return nil, ""
		}
		if v, ok := s.known.Value(n.Args[0]); ok {
			if k, err := v.Count("count"); err == nil && k == 0 {
				return nil, "loops that never run removed"
			}
		}
	case "weave":
		if s.endsAtOnce(n) && !s.used[n] {
			return nil, "dead strands removed"
		}
	}
	return nil, ""
}

// endsAtOnce reports whether a weave ends while its strands are being started,
// without having evaluated anything: enough of them are empty, and those before
// begin with a plain statement.
func (s *simplifier) endsAtOnce(n *ir.Node) bool {
	done, strands := int64(0), int64(0)
	for i := range n.Regions {
		if n.Regions[i].Field == "weave" {
			strands++
		}
	}
	require := strands
	if v := n.Attr("require"); !v.IsNull() {
		require = v.Int64()
	}
	for i := range n.Regions {
		if n.Regions[i].Field != "weave" || done == require {
			continue
		}
		body := n.Regions[i].Body
		switch {
		case len(body) == 0:
			done++
		case body[0].Op != "print" && !s.callsOp(body[0]) || pass.Hooked(body[0]):
			return false
		}
	}
	return done == require
}

// callsOp reports whether n is a call of an op or method.
func (s *simplifier) callsOp(n *ir.Node) bool {
	return n.Op == "call" && s.known.Names.Function(n.Text("call")) == nil
}

func isBool(v ir.Value) bool { return v.IsScalar() && v.DType() == ir.Bool }

// chosen returns the branch of a switch on what is known, or nil if it is not
// one or has no branch to take.
func (s *simplifier) chosen(n *ir.Node) *ir.Region {
	selector, ok := s.known.Value(n.Args[0])
	if !ok || selector.Kind() != ir.Str && (!selector.IsScalar() || selector.DType().IsFloat()) {
		return nil // an error, which belongs to the run, or unknown
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
