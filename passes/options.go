package passes

import (
	"fmt"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops"
	"flowc.dev/flowc/passes/pass"
)

// Options say how to optimize.
type Options struct {
	// Level is 0 to 3: required lowerings only; cheap passes; all exact
	// passes; the same passes as 2, and rules that reassociate floats when
	// graphs are specialized.
	Level int
	// Family is the numeric family that will run the program, "step" (the
	// default) or "gorgonia".
	Family string
	// Passes is the pipeline of optional passes to run in place of the level's,
	// see [Table.Pipeline]; "none" is none of them. Empty takes the level's.
	Passes string
	// Fuel, if not nil, is how many rewrites the optional passes may make. What
	// the required ones make is needed and takes none.
	Fuel *int64
	// OnFire is called for each rewrite, before it is made, with the node that it
	// starts from.
	OnFire func(p *Pass, rewrite string, n *ir.Node)
	// Registry has the ops and classes that the program calls.
	Registry *ops.Registry
	// Table replaces the standard passes.
	Table *Table
	// Verified is what is known of the program, if it has been verified that way.
	Verified *ir.Verified
	// Trace is called after each pass with the program before and after it,
	// the very same one if nothing changed.
	Trace func(p *Pass, before, after *ir.Program)
	// Strict looks for passes that modify the nodes which they are given, see
	// [ErrModified], among our own too, and for rules that find nothing in any
	// program since they call ops with too few or too many operands. It copies the
	// program for each pass, which takes about as long as a pass.
	Strict bool
}

// pipeline returns the passes that o asks for.
func (o *Options) pipeline() (Pipeline, error) {
	if o.Registry == nil {
		return nil, fmt.Errorf("passes need a registry of ops")
	}
	switch o.Family {
	case "":
		o.Family = pass.FamilyStep
	case pass.FamilyStep, pass.FamilyGorgonia:
	default:
		return nil, fmt.Errorf("there is no numeric family %q: want %s or %s", o.Family, pass.FamilyStep, pass.FamilyGorgonia)
	}
	table := o.Table
	if table == nil {
		table = Standard()
	}
	if err := table.Check(); err != nil {
		return nil, err
	}
	if o.Level < 0 || o.Level >= len(levels) {
		return nil, fmt.Errorf("there is no optimization level %d: want 0 to %d", o.Level, len(levels)-1)
	}
	text := o.Passes
	if text == "" {
		if o.Level >= len(table.Levels) {
			return nil, fmt.Errorf("the table of passes has no pipeline for level %d: name passes", o.Level)
		}
		text = table.Levels[o.Level]
	}
	pipeline, err := table.Pipeline(o.Family, text)
	if err != nil {
		return nil, fmt.Errorf("the pipeline %s: %w", text, err)
	}
	return pipeline, nil
}
