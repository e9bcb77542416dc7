package star

import (
	"strings"

	"go.starlark.net/starlark"

	"flowc.dev/flowc/ir"
)

// Precedences of operators, from loose to tight.
const (
	comparison = iota + 1
	disjunction
	conjunction
	sum
	product
	unary
	atomic
)

type operator struct {
	text       string
	precedence int
}

// infixes are the operators that ops are written as.
var infixes = map[string]operator{
	"add": {" + ", sum}, "subtract": {" - ", sum}, "multiply": {" * ", product}, "divide": {" / ", product},
	"floor_divide": {" // ", product}, "remainder": {" % ", product},
	"logical_and": {" & ", conjunction}, "logical_or": {" | ", disjunction},
	"equal": {" == ", comparison}, "not_equal": {" != ", comparison}, "less": {" < ", comparison},
	"less_equal": {" <= ", comparison}, "greater": {" > ", comparison}, "greater_equal": {" >= ", comparison},
}

var prefixes = map[string]string{"negative": "-", "logical_not": "~"}

// operand returns the box of an expression.
func (pr *printer) operand(n *ir.Node) *box {
	if n == nil {
		pr.fail("a node is missing")
		return textBox("None")
	}
	s := ir.SchemaOf(n.Op)
	if s == nil || s.Class&ir.Expression == 0 {
		pr.fail("found %q: want an expression", n.Op)
		return textBox("None")
	}
	if problems := s.Check(n); len(problems) > 0 {
		pr.fail("the node with ID %d at %s: %s", n.ID, n.Pos, problems[0])
		return textBox("None")
	}
	if !n.Attr(storeKey).IsNull() || n.Region(hooksKey) != nil {
		pr.fail("the %s with ID %d at %s has %q and stands as an operand", n.Op, n.ID, n.Pos, storeKey)
	}
	if n.Doc == "" {
		return pr.settle(pr.undocumented(n), "expression")
	}
	b := bracketBox("DOC(", ")", pr.text(n.Doc), pr.undocumented(n))
	b.term = true
	return pr.settle(b, "")
}

func (pr *printer) undocumented(n *ir.Node) *box {
	switch n.Op {
	case "const":
		v := n.Attr("value")
		if v.Kind() != ir.ListKind && v.Kind() != ir.RecordKind {
			return pr.literal(v)
		}
		return termBox("const", pr.literal(v))
	case "reg":
		return termBox("reg", pr.text(n.Text("reg")))
	case "list":
		return listBox(pr.operands(n.Args)...)
	case "record":
		return pr.dict(n.Kwargs)
	case "slice":
		return termBox("slice", pr.operands(n.Args)...)
	case "index":
		return pr.index(n)
	case "tensor":
		return pr.filled(n)
	case "call":
		return pr.expressionCall(n)
	}
	pr.fail("the expression %q has no form", n.Op)
	return textBox("None")
}

// termBox returns a call that gives an expression of the program.
func termBox(name string, args ...*box) *box {
	b := bracketBox(name+"(", ")", args...)
	b.term = true
	return b
}

func (pr *printer) operands(args []*ir.Node) []*box {
	boxes := make([]*box, len(args))
	for i, arg := range args {
		boxes[i] = pr.operand(arg)
	}
	return boxes
}

func (pr *printer) dict(fields []ir.Kwarg) *box {
	b := bracketBox("{", "}")
	for _, k := range fields {
		b.add(pr.operand(k.Node).named(pr.text(k.Name).text + ": "))
	}
	return b
}

func (pr *printer) filled(n *ir.Node) *box {
	extents := listBox()
	for _, extent := range n.Attr("shape").List().Items {
		extents.add(textBox(ir.FormatNumber(extent)))
	}
	return termBox("tensor", pr.text(n.Text("dtype")), extents.named("shape="), pr.literal(n.Attr("fill")).named("fill="))
}

// index returns x[..] of a term, with slices among the indices as Starlark has
// them when there is but one index.
func (pr *printer) index(n *ir.Node) *box {
	whole := pr.operand(n.Args[0])
	if !whole.term {
		whole = termBox("expression", whole)
	}
	whole = parenthesize(whole, atomic)
	keys := n.Args[1:]
	if key := keys[0]; len(keys) == 1 && key != nil && key.Op == "slice" && key.Doc == "" && len(key.Args) >= 2 && len(key.Args) <= 3 {
		var bounds []string
		for i, arg := range key.Args {
			b := pr.operand(arg)
			if b.items != nil || i == 2 && b.text == "None" {
				bounds = nil
				break
			}
			if b.text == "None" {
				b = textBox("")
			}
			bounds = append(bounds, b.text)
		}
		if bounds != nil {
			return brackets(whole, textBox(strings.Join(bounds, ":")))
		}
	}
	return brackets(whole, pr.operands(keys)...)
}

// brackets returns whole[keys].
func brackets(whole *box, keys ...*box) *box {
	index := listBox(keys...)
	index.closed = true
	return &box{items: []*box{whole, index}, width: min(whole.width+index.width, manyColumns),
		height: max(whole.height, index.height), precedence: atomic, term: true}
}

// parenthesize puts parentheses around what binds less tightly than asked for.
func parenthesize(b *box, least int) *box {
	if b.precedence >= least {
		return b
	}
	p := bracketBox("(", ")", b)
	p.term, p.closed = b.term, true // a comma would make a tuple of it
	return p
}

// expressionCall returns a call as an operator, as a function's call, or by
// CALL where neither says it.
func (pr *printer) expressionCall(n *ir.Node) *box {
	name := n.Text("call")
	if len(n.Kwargs) == 0 {
		if b := pr.operatorCall(n, name); b != nil {
			return b
		}
	}
	if f := pr.reference(name); f != "" && len(n.Args) <= maxArgs && pr.plainKeywords(n) {
		args := pr.arguments(n)
		if starlark.Universe[name] == nil || startsWithTerm(n, args) {
			return termBox(f, args...)
		}
	}
	plain := n.Copy()
	plain.Doc = "" // has been written
	b := pr.callBox(plain)
	b.term = true
	return b
}

// maxArgs is the number of arguments that a call in Starlark can have.
const maxArgs = 255

// startsWithTerm reports whether Starlark sees from the arguments that an op is
// meant rather than its own function of that name.
func startsWithTerm(n *ir.Node, args []*box) bool {
	for i, b := range args {
		if b.term {
			return true
		}
		if i < len(n.Args) && n.Args[i].Op == "list" && len(n.Args[i].Args) > 0 && len(b.items) > 0 && b.items[0].term {
			return true
		}
	}
	return false
}

// plainKeywords reports whether all named arguments can be keyword arguments.
func (pr *printer) plainKeywords(n *ir.Node) bool {
	for _, k := range n.Kwargs {
		if !isKeyword(k.Name) || k.Name == docKey || fieldNamed(ir.SchemaOf("call"), k.Name) != nil {
			return false
		}
	}
	return len(n.Kwargs) <= maxArgs
}

// arguments returns the arguments of a call that is written as one.
func (pr *printer) arguments(n *ir.Node) []*box {
	args := pr.operands(n.Args)
	for _, k := range n.Kwargs {
		args = append(args, pr.operand(k.Node).named(k.Name+"="))
	}
	return args
}

func (pr *printer) operatorCall(n *ir.Node, name string) *box {
	if sign := prefixes[name]; sign != "" && len(n.Args) == 1 {
		x := pr.operand(n.Args[0])
		if !x.term {
			return nil
		}
		x = parenthesize(x, unary)
		return &box{items: []*box{textBox(sign), x}, width: min(x.width+1, manyColumns), height: x.height, precedence: unary, term: true}
	}
	o, ok := infixes[name]
	if !ok || len(n.Args) != 2 || n.Args[0] == nil || n.Args[1] == nil {
		return nil
	}
	for _, arg := range n.Args {
		// None compares for itself, and a string formats.
		if v := arg.Attr("value"); arg.Op == "const" && arg.Doc == "" && (v.IsNull() || v.Kind() == ir.Str) {
			return nil
		}
	}
	x, y := pr.operand(n.Args[0]), pr.operand(n.Args[1])
	if !x.term && !y.term {
		return nil
	}
	left := o.precedence
	if left == comparison { // does not associate
		left++
	}
	return infix(parenthesize(x, left), o.text, parenthesize(y, o.precedence+1), o.precedence)
}
