package text

import (
	"strings"

	"flowc.dev/flowc/ir"
)

const storeField = "store"

// computation reads an expression as a statement: a call, or what is stored.
func (p *parser) computation(n *ir.Node, stores ir.Value, stored bool) *ir.Node {
	start := p.tok
	x := p.operand()
	switch {
	case p.failed:
		return nil
	case x.node.Op == "call" || x.node.Op == metavariableOp:
		call := x.node
		call.Pos = n.Pos
		call.Doc = joinDoc(n.Doc, call.Doc)
		if n.ID != 0 {
			call.ID = n.ID
		}
		call.Origins = append(n.Origins, call.Origins...)
		n = call
	case stored:
		p.limit(&p.nodes, ir.MaxNodes, "nodes")
		n.Op = "call"
		n.Attrs = []ir.Attr{{Name: "call", Value: ir.String(identity)}}
		n.Args = []*ir.Node{x.node}
		p.tooDeep(p.blocks + x.height + 1)
	default:
		p.fail(start.pos(), "%s", noStatement(start, p.tok))
		return nil
	}
	if stored {
		n.Attrs = append(n.Attrs, ir.Attr{Name: storeField, Value: stores})
	}
	return n
}

// identity is the op that a plain store calls.
const identity = "identity"

// noStatement says that an operand stands where a statement is wanted.
func noStatement(start, next token) string {
	message := "found an operand: want a statement, such as a call or x = ...;"
	if start.kind != word || keywords[start.text] {
		return strings.TrimSuffix(message, ";")
	}
	if s := suggest(start.text, statementWords()); s != "" {
		return "unknown statement " + shorten(start.text) + ": did you mean " + s + "?"
	}
	return "found " + shorten(start.text) + ", then " + next.describe() + ": want a statement, such as a call or " + shorten(start.text) + " = ..."
}

// stores reads the registers in front of an equals sign.
func (p *parser) stores() (ir.Value, bool) {
	if p.failed || !storesFrom(p.lexer, p.tok) {
		return ir.Value{}, false
	}
	names := []string{}
	if p.accept("(") {
		p.expect(")", ")")
	} else {
		for ok := true; ok && !p.failed; ok = p.accept(",") {
			p.skipLines()
			p.countItem()
			names = append(names, p.name("the name of a register"))
		}
	}
	p.expect("=", "= and what to store")
	p.continueLine()
	return ir.Strings(names...), true
}

// storesFrom reports whether names and an equals sign come, from the token t
// on.
func storesFrom(ahead lexer, t token) bool {
	ahead.comment = nil
	if t.is("(") {
		t = ahead.next()
		if !t.is(")") {
			return false
		}
		t = ahead.next()
		return t.is("=")
	}
	for {
		switch {
		case t.is("%"):
			t = ahead.next()
			if t.kind != word && t.kind != number {
				return false
			}
		case t.kind == quoted || t.kind == word && !keywords[t.text]:
		default:
			return false
		}
		for t = ahead.next(); t.is("."); t = ahead.next() {
			t = ahead.next()
		}
		if !t.is(",") {
			return t.is("=")
		}
		for t = ahead.next(); t.kind == lineEnd && t.text == "\n"; {
			t = ahead.next()
		}
	}
}
