package pass

import (
	"slices"

	"flowc.dev/flowc/ir"
)

// A Scope says where a list of statements stands.
type Scope struct {
	Program *ir.Program
	// Function is the function whose body it is or is in, nil for the
	// program's own.
	Function *ir.Function
	// Parent owns the list, nil for the body of the program or function.
	Parent *ir.Node
	Field  string
	// Strand says that the list is a strand of a weave or stands in one.
	Strand bool
	// Steps says that a weave around has turns of single steps, so that nothing
	// in the list may stand for more than one.
	Steps bool
}

// Top reports whether the statements are the top level of a strand, where a
// turn may be counted by statements.
func (s *Scope) Top() bool { return s.Parent != nil && s.Parent.Op == "weave" }

// Divided reports whether turns of a weave may come between the statements, such
// that no two of them may become one.
func (s *Scope) Divided() bool { return s.Steps || s.Top() }

// EditBodies returns p with every list of statements replaced by what edit
// returns for it, innermost first. It enters the regions of control elements,
// but neither hooks nor what optimized nodes carry. If edit returns its argument
// each time, the result is p itself.
func EditBodies(p *ir.Program, edit func(s *Scope, body []*ir.Node) ([]*ir.Node, error)) (*ir.Program, error) {
	e := editor{edit: edit}
	return e.program(p)
}

func (e *editor) program(p *ir.Program) (*ir.Program, error) {
	body, err := e.body(&Scope{Program: p}, p.Body)
	if err != nil {
		return nil, err
	}
	changed := !sameSlice(body, p.Body)
	functions := p.Functions
	for i, f := range p.Functions {
		inner, err := e.body(&Scope{Program: p, Function: f}, f.Body)
		if err != nil {
			return nil, err
		}
		if sameSlice(inner, f.Body) {
			continue
		}
		if sameSlice(functions, p.Functions) {
			functions = slices.Clone(p.Functions)
		}
		changed = true
		c := *f
		c.Body = inner
		functions[i] = &c
	}
	if !changed {
		return p, nil
	}
	c := p.Copy()
	c.Body, c.Functions = body, functions
	return c, nil
}

// EditStatements is [EditBodies] for a rewrite of single statements.
func EditStatements(p *ir.Program, edit func(s *Scope, n *ir.Node) (*ir.Node, error)) (*ir.Program, error) {
	e := editor{edit: eachStatement(edit)}
	return e.program(p)
}

// EditOutermost is [EditStatements] with the outermost statements first. What edit
// has changed is not entered.
func EditOutermost(p *ir.Program, edit func(s *Scope, n *ir.Node) (*ir.Node, error)) (*ir.Program, error) {
	e := editor{first: edit, edit: func(_ *Scope, body []*ir.Node) ([]*ir.Node, error) { return body, nil }}
	return e.program(p)
}

// LowerStatements is [EditStatements] for a required lowering. It enters hooks
// too, those of the statements that optimized nodes stand for included, and
// rewrites hook clauses as statements.
func LowerStatements(p *ir.Program, edit func(s *Scope, n *ir.Node) (*ir.Node, error)) (*ir.Program, error) {
	e := editor{edit: eachStatement(edit), hooks: true}
	return e.program(p)
}

func eachStatement(edit func(s *Scope, n *ir.Node) (*ir.Node, error)) func(*Scope, []*ir.Node) ([]*ir.Node, error) {
	return func(s *Scope, body []*ir.Node) ([]*ir.Node, error) {
		result := body
		for i, n := range body {
			changed, err := edit(s, n)
			if err != nil {
				return nil, err
			}
			if changed != n {
				if sameSlice(result, body) {
					result = slices.Clone(body)
				}
				result[i] = changed
			}
		}
		return result, nil
	}
}

type editor struct {
	first func(s *Scope, n *ir.Node) (*ir.Node, error) // before a statement is entered, if set
	edit  func(s *Scope, body []*ir.Node) ([]*ir.Node, error)
	hooks bool // enter hooks
}

func (e *editor) body(s *Scope, body []*ir.Node) ([]*ir.Node, error) {
	result := body
	for i, n := range body {
		changed, err := e.statement(s, n)
		if err != nil {
			return nil, err
		}
		if changed != n {
			if sameSlice(result, body) {
				result = slices.Clone(body)
			}
			result[i] = changed
		}
	}
	return e.edit(s, result)
}

func (e *editor) statement(s *Scope, n *ir.Node) (*ir.Node, error) {
	if e.first != nil {
		if changed, err := e.first(s, n); changed != n || err != nil {
			return changed, err
		}
	}
	return e.regions(s, n, !Optimized(n))
}

// regions edits the regions of n; unless all, only hooks.
func (e *editor) regions(s *Scope, n *ir.Node, all bool) (*ir.Node, error) {
	result := n
	for i := range n.Regions {
		r := &n.Regions[i]
		switch {
		case r.Field == "spawn": // is compiled by itself
			continue
		case r.Field == "hooks" && !e.hooks || r.Field != "hooks" && r.Field != "source" && !all:
			continue
		case r.Field == "source" && !e.hooks:
			continue
		}
		inner := &Scope{Program: s.Program, Function: s.Function, Parent: n, Field: r.Field, Strand: s.Strand || n.Op == "weave",
			Steps: s.Steps || n.Op == "weave" && n.Text("turn") != "statement"}
		var body []*ir.Node
		var err error
		if r.Field == "source" {
			body, err = e.source(inner, r.Body)
		} else {
			body, err = e.body(inner, r.Body)
		}
		if err != nil {
			return nil, err
		}
		if sameSlice(body, r.Body) {
			continue
		}
		if result == n {
			result = n.Copy()
		}
		result.Regions[i].Body = body
	}
	return result, nil
}

// source edits the hooks of statements that an optimized node stands for.
func (e *editor) source(s *Scope, body []*ir.Node) ([]*ir.Node, error) {
	result := body
	for i, n := range body {
		changed, err := e.regions(s, n, false)
		if err != nil {
			return nil, err
		}
		if changed != n {
			if sameSlice(result, body) {
				result = slices.Clone(body)
			}
			result[i] = changed
		}
	}
	return result, nil
}

// Optimized reports whether n is made by the compiler and stands for the
// statements in its source region.
func Optimized(n *ir.Node) bool { return n.Op == "graph" || n.Op == "next_n" || n.Op == "block" }

func sameSlice[T any](a, b []T) bool {
	return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0])
}
