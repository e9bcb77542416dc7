package text

import (
	"math"
	"strconv"
	"strings"

	"flowc.dev/flowc/ir"
)

// annotate reads !17 or !(17 from 3, 4 doc "...") into n.
func (p *parser) annotate(n *ir.Node) {
	p.advance()
	if p.failed || p.tok.kind == number {
		p.setID(n)
		return
	}
	if !p.is("(") {
		p.found("an ID, or parts of it in parentheses")
		return
	}
	p.open()
	if p.tok.kind == number {
		p.setID(n)
	}
	if p.accept("from") {
		for ok := true; ok && !p.failed; ok = p.accept(",") {
			p.countItem()
			n.Origins = append(n.Origins, p.id())
		}
	}
	if p.accept("doc") {
		if p.tok.kind != text {
			p.found("a text")
		} else {
			n.Doc = strings.Clone(p.tok.value)
			p.advance()
		}
	}
	p.shut(")", "from, doc")
}

// id reads the ID of a node.
func (p *parser) id() ir.ID {
	if !p.failed && p.tok.kind == number {
		if id, err := strconv.ParseUint(p.tok.text, 10, 32); err == nil && id > 0 {
			p.advance()
			return ir.ID(id)
		}
	}
	p.found("an ID, a whole number from 1 to " + strconv.Itoa(math.MaxUint32))
	return 0
}

// setID reads the ID of n. In a source that another statement stands for, IDs
// may come again.
func (p *parser) setID(n *ir.Node) {
	pos := p.tok.pos()
	id := p.id()
	if p.failed {
		return
	}
	n.ID = id
	p.maxID = max(p.maxID, id)
	if p.derived > 0 {
		return
	}
	if first, again := p.ids[id]; again {
		p.report(pos, "duplicate ID %d: the first one is at %s", id, first)
		return
	}
	p.ids[id] = pos
}

// assignIDs numbers the nodes without ID: above the largest explicit one or, when
// that leaves no room there, in the gaps between them.
func assignIDs(p *ir.Program, largest ir.ID, nodes int) {
	if uint64(largest)+uint64(nodes) <= math.MaxUint32 {
		p.AssignIDs()
		return
	}
	taken := map[ir.ID]bool{}
	ir.Visit(p, func(n *ir.Node) bool {
		taken[n.ID] = true
		return true
	})
	next := ir.ID(1)
	ir.Visit(p, func(n *ir.Node) bool {
		if n.ID == 0 {
			for taken[next] {
				next++
			}
			n.ID = next
			next++
		}
		return true
	})
}
