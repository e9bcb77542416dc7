package flowc

import (
	"errors"

	"flowc.dev/flowc/ir"
)

// instead says what to do without an element that cannot be compiled yet.
var instead = map[string]string{
	"popen": "run the process outside and pass its output as an input",
	"spawn": "put the statements of its body in its place",
	"join":  "put the statements of the spawned body in its place",
	"hook":  "put the statements before or after the one they are attached to",
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
	if len(p.Imports) > 0 {
		refuse(ir.Pos{}, "/import", "import", "copy the functions that the program needs into it")
	}
	ir.Walk(p, func(at *ir.Path, n *ir.Node) bool {
		if s := ir.SchemaOf(n.Op); s != nil && s.Unsupported {
			name := n.Op
			if name == "hook" {
				name = "hooks"
			}
			refuse(n.Pos, at.Pointer(), name, instead[n.Op])
		}
		return true
	})
	return problems.Err()
}
