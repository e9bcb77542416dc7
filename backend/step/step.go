// Package step compiles graph leaves for the step family: every op is computed
// by its reference evaluation, on storage that is kept from run to run, and
// elementwise ops that follow each other are computed block by block. Results
// equal those of the ops one by one, bit for bit.
package step

import (
	"flowc.dev/flowc/backend/region"
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops"
)

// Family is the name of the numeric family.
const Family = "step"

// Options are what a compiler needs from the rest of flowc.
type Options struct {
	// Registry has the ops that leaves call.
	Registry *ops.Registry
	// Specialize returns the typed dataflow of a leaf; inputType gives the
	// types of the registers that it reads.
	Specialize func(leaf *ir.Node, inputType func(register string) (ir.Type, error)) (*ir.Graph, error)
}

// patience is the number of runs on small inputs after which a leaf is compiled.
// Compiling takes as long as a few hundred ops on small inputs.
const patience = 32

// New returns a compiler for graph leaves.
func New(o Options) *region.Compiler {
	return region.New(region.Options{Family: region.Family{Name: Family}, Patience: patience, Registry: o.Registry, Specialize: o.Specialize})
}
