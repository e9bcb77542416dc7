package text

import (
	"math"
	"strconv"
	"strings"

	"flowc.dev/flowc/ir"
)

const literalForm = "a literal, such as 1, 0.5, true, null, \"text\", f32{1.5}, [1, 2] or {a: 1}"

// literal reads a value that needs no evaluation, depth levels down, and
// returns how many levels it has itself.
func (p *parser) literal(depth int) (ir.Value, int) {
	if p.failed || p.tooDeep(depth) {
		return ir.Value{}, 0
	}
	p.countItem()
	negative := false
	if ahead := p.lookAhead(); p.is("-") && (ahead.kind == number || ahead.is("inf") || ahead.is("nan")) {
		negative = true
		p.advance()
	}
	switch {
	case p.tok.kind == number || p.is("nan") || p.is("inf"):
		v, _ := p.number(p.tok, negative)
		p.advance()
		return v, 0
	case p.tok.kind == text:
		v := ir.String(strings.Clone(p.tok.value))
		p.advance()
		return v, 0
	case p.is("true") || p.is("false"):
		v := ir.BoolValue(p.tok.text == "true")
		p.advance()
		return v, 0
	case p.accept("null"):
		return ir.Value{}, 0
	case p.is("["):
		return p.listLiteral(depth)
	case p.is("{"):
		return p.recordLiteral(depth)
	case p.tok.kind == word && isDType(p.tok.text):
		return p.tensorLiteral(false), 0
	case p.accept("weak"):
		if p.tok.kind == word && isDType(p.tok.text) {
			return p.tensorLiteral(true), 0
		}
	}
	p.found(literalForm)
	return ir.Value{}, 0
}

func (p *parser) listLiteral(depth int) (ir.Value, int) {
	var items []ir.Value
	height := 0
	p.open()
	for !p.failed && !p.is("]") {
		v, h := p.literal(depth + 1)
		items = append(items, v)
		height = max(height, h)
		if !p.accept(",") {
			break
		}
	}
	p.shut("]", "a comma")
	return ir.ListOf(items...), height + 1
}

func (p *parser) recordLiteral(depth int) (ir.Value, int) {
	var names []string
	var values []ir.Value
	seen := map[string]bool{}
	height := 0
	p.open()
	for !p.failed && !p.is("}") {
		pos := p.tok.pos()
		key, ok := p.keyword(":")
		if !ok {
			p.found("a field, such as a: 1,")
			break
		}
		if seen[key] {
			p.fail(pos, "found %q twice: want each name once", shorten(key))
		}
		seen[key] = true
		v, h := p.literal(depth + 1)
		names, values = append(names, key), append(values, v)
		height = max(height, h)
		if !p.accept(",") {
			break
		}
	}
	p.shut("}", "a comma")
	return ir.RecordOf(names, values), height + 1
}

// number returns the weak number that a token stands for.
func (p *parser) number(t token, negative bool) (ir.Value, bool) {
	sign := ""
	if negative {
		sign = "-"
	}
	switch {
	case t.text == "nan":
		return ir.WeakFloat(math.NaN()), true
	case t.text == "inf":
		return ir.WeakFloat(math.Inf(1 - 2*len(sign))), true
	case strings.ContainsAny(t.text, ".eE"):
		x, err := strconv.ParseFloat(sign+t.text, 64)
		if err != nil {
			p.fail(t.pos(), "the number %s overflows f64: want less than 1.8e308 in magnitude, or inf", shorten(sign+t.text))
		}
		return ir.WeakFloat(x), err == nil
	}
	i, err := strconv.ParseInt(sign+t.text, 10, 64)
	if err != nil {
		p.fail(t.pos(), "the whole number %s does not fit 64 bits: want -9223372036854775808 to 9223372036854775807, "+
			"or a float, with a point or an exponent", shorten(sign+t.text))
	}
	return ir.WeakInt(i), err == nil
}

// integer reads a whole number for an attribute.
func (p *parser) integer(want string) int64 {
	negative := p.accept("-")
	if p.failed || p.tok.kind != number || strings.ContainsAny(p.tok.text, ".eE") {
		p.found(want)
		return 0
	}
	v, _ := p.number(p.tok, negative)
	p.advance()
	return v.Int64()
}

// integers reads [1, 2].
func (p *parser) integers(want string) []int64 {
	list := []int64{}
	if !p.is("[") {
		p.found(want)
		return nil
	}
	p.open()
	for !p.failed && !p.is("]") {
		p.countItem()
		list = append(list, p.integer("a whole number"))
		if !p.accept(",") {
			break
		}
	}
	p.shut("]", "a comma")
	return list
}
