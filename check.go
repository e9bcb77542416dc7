package flowc

import (
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops"
	"flowc.dev/flowc/passes"
)

// Check reports all defects of p as [Compile] does, without compiling it, and
// returns remarks on what is no defect: places where a more exact or more
// robust op would be used if two statements were written as one, and repeats
// that keep but the last row of a data set. A nil registry
// is [ops.Standard].
func Check(p *ir.Program, registry *ops.Registry) (ir.Problems, error) {
	if registry == nil {
		registry = standard()
	}
	known, err := resolved(p, registry.Library())
	if err != nil {
		return nil, err
	}
	p = known.Program()
	return append(passes.Remarks(p, registry), registry.LostRows(p)...), nil
}
