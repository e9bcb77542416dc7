package gorgonia

import (
	"sync"

	"flowc.dev/flowc/backend/region"
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

// New returns a compiler for graph leaves.
func New(o Options) *region.Compiler {
	return region.New(region.Options{Family: family, Patience: patience, Registry: o.Registry, Specialize: o.Specialize})
}

// patience is the number of runs on small inputs after which a leaf without
// products is compiled, which takes as long as some hundred ops on small inputs.
const patience = 32

var family = region.Family{Name: Family, Place: place, ByReference: byReference, Own: isOwn, Expand: expand, Kernel: newKernel, Engine: newEngine}

// newKernel returns the kernel of a step that place gave one.
func newKernel(step *ir.GraphStep) region.Kernel {
	if step.Op == "gemm" {
		return &accumulationKernel{c: step.Args[0], a: step.Args[1], b: step.Args[2], to: step.First}
	}
	return transpositionKernel{from: step.Args[0], to: step.First}
}

// buildMutex admits one construction of an expression graph at a time: Gorgonia
// keeps constants that all graphs share.
var buildMutex sync.Mutex

// A machine runs the regions and products of a graph as a Gorgonia program.
type machine struct {
	*region.Machine

	aliases      map[int]*ir.Tensor // headers for products, by value
	borders      []*border          // of region values
	inputBorders []*border
	tape         func() error
	failure      error // of a region in the current run
}

func newEngine(m *region.Machine) (region.Engine, error) {
	e := &machine{Machine: m, aliases: map[int]*ir.Tensor{}}
	for _, r := range m.Regions {
		if r != nil {
			for _, v := range r.Imports {
				e.aliases[v] = new(ir.Tensor)
			}
		}
	}
	buildMutex.Lock()
	defer buildMutex.Unlock()
	expr, err := lower(e)
	if err != nil {
		return nil, err
	}
	e.tape, err = newTape(expr)
	return e, err
}

// Run runs the program once.
func (m *machine) Run() error {
	for _, b := range m.inputBorders {
		b.show(m.Slots[b.value].Tensor())
	}
	m.failure = nil
	err := m.tape()
	if err != nil && m.failure != nil {
		err = m.failure // without what Gorgonia wraps around it
	}
	return err
}

// Release hides from Gorgonia what belongs to the caller.
func (m *machine) Release() {
	for _, b := range m.inputBorders {
		b.hide()
	}
	for _, b := range m.borders {
		if m.IsYielded(b.value) {
			b.hide()
		}
	}
}
