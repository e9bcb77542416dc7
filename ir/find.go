package ir

import (
	"errors"
	"fmt"
	"slices"
)

// A Match is a place of a program that a pattern matches.
type Match struct {
	// Nodes are the matched statements, or the one matched operand.
	Nodes []*Node
	// Statement is the first of them, or the statement that has the operand.
	Statement *Node
	Operand   bool
	// InHook says that the match is inside a hook.
	InHook bool
	// Function is the function that the match is in, "" for the program's body.
	Function string
	// Pointer is the JSON pointer of the first of Nodes.
	Pointer string
	// Bindings are what the metavariables stand for.
	Bindings map[string]Binding
}

// Find returns the places of p's bodies that a pattern matches, in source
// order.
//
// A pattern is one operand or one or more consecutive statements. In it, $x
// stands for any operand or statement, or where a name is wanted, for any name:
// of a register, object, op, method or function. What the same $x stands for at
// several places is equal (by [NodeDigest]; a name is equal to the register of
// that name). $args... stands for any number of consecutive arguments, together
// with the keyword arguments that the pattern does not name, $body... for any
// number of consecutive statements. $_ and $_... are different each time.
//
//	layer.step($args...)              every call of that method
//	$y = matmul($x, W)                products with W that are stored to a register
//	loss = $call                      every statement that stores to loss
//	add($a, $a)                       sums of two equal operands, in expressions too
//	repeat $n { $body... }            every repeat
//	repeat $n { $a...; f($x); $b... } those with a call of f directly in their body
//
// A pattern matches what says the same, where these do not count: IDs, docs,
// positions, and what the pattern does not write of stores, of hooks, of other
// attributes ("as", "require") and of optional operands of an element. So a call
// without stores matches that call wherever its result goes, in a statement or
// in an expression; with stores it matches statements only. $x as the whole
// pattern matches every statement. Arguments are matched as they are written:
// f(1) is not f(x=1), and 1 is not 1.0.
//
// A rest takes as few items as let what follows it match, and this is not gone
// back on, so that matching takes a time of at most the product of the sizes
// (times the length of a body for rests between the statements of a pattern).
//
// Matches do not overlap: the outermost and first come before others. What a
// metavariable stands for, and hooks and operands that the pattern does not
// mention, are searched too. Statements that optimized ones carry are not.
//
// The error tells what is wrong with the pattern.
func Find(p *Program, pattern []*Node) ([]*Match, error) {
	e, err := newEditor(pattern)
	if err != nil {
		return nil, err
	}
	e.edit = func(f *found) ([]*Node, error) { return f.whole, nil }
	if _, err := e.program(p); err != nil {
		return nil, err
	}
	return e.matches, nil
}

// newEditor checks the pattern.
func newEditor(pattern []*Node) (*editor, error) {
	if len(pattern) == 0 {
		return nil, errors.New("the pattern is empty: want an operand or statements")
	}
	if pattern[0].IsRest() || pattern[len(pattern)-1].IsRest() {
		return nil, errors.New("a pattern cannot begin or end with a rest such as $name...: it has no bounds there")
	}
	rests := map[string]bool{}
	for _, n := range pattern {
		if err := checkTemplate(n, func(name string, rest bool) error {
			if was, ok := rests[name]; ok && was != rest && name != AnyName {
				return fmt.Errorf("$%s and $%s... stand in one pattern: name one differently", name, name)
			}
			rests[name] = rest
			if name == WholeName {
				return errors.New("$0 is the whole match: it stands in replacements only")
			}
			return nil
		}); err != nil {
			return nil, fmt.Errorf("in the pattern: %w", err)
		}
	}
	e := &editor{pattern: pattern, statements: true}
	for _, n := range pattern {
		schema := SchemaOf(n.Op)
		if schema == nil {
			continue // a metavariable
		}
		if optimized(n) || schema.Class == HookClause {
			return nil, fmt.Errorf("the pattern has %s: patterns consist of what one writes in a program", n.Op)
		}
		e.statements = e.statements && schema.Class&Statement != 0
		e.operands = len(pattern) == 1 && schema.Class&Expression != 0 && n.Attr("store").IsNull() && n.Region("hooks") == nil
	}
	if !e.statements && len(pattern) > 1 {
		return nil, errors.New("a pattern of several statements has an operand as one of them")
	}
	return e, nil
}

// checkTemplate reports what is wrong with n as part of a pattern or
// replacement, and shows it the metavariables.
func checkTemplate(n *Node, variable func(name string, rest bool) error) error {
	var problem error
	report := func(err error) {
		if problem == nil {
			problem = err
		}
	}
	use := func(name string, rest bool) {
		if !IsName(name) && name != WholeName {
			report(fmt.Errorf("$%s is not a metavariable: want a name after the $", name))
			return
		}
		if err := variable(name, rest); err != nil {
			report(err)
		}
	}
	VisitNode(n, func(n *Node) bool {
		if name, ok := n.IsMetavariable(); ok {
			use(name, n.IsRest())
			eachVariable(n.Attr("store"), func(name string) { use(name, false) })
			return false
		}
		if SchemaOf(n.Op) == nil {
			report(fmt.Errorf("unknown element %q", n.Op))
			return false
		}
		for _, a := range n.Attrs {
			if holdsNames(n, a.Name) {
				eachVariable(a.Value, func(name string) { use(name, false) })
			}
		}
		for _, k := range n.Kwargs {
			if k.Node.IsRest() {
				report(fmt.Errorf("%s=$%s...: a rest stands among the positional arguments and takes the named ones too", k.Name, k.Node.Text("name")))
			}
		}
		if s := SchemaOf(n.Op); len(n.Args) == 1 && n.Args[0].IsRest() && s.takesOneOperand() {
			report(fmt.Errorf("%s has one operand: it cannot be a rest", n.Op))
		}
		return true
	})
	return problem
}

func (s *Schema) takesOneOperand() bool { return s.has(OperandField) }
func (s *Schema) takesKeywords() bool   { return s.has(KeywordsField) }

func (s *Schema) has(kind FieldKind) bool {
	return slices.ContainsFunc(s.Fields, func(f Field) bool { return f.Kind == kind })
}
