package flowc

import (
	"errors"

	"flowc.dev/flowc/ir"
)

// check reports all defects of p, and the parts that cannot be compiled yet.
func check(p *ir.Program, library ir.Library) error {
	var problems, found ir.Problems
	for _, err := range []error{checkSupported(p), ir.Verify(p, library)} {
		if errors.As(err, &found) {
			problems = append(problems, found...)
		}
	}
	return problems.Err()
}

// checkSupported reports the parts of p that load but cannot be compiled yet.
func checkSupported(p *ir.Program) error {
	var problems ir.Problems
	refuse := func(pos ir.Pos, pointer, name, advice string) {
		message := name + " loads but cannot be compiled yet"
		if advice != "" {
			message += ": " + advice
		}
		problems = append(problems, ir.Problem{File: p.File, Pos: pos, Pointer: pointer, Message: message})
	}
	if len(p.Imports) > 0 {
		refuse(ir.Pos{}, "/import", "import", "copy the functions that the program needs into it")
	}
	ir.Walk(p, func(at *ir.Path, n *ir.Node) bool {
		if s := ir.SchemaOf(n.Op); s != nil && s.Unsupported {
			refuse(n.Pos, at.Pointer(), n.Op, "")
		}
		return true
	})
	return problems.Err()
}
