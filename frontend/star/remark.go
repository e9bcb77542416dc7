package star

import "flowc.dev/flowc/ir"

// Remarks returns what a file likely does not mean although it is no error:
// statements that are in no body. It returns none for a file with problems.
func Remarks(src []byte, file string) ir.Problems {
	var found ir.Problems
	if _, err := (Options{Remark: func(p ir.Problem) { found = append(found, p) }}).Parse(src, file); err != nil {
		return nil
	}
	return found
}

// remarks returns the remarks on what the file has made.
func (b *builder) remarks() []ir.Problem {
	var found []ir.Problem
	for _, t := range b.effects {
		if !t.placed {
			found = append(found, ir.Problem{File: b.file, Pos: t.node.Pos,
				Message: describeNode(t.node) + " is made here but is in no body: it will not run"})
		}
	}
	return found
}
