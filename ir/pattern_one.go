package ir

import (
	"errors"
	"fmt"
)

// A NodePattern is a pattern of one statement or operand, for those who go
// through a program themselves. What it matches is what [Find] says.
type NodePattern struct {
	pattern             []*Node
	statement, operands bool
}

// NewNodePattern checks a pattern. It is one element with metavariables in it,
// not a metavariable alone.
func NewNodePattern(pattern []*Node) (*NodePattern, error) {
	e, err := newEditor(pattern)
	if err != nil {
		return nil, err
	}
	if len(pattern) != 1 {
		return nil, fmt.Errorf("the pattern has %d statements: want one statement or operand", len(pattern))
	}
	if pattern[0].Op == Meta {
		return nil, errors.New("the pattern matches everything: want a statement or operand with metavariables in it")
	}
	return &NodePattern{pattern, e.statements, e.operands}, nil
}

// Root returns the node of the pattern.
func (p *NodePattern) Root() *Node { return p.pattern[0] }

// CheckReplacement reports what is wrong with a replacement of what p matches.
func (p *NodePattern) CheckReplacement(replacement *Node) error {
	return template{replacement}.check(p.pattern, "replacement")
}

// A NodeMatcher matches patterns with the nodes of one program. It keeps what it
// has found out about nodes, and is not for use by several goroutines at a time.
type NodeMatcher struct{ m matcher }

// Match returns what the metavariables of p stand for if it matches n, a
// statement or, if so said, an operand.
func (m *NodeMatcher) Match(p *NodePattern, n *Node, operand bool) (bindings map[string]Binding, ok bool) {
	if p.pattern[0].Op != n.Op || operand && !p.operands || !operand && !p.statement {
		return nil, false
	}
	m.m.reset()
	m.m.work = 0
	if !m.m.node(p.pattern[0], n) {
		return nil, false
	}
	bindings = map[string]Binding{}
	for _, b := range m.m.bound {
		if _, known := bindings[b.name]; !known && b.name != AnyName {
			bindings[b.name] = b.Binding
		}
	}
	return bindings, true
}

// Fill returns the replacement with its metavariables filled in. $0 is n. The
// nodes that it makes have no IDs and the position of n.
func Fill(replacement, n *Node, bindings map[string]Binding) (*Node, error) {
	b := &builder{found: &found{Match: &Match{Nodes: []*Node{n}, Bindings: bindings}, whole: []*Node{n}}, pos: n.Pos}
	if s := SchemaOf(replacement.Op); s != nil && s.Class&Expression == 0 {
		return b.node(replacement)
	}
	if whole, _ := replacement.IsMetavariable(); whole == WholeName {
		return n, nil
	}
	return b.operand(replacement)
}
