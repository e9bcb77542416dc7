package library

import (
	"fmt"
	"slices"

	"flowc.dev/flowc/ir"
)

// Resolve returns p with the functions that it uses of the libraries it
// imports, directly or by others of them, and without imports; p itself if it
// imports nothing. Their nodes have IDs above all others, and no positions. The
// error is of type [ir.Problems]: an unknown library, a function of the program
// with the name of one that comes with an import, or a name that two of the
// libraries have.
func Resolve(p *ir.Program) (*ir.Program, error) {
	if len(p.Imports) == 0 {
		return p, nil
	}
	r := resolver{from: map[string]string{}, offered: map[string]*ir.Function{}, used: map[string]bool{}}
	r.offer(p)
	if err := r.problems.Err(); err != nil {
		return nil, err
	}
	r.use(p.Body)
	for _, f := range p.Functions {
		r.use(f.Body)
	}
	resolved := p.Copy()
	resolved.Imports = nil
	resolved.Functions = slices.Clone(p.Functions)
	next := p.MaxID()
	for _, f := range r.functions {
		resolved.Functions = append(resolved.Functions, copyFunction(f, &next))
	}
	return resolved, nil
}

type resolver struct {
	problems  ir.Problems
	from      map[string]string // library of each function on offer
	offered   map[string]*ir.Function
	used      map[string]bool
	functions []*ir.Function // used ones, callers first
}

// offer collects the functions that come with the imports of p.
func (r *resolver) offer(p *ir.Program) {
	report := func(pos ir.Pos, pointer, format string, args ...any) {
		r.problems = append(r.problems, ir.Problem{File: p.File, Pos: pos, Pointer: pointer, Message: fmt.Sprintf(format, args...)})
	}
	seen := map[string]bool{}
	for i, name := range p.Imports {
		pointer := fmt.Sprintf("/import/%d", i)
		if seen[name] {
			continue
		}
		seen[name] = true
		functions, _, err := Functions(name)
		if err != nil {
			report(ir.Pos{}, pointer, "%s", err)
			continue
		}
		for _, f := range functions {
			if other := r.from[f.Name]; other != "" {
				report(ir.Pos{}, pointer, "the libraries %s and %s both have a function %s: import one of them", other, name, f.Name)
				continue
			}
			r.from[f.Name], r.offered[f.Name] = name, f
		}
	}
	for _, f := range p.Functions {
		if library := r.from[f.Name]; library != "" {
			report(f.Pos, "/functions/"+ir.EscapePointer(f.Name), "function %s has the name of one that comes with the import of %s: choose another name", f.Name, library)
		}
	}
}

// use takes the functions that statements call.
func (r *resolver) use(body []*ir.Node) {
	for _, n := range body {
		ir.VisitNode(n, func(n *ir.Node) bool {
			for _, key := range []string{"call", "grad"} {
				name := n.Text(key)
				if f := r.offered[name]; n.Op == key && f != nil && !r.used[name] {
					r.used[name] = true
					r.functions = append(r.functions, f)
					r.use(f.Body)
				}
			}
			return true
		})
	}
}

// copyFunction returns a copy of f whose nodes have IDs after next.
func copyFunction(f *ir.Function, next *ir.ID) *ir.Function {
	c := *f
	c.Pos = ir.Pos{}
	c.Registers = slices.Clone(f.Registers)
	for i := range c.Registers {
		c.Registers[i].Pos = ir.Pos{}
		if init := c.Registers[i].Init; init != nil {
			c.Registers[i].Init = copyNode(init, next)
		}
	}
	c.Body = copyBody(f.Body, next)
	return &c
}

func copyBody(body []*ir.Node, next *ir.ID) []*ir.Node {
	nodes := make([]*ir.Node, len(body))
	for i, n := range body {
		nodes[i] = copyNode(n, next)
	}
	return nodes
}

func copyNode(n *ir.Node, next *ir.ID) *ir.Node {
	c := n.Copy()
	*next++
	c.ID, c.Pos = *next, ir.Pos{}
	for i, arg := range c.Args {
		c.Args[i] = copyNode(arg, next)
	}
	for i, k := range c.Kwargs {
		c.Kwargs[i].Node = copyNode(k.Node, next)
	}
	for i := range c.Regions {
		c.Regions[i].Body = copyBody(c.Regions[i].Body, next)
	}
	return c
}
