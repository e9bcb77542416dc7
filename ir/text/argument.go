package text

import (
	"cmp"
	"slices"
	"strings"

	"flowc.dev/flowc/ir"
)

// index reads [index, ...] behind an operand.
func (p *parser) index(x operand) operand {
	n := p.node("index", p.tok.pos())
	n.Args = []*ir.Node{x.node}
	height := x.height
	p.open()
	for {
		i := p.argument()
		n.Args = append(n.Args, i.node)
		height = max(height, i.height)
		if !p.accept(",") || p.is("]") {
			break
		}
	}
	p.shut("]", "a comma")
	return p.over(n, height)
}

// argument reads an operand or a slice start:stop:step.
func (p *parser) argument() operand {
	pos := p.tok.pos()
	var x operand
	if !p.is(":") {
		x = p.operand()
	}
	if !p.is(":") {
		return x
	}
	n := p.node("slice", pos)
	height := 0
	for i := 0; ; i++ {
		if x.node == nil {
			x = operand{node: p.constant(ir.Value{}, p.tok.pos())}
		}
		n.Args = append(n.Args, x.node)
		height = max(height, x.height)
		if i == 2 || !p.accept(":") {
			return p.over(n, height)
		}
		x = operand{}
		if !p.is(":") && !p.is(",") && !p.is("]") && !p.is(")") {
			x = p.operand()
		}
	}
}

// arguments reads the parenthesized arguments of a call into n and returns the
// height of the highest.
func (p *parser) arguments(n *ir.Node) int {
	height := 0
	p.open()
	for !p.failed && !p.is(")") {
		if key, ok := p.keyword("="); ok {
			x := p.operand()
			n.Kwargs = append(n.Kwargs, ir.Kwarg{Name: key, Node: x.node})
			height = max(height, x.height)
		} else {
			pos := p.tok.pos()
			x := p.argument()
			if len(n.Kwargs) > 0 {
				p.fail(pos, "found a positional argument behind a named one: want it in front")
			}
			n.Args = append(n.Args, x.node)
			height = max(height, x.height)
		}
		if !p.accept(",") {
			break
		}
	}
	p.shut(")", "a comma")
	p.sortKwargs(n)
	return height
}

// keyword reads a name and the sign behind it, if that comes.
func (p *parser) keyword(sign string) (string, bool) {
	if p.failed || p.tok.kind != word && p.tok.kind != quoted {
		return "", false
	}
	ahead := p.lookAhead()
	if !ahead.is(sign) {
		return "", false
	}
	name := p.tok.text
	if p.tok.kind == quoted {
		name = p.tok.value
	}
	p.advance()
	p.advance()
	return strings.Clone(name), true
}

// sortKwargs brings named operands into their order and reports those that
// are there twice.
func (p *parser) sortKwargs(n *ir.Node) {
	slices.SortStableFunc(n.Kwargs, func(a, b ir.Kwarg) int { return cmp.Compare(a.Name, b.Name) })
	for i := 1; i < len(n.Kwargs) && !p.failed; i++ {
		if n.Kwargs[i].Name == n.Kwargs[i-1].Name {
			p.fail(n.Kwargs[i].Node.Pos, "found %q twice: want each name once", shorten(n.Kwargs[i].Name))
		}
	}
}
