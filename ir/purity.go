package ir

import "fmt"

// Impurity returns why the function may not be called in an expression or
// differentiated, or "" if it is pure: it has no effect, and the only loops in
// it are repeats with a literal count.
func Impurity(p *Program, lib Library, f *Function) string {
	c := impurityCache{p: p, lib: lib, functions: map[string]*Function{}, known: map[string]string{}}
	for _, g := range p.Functions {
		c.functions[g.Name] = g
	}
	return c.of(f)
}

// impurityCache remembers the answer for every function of a program.
type impurityCache struct {
	p         *Program
	lib       Library
	functions map[string]*Function
	known     map[string]string
}

func (c *impurityCache) of(f *Function) string {
	if reason, ok := c.known[f.Name]; ok {
		return reason
	}
	c.known[f.Name] = "" // ends the search in a program with recursion
	reason := ""
	for _, n := range f.Body {
		VisitNode(n, func(n *Node) bool {
			if reason == "" {
				reason = c.node(n)
			}
			return reason == ""
		})
	}
	c.known[f.Name] = reason
	return reason
}

func (c *impurityCache) node(n *Node) string {
	switch n.Op {
	case "loop", "while", "until", "weave", "buffer", "print", "popen", "spawn", "join", "hook", "next_n", "block":
		return fmt.Sprintf("it contains %s at %s", n.Op, n.Pos)
	case "repeat":
		if len(n.Args) != 1 || n.Args[0].Op != "const" {
			return fmt.Sprintf("it contains a repeat without a literal count at %s", n.Pos)
		}
	case "call":
		name := n.Text("call")
		if c.lib.Op(name) != nil || IsHidden(name) {
			return ""
		}
		if g := c.functions[name]; g != nil {
			return c.of(g)
		}
		return fmt.Sprintf("it calls %s at %s, which has effects", name, n.Pos)
	case "grad":
		if g := c.functions[n.Text("grad")]; g != nil {
			return c.of(g)
		}
	}
	return ""
}
