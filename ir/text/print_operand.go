package text

import (
	"strconv"
	"strings"

	"flowc.dev/flowc/ir"
)

// operand returns the box of an expression where operators around it bind as
// tightly as the level says.
func (pr *printer) operand(n *ir.Node, level int) *box {
	b, own := pr.bare(n)
	note := pr.note(n, pr.AllIDs, true)
	if own < level || note != "" && own < postfixLevel {
		b = group("(", ")", b)
	}
	if note != "" || b.node != nil {
		b = row(b, plain(note))
	}
	b.node = n
	return b
}

// note returns the annotation of a node, "" if it has none.
func (pr *printer) note(n *ir.Node, ids, doc bool) string {
	if n == nil {
		return ""
	}
	var parts []string
	if ids && n.ID != 0 {
		parts = append(parts, strconv.FormatUint(uint64(n.ID), 10))
	}
	if ids && len(n.Origins) > 0 {
		list := make([]string, len(n.Origins))
		for i, id := range n.Origins {
			list[i] = strconv.FormatUint(uint64(id), 10)
		}
		parts = append(parts, "from "+strings.Join(list, ", "))
	}
	if doc && n.Doc != "" {
		parts = append(parts, "doc "+strconv.Quote(n.Doc))
	}
	switch {
	case len(parts) == 0:
		return ""
	case len(parts) == 1 && ids && n.ID != 0:
		return "!" + parts[0]
	}
	return "!(" + strings.Join(parts, " ") + ")"
}

// bare returns the box of an expression without annotations, and the level at
// which it binds.
func (pr *printer) bare(n *ir.Node) (*box, int) {
	if n == nil {
		pr.fail("an operand is missing")
		return plain("null"), postfixLevel
	}
	if n.Op == metavariableOp {
		return pr.metavariable(n), postfixLevel
	}
	s := ir.SchemaOf(n.Op)
	if s == nil || s.Class&ir.Expression == 0 {
		pr.fail("found %q: want an operand", n.Op)
		return plain("null"), postfixLevel
	}
	if problems := s.Check(n); len(problems) > 0 {
		pr.fail("the node with ID %d at %s: %s", n.ID, n.Pos, problems[0])
		return plain("null"), postfixLevel
	}
	switch n.Op {
	case "call":
		if !n.Attr(storeField).IsNull() || n.Region(hooksField) != nil {
			pr.fail("the call with ID %d at %s has stores or hooks and stands as an operand", n.ID, n.Pos)
		}
		return pr.call(n)
	case "const":
		return pr.constant(n.Attr("value"))
	case "reg":
		return plain(pr.name(n.Text("reg"))), postfixLevel
	case "index":
		return row(pr.operand(n.Args[0], postfixLevel), group("[", "]", pr.argumentBoxes(n.Args[1:])...)), postfixLevel
	case "slice":
		return group("slice(", ")", pr.argumentBoxes(n.Args)...), postfixLevel
	case "list":
		items := make([]*box, len(n.Args))
		for i, arg := range n.Args {
			items[i] = pr.operand(arg, 0)
		}
		return group("[", "]", items...), postfixLevel
	case "record":
		fields := make([]*box, len(n.Kwargs))
		for i, k := range n.Kwargs {
			fields[i] = row(plain(quoteKey(k.Name)+": "), pr.operand(k.Node, 0))
		}
		return group("{", "}", fields...), postfixLevel
	case "tensor":
		return pr.filledTensor(n), postfixLevel
	}
	pr.fail("the operand %q has no spelling", n.Op)
	return plain("null"), postfixLevel
}

// constant returns the box of a literal. A negative number binds like the
// operator in front of it.
func (pr *printer) constant(v ir.Value) (*box, int) {
	b := pr.literal(v)
	switch {
	case v.Kind() == ir.ListKind || v.Kind() == ir.RecordKind:
		return row(plain("const "), b), postfixLevel
	case strings.HasPrefix(b.text, "-"):
		return b, signLevel
	}
	return b, postfixLevel
}

// call returns the box of a call, with operators where there are any.
func (pr *printer) call(n *ir.Node) (*box, int) {
	if len(n.Kwargs) == 0 && !unusual(n.Args) {
		if o := binaryByOp[n.Text("call")]; o != nil && len(n.Args) == 2 {
			return infix(pr.operand(n.Args[0], o.left()), o.symbol, pr.operand(n.Args[1], o.right())), o.level
		}
		if o := unaryByOp[n.Text("call")]; o != nil && len(n.Args) == 1 {
			return pr.prefix(o, n.Args[0]), o.level
		}
	}
	return pr.plainCall(n), postfixLevel
}

// unusual reports whether operands have a form that operators do not take.
func unusual(args []*ir.Node) bool {
	for _, arg := range args {
		if arg != nil && (arg.Op == "slice" || arg.Op == metavariableOp && !arg.Attr("rest").IsNull()) {
			return true
		}
	}
	return false
}

// prefix returns the box of an operator in front of its operand. A sign in
// front of a number would be part of it.
func (pr *printer) prefix(o *operator, x *ir.Node) *box {
	symbol := o.symbol
	if o.level == notLevel {
		symbol += " "
	}
	b := pr.operand(x, o.level)
	if x != nil && x.Op == "const" && x.Attr("value").IsScalar() && x.Attr("value").Weak() && !strings.HasPrefix(b.text, "-") && b.kind == textBox {
		b = group("(", ")", b)
	}
	return row(plain(symbol), b)
}

func (pr *printer) plainCall(n *ir.Node) *box {
	return row(plain(pr.name(n.Text("call"))), pr.arguments(n, n.Args))
}

// arguments returns the box of the arguments of n in parentheses.
func (pr *printer) arguments(n *ir.Node, args []*ir.Node) *box {
	items := pr.argumentBoxes(args)
	for _, k := range n.Kwargs {
		items = append(items, row(plain(quoteKey(k.Name)+"="), pr.operand(k.Node, 0)))
	}
	return group("(", ")", items...)
}

// argumentBoxes returns the boxes of operands among which slices may stand.
func (pr *printer) argumentBoxes(args []*ir.Node) []*box {
	items := make([]*box, len(args))
	for i, arg := range args {
		if arg != nil && arg.Op == "slice" && len(arg.Args) > 1 && len(arg.Args) < 4 && pr.note(arg, pr.AllIDs, true) == "" && !unusual(arg.Args) {
			items[i] = pr.slice(arg)
			items[i].node = arg
		} else {
			items[i] = pr.operand(arg, 0)
		}
	}
	return items
}

// slice returns the box of start:stop:step.
func (pr *printer) slice(n *ir.Node) *box {
	var parts []*box
	for i, arg := range n.Args {
		if i > 0 {
			parts = append(parts, plain(":"))
		}
		omitted := arg != nil && arg.Op == "const" && arg.Attr("value").IsNull() && pr.note(arg, pr.AllIDs, true) == ""
		if !omitted {
			parts = append(parts, pr.operand(arg, 0))
		}
	}
	return row(parts...)
}

// metavariable returns the box of a metavariable of a pattern.
func (pr *printer) metavariable(n *ir.Node) *box {
	s := "$" + n.Text("name")
	if !n.Attr("rest").IsNull() {
		s += "..."
	}
	return plain(s)
}

// name returns the spelling of a name.
func (pr *printer) name(s string) string {
	if pr.Pattern && isPlain(s, true) {
		return s
	}
	return quoteName(s)
}
