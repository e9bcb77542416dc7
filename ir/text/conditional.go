package text

import "flowc.dev/flowc/ir"

// conditional reads if c { } else { } into n: a switch with the cases true and
// false.
func (p *parser) conditional(n *ir.Node) {
	n.Op = "switch"
	p.advance()
	x := p.operand()
	n.Args = []*ir.Node{x.node}
	p.tooDeep(p.blocks + 1 + x.height)
	then := ir.Region{Field: casesField, When: ir.BoolValue(true), Body: p.block()}
	otherwise := ir.Region{Field: casesField, When: ir.BoolValue(false), Body: []*ir.Node{}}
	if p.wordFollows("else") {
		p.advance()
		if p.is("if") {
			otherwise.Body = p.chained()
		} else {
			otherwise.Body = p.block()
		}
	}
	n.Regions = []ir.Region{then, otherwise}
}

const casesField = "cases"

// chained reads the conditional of an else if.
func (p *parser) chained() []*ir.Node {
	p.blocks++
	defer func() { p.blocks-- }()
	if p.tooDeep(p.blocks) {
		return nil
	}
	n := p.node("switch", p.tok.pos())
	p.conditional(n)
	return []*ir.Node{n}
}

// isConditional reports whether n prints as a conditional.
func isConditional(n *ir.Node) bool {
	return n.Op == "switch" && len(n.Args) == 1 && len(cases(n)) == 2 && isCase(&cases(n)[0], true) && isCase(&cases(n)[1], false) &&
		n.Region("default") == nil
}

// cases returns the regions of a switch in front of its default and hooks.
func cases(n *ir.Node) []ir.Region {
	end := 0
	for end < len(n.Regions) && n.Regions[end].Field == casesField {
		end++
	}
	return n.Regions[:end]
}

func isCase(r *ir.Region, label bool) bool {
	return r.Doc == "" && r.When.IsScalar() && r.When.DType() == ir.Bool && r.When.Truth() == label
}
