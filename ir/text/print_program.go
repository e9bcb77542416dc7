package text

import (
	"strconv"
	"strings"

	"flowc.dev/flowc/ir"
)

// program writes the declarations in the order of the JSON form, then the
// statements.
func (pr *printer) program(p *ir.Program) {
	if p.Name != "" || p.Doc != "" {
		pr.docOnly(p.Doc, 0)
		pr.write("program")
		if p.Name != "" {
			pr.write(" " + programName(p.Name))
		}
	}
	for _, name := range p.Imports {
		pr.startLine(0)
		pr.write("import " + strconv.Quote(name))
	}
	width := nameWidth(len(p.Objects), func(i int) string { return p.Objects[i].Name })
	for i := range p.Objects {
		pr.object(&p.Objects[i], width)
	}
	pr.registers(p.Registers, 0)
	pr.names("input", p.Inputs)
	pr.names("output", p.Outputs)
	for _, f := range p.Functions {
		pr.gap()
		pr.function(f)
	}
	if len(p.Body) > 0 {
		pr.gap()
	}
	pr.body(p.Body, 0)
	if len(pr.out) == 0 {
		pr.write("program")
	}
	pr.endLine()
}

// gap leaves a line blank.
func (pr *printer) gap() {
	pr.endLine()
	if len(pr.out) > 0 {
		pr.newline(0)
	}
}

// programName returns the spelling of a program's name.
func programName(name string) string {
	if ir.IsName(name) {
		return name
	}
	return strconv.Quote(name)
}

// maxPadding bounds the blanks that bring equals signs below each other.
const maxPadding = 12

// nameWidth returns the width to which the names of declarations are filled up,
// 0 if they differ too much.
func nameWidth(n int, name func(int) string) int {
	shortest, longest := manyColumns, 0
	for i := range n {
		width := len(quoteName(name(i)))
		shortest, longest = min(shortest, width), max(longest, width)
	}
	if longest-shortest > maxPadding {
		return 0
	}
	return longest
}

func padded(name string, width int) string {
	s := quoteName(name)
	return s + strings.Repeat(" ", max(width-len(s), 0))
}

func (pr *printer) names(declaration string, names []string) {
	if len(names) > 0 {
		pr.startLine(0)
		pr.put(row(plain(declaration+" "), pr.nameList(names)), 0, 0)
	}
}

func (pr *printer) object(o *ir.Object, width int) {
	pr.docOnly(o.Doc, 0)
	call := &ir.Node{Kwargs: o.Args}
	head := plain("object " + padded(o.Name, width) + " = " + pr.name(o.Class))
	pr.put(row(head, pr.arguments(call, nil)), 0, 0)
}

// registers writes declarations; the equals signs of those without a type stand
// below each other.
func (pr *printer) registers(registers []ir.Register, indent int) {
	var plainOnes []string
	for i := range registers {
		if !registers[i].Fixed && registers[i].Init != nil {
			plainOnes = append(plainOnes, registers[i].Name)
		}
	}
	width := nameWidth(len(plainOnes), func(i int) string { return plainOnes[i] })
	for i := range registers {
		r := &registers[i]
		pr.docOnly(r.Doc, indent)
		pr.write("register ")
		switch {
		case r.Fixed:
			pr.write(quoteName(r.Name) + ": " + pr.typeName(r))
		case r.Init != nil:
			pr.write(padded(r.Name, width))
		default:
			pr.write(quoteName(r.Name))
		}
		if r.Init != nil {
			pr.write(" = ")
			pr.put(pr.operand(r.Init, 0), indent, 0)
		}
	}
}

func (pr *printer) typeName(r *ir.Register) string {
	s := r.Type.String()
	if t, err := ir.ParseType(s); err != nil || !t.Equal(r.Type) {
		pr.fail("register %q has the fixed type %s, which the form cannot say", r.Name, s)
	}
	return s
}

func (pr *printer) function(f *ir.Function) {
	pr.docOnly(f.Doc, 0)
	params := make([]*box, len(f.Params))
	for i, name := range f.Params {
		params[i] = plain(pr.name(name))
	}
	head := row(plain("function "+quoteName(f.Name)), group("(", ")", params...))
	if len(f.Returns) > 0 {
		head = row(head, plain(" -> "), pr.nameList(f.Returns))
	}
	pr.put(head, 0, 2)
	if len(f.Registers)+len(f.Body) == 0 {
		pr.write(" {}")
		return
	}
	pr.write(" {")
	pr.registers(f.Registers, indentStep)
	pr.body(f.Body, indentStep)
	pr.startLine(0)
	pr.write("}")
}
