package text

import (
	"strconv"

	"flowc.dev/flowc/ir"
)

// statement writes a statement with its doc and hooks, beginning on a new line.
func (pr *printer) statement(n *ir.Node, indent int) {
	if n == nil {
		pr.fail("a statement is missing")
		return
	}
	pr.docAndIDs(n, indent)
	pr.begins(n)
	defer pr.close(pr.open(n, true))
	pr.action(n, indent)
	if r := n.Region(hooksField); r != nil {
		for _, hook := range r.Body {
			pr.hook(hook, indent+indentStep)
		}
		if len(r.Body) == 0 {
			pr.write(" " + hookWord + "()")
		}
	}
}

// check reports a statement that does not fit its schema.
func (pr *printer) check(n *ir.Node, class ir.Class) bool {
	s := ir.SchemaOf(n.Op)
	if s == nil || s.Class&class == 0 {
		pr.fail("found %q: want a statement", n.Op)
		return false
	}
	if problems := s.Check(n); len(problems) > 0 {
		pr.fail("the node with ID %d at %s: %s", n.ID, n.Pos, problems[0])
		return false
	}
	return true
}

// action writes what a statement does.
func (pr *printer) action(n *ir.Node, indent int) {
	if n.Op == metavariableOp {
		pr.put(row(pr.stores(n), pr.metavariable(n)), indent, 0)
		return
	}
	if !pr.check(n, ir.Statement) {
		return
	}
	if n.Op == "call" {
		pr.put(pr.computation(n), indent, 0)
		return
	}
	if isConditional(n) {
		pr.put(pr.stores(n), indent, 0)
		pr.conditional(n, indent)
		return
	}
	pr.element(formOf[n.Op], row(pr.stores(n), pr.header(n)), n, indent)
}

// stores returns the box of the registers in front of a statement.
func (pr *printer) stores(n *ir.Node) *box {
	switch names := n.Stores(); {
	case n.Attr(storeField).IsNull():
		return plain("")
	case len(names) == 0:
		return plain("() = ")
	default:
		return row(pr.nameList(names), plain(" = "))
	}
}

func (pr *printer) nameList(names []string) *box {
	items := make([]*box, len(names))
	for i, name := range names {
		items[i] = plain(pr.name(name))
	}
	return list(items...)
}

// computation returns the box of a call as a statement: without operators if
// nothing is stored, and without a call if something is stored as it is.
func (pr *printer) computation(n *ir.Node) *box {
	stores := pr.stores(n)
	if n.Attr(storeField).IsNull() {
		return pr.plainCall(n)
	}
	if n.Text("call") == identity && len(n.Args) == 1 && len(n.Kwargs) == 0 && !unusual(n.Args) {
		if x := n.Args[0]; x != nil && x.Op != "call" && x.Op != metavariableOp {
			return row(stores, pr.operand(x, 0))
		}
	}
	b, _ := pr.call(n)
	return row(stores, b)
}

// header returns the box of an element up to its regions.
func (pr *printer) header(n *ir.Node) *box {
	f := formOf[n.Op]
	parts := []*box{plain(n.Op)}
	if f.key != nil {
		if value := pr.value(f, f.key, n); value.width > 0 {
			parts = append(parts, plain(" "), value)
		}
	}
	for _, option := range f.options {
		if !n.Attr(option.Name).IsNull() || option.Kind != ir.AttrField && n.Kwarg(option.Name) != nil {
			parts = append(parts, plain(" "+option.Name+" "), pr.value(f, option, n))
		}
	}
	return row(parts...)
}

// value returns the box of the value of a field.
func (pr *printer) value(f *form, field *ir.Field, n *ir.Node) *box {
	switch field.Kind {
	case ir.AttrField:
		b := pr.attr(field, n.Attr(field.Name))
		if field == f.key && f.call {
			return row(b, pr.arguments(n, n.Args))
		}
		return b
	case ir.OperandField:
		return pr.operand(n.Args[0], 0)
	case ir.OperandsField:
		items := make([]*box, len(n.Args))
		for i, arg := range n.Args {
			items[i] = pr.operand(arg, 0)
		}
		return list(items...)
	case ir.NamedField:
		return pr.operand(n.Kwarg(field.Name), 0)
	}
	pr.fail("the field %q of %s has no spelling", field.Name, n.Op)
	return plain("")
}

// attr returns the box of an attribute.
func (pr *printer) attr(field *ir.Field, v ir.Value) *box {
	switch field.Attr {
	case ir.NameAttr:
		return plain(pr.name(v.Text()))
	case ir.NamesAttr:
		items := v.List().Items
		if len(items) == 0 {
			return plain("()")
		}
		names := make([]string, len(items))
		for i, item := range items {
			names[i] = item.Text()
		}
		return pr.nameList(names)
	case ir.IntsAttr:
		items := make([]*box, len(v.List().Items))
		for i, item := range v.List().Items {
			items[i] = plain(strconv.FormatInt(item.Int64(), 10))
		}
		return group("[", "]", items...)
	case ir.EnumAttr:
		if ir.IsName(v.Text()) {
			return plain(v.Text())
		}
	case ir.LiteralAttr:
		return pr.literal(v)
	case ir.IntAttr, ir.BoolAttr:
		return plain(ir.FormatNumber(v))
	case ir.EveryAttr:
		if v.Kind() != ir.Str {
			return plain(ir.FormatNumber(v))
		}
	}
	return plain(strconv.Quote(v.Text()))
}

// hook writes a hook, beginning on a new line.
func (pr *printer) hook(n *ir.Node, indent int) {
	if n == nil || !pr.check(n, ir.HookClause) {
		return
	}
	commented := pr.doc(n.Doc, indent) == ""
	pr.begins(n)
	defer pr.close(pr.open(n, true))
	header := pr.header(n)
	header.items[0] = plain(hookWord + pr.note(n, pr.IDs, !commented))
	pr.element(formOf[hookWord], row(header.items...), n, indent)
}
