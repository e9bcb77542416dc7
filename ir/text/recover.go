package text

// recover passes over the rest of a statement that has a problem. column is
// where the statement starts: lines that are set in further belong to it while
// a bracket is open. The blocks that follow it on its line are read, for the
// problems in them.
func (p *parser) recover(column int32) {
	if p.stopped {
		return
	}
	open := p.brackets
	p.brackets, p.levels, p.failed = 0, 0, false
	p.at, p.line, p.lineStart = p.tok.start, p.tok.line, p.tok.lineStart
	for !p.stopped {
		p.tok = p.next()
		switch {
		case p.tok.kind == endOfFile:
			return
		case p.tok.kind == lineEnd:
			ahead := p.lookAhead()
			inside := ahead.pos().Column > column && ahead.kind != lineEnd || ahead.pos().Column == column && (ahead.is(")") || ahead.is("]"))
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
