package text

import (
	"slices"

	"flowc.dev/flowc/ir"
)

// declarationWords begin a declaration when a name or text follows on the line.
var declarationWords = []string{"program", "import", "object", "register", "input", "output", "function"}

// declaration reads what follows the word of a declaration.
func (p *parser) declaration(word string, program *ir.Program) {
	switch word {
	case "program":
		p.programName(program)
	case "import":
		p.imports(program)
	case "object":
		p.object(program)
	case "register":
		p.register(&program.Registers)
	case "input":
		p.nameList(&program.Inputs)
	case "output":
		p.nameList(&program.Outputs)
	case "function":
		p.function(program)
	}
}

// declares reports whether a declaration comes.
func (p *parser) declares() bool {
	t := p.tok
	if t.is("!") { // its annotation
		ahead := *p
		ahead.comment = nil
		ahead.beside = nil
		ahead.ids = map[ir.ID]ir.Pos{}
		ahead.problems = nil
		var note ir.Node
		ahead.annotate(&note)
		return !ahead.failed && !ahead.tok.is("!") && ahead.declares()
	}
	if p.failed || t.kind != word || !slices.Contains(declarationWords, t.text) {
		return false
	}
	switch ahead := p.lookAhead(); ahead.kind {
	case word, quoted, text, number:
		return true
	case symbol:
		return ahead.is("%") // a name that only other forms give
	case lineEnd, endOfFile:
		return t.text == "program"
	}
	return false
}

// A programScope takes a program's declarations.
type programScope struct{ program *ir.Program }

func (s *programScope) declare(p *parser) bool {
	doc := p.openDoc()
	var note ir.Node
	if p.is("!") {
		p.annotate(&note)
	}
	before := declared{s.program}.count()
	w := p.tok
	p.advance()
	p.limit(&p.parts, maxParts, "declarations")
	p.declaration(w.text, s.program)
	text := joinDoc(doc.close(p), note.Doc)
	if !p.failed && w.text == "program" {
		if p.titled {
			p.fail(w.pos(), "found a second program line: want one")
		}
		p.titled = true
	}
	declared{s.program}.document(before, text)
	return true
}

// declared finds the declaration that was made last.
type declared struct{ *ir.Program }

type declaredCount struct{ objects, registers, functions int }

func (d declared) count() declaredCount {
	return declaredCount{len(d.Objects), len(d.Registers), len(d.Functions)}
}

// document gives a doc to what was declared since before, or to the program if
// that can have none.
func (d declared) document(before declaredCount, doc string) {
	now := d.count()
	switch {
	case now.objects > before.objects:
		d.Objects[now.objects-1].Doc = doc
	case now.registers > before.registers:
		d.Registers[now.registers-1].Doc = doc
	case now.functions > before.functions:
		f := d.Functions[now.functions-1]
		f.Doc = joinDoc(doc, f.Doc)
	default:
		d.Doc = joinDoc(d.Doc, doc)
	}
}

// A functionScope takes a function's declarations.
type functionScope struct{ function *ir.Function }

func (s functionScope) declare(p *parser) bool {
	doc := p.openDoc()
	var note ir.Node
	if p.is("!") {
		p.annotate(&note)
	}
	ok := p.is("register")
	if ok {
		p.advance()
		p.limit(&p.parts, maxParts, "declarations")
		p.register(&s.function.Registers)
	}
	text := joinDoc(doc.close(p), note.Doc)
	if ok && !p.failed {
		s.function.Registers[len(s.function.Registers)-1].Doc = text
	}
	return ok
}

// program reads the whole source.
func (p *parser) program() *ir.Program {
	program := &ir.Program{File: p.file}
	p.start()
	scope := &programScope{program}
	for {
		program.Body = append(program.Body, p.statements(scope)...)
		if p.stopped || !p.is("}") {
			break
		}
		p.report(p.tok.pos(), "found a } that closes nothing")
		p.advance()
	}
	if len(p.leading) > 0 {
		program.Doc = joinDoc(program.Doc, p.takeLeading())
	}
	return program
}

// isEmpty reports whether the source says nothing at all.
func (p *parser) isEmpty(program *ir.Program) bool {
	return !p.titled && len(p.problems) == 0 && program.Doc == "" &&
		len(program.Imports)+len(program.Objects)+len(program.Registers)+len(program.Inputs)+
			len(program.Functions)+len(program.Outputs)+len(program.Body) == 0
}

func (p *parser) programName(program *ir.Program) {
	switch {
	case p.failed || p.tok.kind == lineEnd || p.tok.kind == endOfFile:
	case p.tok.kind == text || p.tok.kind == quoted:
		program.Name = p.tok.value
		p.advance()
	case p.tok.kind == word:
		program.Name = p.tok.text
		p.advance()
	default:
		p.found("the program's name")
	}
}

func (p *parser) imports(program *ir.Program) {
	for ok := true; ok && !p.failed; ok = p.accept(",") {
		p.countItem()
		if p.tok.kind == text {
			program.Imports = append(program.Imports, p.tok.value)
			p.advance()
			continue
		}
		program.Imports = append(program.Imports, p.name("the name of a library"))
	}
}

func (p *parser) nameList(list *[]string) {
	for ok := true; ok && !p.failed; ok = p.accept(",") {
		p.continueLine()
		p.countItem()
		*list = append(*list, p.name("the name of a register"))
	}
}

// object reads name = class(argument=constant, ...).
func (p *parser) object(program *ir.Program) {
	o := ir.Object{Pos: p.tok.pos(), Name: p.name("the object's name")}
	p.expect("=", "= and a constructor call")
	o.Class = p.name("the name of a class")
	pos := p.tok.pos()
	if !p.is("(") {
		p.found("( and the arguments of the constructor")
		return
	}
	var call ir.Node
	p.arguments(&call)
	if len(call.Args) > 0 {
		p.fail(pos, "found a positional argument of a constructor: want name=value")
	}
	o.Args = call.Kwargs
	program.Objects = append(program.Objects, o)
}

// register reads name: type = first value.
func (p *parser) register(registers *[]ir.Register) {
	r := ir.Register{Pos: p.tok.pos(), Name: p.name("the register's name")}
	if p.accept(":") {
		dtype, shape := p.typeName()
		r.Fixed, r.Type = true, ir.NumberType(dtype, shape...)
	}
	if p.accept("=") {
		r.Init = p.operand().node
	}
	*registers = append(*registers, r)
}

// function reads name(parameters) -> results { ... }.
func (p *parser) function(program *ir.Program) {
	f := &ir.Function{Pos: p.tok.pos(), Name: p.name("the function's name")}
	if !p.is("(") {
		p.found("( and the parameters")
		return
	}
	p.open()
	for !p.failed && !p.is(")") {
		p.countItem()
		f.Params = append(f.Params, p.name("the name of a parameter"))
		if !p.accept(",") {
			break
		}
	}
	p.shut(")", "a comma")
	if p.accept("->") {
		p.nameList(&f.Returns)
	}
	open := p.tok.pos()
	if p.expect("{", "{ and the statements of the function") {
		f.Body = p.statements(functionScope{f})
		p.closeBlock(open)
	}
	program.Functions = append(program.Functions, f)
}
