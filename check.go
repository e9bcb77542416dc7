package flowc

import (
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops"
	"flowc.dev/flowc/passes"
)

// Check reports all defects of p as [Compile] does, without compiling it, and
// returns remarks on what is no defect: places where a more exact or more
// robust op would be used if two statements were written as one. A nil registry
// is [ops.Standard].
func Check(p *ir.Program, registry *ops.Registry) (ir.Problems, error) {
	if registry == nil {
		registry = ops.Standard()
	}
	if err := check(p, registry.Library()); err != nil {
		return nil, err
	}
	return passes.Remarks(p, registry), nil
}
