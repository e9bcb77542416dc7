package text

import (
	"strings"

	"flowc.dev/flowc/ir"
)

// metavariableOp is the op of a node that stands for any other.
const metavariableOp = ir.Meta

// ParsePattern reads a pattern: statements as in a program, separated by lines
// or semicolons and in braces or not, or a single expression, in which
// metavariables may stand for operands, arguments, statements and names. $x is
// one node and $x... any number of arguments or statements. A metavariable is a
// node with the op "$" and the attributes "name", without the $, and "rest" if
// there are dots; one that is stored has "store" too. A name that begins with $
// is kept as it is. The error is an [ir.Problems].
func ParsePattern(src []byte, file string) ([]*ir.Node, error) {
	p, err := newParser(src, file)
	if err != nil {
		return nil, err
	}
	p.pattern = true
	p.start()
	body := p.patternBody()
	if err := p.err(); err != nil {
		return nil, err
	}
	return body, nil
}

// ParseStatements reads statements that stand for themselves, without
// declarations.
func ParseStatements(src []byte, file string) ([]*ir.Node, error) {
	p, err := newParser(src, file)
	if err != nil {
		return nil, err
	}
	p.start()
	body := p.statements(nil)
	p.atEnd()
	if err := p.err(); err != nil {
		return nil, err
	}
	return body, nil
}

// ParseExpression reads one operand.
func ParseExpression(src []byte, file string) (*ir.Node, error) {
	p, err := newParser(src, file)
	if err != nil {
		return nil, err
	}
	p.start()
	p.nextLine()
	x := p.operand()
	p.nextLine()
	p.atEnd()
	if err := p.err(); err != nil {
		return nil, err
	}
	return x.node, nil
}

// atEnd reports what stands where the source must end.
func (p *parser) atEnd() {
	if !p.failed && p.tok.kind != endOfFile {
		p.found("the end")
	}
}

// patternBody reads what a pattern consists of.
func (p *parser) patternBody() []*ir.Node {
	p.nextLine()
	if p.is("{") {
		open := p.tok.pos()
		p.advance()
		body := p.statements(nil)
		p.closeBlock(open)
		p.nextLine()
		p.atEnd()
		return body
	}
	if n := p.loneOperand(); n != nil {
		return []*ir.Node{n}
	}
	body := p.statements(nil)
	p.atEnd()
	return body
}

// loneOperand reads a pattern that is one operand and no statement, such as
// x + 1; nil if it is something else.
func (p *parser) loneOperand() *ir.Node {
	trial := *p
	trial.comment = nil
	x := trial.operand()
	for !trial.failed && trial.tok.kind == lineEnd {
		trial.advance()
	}
	if trial.failed || trial.tok.kind != endOfFile {
		return nil
	}
	*p = trial
	return x.node
}

// metavariable reads $x or $x... as an operand.
func (p *parser) metavariable(pos ir.Pos) operand {
	ahead := p.lookAhead()
	name := p.tok.text[1:]
	if ahead.is(".") || ahead.is("(") || name == "" {
		return p.named(pos)
	}
	p.advance()
	n := p.node(metavariableOp, pos)
	n.Attrs = []ir.Attr{{Name: "name", Value: ir.String(strings.Clone(name))}}
	if p.accept("...") {
		n.Attrs = append(n.Attrs, ir.Attr{Name: "rest", Value: ir.BoolValue(true)})
	}
	return p.over(n, 0)
}
