// Package fold computes what is known while compiling.
package fold

import (
	"slices"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/passes/leaves"
	"flowc.dev/flowc/passes/pass"
)

// Pass is constant folding.
var Pass = &pass.Pass{
	Name: "fold",
	Doc: "Computes calls on literals while compiling, by the reference evaluation of the op: in the operands of statements and in graph " +
		"leaves, where literals also go through registers, one statement to the next. What fails is left to the run, and so is what " +
		"is large. " +
		"A literal that one statement stores is not put into another one outside of a leaf: between two steps a user may set any " +
		"register or edit the statement that has stored it, and the resumed run must go on with what the register holds then. " +
		"Inside a leaf nobody can: a run that begins in its middle runs the source.",
	Exact: true,
	Rewrites: []pass.Rewrite{
		{Name: "constants folded", Doc: "x = mul(y, add(1, 2)) -> x = mul(y, 3)"},
	},
	Run: run,
}

func run(c *pass.Context, p *ir.Program) (*ir.Program, pass.Stats, error) {
	f := &folder{c: c, names: c.Names(p), fixed: map[*ir.Function]map[string]bool{}}
	result, err := pass.EditStatements(p, f.statement)
	return result, pass.Stats{}, err
}

type folder struct {
	c     *pass.Context
	names *pass.Names
	fixed map[*ir.Function]map[string]bool
}

// statement folds what the statement n computes. The driver evaluates its
// operands by reference in every numeric family.
func (f *folder) statement(s *pass.Scope, n *ir.Node) (*ir.Node, error) {
	e := &Evaluator{Names: f.names}
	switch n.Op {
	case "graph":
		if s.Function != nil && leaves.Lone(n) {
			return n, nil
		}
		return f.leaf(n), nil
	case "call":
		if v, ok := e.Value(n); ok && written(v) && f.mayBeCopy(s, n) && f.c.Fire("constants folded", n) {
			return f.copyOf(n, v), nil
		}
		return f.operands(e, n), nil
	case "print":
		return f.operands(e, n), nil
	case "while", "until":
		return f.control(e, n, func(v ir.Value) bool { return v.IsScalar() && v.DType() == ir.Bool }), nil
	case "repeat", "buffer":
		return f.control(e, n, func(v ir.Value) bool { k, err := v.Count("count"); return err == nil && k >= 0 }), nil
	case "switch":
		return f.control(e, n, func(v ir.Value) bool { return v.IsScalar() && !v.DType().IsFloat() }), nil
	}
	return n, nil
}

// control folds the operand of a control element, whole only if it fits.
func (f *folder) control(e *Evaluator, n *ir.Node, fits func(v ir.Value) bool) *ir.Node {
	if v, ok := e.Value(n.Args[0]); ok && !fits(v) {
		return n
	}
	return f.operands(e, n)
}

// mayBeCopy reports whether nothing can tell that n no longer calls its op: an
// error of a store or a hook would name it.
func (f *folder) mayBeCopy(s *pass.Scope, n *ir.Node) bool {
	if pass.Hooked(n) || len(n.Stores()) > 1 || n.Text("call") == "identity" {
		return false
	}
	for _, name := range n.Stores() {
		if f.declared(s)[name] {
			return false
		}
	}
	return true
}

// declared returns the registers of the scope that have a declared type.
func (f *folder) declared(s *pass.Scope) map[string]bool {
	if f.fixed[s.Function] == nil {
		registers := s.Program.Registers
		if s.Function != nil {
			registers = s.Function.Registers
		}
		fixed := map[string]bool{}
		for i := range registers {
			fixed[registers[i].Name] = registers[i].Fixed
		}
		f.fixed[s.Function] = fixed
	}
	return f.fixed[s.Function]
}

// copyOf returns the statement n as one that stores the literal v.
func (f *folder) copyOf(n *ir.Node, v ir.Value) *ir.Node {
	result := n.WithAttr("call", ir.String("identity"))
	literal := &ir.Node{Op: "const", ID: f.c.NewID(), Pos: n.Pos, Origins: n.Origins, Attrs: []ir.Attr{{Name: "value", Value: v}}}
	if len(literal.Origins) == 0 {
		literal.Origins = []ir.ID{n.ID}
	}
	result.Args, result.Kwargs = []*ir.Node{literal}, nil
	return result
}

// operands folds the operands of n, each to the largest literal there is.
func (f *folder) operands(e *Evaluator, n *ir.Node) *ir.Node {
	result := n
	for i, arg := range n.Args {
		if changed := f.operand(e, arg); changed != arg {
			if result == n {
				result = n.Copy()
			}
			result.Args[i] = changed
		}
	}
	for i, k := range n.Kwargs {
		if changed := f.operand(e, k.Node); changed != k.Node {
			if result == n {
				result = n.Copy()
			}
			result.Kwargs[i].Node = changed
		}
	}
	return result
}

func (f *folder) operand(e *Evaluator, n *ir.Node) *ir.Node {
	switch n.Op {
	case "const", "reg", "tensor":
		return n
	case "call", "index":
		if v, ok := e.Value(n); ok && written(v) {
			if !f.c.Fire("constants folded", n) {
				return n
			}
			return &ir.Node{Op: "const", ID: n.ID, Pos: n.Pos, Origins: n.Origins, Attrs: []ir.Attr{{Name: "value", Value: v}}}
		}
	}
	return f.operands(e, n)
}

// leaf folds the calls of a graph leaf.
func (f *folder) leaf(n *ir.Node) *ir.Node {
	if !slices.ContainsFunc(n.Body("graph"), func(call *ir.Node) bool { return !leaves.ReadsAny(call) }) {
		return n
	}
	return leaves.Edit(n, func(l *leaves.Leaf, call *ir.Node) *ir.Node {
		stores := call.Stores()
		if call.Text("call") == "identity" || len(stores) != 1 || leaves.ReadsAny(call) {
			return call
		}
		e := &Evaluator{Names: f.names, Neutral: f.c.Family != pass.FamilyStep}
		v, ok := e.Value(call)
		if !ok || !written(v) || !f.c.Fire("constants folded", call) {
			return call
		}
		folded := f.copyOf(call, v)
		if v.IsScalar() || l.Uses(stores[0]) <= 1 {
			l.Replace(stores[0], folded.Args[0])
			if !l.Yielded(stores[0]) {
				return nil
			}
		}
		return folded
	})
}
