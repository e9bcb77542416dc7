package irtest

import "flowc.dev/flowc/ir"

// spawn returns a spawned fragment and its join.
func (g *generator) spawn(b *block) ([]*ir.Node, value) { return nil, value{} }
