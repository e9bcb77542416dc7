// Package dce takes dead code out of graph leaves.
package dce

import (
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops"
	"flowc.dev/flowc/passes/leaves"
	"flowc.dev/flowc/passes/pass"
)

// Pass is dead code elimination within what runs as one.
var Pass = &pass.Pass{
	Name: "dce",
	Doc: "Leaves out the calls of a graph leaf whose results nothing uses and that surely succeed: those whose operands have known " +
		"types, from literals and from the declared types of registers, that their op takes. What a run of statements stores and then " +
		"overwrites is not stored at all; collapse makes its leaves so. A statement outside of a leaf is never dead, nor is a register: both can be " +
		"seen between two steps, and its step counts.",
	Exact: true,
	Rewrites: []pass.Rewrite{
		{Name: "dead calls removed", Doc: "%1 = exp(x); %2 = tanh(x), of which the leaf yields %2 -> %2 = tanh(x), if x is declared f64[3]"},
	},
	Run: run,
}

func run(c *pass.Context, p *ir.Program) (*ir.Program, pass.Stats, error) {
	t := typer{names: c.Names(p), declared: map[*ir.Function]map[string]ir.Type{}}
	var used leaves.Locals
	result, err := leaves.EditAll(p, func(s *pass.Scope, leaf *ir.Node) *ir.Node {
		if !anyDead(leaf, &used) {
			return leaf
		}
		t.begin(s)
		safe := map[*ir.Node]bool{}
		for _, call := range leaf.Body("graph") {
			safe[call] = t.call(call) && !(leaves.Lone(leaf) && leaves.ReadsRegister(call))
		}
		kept := func(call *ir.Node) bool { return !safe[call] }
		dead := deadCalls(leaf, kept, func(call *ir.Node) bool { return c.Fire("dead calls removed", call) })
		return leaves.Edit(leaf, func(_ *leaves.Leaf, call *ir.Node) *ir.Node {
			if dead[call] {
				return nil
			}
			return call
		})
	})
	return result, pass.Stats{}, err
}

// anyDead reports whether the results of some call of the leaf are used by
// nothing: a quick look. used is room for it.
func anyDead(leaf *ir.Node, used *leaves.Locals) bool {
	body := leaf.Body("graph")
	used.Clear()
	for _, name := range leaf.Names("yield") {
		if ir.IsLocal(name) {
			used.Add(name)
		}
	}
	for i := len(body) - 1; i >= 0; i-- {
		needed := false
		for _, name := range body[i].EachStore() {
			needed = needed || used.Has(name)
		}
		if !needed {
			return true
		}
		for _, arg := range body[i].Args {
			readLocals(arg, used)
		}
		for _, k := range body[i].Kwargs {
			readLocals(k.Node, used)
		}
	}
	return false
}

// readLocals adds the locals that the operand reads.
func readLocals(n *ir.Node, l *leaves.Locals) {
	if n.Op == "reg" {
		if name := n.Text("reg"); ir.IsLocal(name) {
			l.Add(name)
		}
		return
	}
	if len(n.Args)+len(n.Kwargs) > 0 {
		pass.WalkOperands(n, func(inner *ir.Node) bool {
			if inner != n && inner.Op == "reg" {
				readLocals(inner, l)
			}
			return true
		})
	}
}

// deadCalls returns the calls of a leaf that are not kept and whose results
// neither the leaf nor another call uses, as far as may allows it.
func deadCalls(leaf *ir.Node, kept, may func(call *ir.Node) bool) map[*ir.Node]bool {
	used := map[string]bool{}
	for _, name := range leaf.Names("yield") {
		used[name] = true
	}
	dead := map[*ir.Node]bool{}
	body := leaf.Body("graph")
	for i := len(body) - 1; i >= 0; i-- {
		call := body[i]
		needed := false
		for _, name := range call.EachStore() {
			needed = needed || used[name]
		}
		if !needed && !kept(call) && may(call) {
			dead[call] = true
			continue
		}
		pass.WalkOperands(call, func(n *ir.Node) bool {
			if n.Op == "reg" {
				used[n.Text("reg")] = true
			}
			return true
		})
	}
	return dead
}

// A typer follows the types of what a leaf computes, as far as they are known.
type typer struct {
	names    *pass.Names
	declared map[*ir.Function]map[string]ir.Type
	known    map[string]ir.Type // of locals and registers
}

// begin forgets the locals and knows the registers of the scope.
func (t *typer) begin(s *pass.Scope) {
	declared, ok := t.declared[s.Function]
	if !ok {
		declared = map[string]ir.Type{}
		registers := s.Program.Registers
		if s.Function != nil {
			registers = s.Function.Registers
		}
		for i := range registers {
			if registers[i].Fixed {
				declared[registers[i].Name] = registers[i].Type
			}
		}
		t.declared[s.Function] = declared
	}
	t.known = map[string]ir.Type{}
	for name, typ := range declared {
		t.known[name] = typ
	}
}

// call reports whether a call surely succeeds, and notes the types of its
// results if they are known.
func (t *typer) call(n *ir.Node) bool {
	op := t.names.Op(n.Text("call"))
	if op == nil {
		return false
	}
	bound, problems := op.Bind(n.Args, n.Kwargs)
	if len(problems) > 0 {
		return false
	}
	args := make([]ops.Arg, len(bound))
	for i, arg := range bound {
		var ok bool
		if args[i], ok = t.operand(arg); !ok {
			return false
		}
	}
	types, err := op.Infer(args)
	if err != nil {
		return false
	}
	if stores := n.Stores(); len(stores) == len(types) {
		for i, name := range stores {
			t.known[name] = types[i]
		}
	}
	return !op.CanFail
}

// operand returns what is known of an operand, if its type is.
func (t *typer) operand(n *ir.Node) (ops.Arg, bool) {
	switch n.Op {
	case "reg":
		typ, ok := t.known[n.Text("reg")]
		return ops.Arg{Type: typ}, ok
	case "const":
		v := n.Attr("value")
		return ops.Arg{Type: v.Type(), Value: &v}, true
	case "tensor":
		dtype, err := ir.ParseDType(n.Text("dtype"))
		return ops.Arg{Type: ir.NumberType(dtype, ir.Ints(n.Attr("shape"))...)}, err == nil
	}
	return ops.Arg{}, false
}
