package ir

import "strings"

// RegisterNames calls visit with every name in the node n, its parts aside, that
// may be one of a register: what it reads and stores to, and counters. Objects
// and parameters may be among them.
func RegisterNames(n *Node, visit func(name string)) {
	for _, a := range n.Attrs {
		if !holdsNames(n, a.Name) || a.Name == "call" || a.Name == "grad" || a.Name == "next_n" {
			continue
		}
		if a.Value.Kind() == Str {
			name, _, _ := strings.Cut(a.Value.Text(), ".")
			visit(name)
			continue
		}
		for _, name := range n.Names(a.Name) {
			visit(name)
		}
	}
}
