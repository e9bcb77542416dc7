package text

import (
	"slices"

	"flowc.dev/flowc/ir"
)

// declarationWords begin a declaration when a name or text follows on the line.
var declarationWords = []string{"program", "import", "object", "register", "input", "output", "function"}

// declaration reads what follows the word of a declaration. It returns the doc
// of what is declared, that of the program for what can have none.
func (p *parser) declaration(word string, program *ir.Program) *string {
	switch word {
	case "program":
		p.programName(program)
	case "import":
		p.imports(program)
	case "object":
		return p.object(program)
	case "register":
		return p.register(&program.Registers)
	case "input":
		p.nameList(&program.Inputs)
	case "output":
		p.nameList(&program.Outputs)
	case "function":
		return p.function(program)
	}
	return &program.Doc
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
	w := p.tok
	p.advance()
	p.limit(&p.parts, maxParts, "declarations")
	documented := p.declaration(w.text, s.program)
	*documented = joinDoc(*documented, joinDoc(doc.close(p), note.Doc))
	if !p.failed && w.text == "program" {
		if p.titled {
			p.fail(w.pos(), "found a second program line: want one")
		}
		p.titled = true
	}
	return true
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
		documented := p.register(&s.function.Registers)
		*documented = joinDoc(doc.close(p), note.Doc)
		return true
	}
	doc.close(p)
	return false
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
