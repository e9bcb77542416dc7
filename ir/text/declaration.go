package text

import "flowc.dev/flowc/ir"

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
func (p *parser) object(program *ir.Program) *string {
	o := ir.Object{Pos: p.tok.pos(), Name: p.name("the object's name")}
	p.expect("=", "= and a constructor call")
	o.Class = p.name("the name of a class")
	pos := p.tok.pos()
	if !p.is("(") {
		p.found("( and the arguments of the constructor")
		return &program.Doc
	}
	var call ir.Node
	p.arguments(&call)
	if len(call.Args) > 0 {
		p.fail(pos, "found a positional argument of a constructor: want name=value")
	}
	o.Args = call.Kwargs
	program.Objects = append(program.Objects, o)
	return &program.Objects[len(program.Objects)-1].Doc
}

// register reads name: type = first value.
func (p *parser) register(registers *[]ir.Register) *string {
	r := ir.Register{Pos: p.tok.pos(), Name: p.name("the register's name")}
	if p.accept(":") {
		dtype, shape := p.typeName()
		r.Fixed, r.Type = true, ir.NumberType(dtype, shape...)
	}
	if p.accept("=") {
		r.Init = p.operand().node
	}
	*registers = append(*registers, r)
	return &(*registers)[len(*registers)-1].Doc
}

// function reads name(parameters) -> results { ... }.
func (p *parser) function(program *ir.Program) *string {
	f := &ir.Function{Pos: p.tok.pos(), Name: p.name("the function's name")}
	if !p.is("(") {
		p.found("( and the parameters")
		return &program.Doc
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
	return &f.Doc
}
