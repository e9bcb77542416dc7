package cli

import (
	"strings"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ir/text"
)

// oneLine returns the first line of a statement, or the text of an operand.
func oneLine(n *ir.Node, operand bool) string {
	n = n.Copy()
	n.Doc = ""
	if operand {
		n = &ir.Node{Op: "print", Args: []*ir.Node{n}}
	}
	out, err := text.Print(&ir.Program{Body: []*ir.Node{n}})
	if err != nil {
		return n.Headline()
	}
	line, _, _ := strings.Cut(strings.TrimSpace(string(out)), "\n")
	if operand {
		line = strings.TrimPrefix(line, "print ")
	}
	return line
}
