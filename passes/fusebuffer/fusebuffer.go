// Package fusebuffer replaces buffers that only draw rows from a source.
package fusebuffer

import (
	"fmt"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/passes/pass"
)

// Pass fuses buffers with the source that fills them.
var Pass = &pass.Pass{
	Name: "fuse-buffer",
	Doc: "Makes a buffer whose body is one call of a bufferable source a next_n, which takes all rows at once. " +
		"The rows and the position of the source stay the same.",
	Exact: true,
	Rewrites: []pass.Rewrite{
		{Name: "buffers fused", Doc: "buffer n { source.next() } -> next_n source.next(n)"},
	},
	Run: run,
}

func run(c *pass.Context, p *ir.Program) (*ir.Program, pass.Stats, error) {
	var stats pass.Stats
	names := c.Names(p)
	result, err := pass.EditStatements(p, func(s *pass.Scope, n *ir.Node) (*ir.Node, error) {
		if n.Op != "buffer" {
			return n, nil
		}
		if reason := obstacle(names, s, n); reason != "" {
			stats.Note(n, "not fused: %s", reason)
			return n, nil
		}
		if !c.Fire("buffers fused", n) {
			return n, nil
		}
		call := n.Body("body")[0]
		fused := &ir.Node{
			Op:      "next_n",
			ID:      c.NewID(),
			Args:    append([]*ir.Node{n.Args[0]}, call.Args...),
			Kwargs:  call.Kwargs,
			Attrs:   []ir.Attr{{Name: "next_n", Value: call.Attr("call")}},
			Regions: []ir.Region{{Field: "source", Body: []*ir.Node{n}}},
			Origins: []ir.ID{n.ID, call.ID},
			Pos:     n.Pos,
			Doc:     n.Doc,
		}
		if stores := n.Stores(); stores != nil {
			fused = fused.StoringTo(stores...)
		}
		return fused, nil
	})
	return result, stats, err
}

// obstacle returns why the buffer n is not a plain draw from a source.
func obstacle(names *pass.Names, s *pass.Scope, n *ir.Node) string {
	body := n.Body("body")
	switch {
	case s.Strand:
		return "turns of a weave come between its rows"
	case len(body) != 1 || body[0].Op != "call":
		return "its body is more than one call"
	}
	call := body[0]
	method := names.Method(call.Text("call"))
	switch {
	case pass.Hooked(call):
		return "hooks are attached to its call"
	case method == nil:
		return call.Text("call") + " is not a method of an object"
	case method.Source == nil:
		return call.Text("call") + " is not a source that can be read in blocks"
	}
	if stores := len(n.Stores()); stores > 1 && stores != method.Results {
		return fmt.Sprintf("its value does not come apart for %d registers", stores)
	}
	for _, name := range call.Stores() {
		if name != ir.Discard {
			return "its call stores each row to " + name
		}
	}
	return ""
}
