package text

import (
	"slices"

	"flowc.dev/flowc/ir"
)

// block reads statements in braces.
func (p *parser) block() []*ir.Node {
	if !p.is("{") {
		p.found("{ and statements")
		return nil
	}
	p.blocks++
	defer func() { p.blocks-- }()
	if p.tooDeep(p.blocks) {
		return nil
	}
	open := p.tok.pos()
	p.advance()
	body := p.statements(nil)
	p.closeBlock(open)
	return body
}

// closeBlock passes over the brace that closes a block.
func (p *parser) closeBlock(open ir.Pos) {
	if p.tok.kind == endOfFile && !p.failed {
		p.fail(open, "found no } for this brace: want one at the end of the block")
	}
	if len(p.leading) > 0 && p.beside != nil { // comments without a statement to stand in front of
		*p.beside = append(*p.beside, p.takeLeading())
	}
	p.expect("}", "}")
}

// mainRegions reads the regions in the braces of an element.
func (p *parser) mainRegions(f *form, n *ir.Node) {
	if f.main.Kind == ir.RegionField {
		n.Regions = append(n.Regions, ir.Region{Field: f.main.Name, Body: p.block()})
		return
	}
	open := p.tok.pos()
	if !p.is("{") {
		p.found("{ and regions")
		return
	}
	p.braces++
	p.advance()
	for p.nextLine(); !p.failed && p.tok.kind != endOfFile && !p.is("}"); p.nextLine() {
		p.limit(&p.parts, maxParts, "strands and cases")
		p.mainRegion(f, n)
	}
	p.closeBlock(open)
	p.braces--
}

// mainRegion reads a case, a default or a strand.
func (p *parser) mainRegion(f *form, n *ir.Node) {
	r := ir.Region{Field: f.main.Name}
	if !f.hasCases() {
		if p.expect(partWord(n.Op), partWord(n.Op)+" and its statements") {
			r.Body = p.block()
		}
		n.Regions = append(n.Regions, r)
		return
	}
	doc := p.openDoc()
	var note ir.Node
	if p.is("!") {
		p.annotate(&note)
	}
	switch {
	case p.accept(caseWord):
		pos := p.tok.pos()
		r.When, _ = p.literal(p.blocks)
		whole := r.When.IsScalar() && !r.When.DType().IsFloat()
		if !p.failed && !whole && r.When.Kind() != ir.Str {
			p.fail(pos, "found the label %s: want a whole number, true, false or a string", ir.FormatShort(r.When))
		}
	case p.namedRegionHere(f, n, &r):
	default:
		p.found("a case")
	}
	r.Body = p.block()
	r.Doc = joinDoc(doc.close(p), note.Doc)
	n.Regions = append(n.Regions, r)
}

// namedRegionHere passes over the name of a region that n does not have yet.
func (p *parser) namedRegionHere(f *form, n *ir.Node, r *ir.Region) bool {
	i := slices.IndexFunc(f.regions, func(field *ir.Field) bool { return p.is(field.Name) })
	if p.failed || i < 0 {
		return false
	}
	r.Field = f.regions[i].Name
	if n.Region(r.Field) != nil {
		p.fail(p.tok.pos(), "found %s twice: want it once", r.Field)
	}
	p.advance()
	return true
}

// namedRegions reads the regions that begin with their names.
func (p *parser) namedRegions(f *form, n *ir.Node) {
	for {
		var r ir.Region
		if !p.namedRegionHere(f, n, &r) {
			return
		}
		r.Body = p.block()
		n.Regions = append(n.Regions, r)
	}
}

// hooks reads the hooks that follow a statement on its line or below.
func (p *parser) hooks(n *ir.Node) {
	region := ir.Region{Field: hooksField}
	found := false
	for p.wordFollows(hookWord) {
		found = true
		if ahead := p.lookAhead(); ahead.is("(") { // none, and yet the field
			p.advance()
			p.advance()
			p.expect(")", "()")
			continue
		}
		pos := p.tok.pos()
		doc := p.openDoc()
		hook := p.node(hookWord, pos)
		p.blocks++
		p.tooDeep(p.blocks)
		if p.advance(); p.is("!") {
			p.annotate(hook)
		}
		p.elementFields(formOf[hookWord], hook)
		p.blocks--
		hook.Doc = joinDoc(doc.close(p), hook.Doc)
		region.Body = append(region.Body, hook)
	}
	if found && !p.failed {
		n.Regions = append(n.Regions, region)
	}
}

// wordFollows moves to the first token behind line breaks if it is the word.
func (p *parser) wordFollows(word string) bool {
	if p.failed {
		return false
	}
	if ahead, _ := p.behindLines(); !ahead.is(word) {
		return false
	}
	p.nextLine()
	return true
}
