package text

import "flowc.dev/flowc/ir"

// An operand is an expression that has been read.
type operand struct {
	node *ir.Node
	// height is the number of nodes on the longest way down, not counting
	// literals without parts.
	height int
	// bare says that it is one number as it stands in the source, which a sign
	// before it belongs to.
	bare bool
}

const operandForm = "an operand, such as a name, a literal or a call"

// node counts and returns a new node.
func (p *parser) node(op string, pos ir.Pos) *ir.Node {
	p.limit(&p.nodes, ir.MaxNodes, "nodes")
	return &ir.Node{Op: op, Pos: pos}
}

// over returns the operand n, whose parts are at most height high.
func (p *parser) over(n *ir.Node, height int) operand {
	p.tooDeep(p.blocks + height + 1)
	return operand{node: n, height: height + 1}
}

func (p *parser) constant(v ir.Value, pos ir.Pos) *ir.Node {
	n := p.node("const", pos)
	if !v.IsNull() {
		n.Attrs = []ir.Attr{{Name: "value", Value: v}}
	}
	return n
}

// operand reads an expression.
func (p *parser) operand() operand { return p.binary(0) }

// binary reads an expression of operators that bind at least as tightly as the
// level says.
func (p *parser) binary(level int) operand {
	if p.levels++; p.levels > maxLevels {
		p.tooDeep(ir.MaxNesting + 1)
	}
	defer func() { p.levels-- }()
	left := p.unary(level)
	for !p.failed {
		o := binaryBySymbol[p.tok.text]
		if o == nil || p.tok.kind != symbol && p.tok.kind != word || o.level < level {
			return left
		}
		pos := p.tok.pos()
		p.advance()
		p.continueLine()
		right := p.binary(o.right())
		left = p.apply(o, pos, left, right)
		if next := binaryBySymbol[p.tok.text]; o.level == compareLevel && next != nil && next.level == compareLevel && !p.failed {
			p.fail(p.tok.pos(), "found a chain of comparisons: join two of them by and")
		}
	}
	return left
}

// continueLine passes over a line break after which the statement goes on, if
// anything follows.
func (p *parser) continueLine() {
	if p.failed || p.tok.kind != lineEnd {
		return
	}
	ahead, rest := p.behindLines()
	if ahead.kind == endOfFile || ahead.is("}") || storesFrom(rest, ahead) {
		return
	}
	p.skipLines()
}

// skipLines passes over line breaks within a statement.
func (p *parser) skipLines() {
	for !p.failed && p.tok.kind == lineEnd && p.tok.text == "\n" {
		p.advance()
	}
}

// behindLines returns the first token behind line breaks and what is left then.
func (p *parser) behindLines() (token, lexer) {
	ahead, t := p.lexer, p.tok
	ahead.comment = nil
	for t.kind == lineEnd && t.text == "\n" {
		t = ahead.next()
	}
	return t, ahead
}

// apply returns the call that an operator stands for.
func (p *parser) apply(o *operator, pos ir.Pos, operands ...operand) operand {
	n := p.node("call", pos)
	n.Attrs = []ir.Attr{{Name: "call", Value: ir.String(o.op)}}
	height := 0
	for _, x := range operands {
		n.Args = append(n.Args, x.node)
		height = max(height, x.height)
	}
	return p.over(n, height)
}

func (p *parser) unary(level int) operand {
	o := unaryBySymbol[p.tok.text]
	if p.failed || o == nil || p.tok.kind != symbol && p.tok.kind != word {
		return p.postfix()
	}
	if o.level < level && o.level == notLevel {
		p.fail(p.tok.pos(), "found not behind an operator that binds more tightly: put it in parentheses")
		return operand{}
	}
	pos := p.tok.pos()
	p.advance()
	if o.op != "negative" || p.failed {
		return p.apply(o, pos, p.binary(o.level))
	}
	signed := p.tok
	if signed.kind == number && signed.text == lowestMagnitude {
		p.lowest = signed.start
	}
	x := p.binary(o.level)
	if x.bare && !p.failed {
		if v, ok := p.number(signed, true); ok {
			x.node.Attrs[0].Value = v
		}
		x.node.Pos, x.bare = pos, false
		return x
	}
	if p.lowest == signed.start && signed.kind == number {
		p.number(signed, false) // reports it
	}
	return p.apply(o, pos, x)
}

// lowestMagnitude is the number that only fits 64 bits with a minus sign.
const lowestMagnitude = "9223372036854775808"

// postfix reads an operand with the indexes and annotations behind it.
func (p *parser) postfix() operand {
	x := p.primary()
	for !p.failed {
		switch {
		case p.is("["):
			x = p.index(x)
		case p.is("!"):
			p.annotate(x.node)
			x.bare = false
		default:
			return x
		}
	}
	return x
}
