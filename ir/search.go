package ir

import (
	"errors"
	"slices"
)

// editPlace is where a search is in a program.
type editPlace struct {
	function  string // "" for the program's body
	statement *Node  // that contains the operand
	hook      bool   // inside a hook
}

// found is a match with what an edit needs of it.
type found struct {
	*Match
	// whole are the matched statements, or the operand, with the matches that lie
	// within edited.
	whole []*Node
	// claimed are the nodes that the pattern's own nodes have matched, and the
	// first of Nodes.
	claimed map[*Node]bool
	// runs has the statements that metavariables are bound to, by the first of
	// them, and operands the operands, with the matches within them edited.
	runs     map[*Node]editedRun
	operands map[*Node]*Node
}

// editedRun is what has become of a number of consecutive statements.
type editedRun struct {
	length int
	nodes  []*Node
}

// edited returns b with the matches within it edited.
func (f *found) edited(b Binding) Binding {
	if len(b.Nodes) == 0 && len(b.Kwargs) == 0 {
		return b
	}
	if len(b.Nodes) > 0 && b.Nodes[0] == f.Nodes[0] {
		b.Nodes = f.whole
		return b
	}
	if len(b.Nodes) > 0 && f.runs[b.Nodes[0]].nodes != nil {
		b.Nodes = f.runs[b.Nodes[0]].nodes
		return b
	}
	b.Nodes, b.Kwargs = slices.Clone(b.Nodes), slices.Clone(b.Kwargs)
	for i, n := range b.Nodes {
		b.Nodes[i] = f.operand(n)
	}
	for i, k := range b.Kwargs {
		b.Kwargs[i].Node = f.operand(k.Node)
	}
	return b
}

func (f *found) operand(n *Node) *Node {
	if edited := f.operands[n]; edited != nil {
		return edited
	}
	return n
}

// An editor goes through a program once, parents first, and puts what edit
// returns in the place of each match. Matches do not overlap, but the parts that
// metavariables are bound to, and those that the pattern does not mention, are
// searched in turn.
type editor struct {
	matcher
	pattern              []*Node
	statements, operands bool // what the pattern can match
	matches              []*Match
	edit                 func(*found) ([]*Node, error)
	// clauses are hooks for the statement that is being gone through.
	clauses []*Node
	// skipHooks passes over what stands in hooks.
	skipHooks bool
}

// program returns p edited, p itself if nothing changes.
func (e *editor) program(p *Program) (*Program, error) {
	given := p
	p = unshared(p)
	edited := p.Copy()
	functions, changed := make([]*Function, len(p.Functions)), false
	for i, f := range p.Functions {
		at := (*Path)(nil).Child("functions").Child(f.Name)
		body, err := e.body(at.Child("body"), 0, editPlace{function: f.Name}, f.Body)
		if err != nil {
			return nil, err
		}
		functions[i] = f
		if !slices.Equal(body, f.Body) {
			copied := *f
			copied.Body = body
			functions[i], changed = &copied, true
		}
	}
	if changed {
		edited.Functions = functions
	}
	body, err := e.body((*Path)(nil).Child("body"), 0, editPlace{}, p.Body)
	if err != nil {
		return nil, err
	}
	if e.work > maxMatchWork {
		return nil, errors.New("the pattern takes too long to match against this program: make it more specific, or leave out rests in its middle")
	}
	if !changed && slices.Equal(body, p.Body) {
		return given, nil
	}
	edited.Body = body
	return edited, nil
}

// body goes through statements, which are those from index first on of the
// array at the path at.
func (e *editor) body(at *Path, first int, in editPlace, body []*Node) ([]*Node, error) {
	edited := make([]*Node, 0, len(body))
	for i := 0; i < len(body); {
		length := 1
		var nodes []*Node
		var err error
		if n, ok := e.match(body[i:], e.statements && !optimized(body[i]) && !(in.hook && e.skipHooks)); ok {
			length = n
			nodes, err = e.matchedStatements(at, first+i, in, body[i:i+n])
		} else {
			nodes, err = e.statement(at.Item("", first+i), in, body[i], nil)
		}
		if err != nil {
			return nil, err
		}
		edited = append(edited, nodes...)
		i += length
	}
	return edited, nil
}

// optimized reports whether n carries source statements, which are not for
// editing.
func optimized(n *Node) bool { return n.Op == "graph" || n.Op == "next_n" || n.Op == "block" }

func (e *editor) match(items []*Node, possible bool) (int, bool) {
	if !possible {
		return 0, false
	}
	e.reset()
	return e.sequence(e.pattern, items)
}

// statement goes through the parts of a statement that is not itself a match,
// but may be part of the match f.
func (e *editor) statement(at *Path, in editPlace, n *Node, f *found) ([]*Node, error) {
	if optimized(n) {
		return []*Node{n}, nil
	}
	in.statement = n
	outer := e.clauses
	e.clauses = nil
	edited, err := e.parts(at, in, n, f)
	if err != nil {
		return nil, err
	}
	edited = withHooks(edited, e.clauses)
	e.clauses = outer
	return []*Node{edited}, nil
}

// operand goes through an operand.
func (e *editor) operand(at *Path, in editPlace, n *Node) (*Node, error) {
	if _, ok := e.match([]*Node{n}, e.operands && !(in.hook && e.skipHooks)); !ok {
		return e.parts(at, in, n, nil)
	}
	f := e.newFound(in, []*Node{n}, at, true)
	whole, err := e.parts(at, in, n, f)
	if err != nil {
		return nil, err
	}
	f.whole = []*Node{whole}
	nodes, err := e.edit(f)
	if err != nil {
		return nil, err
	}
	return nodes[0], nil
}

// matchedStatements edits a match of the statements from index first on of the
// array at the path at.
func (e *editor) matchedStatements(at *Path, first int, in editPlace, nodes []*Node) ([]*Node, error) {
	in.statement = nodes[0]
	f := e.newFound(in, nodes, at.Item("", first), false)
	whole, err := e.members(at, first, in, nodes, f)
	if err != nil {
		return nil, err
	}
	f.whole = whole
	return e.edit(f)
}

// newFound records the match that the matcher has made.
func (e *editor) newFound(in editPlace, nodes []*Node, at *Path, operand bool) *found {
	m := &Match{Nodes: nodes, Statement: in.statement, Operand: operand, Function: in.function, InHook: in.hook,
		Pointer: at.Pointer(), Bindings: map[string]Binding{}}
	e.matches = append(e.matches, m)
	f := &found{Match: m, claimed: map[*Node]bool{nodes[0]: true}, runs: map[*Node]editedRun{}, operands: map[*Node]*Node{}}
	for _, n := range e.claimed {
		f.claimed[n] = true
	}
	for _, b := range e.bound {
		if _, ok := m.Bindings[b.name]; !ok && b.name != AnyName {
			m.Bindings[b.name] = b.Binding
		}
		if len(b.Nodes) > 0 {
			f.runs[b.Nodes[0]] = editedRun{length: len(b.Nodes)}
		}
	}
	return f
}

// members goes through the statements of a body, from index first on of the
// array at the path at, some of which are part of the match f.
func (e *editor) members(at *Path, first int, in editPlace, body []*Node, f *found) ([]*Node, error) {
	var edited []*Node
	for i := 0; i < len(body); {
		n, length := body[i], 1
		var nodes []*Node
		var err error
		if f.claimed[n] {
			nodes, err = e.statement(at.Item("", first+i), in, n, f)
		} else {
			length = max(length, f.runs[n].length)
			nodes, err = e.body(at, first+i, in, body[i:i+length])
			f.runs[n] = editedRun{length, nodes}
		}
		if err != nil {
			return nil, err
		}
		edited = append(edited, nodes...)
		i += length
	}
	return edited, nil
}
