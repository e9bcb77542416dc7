package star

import (
	"strconv"
	"strings"

	"flowc.dev/flowc/ir"
)

// statement returns the box of a statement or a hook.
func (pr *printer) statement(n *ir.Node) *box {
	if n == nil {
		pr.fail("a node is missing")
		return textBox("None")
	}
	s := ir.SchemaOf(n.Op)
	if s == nil || s.Class&(ir.Statement|ir.HookClause) == 0 {
		pr.fail("found %q: want a statement", n.Op)
		return textBox("None")
	}
	if problems := s.Check(n); len(problems) > 0 {
		pr.fail("the node with ID %d at %s: %s", n.ID, n.Pos, problems[0])
		return textBox("None")
	}
	var b *box
	switch {
	case n.Op == "call":
		b = pr.callStatement(n)
	case n.Op == "grad":
		b = bracketBox("GRAD(", ")", pr.callee(n.Text("grad")))
		pr.positional(b, n.Args)
		pr.rest(b, n, s, "grad", "args")
	case n.Op == "switch" && isIf(n):
		b = bracketBox("IF(", ")", pr.operand(n.Args[0]), pr.body(n.Regions[0].Body))
		if otherwise := n.Regions[1].Body; len(otherwise) > 0 {
			b.add(pr.body(otherwise))
		}
		pr.rest(b, n, s, "switch", "cases")
	case (n.Op == "break" || n.Op == "continue") && n.Doc == "" && n.Region(hooksKey) == nil:
		return textBox(strings.ToUpper(n.Op))
	default:
		b = pr.generic(n, s)
	}
	return pr.settle(b, "")
}

// isIf reports whether a switch is written as IF.
func isIf(n *ir.Node) bool {
	if n.Region("default") != nil || len(n.Args) != 1 {
		return false
	}
	var cases []*ir.Region
	for i := range n.Regions {
		if n.Regions[i].Field == "cases" {
			cases = append(cases, &n.Regions[i])
		}
	}
	return len(cases) == 2 && cases[0].Doc == "" && cases[1].Doc == "" && n.Regions[0].Field == "cases" && n.Regions[1].Field == "cases" &&
		ir.SameValue(cases[0].When, ir.BoolValue(true)) && ir.SameValue(cases[1].When, ir.BoolValue(false))
}

// generic returns an element by its schema: the key and the bodies that follow
// it without names, the rest by name.
func (pr *printer) generic(n *ir.Node, s *ir.Schema) *box {
	name := strings.ToUpper(n.Op)
	if n.Op == "buffer" {
		name = "BUFFER_REPEAT"
	}
	b := bracketBox(name+"(", ")")
	var written []string
	if s.Class&ir.HookClause == 0 {
		for _, f := range positional(s) {
			if takesRest(s) && f.Kind == ir.OperandsField && (len(n.Args) > maxArgs || len(n.Args) == 1 && n.Op != "print") {
				break
			}
			if takesRest(s) && f.Kind == ir.OperandsField {
				pr.positional(b, n.Args)
				written = append(written, f.Name)
				break
			}
			value := pr.field(n, f)
			if value == nil || f.Kind == ir.NamedField || f.Kind == ir.AttrField && len(written) > 0 || f.Name == "default" {
				break
			}
			b.add(value)
			written = append(written, f.Name)
		}
	}
	pr.rest(b, n, s, written...)
	return b
}

// rest adds, by name, the fields of n that have not been written.
func (pr *printer) rest(b *box, n *ir.Node, s *ir.Schema, written ...string) {
	done := map[string]bool{}
	for _, name := range written {
		done[name] = true
	}
	for i := range s.Fields {
		f := &s.Fields[i]
		if done[f.Name] {
			continue
		}
		if value := pr.field(n, f); value != nil {
			b.add(value.named(spelling(f.Name) + "="))
		}
	}
	if n.Doc != "" {
		b.add(pr.text(n.Doc).named("doc="))
	}
}

// field returns the box of one field of a node, nil when it is left out.
func (pr *printer) field(n *ir.Node, f *ir.Field) *box {
	switch f.Kind {
	case ir.AttrField:
		return pr.attr(f, n.Attr(f.Name))
	case ir.OperandField:
		return pr.operand(n.Args[0])
	case ir.OperandsField:
		if len(n.Args) > 0 || !f.Optional {
			return listBox(pr.operands(n.Args)...)
		}
	case ir.NamedField:
		if k := n.Kwarg(f.Name); k != nil {
			return pr.operand(k)
		}
	case ir.KeywordsField:
		if len(n.Kwargs) > 0 || !f.Optional {
			return pr.dict(n.Kwargs)
		}
	case ir.RegionField:
		if r := n.Region(f.Name); r != nil {
			return pr.body(r.Body)
		}
	case ir.StatementField:
		if r := n.Region(f.Name); r != nil {
			return pr.bodyList(r.Body)
		}
	case ir.RegionsField, ir.CasesField:
		return pr.regions(n, f)
	}
	return nil
}

func (pr *printer) regions(n *ir.Node, f *ir.Field) *box {
	list, dict := listBox(), bracketBox("{", "}")
	labels := map[string]bool{}
	plain := f.Kind == ir.CasesField
	for i := range n.Regions {
		r := &n.Regions[i]
		if r.Field != f.Name {
			continue
		}
		body := pr.body(r.Body)
		if f.Kind == ir.RegionsField {
			list.add(body)
			continue
		}
		label := pr.literal(r.When)
		if label.term || r.Doc != "" || labels[label.text] {
			plain = false
		}
		labels[label.text] = true
		dict.add(body.named(label.text + ": "))
		c := bracketBox("CASE(", ")", label, body)
		if r.Doc != "" {
			c.add(pr.text(r.Doc).named("doc="))
		}
		list.add(c)
	}
	switch {
	case len(list.items) == 0 && f.Optional:
		return nil
	case plain:
		return dict
	}
	return list
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
		names := v.List().Items
		if f.Name == storeKey && len(names) == 1 {
			return pr.text(names[0].Text())
		}
		b := listBox()
		for _, name := range names {
			b.add(pr.text(name.Text()))
		}
		return b
	case ir.IntsAttr:
		b := listBox()
		for _, item := range v.List().Items {
			b.add(textBox(strconv.FormatInt(item.Int64(), 10)))
		}
		return b
	}
	if v.Kind() == ir.Str {
		return pr.text(v.Text())
	}
	return textBox(element0(v))
}

// callStatement returns a call: an op that stores as ASSIGN of an expression,
// others as CALL.
func (pr *printer) callStatement(n *ir.Node) *box {
	stores := n.Attr(storeKey)
	if stores.IsNull() || pr.registry.Lookup(n.Text("call")) == nil {
		return pr.callBox(n)
	}
	value := n
	if n.Text("call") == "identity" && len(n.Args) == 1 && len(n.Kwargs) == 0 && n.Args[0] != nil &&
		(n.Args[0].Op != "call" || n.Args[0].Doc != "") {
		value = n.Args[0]
	} else {
		value = n.Copy()
		value.Doc, value.Regions = "", nil
		value = value.WithAttr(storeKey, ir.Value{})
	}
	b := bracketBox("ASSIGN(", ")", pr.attr(ir.SchemaOf("call").Field(storeKey), stores), pr.operand(value))
	pr.rest(b, n, ir.SchemaOf("call"), "call", "args", "kwargs", storeKey)
	return b
}

// callBox returns CALL(f, args, ...).
func (pr *printer) callBox(n *ir.Node) *box {
	b := bracketBox("CALL(", ")", pr.callee(n.Text("call")))
	pr.positional(b, n.Args)
	if pr.plainKeywords(n) {
		for _, k := range n.Kwargs {
			b.add(pr.operand(k.Node).named(k.Name + "="))
		}
	} else {
		b.add(pr.dict(n.Kwargs).named("kwargs="))
	}
	pr.rest(b, n, ir.SchemaOf("call"), "call", "args", "kwargs")
	return b
}

// positional adds operands without names, or as one list where Starlark has too
// many.
func (pr *printer) positional(b *box, args []*ir.Node) {
	if len(args) < maxArgs {
		for _, arg := range args {
			b.add(pr.operand(arg))
		}
		return
	}
	b.add(listBox(pr.operands(args)...).named("args="))
}
