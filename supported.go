package flowc

import (
	"errors"

	"flowc.dev/flowc/frontend/library"
	"flowc.dev/flowc/ir"
)

// resolved returns p with the functions of the libraries that it imports, or
// all defects of p.
func resolved(p *ir.Program, lib ir.Library) (*ir.Program, error) {
	p, err := library.Resolve(p)
	if err != nil {
		return nil, err
	}
	return p, check(p, lib)
}

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
	ir.Walk(p, func(at *ir.Path, n *ir.Node) bool {
		if s := ir.SchemaOf(n.Op); s != nil && s.Unsupported {
			refuse(n.Pos, at.Pointer(), n.Op, "")
		}
		return true
	})
	return problems.Err()
}
