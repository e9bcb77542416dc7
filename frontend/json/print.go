package json

import (
	"fmt"
	"unicode/utf8"

	"flowc.dev/flowc/ir"
)

// PrintOptions says what the text of a program contains besides its meaning.
type PrintOptions struct {
	// IDs adds the IDs of nodes, and for compiler-made ones those of the nodes
	// they stand for. Parsing the text then gives the same IDs.
	IDs bool
}

// Print returns the canonical text of p: element keys first, keys in the order
// of the element's schema, short things on one line. Parsing it gives a program
// with the same digest and docs. The error names a part of p that has no JSON
// form.
func Print(p *ir.Program) ([]byte, error) { return PrintOptions{}.Print(p) }

// Print returns the canonical text of p with what o asks for.
func (o PrintOptions) Print(p *ir.Program) ([]byte, error) {
	pr := printer{PrintOptions: o}
	b := pr.program(p)
	return pr.finish(b)
}

// PrintNode returns the text of one statement or expression.
func (o PrintOptions) PrintNode(n *ir.Node) ([]byte, error) {
	pr := printer{PrintOptions: o}
	b := pr.statementOrOperand(n)
	return pr.finish(b)
}

// A printer turns programs into boxes and keeps the first error.
type printer struct {
	PrintOptions
	err error
}

func (pr *printer) finish(b *box) ([]byte, error) {
	if pr.err != nil {
		return nil, pr.err
	}
	var l layout
	l.put(b, 0, 0)
	return append(l.out, '\n'), nil
}

func (pr *printer) fail(format string, args ...any) {
	if pr.err == nil {
		pr.err = fmt.Errorf("printing JSON: "+format, args...)
	}
}

// text returns the box of a string.
func (pr *printer) text(s string) *box {
	if !utf8.ValidString(s) {
		pr.fail("%q is not valid UTF-8", shorten(s))
	}
	return textBox(quoteJSON(s))
}

func (pr *printer) texts(names []string) *box {
	items := make([]*box, len(names))
	for i, s := range names {
		items[i] = pr.text(s)
	}
	return listBox(items...)
}

// doc adds a comment if there is one.
func (pr *printer) doc(b *box, doc string) {
	if doc != "" {
		b.add(docKey, pr.text(doc))
	}
}

// named adds a member whose key comes from the program.
func (pr *printer) named(b *box, name string, value *box) {
	if !utf8.ValidString(name) {
		pr.fail("the name %q is not valid UTF-8", shorten(name))
	}
	b.add(name, value)
}

func (pr *printer) program(p *ir.Program) *box {
	b := objectBox()
	b.rows = true
	b.add("flowc", textBox(fmt.Sprint(ir.Version)))
	if p.Name != "" {
		b.add("name", pr.text(p.Name))
	}
	pr.doc(b, p.Doc)
	if len(p.Imports) > 0 {
		b.add("import", pr.texts(p.Imports))
	}
	if len(p.Objects) > 0 {
		b.add("objects", pr.objects(p.Objects))
	}
	if len(p.Registers) > 0 {
		b.add("registers", pr.registers(p.Registers))
	}
	if len(p.Inputs) > 0 {
		b.add("inputs", pr.texts(p.Inputs))
	}
	if len(p.Functions) > 0 {
		functions := objectBox()
		functions.rows = true
		for _, f := range p.Functions {
			pr.named(functions, f.Name, pr.function(f))
		}
		b.add("functions", functions)
	}
	if len(p.Outputs) > 0 {
		b.add("outputs", pr.texts(p.Outputs))
	}
	b.add("body", pr.body(p.Body))
	return b
}

func (pr *printer) objects(objects []ir.Object) *box {
	b := objectBox()
	b.rows = true
	for i := range objects {
		o := &objects[i]
		call := objectBox()
		call.add("new", pr.text(o.Class))
		pr.doc(call, o.Doc)
		for _, k := range o.Args {
			if k.Name == "new" || k.Name == docKey {
				pr.fail("object %q has an argument %q, which the form cannot say", o.Name, k.Name)
			}
			pr.named(call, k.Name, pr.operand(k.Node))
		}
		pr.named(b, o.Name, call)
	}
	return b
}

func (pr *printer) registers(registers []ir.Register) *box {
	b := objectBox()
	b.rows = true
	for i := range registers {
		pr.named(b, registers[i].Name, pr.register(&registers[i]))
	}
	return b
}

func (pr *printer) register(r *ir.Register) *box {
	if !r.Fixed && r.Doc == "" {
		switch {
		case r.Init == nil:
			return textBox("null")
		case r.Init.Op != constOp || !r.Init.Attr("value").IsNull():
			return pr.operand(r.Init)
		case pr.explicitConst(r.Init):
			return pr.operand(r.Init)
		}
	}
	b := objectBox()
	if r.Fixed {
		text := r.Type.String()
		if t, err := ir.ParseType(text); err != nil || !t.Equal(r.Type) {
			pr.fail("register %q has the fixed type %s, which the form cannot say", r.Name, text)
		}
		b.add("type", pr.text(text))
	}
	pr.doc(b, r.Doc)
	if r.Init != nil {
		init := pr.operand(r.Init)
		if init.open == 0 && init.text == "null" { // a null that is stored, unlike an unset register
			init = objectBox()
			init.add("value", textBox("null"))
		}
		b.add("init", init)
	}
	return b
}

func (pr *printer) function(f *ir.Function) *box {
	b := objectBox()
	b.add("params", pr.texts(f.Params))
	b.add("returns", pr.texts(f.Returns))
	pr.doc(b, f.Doc)
	if len(f.Registers) > 0 {
		b.add("registers", pr.registers(f.Registers))
	}
	b.add("body", pr.body(f.Body))
	return b
}

func (pr *printer) body(body []*ir.Node) *box {
	items := make([]*box, len(body))
	for i, n := range body {
		items[i] = pr.node(n, ir.Statement)
	}
	return listBox(items...)
}
