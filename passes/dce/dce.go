// Package dce takes dead code out of graph leaves.
package dce

import (
	"slices"

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
		t.begin(s, leaf)
		lone := leaves.Lone(leaf)
		kept := func(call *ir.Node) bool { return lone && leaves.ReadsRegister(call) || !t.succeeds(call) }
		dead := deadCalls(leaf, &used, kept, func(call *ir.Node) bool { return c.Fire("dead calls removed", call) })
		if len(dead) == 0 {
			return leaf
		}
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
	readYields(leaf, used)
	for i := len(body) - 1; i >= 0; i-- {
		if !needed(body[i], used) {
			return true
		}
		readOperands(body[i], used)
	}
	return false
}

// readYields makes used the locals that the leaf yields.
func readYields(leaf *ir.Node, used *leaves.Locals) {
	used.Clear()
	for _, name := range leaf.Names("yield") {
		if ir.IsLocal(name) {
			used.Add(name)
		}
	}
}

// needed reports whether a result of the call is used.
func needed(call *ir.Node, used *leaves.Locals) bool {
	for _, name := range call.EachStore() {
		if used.Has(name) {
			return true
		}
	}
	return false
}

// readOperands adds the locals that the call reads.
func readOperands(call *ir.Node, used *leaves.Locals) {
	for _, arg := range call.Args {
		readLocals(arg, used)
	}
	for _, k := range call.Kwargs {
		readLocals(k.Node, used)
	}
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
// neither the leaf nor another call uses, as far as may allows it. used is room
// for it.
func deadCalls(leaf *ir.Node, used *leaves.Locals, kept, may func(call *ir.Node) bool) map[*ir.Node]bool {
	readYields(leaf, used)
	var dead map[*ir.Node]bool
	body := leaf.Body("graph")
	for i := len(body) - 1; i >= 0; i-- {
		if call := body[i]; needed(call, used) || kept(call) || !may(call) {
			readOperands(call, used)
			continue
		}
		if dead == nil {
			dead = map[*ir.Node]bool{}
		}
		dead[body[i]] = true
	}
	return dead
}

// A typer finds out the types of what a leaf computes, as far as they are known.
type typer struct {
	names    *pass.Names
	declared map[*ir.Function]map[string]ir.Type
	scope    map[string]ir.Type     // registers of declared types
	sources  map[string]*ir.Node    // calls by the locals that they set
	known    map[*ir.Node][]ir.Type // of calls that were asked for, nil if they are not known
}

// begin makes t ready for a leaf in the scope.
func (t *typer) begin(s *pass.Scope, leaf *ir.Node) {
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
	body := leaf.Body("graph")
	t.scope, t.sources, t.known = declared, make(map[string]*ir.Node, len(body)), map[*ir.Node][]ir.Type{}
	for _, call := range body {
		for _, name := range call.EachStore() {
			t.sources[name] = call
		}
	}
}

// succeeds reports whether a call surely does.
func (t *typer) succeeds(call *ir.Node) bool {
	op := t.names.Op(call.Text("call"))
	return op != nil && !op.CanFail && t.results(call) != nil
}

// results returns the types of the results of a call, nil if they are not known.
func (t *typer) results(call *ir.Node) []ir.Type {
	types, asked := t.known[call]
	if !asked {
		types = t.infer(call)
		t.known[call] = types
	}
	return types
}

func (t *typer) infer(call *ir.Node) []ir.Type {
	op := t.names.Op(call.Text("call"))
	if op == nil {
		return nil
	}
	for _, arg := range call.Args { // most are not known
		if _, ok := t.operand(arg); !ok {
			return nil
		}
	}
	bound, problems := op.Bind(call.Args, call.Kwargs)
	if len(problems) > 0 {
		return nil
	}
	args := make([]ops.Arg, len(bound))
	for i, arg := range bound {
		var ok bool
		if args[i], ok = t.operand(arg); !ok {
			return nil
		}
	}
	types, err := op.Infer(args)
	if err != nil {
		return nil
	}
	return types
}

// operand returns what is known of an operand, if its type is.
func (t *typer) operand(n *ir.Node) (ops.Arg, bool) {
	switch n.Op {
	case "reg":
		return t.register(n.Text("reg"))
	case "const":
		v := n.Attr("value")
		return ops.Arg{Type: v.Type(), Value: &v}, true
	case "tensor":
		dtype, err := ir.ParseDType(n.Text("dtype"))
		return ops.Arg{Type: ir.NumberType(dtype, ir.Ints(n.Attr("shape"))...)}, err == nil
	}
	return ops.Arg{}, false
}

func (t *typer) register(name string) (ops.Arg, bool) {
	call := t.sources[name]
	if call == nil {
		typ, ok := t.scope[name]
		return ops.Arg{Type: typ}, ok
	}
	stores, types := call.Stores(), t.results(call)
	if len(stores) != len(types) {
		return ops.Arg{}, false
	}
	return ops.Arg{Type: types[slices.Index(stores, name)]}, true
}
