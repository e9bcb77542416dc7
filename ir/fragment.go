package ir

import (
	"slices"
	"strings"
)

// Fragment returns the program that the spawn statement n runs: its body as a
// program of its own, whose inputs are the registers that the fragment gets and
// whose outputs are those that join merges. f is the function that n stands in,
// nil for the body of p. Nodes are shared and keep their IDs; of objects and
// functions the fragment has those that it uses.
func Fragment(p *Program, f *Function, n *Node) *Program {
	body := n.Body("spawn")
	fragment := &Program{Name: p.Name, File: p.File, Doc: n.Doc, Body: body, Outputs: n.Names("out")}
	fragment.Inputs = spawnInputs(n)
	registers := p.Registers
	if f != nil {
		registers = f.Registers
	}
	fragment.Registers = fragmentRegisters(registers, n)
	functions, objects := used(p, body)
	for _, g := range p.Functions {
		if functions[g.Name] {
			fragment.Functions = append(fragment.Functions, g)
		}
	}
	for i := range p.Objects {
		if objects[p.Objects[i].Name] {
			fragment.Objects = append(fragment.Objects, p.Objects[i])
		}
	}
	return fragment
}

// IsStacked reports whether the spawn statement n runs several copies, whose
// results are stacked along a new leading axis.
func IsStacked(n *Node) bool { return n.Kwarg("n") != nil }

// spawnInputs returns the registers that are set when the fragment of n begins.
func spawnInputs(n *Node) []string {
	inputs := n.Names("in")
	if index := n.Text("as"); index != "" {
		inputs = append(inputs, index)
	}
	return inputs
}

// fragmentRegisters returns the declarations that hold in the fragment of n:
// dtypes and shapes, but no first values. What is stacked has its declared type
// only when it is merged.
func fragmentRegisters(declared []Register, n *Node) []Register {
	inside := StoresIn(n.Body("spawn"))
	for _, name := range n.Names("in") {
		inside[name] = true
	}
	outs := n.Names("out")
	var registers []Register
	for _, r := range declared {
		if !inside[r.Name] || IsStacked(n) && slices.Contains(outs, r.Name) || r.Name == n.Text("as") {
			continue
		}
		r.Init = nil
		registers = append(registers, r)
	}
	return registers
}

// used returns the functions and objects that the statements name, and those
// that the functions name.
func used(p *Program, body []*Node) (functions, objects map[string]bool) {
	functions, objects = map[string]bool{}, map[string]bool{}
	declared := make(map[string]*Function, len(p.Functions))
	for _, g := range p.Functions {
		declared[g.Name] = g
	}
	bodies := [][]*Node{body}
	for len(bodies) > 0 {
		body, bodies = bodies[len(bodies)-1], bodies[:len(bodies)-1]
		for _, name := range callees(body) {
			if object, _, isMethod := strings.Cut(name, "."); isMethod {
				objects[object] = true
			} else if g := declared[name]; g != nil && !functions[name] {
				functions[name] = true
				bodies = append(bodies, g.Body)
			}
		}
	}
	return functions, objects
}
