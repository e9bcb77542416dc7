package text

import (
	"fmt"
	"math"
	"unicode/utf8"

	"flowc.dev/flowc/ir"
)

// More limits on sources: problems that are reported, what is not a node but
// takes memory too, and levels of parentheses and operators.
const (
	maxProblems = 100
	maxItems    = 4 * ir.MaxNodes
	maxParts    = ir.MaxNodes
	maxLevels   = 3*ir.MaxNesting + 100
)

// Parse reads a program in the .flow form. file names the source in messages
// and in the program. The error is an [ir.Problems] that lists what is wrong in
// every statement, in source order, up to a hundred problems; [Caret] shows them
// in the source.
//
// Nodes that have no ID are numbered in source order. Limits: nodes are nested
// up to [ir.MaxNesting] deep and number up to [ir.MaxNodes]; tensors are bounded
// by [ir.CheckShape].
func Parse(src []byte, file string) (*ir.Program, error) {
	p, err := newParser(src, file)
	if err != nil {
		return nil, err
	}
	program := p.program()
	if p.isEmpty(program) {
		p.report(ir.Pos{Line: 1, Column: 1}, "found no program: want statements or declarations; an empty program is the word program")
	}
	if err := p.err(); err != nil {
		return nil, err
	}
	assignIDs(program, p.maxID, p.nodes)
	program.Compact()
	return program, nil
}

// A parser reads a source by recursive descent. Once a statement has a problem,
// every further test of its tokens fails, and reading goes on with the next one.
type parser struct {
	lexer
	tok  token
	last token // the one before tok
	file string

	problems ir.Problems
	failed   bool // the statement that is being read has a problem
	stopped  bool // no more is read
	brackets int  // open ones of an operand, in which line breaks are blank
	braces   int  // open ones around the cases or strands of a statement
	opened   int  // brackets and braces where the problem was met
	levels   int  // of the recursion of operands
	blocks   int  // nesting of statements
	lowest   int  // offset of a lowestMagnitude behind a minus sign

	nodes, items, parts int
	ids                 map[ir.ID]ir.Pos
	maxID               ir.ID
	titled              bool // there has been a program line
	derived             int  // nesting in statements that others stand for

	between bool      // between statements: comments belong to the next one
	leading []string  // these comments
	beside  *[]string // takes the comments within and beside the current thing
}

func newParser(src []byte, file string) (*parser, error) {
	if len(src) > math.MaxInt32 {
		return nil, ir.Problems{{File: file, Message: fmt.Sprintf("the source has %d bytes: want at most %d", len(src), math.MaxInt32)}}
	}
	p := &parser{lexer: newLexer(string(src)), file: file, ids: map[ir.ID]ir.Pos{}}
	if !utf8.Valid(src) {
		p.refuseEncoding()
		return nil, p.problems
	}
	p.comment = p.takeComment
	return p, nil
}

// refuseEncoding reports the first byte that is no UTF-8.
func (p *parser) refuseEncoding() {
	pos := ir.Pos{Line: 1, Column: 1}
	for i := 0; i < len(p.src); {
		c, size := utf8.DecodeRuneInString(p.src[i:])
		if c == utf8.RuneError && size == 1 {
			p.report(pos, "found the byte 0x%02x, which is not UTF-8", p.src[i])
			return
		}
		i += size
		pos.Column += int32(size)
		if c == '\n' {
			pos.Line++
			pos.Column = 1
		}
	}
}

// start reads the first token.
func (p *parser) start() {
	p.between = true
	p.advance()
}

// advance reads the next token.
func (p *parser) advance() {
	if p.failed {
		return
	}
	p.last = p.tok
	p.tok = p.next()
	for p.brackets > 0 && p.tok.kind == lineEnd && p.tok.text == "\n" {
		p.tok = p.next()
	}
	if p.tok.kind == bad {
		p.fail(p.tok.pos(), "%s", p.tok.value)
	}
}

// lookAhead returns the token after the current one, on the same line.
func (p *parser) lookAhead() token {
	ahead := p.lexer
	ahead.comment = nil
	return ahead.next()
}

// is reports whether the current token is the symbol or word s.
func (p *parser) is(s string) bool { return !p.failed && p.tok.is(s) }

// accept passes over the symbol or word s.
func (p *parser) accept(s string) bool {
	if !p.is(s) {
		return false
	}
	p.advance()
	return true
}

// expect passes over the symbol or word s, which must come.
func (p *parser) expect(s, want string) bool {
	if p.accept(s) {
		return true
	}
	p.found(want)
	return false
}

// open passes over an opening bracket and makes line breaks blank.
func (p *parser) open() {
	p.brackets++
	p.advance()
}

// shut passes over the closing bracket of the last open one.
func (p *parser) shut(bracket, want string) bool {
	if !p.is(bracket) {
		p.found(want + " or " + bracket)
		return false
	}
	p.brackets--
	p.advance()
	return true
}

// report adds a problem.
func (p *parser) report(pos ir.Pos, format string, args ...any) {
	if p.stopped {
		return
	}
	p.problems = append(p.problems, ir.Problem{File: p.file, Pos: pos, Message: fmt.Sprintf(format, args...)})
	if len(p.problems) >= maxProblems {
		p.stop()
	}
}

// fail adds a problem that makes the rest of the statement unreadable.
func (p *parser) fail(pos ir.Pos, format string, args ...any) {
	if p.failed {
		return
	}
	p.report(pos, format, args...)
	p.failed, p.opened = true, p.brackets+p.braces
}

// stop ends the reading: nothing is left of the source.
func (p *parser) stop() {
	p.stopped, p.failed = true, true
	p.at = len(p.src)
	p.tok = token{start: p.at, line: p.line, lineStart: p.lineStart}
}

// found fails because the current token is not what was expected.
func (p *parser) found(want string) {
	if p.failed {
		return
	}
	p.fail(p.tok.pos(), "found %s: want %s", p.tok.describe(), want)
}

// err returns the problems in source order.
func (p *parser) err() error {
	err := p.problems.Err()
	if len(p.problems) >= maxProblems {
		last := p.problems[len(p.problems)-1]
		return append(p.problems, ir.Problem{File: p.file, Pos: last.Pos,
			Message: fmt.Sprintf("reading stopped after %d problems", maxProblems)})
	}
	return err
}

// limit counts one thing more and stops the reading beyond a maximum.
func (p *parser) limit(count *int, maximum int, what string) {
	if *count++; *count > maximum && !p.stopped {
		p.report(p.tok.pos(), "the program has more than %d %s", maximum, what)
		p.stop()
	}
}

func (p *parser) countItem() { p.limit(&p.items, maxItems, "names and numbers") }

// tooDeep stops the reading where nodes are nested beyond the limit.
func (p *parser) tooDeep(depth int) bool {
	if depth > ir.MaxNesting && !p.stopped {
		p.report(p.tok.pos(), "statements and operands are nested more than %d deep", ir.MaxNesting)
		p.stop()
	}
	return p.stopped
}
