package ir

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// An EditOption changes how an edit is done.
type EditOption func(*editOptions)

type editOptions struct {
	expect int // -1: any number
	every  Value
	when   *Node
	what   string
}

// Expect makes an edit fail unless the pattern has exactly n matches. The error
// tells how many there are and where.
func Expect(n int) EditOption { return func(o *editOptions) { o.expect = n } }

// Every makes hooks run at every k-th arrival, an i64, or not more often than a
// duration allows, a text such as "10s".
func Every(v Value) EditOption {
	if v.IsNumber() {
		v = v.AsWeak(false)
	}
	return func(o *editOptions) { o.every = v }
}

// When makes hooks run only if the condition, which may have metavariables of
// the pattern, holds.
func When(condition *Node) EditOption { return func(o *editOptions) { o.when = condition } }

// Describe sets what is said of the edit in the record of a half-run program.
func Describe(what string) EditOption { return func(o *editOptions) { o.what = what } }

func optionsOf(options []EditOption, what string) editOptions {
	o := editOptions{expect: -1, what: what}
	for _, option := range options {
		option(&o)
	}
	return o
}

func (o *editOptions) hookOptions() bool { return !o.every.IsNull() || o.when != nil }

// A MatchError is an edit whose pattern does not have the matches that are
// asked for.
type MatchError struct {
	File    string
	Want    int
	Matches []*Match
}

// Error names the number of matches and the places of the first.
func (e *MatchError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "the pattern has %d matches, not %d", len(e.Matches), e.Want)
	const listed = 10
	for i, m := range e.Matches {
		if i == listed {
			fmt.Fprintf(&b, "\n  and %d more", len(e.Matches)-listed)
			break
		}
		b.WriteString("\n  " + m.Place(e.File))
	}
	return b.String()
}

// Place returns where the match is, and its first node.
func (m *Match) Place(file string) string {
	return Problem{File: file, Pos: m.Nodes[0].Pos, Pointer: m.Pointer, Message: m.Nodes[0].Headline()}.Error()
}

// Headline describes n for messages: its op, what it calls or reads, where it
// stores to, and its ID.
func (n *Node) Headline() string {
	s := n.Op
	for _, name := range []string{"call", "grad", "next_n", "reg"} {
		if text := n.Text(name); text != "" {
			s = name + " " + text
		}
	}
	if stores := n.Stores(); len(stores) > 0 {
		s += " storing to " + strings.Join(stores, ", ")
	}
	if n.ID != 0 {
		s += fmt.Sprintf(" (id %d)", n.ID)
	}
	return s
}

// apply makes an edit of p.
func (e *editor) apply(p *Program, o editOptions) (*Program, *EditMap, error) {
	edit := e.edit
	if o.expect >= 0 { // before what may be wrong with one of the matches
		e.edit = func(f *found) ([]*Node, error) { return f.whole, nil }
		if _, err := e.program(p); err != nil {
			return nil, nil, err
		}
		if len(e.matches) != o.expect {
			return nil, nil, &MatchError{p.File, o.expect, e.matches}
		}
		e.matches = nil
	}
	sizes := sizer{}
	e.edit = func(f *found) ([]*Node, error) {
		nodes, err := edit(f)
		if err == nil {
			err = sizes.check(nodes)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.Place(p.File), err)
		}
		return nodes, nil
	}
	edited, err := e.program(p)
	if err != nil {
		return nil, nil, err
	}
	if edited != p {
		edited = numbered(edited, p.MaxID()+1)
	}
	m := Changes(p, edited)
	m.What, m.Matches = o.what, e.matches
	return edited, m, nil
}

// Replace puts a replacement in the place of each match of a pattern, see
// [Find]. In it the metavariables stand for what they are bound to in the match,
// and $0 for all of the match. The replacement of an operand is one operand,
// that of statements any number of statements, which need not be one element. If
// a statement is matched as an operand would be, and the replacement is an operand
// that is no call, it becomes a call of identity.
//
// What neither pattern nor replacement write is kept: the stores of a matched
// statement go to the replacement's last statement; its hooks, and attributes
// such as "as" if the op is the same, to the one statement of the replacement (a
// seq is put around several that take hooks over). A statement that is replaced
// by one of the same op keeps its ID too: it is that statement, changed. Other
// nodes that the replacement adds are given IDs above p's; they have the
// position of the match.
//
// The program that is returned shares what has not changed with p, and is p
// itself if nothing has. It has not been checked otherwise: call [Verify].
func Replace(p *Program, pattern, replacement []*Node, options ...EditOption) (*Program, *EditMap, error) {
	o := optionsOf(options, "replace")
	if o.hookOptions() {
		return nil, nil, errors.New(`"every" and "when" are for hooks: a replacement always takes place`)
	}
	if len(replacement) == 0 {
		return nil, nil, errors.New("the replacement is empty: delete the match instead")
	}
	e, err := newEditor(pattern)
	if err == nil {
		err = template(replacement).check(pattern, "replacement")
	}
	if err != nil {
		return nil, nil, err
	}
	r := &replacer{pattern: pattern, template: replacement, whole: template(replacement).holds(WholeName)}
	e.edit = r.replace
	return e.apply(p, o)
}

// Delete removes the statements that a pattern matches, and hooks that this
// empties. Operands cannot be deleted.
func Delete(p *Program, pattern []*Node, options ...EditOption) (*Program, *EditMap, error) {
	o := optionsOf(options, "delete")
	if o.hookOptions() {
		return nil, nil, errors.New(`"every" and "when" are for hooks, not for deletions`)
	}
	e, err := newEditor(pattern)
	if err != nil {
		return nil, nil, err
	}
	e.edit = func(f *found) ([]*Node, error) {
		if f.Operand {
			return nil, errors.New("the match is an operand: only statements can be deleted, a pattern with stores matches those only")
		}
		return nil, nil
	}
	return e.apply(p, o)
}

// Declare returns p with the objects and registers that another program
// declares too. Their nodes get IDs above p's.
func Declare(p, more *Program) *Program {
	edited := p.Copy()
	next := p.MaxID() + 1
	renumber := func(n *Node) *Node {
		return mapNode(n, func(n *Node) *Node {
			n = n.Copy()
			n.ID, n.Pos = next, Pos{}
			next++
			return n
		})
	}
	edited.Objects = slices.Clone(p.Objects)
	for _, o := range more.Objects {
		o.Pos, o.Args = Pos{}, slices.Clone(o.Args)
		for i := range o.Args {
			o.Args[i].Node = renumber(o.Args[i].Node)
		}
		edited.Objects = append(edited.Objects, o)
	}
	edited.Registers = slices.Clone(p.Registers)
	for _, r := range more.Registers {
		if r.Pos = (Pos{}); r.Init != nil {
			r.Init = renumber(r.Init)
		}
		edited.Registers = append(edited.Registers, r)
	}
	return edited
}
