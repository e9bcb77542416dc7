package text

import "strings"

// recover passes over the rest of a statement that has a problem. start is its
// first token: lines that are set in further belong to it while a bracket is
// open, and a line that is not ends it. Blocks that follow the problem on its
// line are read, for the problems in them.
func (p *parser) recover(start token) {
	if p.stopped {
		return
	}
	column, open := start.pos().Column, p.opened
	p.brackets, p.failed = 0, false
	p.at, p.line, p.lineStart = p.tok.start, p.tok.line, p.tok.lineStart
	if p.tok.line > start.line && p.tok.pos().Column <= column && p.startsLine() {
		p.tok = p.next()
		return
	}
	for !p.stopped {
		p.tok = p.next()
		switch {
		case p.tok.kind == endOfFile:
			return
		case p.tok.kind == lineEnd:
			ahead := p.lookAhead()
			inside := ahead.kind != lineEnd && ahead.pos().Column > column || ahead.pos().Column == column && closes(&ahead)
			if open <= 0 || !inside || p.tok.text == ";" {
				return
			}
		case p.tok.is("(") || p.tok.is("["):
			open++
		case p.tok.is(")") || p.tok.is("]"):
			open--
		case p.tok.is("{"):
			if ahead := p.lookAhead(); ahead.kind == lineEnd && open <= 0 {
				p.skipBlock()
			} else {
				open++
			}
		case p.tok.is("}"):
			if open <= 0 {
				return
			}
			open--
		}
	}
}

func closes(t *token) bool { return t.is(")") || t.is("]") || t.is("}") }

// startsLine reports whether the current token may begin a statement: it is the
// first one of its line, and no closing bracket.
func (p *parser) startsLine() bool {
	return strings.TrimLeft(p.src[p.tok.lineStart:p.tok.start], " \t") == "" && p.tok.kind != lineEnd && p.tok.kind != bad && !closes(&p.tok)
}

// skipBlock reads a block for the problems in it. The last token of it is the
// current one afterwards.
func (p *parser) skipBlock() {
	p.blocks++
	defer func() { p.blocks-- }()
	if p.tooDeep(p.blocks) {
		return
	}
	p.advance()
	p.statements(nil)
	p.failed = false
}
