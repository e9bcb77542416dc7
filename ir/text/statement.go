package text

import (
	"strings"

	"flowc.dev/flowc/ir"
)

// A scope takes the declarations of a program or function; other blocks have
// none.
type scope interface {
	// declare reads the declaration that begins with the current word, or
	// reports false if there is none of that kind here.
	declare(p *parser) bool
}

// statements reads statements up to a closing brace or the end.
func (p *parser) statements(s scope) []*ir.Node {
	body := []*ir.Node{}
	for {
		if p.failed { // by what is no token
			p.recover(p.tok)
		}
		p.nextLine()
		if p.failed && !p.stopped {
			continue
		}
		if p.stopped || p.tok.kind == endOfFile || p.is("}") {
			break
		}
		start := p.tok
		if n := p.entry(s); n != nil && !p.failed {
			body = append(body, n)
		}
		if !p.failed && p.tok.kind != lineEnd && p.tok.kind != endOfFile && !p.is("}") {
			p.notEnded()
		}
		if p.failed {
			p.recover(start)
		}
	}
	if len(p.leading) > 0 && len(body) > 0 {
		last := body[len(body)-1]
		last.Doc = joinDoc(last.Doc, p.takeLeading())
	}
	return body
}

// notEnded reports what follows a statement on its line. A name in front of it
// may be a misspelt keyword.
func (p *parser) notEnded() {
	want := "the end of the statement"
	if p.last.kind == word && len(p.last.text) > 2 && !keywords[p.last.text] {
		if s := suggest(p.last.text, statementWords()); s != "" {
			want += "; did you mean " + s + " by " + p.last.text + "?"
		}
	}
	p.found(want)
}

// entry reads a declaration, which gives nil, or a statement.
func (p *parser) entry(s scope) *ir.Node {
	if p.declares() {
		if s == nil || !s.declare(p) {
			p.fail(p.tok.pos(), "found the declaration of %s %s within statements: want it at the top level%s",
				article(p.tok.text), p.tok.text, orFunction(p.tok.text))
		}
		return nil
	}
	return p.statement()
}

func article(s string) string {
	if strings.ContainsRune("aeiou", rune(s[0])) {
		return "an"
	}
	return "a"
}

func orFunction(declaration string) string {
	if declaration == "register" {
		return " of the program or of a function"
	}
	return " of the program"
}

// nextLine passes over line breaks; the comments there belong to what follows.
func (p *parser) nextLine() {
	p.between = true
	for !p.failed && p.tok.kind == lineEnd {
		p.advance()
	}
	p.between = false
}

// statement reads one statement with its hooks.
func (p *parser) statement() *ir.Node {
	pos := p.tok.pos()
	doc := p.openDoc()
	n := &ir.Node{Pos: pos}
	p.tooDeep(p.blocks + 1)
	outer := p.braces
	p.braces = 0
	defer func() { p.braces = outer }()
	if p.is("!") {
		p.annotate(n)
	}
	n = p.action(n)
	if n != nil {
		p.hooks(n)
		n.Doc = joinDoc(n.Doc, doc.close(p))
	} else {
		doc.close(p)
	}
	return n
}

// action reads what a statement does into n, which has its position and
// annotations.
func (p *parser) action(n *ir.Node) *ir.Node {
	stores, stored := p.stores()
	switch {
	case p.failed:
		return nil
	case p.is("else"):
		p.fail(p.tok.pos(), "found else without the block of an if in front of it")
		return nil
	case p.is(hookWord):
		p.fail(p.tok.pos(), "found a hook without a statement in front of it")
		return nil
	case p.tok.kind == word && keywords[p.tok.text]:
		if parse := p.elementParser(); parse != nil {
			p.limit(&p.nodes, ir.MaxNodes, "nodes")
			keyword := p.tok
			parse(n)
			if stored && !p.failed {
				if !ir.SchemaOf(n.Op).Valued {
					p.fail(keyword.pos(), "found a store of %s, which has no value", n.Op)
				}
				n.Attrs = append(n.Attrs, ir.Attr{Name: storeField, Value: stores})
			}
			sortedAttrs(n.Attrs)
			return n
		}
	}
	return p.computation(n, stores, stored)
}
