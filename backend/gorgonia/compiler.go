package gorgonia

import (
	"fmt"
	"strings"
	"sync"

	"flowc.dev/flowc/backend"
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops"
)

// Family is the name of the numeric family whose kernels this package has.
const Family = "gorgonia"

// Options are what a compiler needs from the rest of flowc.
type Options struct {
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

var _ backend.GraphCompiler = (*Compiler)(nil)

// New returns a compiler.
func New(options Options) *Compiler { return &Compiler{options: options} }

// Family returns the name of the numeric family.
func (c *Compiler) Family() string { return Family }

// Compile returns the code of a graph leaf. What depends on the types of the
// inputs is compiled when they are first seen.
func (c *Compiler) Compile(leaf *ir.Node) (backend.GraphCode, error) {
	if leaf == nil || leaf.Op != "graph" {
		return nil, fmt.Errorf("gorgonia compiles graph leaves, got %s", describe(leaf))
	}
	return &code{compiler: c, leaf: leaf, inputs: inputRegisters(leaf)}, nil
}

func describe(n *ir.Node) string {
	if n == nil {
		return "no node"
	}
	return fmt.Sprintf("an element %q", n.Op)
}

// inputRegisters returns the registers that a graph leaf reads, in the order of
// their first use. Names local to the graph begin with a percent sign.
func inputRegisters(leaf *ir.Node) []string {
	var registers []string
	seen := map[string]bool{}
	read := func(name string) {
		name, _, _ = strings.Cut(name, ".")
		if name != "" && !strings.HasPrefix(name, "%") && !seen[name] {
			seen[name] = true
			registers = append(registers, name)
		}
	}
	for _, n := range leaf.Body("graph") {
		ir.VisitNode(n, func(n *ir.Node) bool {
			if n.Op == "reg" {
				read(n.Text("reg"))
			}
			return true
		})
	}
	for _, name := range leaf.Names("yield") {
		read(name)
	}
	return registers
}

// buildMutex admits one construction of an expression graph at a time: Gorgonia
// keeps constants that all graphs share.
var buildMutex sync.Mutex
