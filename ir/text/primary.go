package text

import (
	"strings"

	"flowc.dev/flowc/ir"
)

// primary reads an operand without operators around it.
func (p *parser) primary() operand {
	pos := p.tok.pos()
	switch {
	case p.failed:
	case p.tok.kind == number:
		v := ir.WeakInt(0)
		if p.tok.start != p.lowest || p.tok.text != lowestMagnitude {
			v, _ = p.number(p.tok, false)
		}
		n := p.constant(v, pos)
		p.advance()
		return operand{node: n, bare: true}
	case p.tok.kind == text:
		n := p.constant(ir.String(strings.Clone(p.tok.value)), pos)
		p.advance()
		return operand{node: n}
	case p.tok.is("("):
		p.open()
		x := p.operand()
		p.shut(")", "an operator")
		x.bare = false
		return x
	case p.tok.is("["):
		return p.list(pos)
	case p.tok.is("{"):
		return p.record(pos)
	case p.tok.kind == word && keywords[p.tok.text]:
		return p.keywordOperand(pos)
	case p.pattern && p.tok.kind == word && p.tok.text[0] == '$':
		return p.metavariable(pos)
	case p.tok.kind == word || p.tok.kind == quoted || p.tok.is("%"):
		return p.named(pos)
	default:
		p.found(operandForm)
	}
	return operand{}
}

// named reads a register, or a call of something.
func (p *parser) named(pos ir.Pos) operand {
	weak := p.tok.is("weak")
	if ahead := p.lookAhead(); weak && isDType(ahead.text) && ahead.kind == word {
		p.advance()
		return p.typed(pos, true)
	}
	name := p.name("the name of a register or op")
	if !p.is("(") {
		n := p.node("reg", pos)
		n.Attrs = []ir.Attr{{Name: "reg", Value: ir.String(name)}}
		return p.over(n, 0)
	}
	n := p.node("call", pos)
	n.Attrs = []ir.Attr{{Name: "call", Value: ir.String(name)}}
	return p.over(n, p.arguments(n))
}

// name reads a path of names, a name in backquotes or one local to a graph
// leaf.
func (p *parser) name(want string) string {
	if p.failed {
		return ""
	}
	start := p.tok.start
	switch {
	case p.tok.is("%"):
		local := p.lookAhead()
		if p.tok.end() != local.start || local.kind != word && !(local.kind == number && isDigits(local.text)) {
			p.found(want)
			return ""
		}
		p.advance()
		p.advance()
		return strings.Clone(p.src[start:local.end()])
	case p.tok.kind != quoted && (p.tok.kind != word || keywords[p.tok.text]):
		p.found(want)
		return ""
	}
	name := p.segment()
	for p.is(".") {
		if p.advance(); p.failed || p.tok.kind != word && p.tok.kind != quoted {
			p.found("the name of a field or method")
			return ""
		}
		if name += "." + p.segment(); len(name) > maxName {
			p.fail(p.last.pos(), "found a path of names of more than %d characters", maxName)
		}
	}
	return strings.Clone(name)
}

// segment passes over a word or a name in backquotes and returns the name.
func (p *parser) segment() string {
	name := p.tok.text
	if p.tok.kind == quoted {
		name = p.tok.value
	}
	p.advance()
	return name
}

// maxName bounds the length of a path of names, which backquotes do not.
const maxName = 10_000

// list reads [a, b].
func (p *parser) list(pos ir.Pos) operand {
	n := p.node("list", pos)
	height := 0
	p.open()
	for !p.failed && !p.is("]") {
		x := p.operand()
		n.Args = append(n.Args, x.node)
		height = max(height, x.height)
		if !p.accept(",") {
			break
		}
	}
	p.shut("]", "a comma")
	return p.over(n, height)
}

// record reads {a: 1, b: x}.
func (p *parser) record(pos ir.Pos) operand {
	n := p.node("record", pos)
	height := 0
	p.open()
	for !p.failed && !p.is("}") {
		key, ok := p.keyword(":")
		if !ok {
			p.found("a field, such as a: 1,")
			break
		}
		x := p.operand()
		n.Kwargs = append(n.Kwargs, ir.Kwarg{Name: key, Node: x.node})
		height = max(height, x.height)
		if !p.accept(",") {
			break
		}
	}
	p.shut("}", "a comma")
	p.sortKwargs(n)
	return p.over(n, height)
}

// keywordOperand reads an operand that begins with a keyword.
func (p *parser) keywordOperand(pos ir.Pos) operand {
	switch w := p.tok.text; {
	case isDType(w):
		return p.typed(pos, false)
	case w == "slice":
		p.advance()
		if !p.is("(") {
			p.found("( and the parts of the slice; a register of that name stands in backquotes")
			return operand{}
		}
		n := p.node("slice", pos)
		height := p.arguments(n)
		switch {
		case len(n.Kwargs) > 0:
			p.fail(pos, "found a named part of a slice: want start, stop and step")
		case len(n.Args) == 0:
			p.fail(pos, "found a slice without parts: want its stop, or start, stop and step")
		}
		return p.over(n, height)
	case w == "const":
		p.advance()
		v, height := p.literal(p.blocks + 1)
		return p.over(p.constant(v, pos), height)
	case scalarWords[w]:
		v, _ := p.literal(0)
		return operand{node: p.constant(v, pos), bare: w == "inf" || w == "nan"}
	}
	p.found(operandForm + "; a register of that name stands in backquotes")
	return operand{}
}

// scalarWords are the literals that are words.
var scalarWords = map[string]bool{"true": true, "false": true, "null": true, "nan": true, "inf": true}
