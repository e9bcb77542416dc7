package text

import (
	"slices"
	"strings"
	"time"

	"flowc.dev/flowc/ir"
)

// attr reads the value of an attribute.
func (p *parser) attr(field *ir.Field) ir.Value {
	pos := p.tok.pos()
	switch field.Attr {
	case ir.NameAttr:
		return ir.String(p.name("a name for " + field.Name))
	case ir.NamesAttr:
		return p.names()
	case ir.TextAttr:
		return p.textValue("a text in quotes")
	case ir.IntAttr:
		return ir.Int(p.integer("a whole number"))
	case ir.IntsAttr:
		var items []ir.Value
		for _, i := range p.integers("a list of whole numbers, such as [1, 2]") {
			items = append(items, ir.Int(i))
		}
		return ir.ListOf(items...)
	case ir.BoolAttr:
		if p.is("true") || p.is("false") {
			v := ir.BoolValue(p.tok.text == "true")
			p.advance()
			return v
		}
		p.found("true or false")
	case ir.EnumAttr:
		s := p.tok.text
		if p.tok.kind == text {
			s = p.tok.value
		}
		if !slices.Contains(field.Enum, s) {
			p.found(alternatives(field.Enum))
		}
		p.advance()
		return ir.String(strings.Clone(s))
	case ir.DurationAttr:
		v := p.textValue(durationForm)
		p.checkDuration(pos, v)
		return v
	case ir.EveryAttr:
		if p.tok.kind != text {
			i := p.integer("a positive whole number or " + durationForm)
			if i <= 0 {
				p.fail(pos, "found %d: want a positive whole number or %s", i, durationForm)
			}
			return ir.Int(i)
		}
		v := p.textValue(durationForm)
		p.checkDuration(pos, v)
		return v
	case ir.LiteralAttr:
		v, _ := p.literal(p.blocks)
		return v
	}
	return ir.Value{}
}

const durationForm = `a duration such as "10s" or "1h30m"`

// checkDuration reports a text that is no positive Go duration.
func (p *parser) checkDuration(pos ir.Pos, v ir.Value) {
	if t, err := time.ParseDuration(shorten(v.Text())); err != nil || t <= 0 {
		p.fail(pos, "found %q: want %s", shorten(v.Text()), durationForm)
	}
}

func (p *parser) textValue(want string) ir.Value {
	if p.failed || p.tok.kind != text {
		p.found(want)
		return ir.Value{}
	}
	v := ir.String(strings.Clone(p.tok.value))
	p.advance()
	return v
}

// names reads names that are separated by commas, in parentheses or not.
func (p *parser) names() ir.Value {
	list := []string{}
	inside := p.is("(")
	if inside {
		p.open()
		if p.is(")") {
			p.shut(")", "a name")
			return ir.Strings()
		}
	}
	for ok := true; ok && !p.failed; ok = p.accept(",") {
		p.continueLine()
		p.countItem()
		list = append(list, p.name("a name"))
	}
	if inside {
		p.shut(")", "a comma")
	}
	return ir.Strings(list...)
}
