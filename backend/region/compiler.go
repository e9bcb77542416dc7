package region

import (
	"fmt"
	"slices"
	"strings"

	"flowc.dev/flowc/backend"
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops"
)

// Options are what a compiler needs from the rest of flowc.
type Options struct {
	Family Family
	// Patience is the number of times that a leaf with small inputs is left to
	// the reference evaluation before it is compiled. Leaves that call an op of
	// the family's own, whose bits are others, do not wait.
	Patience int
	// Registry has the ops that leaves call.
	Registry *ops.Registry
	// Specialize returns the typed dataflow of a leaf; inputType gives the
	// types of the registers that it reads.
	Specialize func(leaf *ir.Node, inputType func(register string) (ir.Type, error)) (*ir.Graph, error)
}

// A Compiler makes code for graph leaves. It may be used by any number of
// goroutines; the code that it returns belongs to one machine each.
type Compiler struct {
	options Options
	cache   cache
}

var (
	_ backend.GraphCompiler = (*Compiler)(nil)
	_ backend.PatientCode   = (*Code)(nil)
	_ backend.PlannedCode   = (*Code)(nil)
)

// New returns a compiler.
func New(options Options) *Compiler { return &Compiler{options: options} }

// Family returns the name of the numeric family.
func (c *Compiler) Family() string { return c.options.Family.Name }

// ByReference reports whether a call of the op with operands of these ranks has
// the bits of its reference evaluation.
func (c *Compiler) ByReference(op string, ranks []int) bool {
	return c.options.Family.ByReference == nil || c.options.Family.ByReference(op, ranks)
}

// Compile returns the code of a graph leaf. What depends on the types of the
// inputs is compiled when they are first seen.
func (c *Compiler) Compile(leaf *ir.Node) (backend.GraphCode, error) {
	if leaf == nil || leaf.Op != "graph" {
		return nil, fmt.Errorf("graph leaves are compiled, got %s", describe(leaf))
	}
	return c.Code(leaf, inputRegisters(leaf)), nil
}

// Code returns the code of a leaf that reads the given registers.
func (c *Compiler) Code(leaf *ir.Node, inputs []string) *Code {
	code := &Code{compiler: c, leaf: leaf, inputs: inputs, patience: c.options.Patience}
	if c.options.Family.Own != nil && leaf != nil && c.callsOwn(leaf.Body("graph")) {
		code.patience = 0
	}
	return code
}

// callsOwn reports whether an op is called that the family computes with bits of
// its own.
func (c *Compiler) callsOwn(calls []*ir.Node) bool {
	for _, n := range calls {
		if n.Op == "call" {
			if op := c.options.Registry.Lookup(n.Text("call")); op != nil && c.options.Family.Own(op) {
				return true
			}
		}
		if c.callsOwn(n.Args) {
			return true
		}
		for i := range n.Kwargs {
			if c.callsOwn([]*ir.Node{n.Kwargs[i].Node}) {
				return true
			}
		}
	}
	return false
}

func describe(n *ir.Node) string {
	if n == nil {
		return "no node"
	}
	return fmt.Sprintf("an element %q", n.Op)
}

// few is the number of registers that are looked for one by one.
const few = 16

// inputRegisters returns the registers that a graph leaf reads, in the order of
// their first use.
func inputRegisters(leaf *ir.Node) []string {
	registers := make([]string, 0, 4)
	var seen map[string]bool // once there are many
	read := func(name string) {
		name, _, _ = strings.Cut(name, ".")
		switch {
		case name == "" || ir.IsLocal(name) && !ir.IsHidden(name):
			return
		case seen != nil:
			if seen[name] {
				return
			}
			seen[name] = true
		case slices.Contains(registers, name):
			return
		case len(registers) == few:
			seen = map[string]bool{name: true}
			for _, r := range registers {
				seen[r] = true
			}
		}
		registers = append(registers, name)
	}
	visit := func(n *ir.Node) bool {
		if n.Op == "reg" {
			read(n.Text("reg"))
		}
		return true
	}
	for _, n := range leaf.Body("graph") {
		simple := len(n.Kwargs) == 0
		for _, arg := range n.Args {
			simple = simple && len(arg.Args) == 0 && len(arg.Kwargs) == 0 && len(arg.Regions) == 0
		}
		if !simple {
			ir.VisitNode(n, visit)
			continue
		}
		for _, arg := range n.Args {
			if arg.Op == "reg" {
				read(arg.Text("reg"))
			}
		}
	}
	for _, name := range leaf.Names("yield") {
		read(name)
	}
	return registers
}
