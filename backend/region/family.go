package region

import (
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops"
)

// A Placement says how a step of a graph is computed. It follows from the op and
// the types of the arguments and results of that step alone.
type Placement uint8

const (
	// Reference evaluates the op as it is defined.
	Reference Placement = iota
	// Elementwise is the same for an op whose result can be computed block by
	// block; it may share a pass over the data with others like it. Ops that
	// can fail are not among them, so that of two failures the first is
	// reported.
	Elementwise
	// Own is a kernel of the family's own, inside a region.
	Own
	// Product is computed by the family outside of regions.
	Product
)

// A Family is what a numeric family adds to the reference evaluation. The zero
// value adds nothing.
type Family struct {
	Name string
	// Place returns Own or Product for the steps that the family computes
	// itself, Reference for all others. It may be nil.
	Place func(g *ir.Graph, op *ops.Op, step *ir.GraphStep) Placement
	// ByReference reports whether calls of an op with operands of these ranks
	// always have the bits of its reference evaluation. If it is nil, all have.
	ByReference func(op string, ranks []int) bool
	// Own reports whether some calls of the op have other bits than their reference
	// evaluation. If it is nil, none have.
	Own func(op *ops.Op) bool
	// Expand writes steps of a graph as others that the family computes. It may
	// be nil.
	Expand func(g *ir.Graph) *ir.Graph
	// Kernel returns the kernel of a step that is placed as Own.
	Kernel func(step *ir.GraphStep) Kernel
	// Engine returns what runs a machine's regions and products. It is called
	// for graphs with products; the regions of others run one after the other.
	Engine func(m *Machine) (Engine, error)
}

// An Engine runs the regions of a machine, and the products between them.
type Engine interface {
	// Run computes what the graph yields into the slots of the machine, which
	// hold the inputs.
	Run() error
	// Release lets go of everything that belongs to the caller.
	Release()
}

// place returns the placement of a step.
func (f *Family) place(g *ir.Graph, op *ops.Op, step *ir.GraphStep) Placement {
	if f.Place != nil {
		if p := f.Place(g, op, step); p != Reference {
			return p
		}
	}
	if op.Elementwise && !op.CanFail && step.Results == 1 && elements(g.Types[step.First].Shape) > 1 {
		return Elementwise
	}
	return Reference
}

// elements returns the number of elements of a shape.
func elements(shape []int) int {
	n := 1
	for _, extent := range shape {
		n *= extent
	}
	return n
}
