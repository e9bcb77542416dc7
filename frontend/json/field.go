package json

import (
	"fmt"

	"flowc.dev/flowc/ir"
)

// field reads the value of one field of a node's element.
func (d *decoder) field(n *ir.Node, s *ir.Schema, f *ir.Field, p place) {
	if carriesSource(s) {
		d.derived++
		defer func() { d.derived-- }()
	}
	if n.Op == tensorOp && f.Kind == ir.NoField {
		d.tensorOperand(n, p)
		return
	}
	switch f.Kind {
	case ir.NoField:
		if d.kind(p) != 'n' {
			d.found(p, "null")
		}
	case ir.AttrField:
		if v, ok := d.attr(f, p); ok && !v.IsNull() {
			n.Attrs = append(n.Attrs, ir.Attr{Name: f.Name, Value: v})
		}
	case ir.OperandField:
		n.Args = []*ir.Node{d.operand(p)}
	case ir.OperandsField:
		n.Args = d.operands(s, f, p)
	case ir.NamedField:
		n.Kwargs = append(n.Kwargs, ir.Kwarg{Name: f.Name, Node: d.operand(p)})
	case ir.KeywordsField:
		n.Kwargs = append(n.Kwargs, d.keywords(s, p)...)
	default:
		n.Regions = append(n.Regions, d.regions(f, p)...)
	}
}

// regions reads the regions of one field.
func (d *decoder) regions(f *ir.Field, p place) []ir.Region {
	if d.kind(p) != '[' {
		d.found(p, fieldForm(f))
		return nil
	}
	switch f.Kind {
	case ir.RegionField:
		return []ir.Region{{Field: f.Name, Body: d.body(p, ir.Statement)}}
	case ir.StatementField:
		return []ir.Region{{Field: f.Name, Body: d.body(p, ir.HookClause)}}
	}
	if count := d.count(p); count < f.Min {
		d.found(p, fmt.Sprintf("%s, at least %d", fieldForm(f), f.Min))
	}
	var regions []ir.Region
	for _, item := range d.listItems(p) {
		if !d.countPart(item) {
			break
		}
		if f.Kind == ir.CasesField {
			regions = append(regions, d.caseRegion(f, item))
		} else if d.kind(item) != '[' {
			d.found(item, "a list of statements")
		} else {
			regions = append(regions, ir.Region{Field: f.Name, Body: d.body(item, ir.Statement)})
		}
	}
	return regions
}

// body reads a list of statements or hook clauses.
func (d *decoder) body(list place, class ir.Class) []*ir.Node {
	body := make([]*ir.Node, 0, min(d.count(list), ir.MaxNodes))
	for _, item := range d.listItems(list) {
		body = append(body, d.node(item, class))
	}
	return body
}

// statementList reads a body that stands outside a node.
func (d *decoder) statementList(p place) []*ir.Node {
	if d.kind(p) != '[' {
		d.found(p, "a list of statements")
		return nil
	}
	return d.body(p, ir.Statement)
}

// caseRegion reads a branch of a switch.
func (d *decoder) caseRegion(f *ir.Field, p place) ir.Region {
	region := ir.Region{Field: f.Name}
	if d.kind(p) != '{' {
		d.found(p, "a case, an object with \"when\" and \"body\"")
		return region
	}
	members := d.fixedMembers(p)
	defer d.release(members)
	hasWhen, hasBody := false, false
	for _, m := range members {
		d.enter(m.key)
		switch m.key {
		case "when":
			hasWhen = true
			region.When = d.label(m.value)
		case "body":
			hasBody = true
			region.Body = d.statementList(m.value)
		case docKey:
			d.doc(&region.Doc, m.value)
		default:
			d.report(int(m.keyPos), "unknown key %s in a case%s", quote(m.key), orSuggestion(m.key, []string{"when", "body", docKey}))
		}
		d.leave()
	}
	if !hasWhen {
		d.report(int(p.pos), "found a case without \"when\": want a whole number, bool or string")
	}
	if !hasBody {
		d.report(int(p.pos), "found a case without \"body\": want a list of statements")
	}
	return region
}

// label reads what a case is for.
func (d *decoder) label(p place) ir.Value {
	const want = "a whole number, true, false or a string"
	if kind := d.kind(p); kind == '[' || isNumber(kind) && !d.isInteger(p) {
		d.found(p, want)
		return ir.Value{}
	}
	v, ok := d.literal(p)
	if ok && v.Kind() != ir.Str && (!v.IsScalar() || v.DType().IsFloat()) {
		d.found(p, want)
	}
	return v
}

// fieldForm says what the value of a field looks like.
func fieldForm(f *ir.Field) string {
	switch f.Kind {
	case ir.NoField:
		return "null"
	case ir.AttrField:
		return attrForm(f)
	case ir.OperandField, ir.NamedField:
		return wanted(ir.Expression)
	case ir.OperandsField:
		return "a list of operands"
	case ir.KeywordsField:
		return "an object of named operands"
	case ir.RegionField:
		return "a list of statements"
	case ir.RegionsField:
		return "a list of lists of statements"
	case ir.CasesField:
		return "a list of cases, objects with \"when\" and \"body\""
	case ir.StatementField:
		return "a list of hooks, objects with \"before\" or \"after\""
	}
	panic(fmt.Sprintf("bug: field kind %d has no form", f.Kind))
}
