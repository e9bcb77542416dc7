package ops

import (
	"fmt"
	"strings"

	"flowc.dev/flowc/ir"
)

// LostRows returns a remark on each repeat of p that does nothing but call a
// bufferable source for the value of one register: only the last row is kept,
// and a buffer was probably meant.
func (r *Registry) LostRows(p *ir.Program) ir.Problems {
	var found ir.Problems
	ir.Walk(p, func(at *ir.Path, n *ir.Node) bool {
		if n.Op != "repeat" {
			return true
		}
		body := n.Body("body")
		for len(body) == 1 && body[0].Op == "seq" {
			body = body[0].Body("seq")
		}
		if len(body) != 1 || body[0].Op != "call" || len(body[0].Stores())+len(n.Stores()) == 0 || !r.isSource(p, body[0].Text("call")) {
			return true
		}
		if count, err := ir.Literal(n.Args[0]); err == nil && count.IsScalar() && count.Float64() <= 1 {
			return true
		}
		store := append(body[0].Stores(), n.Stores()...)
		found = append(found, ir.Problem{File: p.File, Pos: n.Pos, Pointer: at.Pointer(), Message: fmt.Sprintf(
			"this repeat keeps only the last of the rows that %s gives: a buffer (BUFFER_REPEAT) in its place would stack them all in %s",
			body[0].Text("call"), strings.Join(store, ", "))})
		return true
	})
	return found
}

// isSource reports whether a call is of a bufferable method of an object of p.
func (r *Registry) isSource(p *ir.Program, call string) bool {
	name, method, _ := strings.Cut(call, ".")
	o := p.Object(name)
	if o == nil {
		return false
	}
	class := r.Class(o.Class)
	if class == nil {
		return false
	}
	m := class.Method(method)
	return m != nil && m.Source != nil
}
