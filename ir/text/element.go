package text

import (
	"cmp"
	"slices"

	"flowc.dev/flowc/ir"
)

// A form says how the text of an element is laid out, as its schema asks for:
//
//	keyword [key] [option value]... [{ main }] [region { ... }]...
type form struct {
	schema *ir.Schema
	// key is the field whose value follows the keyword, nil when there is none.
	key *ir.Field
	// call says that the key is a name with arguments in parentheses.
	call bool
	// options follow as name and value.
	options []*ir.Field
	// main holds the statements that need no name.
	main *ir.Field
	// regions follow with their names; those of an element with cases stand
	// behind the cases in the same braces.
	regions []*ir.Field
}

// parts are the words before the regions of an element that has several under
// one field.
var parts = map[string]string{"weave": "strand"}

// partWord returns the word before one of several regions.
func partWord(op string) string {
	if w := parts[op]; w != "" {
		return w
	}
	return "region"
}

const (
	caseWord   = "case"
	hooksField = "hooks"
)

var formOf = formsOf()

// formsOf returns the forms by keyword.
func formsOf() map[string]*form {
	forms := map[string]*form{}
	for _, s := range ir.Schemas() {
		if s.Class&(ir.Statement|ir.HookClause) != 0 && s.Class&ir.Expression == 0 {
			forms[s.Op] = newForm(s)
		}
	}
	return forms
}

func newForm(s *ir.Schema) *form {
	f := &form{schema: s, call: s.Key().Kind == ir.AttrField && s.Field("args") != nil}
	for i := range s.Fields {
		field := &s.Fields[i]
		switch {
		case field.Name == storeField || field.Kind == ir.StatementField || field.Kind == ir.NoField:
		case f.call && (field.Kind == ir.OperandsField || field.Kind == ir.KeywordsField):
		case f.main == nil && s.Class&ir.Statement != 0 && (i == 0 || field.Name == "body" || field.Kind == ir.CasesField) && holdsStatements(field):
			f.main = field
		case holdsStatements(field):
			f.regions = append(f.regions, field)
		case i == 0:
			f.key = field
		default:
			f.options = append(f.options, field)
		}
	}
	return f
}

func holdsStatements(f *ir.Field) bool {
	switch f.Kind {
	case ir.RegionField, ir.RegionsField, ir.CasesField:
		return true
	}
	return false
}

// hasCases reports whether the main regions have labels.
func (f *form) hasCases() bool { return f.main != nil && f.main.Kind == ir.CasesField }

// elementParser returns what reads the element of the current keyword, nil if
// it begins an operand.
func (p *parser) elementParser() func(*ir.Node) {
	w := p.tok.text
	if w == "if" {
		return p.conditional
	}
	if f := formOf[w]; f != nil && f.schema.Class&ir.Statement != 0 {
		return func(n *ir.Node) { p.element(f, n) }
	}
	return nil
}

// element reads an element into n, from its keyword on.
func (p *parser) element(f *form, n *ir.Node) {
	p.advance()
	p.elementFields(f, n)
}

// elementFields reads what follows the keyword of an element.
func (p *parser) elementFields(f *form, n *ir.Node) {
	n.Op = f.schema.Op
	if carriesSource(f.schema) {
		p.derived++
		defer func() { p.derived-- }()
	}
	if f.key != nil {
		p.value(f, f.key, n)
	}
	p.optionsOf(f, n)
	if f.main != nil {
		p.mainRegions(f, n)
	}
	if !f.hasCases() {
		p.namedRegions(f, n)
	}
	if p.failed {
		return
	}
	p.sort(f.schema, n)
	if problems := f.schema.Check(n); len(problems) > 0 {
		p.fail(n.Pos, "%s", problems[0])
	}
}

// carriesSource reports whether an element has the statements it stands for as
// a region. These keep their IDs.
func carriesSource(s *ir.Schema) bool {
	f := s.Field("source")
	return f != nil && f.Kind == ir.RegionField
}

func (p *parser) sort(s *ir.Schema, n *ir.Node) {
	sortedAttrs(n.Attrs)
	slices.SortStableFunc(n.Kwargs, func(a, b ir.Kwarg) int { return cmp.Compare(a.Name, b.Name) })
	order := func(r ir.Region) int {
		return slices.IndexFunc(s.Fields, func(f ir.Field) bool { return f.Name == r.Field })
	}
	slices.SortStableFunc(n.Regions, func(a, b ir.Region) int { return cmp.Compare(order(a), order(b)) })
}

// optionsOf reads the options of an element in any order.
func (p *parser) optionsOf(f *form, n *ir.Node) {
	for !p.failed && p.tok.kind == word {
		i := slices.IndexFunc(f.options, func(o *ir.Field) bool { return o.Name == p.tok.text })
		if i < 0 {
			return
		}
		option := f.options[i]
		if !n.Attr(option.Name).IsNull() || n.Kwarg(option.Name) != nil {
			p.fail(p.tok.pos(), "found %s twice: want it once", option.Name)
			return
		}
		p.advance()
		p.value(f, option, n)
	}
}

// value reads the value of a field into n.
func (p *parser) value(f *form, field *ir.Field, n *ir.Node) {
	switch field.Kind {
	case ir.AttrField:
		v := p.attr(field)
		if !v.IsNull() {
			n.Attrs = append(n.Attrs, ir.Attr{Name: field.Name, Value: v})
		}
		if field == f.key && f.call {
			if !p.is("(") {
				p.found("( and the arguments")
				return
			}
			p.tooDeep(p.blocks + 1 + p.arguments(n))
		}
	case ir.OperandField:
		x := p.operand()
		n.Args = []*ir.Node{x.node}
		p.tooDeep(p.blocks + 1 + x.height)
	case ir.OperandsField:
		p.operandsOf(f, n)
	case ir.NamedField:
		x := p.operand()
		n.Kwargs = append(n.Kwargs, ir.Kwarg{Name: field.Name, Node: x.node})
		p.tooDeep(p.blocks + 1 + x.height)
	case ir.KeywordsField:
		if !p.is("(") {
			p.found("( and named operands")
			return
		}
		p.tooDeep(p.blocks + 1 + p.arguments(n))
	}
}

// operandsOf reads operands that are separated by commas.
func (p *parser) operandsOf(f *form, n *ir.Node) {
	if p.failed || p.tok.kind == lineEnd || p.tok.kind == endOfFile || p.is("}") || p.is(hookWord) {
		return
	}
	if isOption := func(o *ir.Field) bool { return p.is(o.Name) }; f.key.Min == 0 && slices.ContainsFunc(f.options, isOption) {
		return
	}
	for {
		x := p.operand()
		n.Args = append(n.Args, x.node)
		p.tooDeep(p.blocks + 1 + x.height)
		if p.failed || !p.accept(",") {
			return
		}
		p.continueLine()
	}
}
