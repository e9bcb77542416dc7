// Package licm moves what does not change while a loop runs out of the loop.
//
// # How it is run
//
// A value that is moved out is kept in a hidden register (see [ir.IsHidden]) as
// long as the frame of its loop lives: computed when it is first needed, forgotten
// when the loop is left, not part of snapshots, computed anew after a resume. So a
// loop of no iterations computes nothing, and what fails does so where the source
// does: a graph leaf that cannot evaluate its hoisted part hands over to its source.
//
// An operand that is kept is the call %h1(x, k); a switch whose selector is kept is
// replaced by its branch, in the machine's copy of the loop's body, from the next
// iteration on. The loop in the program stays one loop, since positions belong to
// the source program.
//
// # The loop optimizations of Theano's Scan and of LLVM
//
//	push out invariant work, licm      this pass
//	loop unswitching                   this pass
//	push out work on sequences,        not moved by this pass: see the passes on buffers and
//	dot products of all steps          sources of rows
//	loop unrolling                     package unroll, of pure loops in loops
//	loop fusion, merge equal loops     package unroll: the leaves of loops that follow each
//	                                   other are joined by collapse, equal calls become one.
//	                                   Longer loops are not fused: their steps would change
//	                                   order, so both would have to be one step of the machine,
//	                                   which neither stops nor takes a snapshot inside. Nothing
//	                                   would be gained: on 8 numbers one loop of both takes as
//	                                   long as the two.
//	save memory of unused steps        package unroll: what only the next iteration reads is a
//	                                   value of the graph. A buffer keeps all its values: they
//	                                   go to a register, which may be looked at, and a pure
//	                                   function, of which only the results can be seen, may
//	                                   not contain a buffer.
//	in-place updates of the state      the machine gives storage that a store replaces to the
//	                                   leaf that stores, in loops as elsewhere
//	induction variables, strength      not done: the counter of a repeat is a register and has
//	reduction                          its value at every step; a product of whole numbers is as
//	                                   cheap as a sum
//
// What is not moved: what reads a register that the loop, a loop in it, or a hook
// stores to, or that a join may; statements in strands of a weave; the argument of a
// step that is one cheap operation on numbers within a leaf.
package licm

import (
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/passes/cost"
	"flowc.dev/flowc/passes/pass"
)

// Pass hoists loop-invariant computations.
var Pass = &pass.Pass{
	Name: "licm",
	Doc: "Loop-invariant code motion: computes what reads only registers that a loop around does not store to once for the loop. " +
		"The values are kept in hidden registers, which are no part of a run's state; they are computed when they are first needed, " +
		"so that nothing is computed, or fails, that would not be without the pass. " +
		"Statements keep their steps and registers their values. Statements in strands stay as they are: another strand may store in between.",
	Exact: true,
	Rewrites: []pass.Rewrite{
		{Name: "invariant calls hoisted", Doc: "x = f(a) + b, a not stored to in the loop -> x = %h + b, %h = f(a) once for the loop"},
		{Name: "invariant statements hoisted", Doc: "x = f(a), a not stored to in the loop -> x = %h, %h = f(a) once for the loop"},
		{Name: "invariant operands hoisted", Doc: "print f(a), or f(a) in a condition, a selector or an argument -> %h(f(a)), evaluated once for the loop"},
		{Name: "loops unswitched", Doc: "repeat n { switch c {..} }, c not stored to in the loop -> the selector is evaluated once; " +
			"from then on the loop runs the branch in place of the switch"},
	},
	Run: run,
}

func run(c *pass.Context, p *ir.Program) (*ir.Program, pass.Stats, error) {
	h := &hoister{c: c, p: p, names: c.Names(p)}
	h.splitter = newSplitter(h)
	body, err := h.scope(nil, p.Body)
	if err != nil {
		return nil, h.stats, err
	}
	functions, changed := make([]*ir.Function, len(p.Functions)), !same(body, p.Body)
	for i, f := range p.Functions {
		inner, err := h.scope(f, f.Body)
		if err != nil {
			return nil, h.stats, err
		}
		if functions[i] = f; !same(inner, f.Body) {
			copied := *f
			copied.Body = inner
			functions[i], changed = &copied, true
		}
	}
	if !changed {
		return p, h.stats, nil
	}
	result := p.Copy()
	result.Body, result.Functions = body, functions
	return result, h.stats, nil
}

// A hoister goes through one scope after the other.
type hoister struct {
	c     *pass.Context
	p     *ir.Program
	names *pass.Names
	stats pass.Stats

	function *ir.Function
	stores   *stores
	scalars  *cost.Scalars // of the scope, made when first asked for
	loops    []*ir.Node    // around, outermost first
	splitter *splitter
}

func (h *hoister) scope(f *ir.Function, body []*ir.Node) ([]*ir.Node, error) {
	h.function, h.scalars = f, nil
	if h.stores = storesOf(body); !h.stores.loops {
		return body, nil
	}
	return h.body(body)
}

// body returns the statements with what is invariant in the loops around taken
// out, body itself if that is nothing.
func (h *hoister) body(body []*ir.Node) ([]*ir.Node, error) {
	result := body
	for i, n := range body {
		changed, err := h.statement(n)
		if err != nil {
			return nil, err
		}
		if changed == n {
			continue
		}
		if same(result, body) {
			result = append([]*ir.Node(nil), body...)
		}
		result[i] = changed
	}
	return result, nil
}

func (h *hoister) statement(n *ir.Node) (*ir.Node, error) {
	switch n.Op {
	case "graph", "call":
		if len(h.loops) == 0 {
			return n, nil
		}
		split, err := h.leaf(n)
		if split != n || err != nil {
			return split, err
		}
		return h.operands(n), nil
	case "print":
		return h.operands(n), nil
	case "seq", "switch", "repeat", "buffer", "loop", "while", "until":
	default: // a strand, whose registers others may store to, or no place for values to keep
		return n, nil
	}
	result := n
	if n.Op != "while" && n.Op != "until" {
		result = h.operands(n)
	}
	if isLoop(n) {
		h.loops = append(h.loops, n)
		defer func() { h.loops = h.loops[:len(h.loops)-1] }()
	}
	if n.Op == "while" || n.Op == "until" { // evaluated inside
		result = h.operands(n)
	}
	for i := range n.Regions {
		r := &n.Regions[i]
		if r.Field == "hooks" {
			continue
		}
		body, err := h.body(r.Body)
		if err != nil {
			return nil, err
		}
		if same(body, r.Body) {
			continue
		}
		if result == n {
			result = n.Copy()
		}
		result.Regions[i].Body = body
	}
	return result, nil
}

// isLoop reports whether n runs its body repeatedly.
func isLoop(n *ir.Node) bool { return ir.SchemaOf(n.Op).Loop || n.Op == "buffer" }

func same(a, b []*ir.Node) bool { return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0]) }
