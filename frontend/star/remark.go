package star

import "flowc.dev/flowc/ir"

// remarks returns what the file likely did not mean.
func (b *builder) remarks(*ir.Program) []ir.Problem {
	var found []ir.Problem
	for _, t := range b.effects {
		if !t.placed {
			found = append(found, ir.Problem{File: b.file, Pos: t.node.Pos,
				Message: describeNode(t.node) + " is made here but is in no body: it will not run"})
		}
	}
	return found
}
