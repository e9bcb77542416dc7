package star

import (
	"fmt"
	"slices"
	"unicode/utf8"

	"go.starlark.net/starlark"

	"flowc.dev/flowc/frontend/star/bounded"
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops"
)

// Print returns p as a Starlark file of constructors. Evaluating it gives a
// program with the same digest and docs. The error names a part of p that has
// no such form, or says that the file would be larger than what [Parse] reads.
func Print(p *ir.Program) ([]byte, error) { return Options{}.Print(p) }

// Print is [Print] for files that o reads.
func (o Options) Print(p *ir.Program) ([]byte, error) {
	if o.Registry == nil {
		o.Registry = ops.Standard()
	}
	pr := &printer{registry: o.Registry, taken: map[string]bool{}, variables: map[string]string{}, p: p}
	for name := range newBuilder(o, "").predeclared() {
		pr.taken[name] = true
	}
	for name := range starlark.Universe {
		pr.taken[name] = true
	}
	for word := range keywords {
		pr.taken[word] = true
	}
	pr.program(p)
	if len(pr.out) > bounded.MaxSource {
		pr.fail("the file would have %d bytes and only %d are read: write the program in the JSON form", len(pr.out), bounded.MaxSource)
	}
	if pr.err != nil {
		return nil, pr.err
	}
	return pr.out, nil
}

// A printer turns programs into text and keeps the first error.
type printer struct {
	layout
	registry  *ops.Registry
	p         *ir.Program
	taken     map[string]bool   // names that a variable cannot have
	variables map[string]string // from objects and functions that are defined
	parts     int               // variables for parts that are nested deeply
	err       error
}

func (pr *printer) fail(format string, args ...any) {
	if pr.err == nil {
		pr.err = fmt.Errorf("printing Starlark: "+format, args...)
	}
}

// text returns the box of a string.
func (pr *printer) text(s string) *box {
	if !utf8.ValidString(s) {
		pr.fail("%q is not valid UTF-8", s[:min(len(s), 60)])
	}
	return textBox(quote(s))
}

func (pr *printer) texts(names []string) *box {
	b := listBox()
	for _, name := range names {
		b.add(pr.text(name))
	}
	return b
}

// variable returns a new variable, called name if that is possible.
func (pr *printer) variable(name string) string {
	if !ir.IsName(name) {
		name = "object"
	}
	for pr.taken[name] {
		name += "_"
	}
	pr.taken[name] = true
	return name
}

// define writes the definition of a variable.
func (pr *printer) define(variable string, value *box) {
	pr.out = append(pr.out, variable+" = "...)
	pr.put(parenthesize(value, atomic), 0, 0)
	pr.newline(0)
}

// maxHeight is how deep brackets are nested in a file: its parser has a limit.
const maxHeight = 60

// settle returns b, or a variable for it when it is nested too deeply. wrap is
// the constructor that makes b what it is in its place, if it needs one.
func (pr *printer) settle(b *box, wrap string) *box {
	if b.height < maxHeight {
		return b
	}
	pr.parts++
	name := pr.variable(fmt.Sprintf("part%d", pr.parts))
	if wrap != "" {
		b = bracketBox(wrap+"(", ")", b)
	}
	pr.define(name, b)
	variable := textBox(name)
	variable.term = true
	return variable
}

func (pr *printer) program(p *ir.Program) {
	for i := range p.Objects {
		pr.object(&p.Objects[i])
	}
	if len(p.Objects) > 0 {
		pr.newline(0)
	}
	for _, f := range p.Functions {
		pr.function(f)
		pr.newline(0)
	}
	b := bracketBox("program(", ")")
	b.rows = true
	add := func(name string, value *box) { b.add(value.named(name + "=")) }
	if p.Name != "" {
		add("name", pr.text(p.Name))
	}
	if p.Doc != "" {
		add("doc", pr.text(p.Doc))
	}
	if len(p.Imports) > 0 {
		add("imports", pr.texts(p.Imports))
	}
	if len(p.Registers) > 0 {
		add("registers", pr.registers(p.Registers))
	}
	if len(p.Inputs) > 0 {
		add("inputs", pr.texts(p.Inputs))
	}
	if len(p.Outputs) > 0 {
		add("outputs", pr.texts(p.Outputs))
	}
	body := listBox()
	body.rows = true
	for _, n := range p.Body {
		body.add(pr.statement(n))
	}
	add("body", body)
	pr.put(b, 0, manyColumns)
	pr.newline(0)
}

// object defines the variable of an object.
func (pr *printer) object(o *ir.Object) {
	variable := pr.variable(o.Name)
	plain := true
	for _, k := range o.Args {
		plain = plain && isKeyword(k.Name) && k.Name != "name" && k.Name != docKey
	}
	class := pr.registry.Class(o.Class)
	open := o.Class + "("
	if class == nil || !plain {
		open = "OBJECT("
	}
	b := bracketBox(open, ")")
	if open == "OBJECT(" {
		b.add(pr.text(o.Name))
		b.add(pr.text(o.Class))
	}
	if plain {
		for _, k := range o.Args {
			b.add(pr.operand(k.Node).named(k.Name + "="))
		}
	} else {
		b.add(pr.dict(o.Args).named("args="))
	}
	if o.Doc != "" {
		b.add(pr.text(o.Doc).named("doc="))
	}
	if open != "OBJECT(" && variable != o.Name {
		b.add(pr.text(o.Name).named("name="))
	}
	pr.define(variable, b)
	pr.variables[o.Name] = variable
}

// isKeyword reports whether a name can be that of a keyword argument.
func isKeyword(name string) bool { return ir.IsName(name) && !keywords[name] }

// function defines the variable of a function.
func (pr *printer) function(f *ir.Function) {
	b := bracketBox("FUNCTION(", ")", pr.text(f.Name), pr.texts(f.Params), pr.texts(f.Returns))
	b.add(pr.bodyList(f.Body))
	if len(f.Registers) > 0 {
		b.add(pr.registers(f.Registers).named("registers="))
	}
	if f.Doc != "" {
		b.add(pr.text(f.Doc).named("doc="))
	}
	variable := pr.variable(f.Name)
	pr.define(variable, b)
	pr.variables[f.Name] = variable
}

func (pr *printer) registers(registers []ir.Register) *box {
	b := bracketBox("{", "}")
	b.rows = true
	for i := range registers {
		r := &registers[i]
		b.add(pr.register(r).named(pr.text(r.Name).text + ": "))
	}
	return b
}

func (pr *printer) register(r *ir.Register) *box {
	null := r.Init != nil && r.Init.Op == "const" && r.Init.Attr("value").IsNull()
	if !r.Fixed && r.Doc == "" && !null {
		if r.Init == nil {
			return textBox("None")
		}
		return pr.operand(r.Init)
	}
	b := bracketBox("register(", ")")
	switch {
	case null && r.Init.Doc == "":
		b.add(textBox("const(None)"))
	case r.Init != nil:
		b.add(pr.operand(r.Init))
	}
	if r.Fixed {
		text := r.Type.String()
		if t, err := ir.ParseType(text); err != nil || !t.Equal(r.Type) {
			pr.fail("register %q has the fixed type %s, which the form cannot say", r.Name, text)
		}
		b.add(pr.text(text).named("type="))
	}
	if r.Doc != "" {
		b.add(pr.text(r.Doc).named("doc="))
	}
	return b
}

// callee returns how the function that a call names is written in CALL.
func (pr *printer) callee(name string) *box {
	if f := pr.reference(name); f != "" {
		return textBox(f)
	}
	return pr.text(name)
}

// reference returns the expression of Starlark for an op, a method or a
// function that is defined already, "" if there is none.
func (pr *printer) reference(name string) string {
	if variable := pr.variables[name]; variable != "" && pr.p.Function(name) != nil {
		return variable
	}
	if pr.registry.Lookup(name) != nil {
		return name
	}
	for i := range pr.p.Objects {
		o := &pr.p.Objects[i]
		method, ok := cutObject(name, o.Name)
		if !ok || !isKeyword(method) {
			continue
		}
		if class := pr.registry.Class(o.Class); class == nil || class.Method(method) != nil {
			return pr.variables[o.Name] + "." + method
		}
	}
	return ""
}

// cutObject returns the method in object.method.
func cutObject(name, object string) (string, bool) {
	if len(name) <= len(object)+1 || name[:len(object)] != object || name[len(object)] != '.' {
		return "", false
	}
	return name[len(object)+1:], true
}

// bodyList returns a body as a list.
func (pr *printer) bodyList(body []*ir.Node) *box {
	b := listBox()
	for _, n := range body {
		b.add(pr.statement(n))
	}
	b.rows = len(body) > 1 && slices.ContainsFunc(b.items, func(item *box) bool { return item.width > maxColumns/2 })
	return b
}

// body returns a body, one statement without a list around it.
func (pr *printer) body(body []*ir.Node) *box {
	if len(body) == 1 {
		if b := pr.statement(body[0]); b.width <= maxColumns/2 {
			return b
		} else {
			return listBox(b)
		}
	}
	return pr.bodyList(body)
}
