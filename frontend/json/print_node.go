package json

import (
	"slices"
	"strconv"

	"flowc.dev/flowc/ir"
)

// node returns the box of a statement, an operand that is an object, or a hook
// clause.
func (pr *printer) node(n *ir.Node, class ir.Class) *box {
	b := objectBox()
	if n == nil {
		pr.fail("a node is missing")
		return b
	}
	s := ir.SchemaOf(n.Op)
	if s == nil || s.Class&class == 0 {
		pr.fail("found %q: want %s", n.Op, wanted(class))
		return b
	}
	if problems := s.Check(n); len(problems) > 0 {
		pr.fail("the node with ID %d at %s: %s", n.ID, n.Pos, problems[0])
		return b
	}
	for i := range s.Fields {
		f := &s.Fields[i]
		if !allowed(f, class) && (!n.Attr(f.Name).IsNull() || n.Region(f.Name) != nil) {
			pr.fail("the %s with ID %d at %s has %q and stands as an operand", n.Op, n.ID, n.Pos, f.Name)
		}
		if value := pr.field(n, s, f); value != nil {
			b.add(f.Name, value)
			if len(b.items) == 1 {
				pr.common(b, n)
			}
		}
	}
	return b
}

// common adds what every node may have.
func (pr *printer) common(b *box, n *ir.Node) {
	if pr.IDs && n.ID != 0 {
		b.add(idKey, textBox(strconv.FormatUint(uint64(n.ID), 10)))
	}
	if pr.IDs && len(n.Origins) > 0 {
		ids := make([]*box, len(n.Origins))
		for i, id := range n.Origins {
			ids[i] = textBox(strconv.FormatUint(uint64(id), 10))
		}
		b.add(originsKey, listBox(ids...))
	}
	pr.doc(b, n.Doc)
}

// field returns the box of one field of a node, nil when it is left out.
func (pr *printer) field(n *ir.Node, s *ir.Schema, f *ir.Field) *box {
	needed := !f.Optional
	switch f.Kind {
	case ir.NoField:
		if n.Op == tensorOp {
			return pr.filledTensor(n)
		}
		return textBox("null")
	case ir.AttrField:
		if nested(s, f) {
			return nil
		}
		return pr.attr(f, n.Attr(f.Name))
	case ir.OperandField:
		return pr.operand(n.Args[0])
	case ir.OperandsField:
		if len(n.Args) > 0 || needed {
			return pr.operands(n)
		}
	case ir.NamedField:
		if k := n.Kwarg(f.Name); k != nil {
			return pr.operand(k)
		}
	case ir.KeywordsField:
		b := objectBox()
		for _, k := range n.Kwargs {
			if named := s.Field(k.Name); named == nil || named.Kind != ir.NamedField {
				pr.named(b, k.Name, pr.operand(k.Node))
			}
		}
		if len(b.items) > 0 || needed {
			return b
		}
	case ir.RegionField:
		if r := n.Region(f.Name); r != nil {
			return pr.body(r.Body)
		}
	case ir.StatementField:
		if r := n.Region(f.Name); r != nil {
			items := make([]*box, len(r.Body))
			for i, hook := range r.Body {
				items[i] = pr.node(hook, ir.HookClause)
			}
			return listBox(items...)
		}
	case ir.RegionsField, ir.CasesField:
		return pr.regions(n, f)
	}
	return nil
}

func (pr *printer) regions(n *ir.Node, f *ir.Field) *box {
	var items []*box
	for i := range n.Regions {
		r := &n.Regions[i]
		if r.Field != f.Name {
			continue
		}
		body := pr.body(r.Body)
		if f.Kind == ir.CasesField {
			c := objectBox()
			c.add("when", pr.literal(r.When))
			pr.doc(c, r.Doc)
			c.add("body", body)
			body = c
		}
		items = append(items, body)
	}
	if len(items) == 0 && f.Optional {
		return nil
	}
	return listBox(items...)
}

// attr returns the box of an attribute, nil when it is left out.
func (pr *printer) attr(f *ir.Field, v ir.Value) *box {
	if v.IsNull() && f.Attr != ir.LiteralAttr {
		return nil
	}
	switch f.Attr {
	case ir.LiteralAttr:
		return pr.literal(v)
	case ir.NamesAttr:
		items := v.List().Items
		if f.Name == storeKey && len(items) == 1 {
			return pr.text(items[0].Text())
		}
		boxes := make([]*box, len(items))
		for i, item := range items {
			boxes[i] = pr.text(item.Text())
		}
		return listBox(boxes...)
	case ir.IntsAttr:
		return integerBoxes(v)
	}
	if v.Kind() == ir.Str {
		return pr.text(v.Text())
	}
	return textBox(ir.FormatNumber(v))
}

func integerBoxes(list ir.Value) *box {
	items := list.List().Items
	boxes := make([]*box, len(items))
	for i, item := range items {
		boxes[i] = textBox(strconv.FormatInt(item.Int64(), 10))
	}
	return listBox(boxes...)
}

func (pr *printer) statementOrOperand(n *ir.Node) *box {
	if n != nil {
		if s := ir.SchemaOf(n.Op); s != nil && s.Class&(ir.Statement|ir.HookClause) != 0 {
			return pr.node(n, s.Class&^ir.Expression)
		}
	}
	return pr.operand(n)
}

func (pr *printer) operands(n *ir.Node) *box {
	items := make([]*box, len(n.Args))
	for i, arg := range n.Args {
		if n.Op == indexOp && i > 0 && arg != nil && arg.Op == constOp && isSliceText(arg.Attr("value").Text()) {
			items[i] = pr.valueObject(arg) // a string, not a slice
			continue
		}
		items[i] = pr.operand(arg)
	}
	return listBox(items...)
}

// operand returns the box of an expression; literals are written bare where
// that says all of them.
func (pr *printer) operand(n *ir.Node) *box {
	if n == nil || n.Op != constOp {
		return pr.node(n, ir.Expression)
	}
	if problems := ir.SchemaOf(constOp).Check(n); len(problems) > 0 {
		pr.fail("the node with ID %d at %s: %s", n.ID, n.Pos, problems[0])
		return textBox("null")
	}
	v := n.Attr("value")
	switch {
	case v.Kind() == ir.ListKind || v.Kind() == ir.RecordKind:
		return pr.valueObject(n)
	case needsTensor(v):
		b := pr.literal(v)
		pr.common(b, n)
		return b
	case pr.explicitConst(n):
		return pr.valueObject(n)
	}
	return pr.literal(v)
}

// explicitConst reports whether a scalar literal has more to it than its value.
func (pr *printer) explicitConst(n *ir.Node) bool {
	return n.Doc != "" || pr.IDs && (n.ID != 0 || len(n.Origins) > 0)
}

// valueObject returns the form of a literal that can carry an ID and a doc.
func (pr *printer) valueObject(n *ir.Node) *box { return pr.node(n, ir.Expression) }

// needsTensor reports whether a number is written as a tensor: weak finite
// numbers and strong bools of rank 0 are not.
func needsTensor(v ir.Value) bool {
	switch {
	case !v.IsNumber():
		return false
	case !v.IsScalar():
		return true
	case v.DType() == ir.Bool:
		return false
	case !v.Weak():
		return true
	}
	return slices.Contains([]string{"nan", "inf", "-inf"}, ir.FormatNumber(v))
}
