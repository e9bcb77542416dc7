package text

import "flowc.dev/flowc/ir"

// element writes the header of an element and its regions.
func (pr *printer) element(f *form, header *box, n *ir.Node, indent int) {
	if pr.oneLine(f, header, n, indent) {
		return
	}
	tail := 2
	if f.main == nil && len(f.regions) == 0 {
		tail = 0
	}
	pr.put(header, indent, tail)
	if f.main != nil {
		pr.mainRegions(f, n, indent)
	}
	if f.hasCases() {
		return
	}
	for _, field := range f.regions {
		if r := n.Region(field.Name); r != nil {
			pr.write(" " + field.Name)
			pr.block(r.Body, indent)
		}
	}
}

// body writes statements.
func (pr *printer) body(body []*ir.Node, indent int) {
	for _, n := range body {
		pr.statement(n, indent)
	}
}

// block writes statements in braces behind what stands on the line.
func (pr *printer) block(body []*ir.Node, indent int) {
	if len(body) == 0 {
		pr.write(" {}")
		return
	}
	if b := pr.leafBox(body); b != nil && pr.column()+b.width+4 <= lineColumns {
		pr.write(" { ")
		pr.putLine(b)
		pr.write(" }")
		return
	}
	pr.write(" {")
	pr.body(body, indent+indentStep)
	pr.startLine(indent)
	pr.write("}")
}

// lineColumns bounds the lines on which a block stands as a whole.
const lineColumns = 80

// leafBox returns the box of a single statement that needs no line of its own:
// a break or continue, else nil.
func (pr *printer) leafBox(body []*ir.Node) *box {
	if pr.apart || len(body) != 1 || body[0] == nil || body[0].Doc != "" || len(body[0].Regions) > 0 {
		return nil
	}
	n := body[0]
	if n.Op != "break" && n.Op != "continue" || !pr.check(n, ir.Statement) {
		return nil
	}
	return row(pr.noteBox(n), plain(n.Op))
}

// noteBox returns the box of the annotation in front of a statement.
func (pr *printer) noteBox(n *ir.Node) *box {
	if note := pr.note(n, pr.IDs, false); note != "" {
		return plain(note + " ")
	}
	return plain("")
}

// oneLine writes an element on one line if it is a buffer of one call that fits
// there.
func (pr *printer) oneLine(f *form, header *box, n *ir.Node, indent int) bool {
	if pr.apart || n.Op != "buffer" || len(n.Body(f.main.Name)) != 1 {
		return false
	}
	child := n.Body(f.main.Name)[0]
	if child == nil || child.Op != "call" || child.Doc != "" || len(child.Regions) > 0 || !pr.check(child, ir.Statement) {
		return false
	}
	b := row(header, plain(" { "), pr.noteBox(child), pr.computation(child), plain(" }"))
	if pr.column()+b.width > lineColumns {
		return false
	}
	pr.putLine(b)
	return true
}

// mainRegions writes the regions in the braces of an element.
func (pr *printer) mainRegions(f *form, n *ir.Node, indent int) {
	if f.main.Kind == ir.RegionField {
		pr.block(n.Body(f.main.Name), indent)
		return
	}
	pr.write(" {")
	inner := indent + indentStep
	count := 0
	for i := range n.Regions {
		r := &n.Regions[i]
		named := f.hasCases() && isRegionOf(f, r.Field)
		if r.Field != f.main.Name && !named {
			continue
		}
		count++
		switch {
		case !f.hasCases():
			pr.startLine(inner)
			pr.write(partWord(n.Op))
		case named:
			pr.docOnly(r.Doc, inner)
			pr.write(r.Field)
		default:
			pr.docOnly(r.Doc, inner)
			pr.write(caseWord + " ")
			pr.put(pr.literal(r.When), inner, 2)
		}
		pr.block(r.Body, inner)
	}
	if count > 0 {
		pr.startLine(indent)
	}
	pr.write("}")
}

func isRegionOf(f *form, name string) bool {
	for _, field := range f.regions {
		if field.Name == name {
			return true
		}
	}
	return false
}

// conditional writes if c { } else { }.
func (pr *printer) conditional(n *ir.Node, indent int) {
	for {
		pr.write("if ")
		pr.put(pr.operand(n.Args[0], 0), indent, 2)
		pr.block(cases(n)[0].Body, indent)
		otherwise := cases(n)[1].Body
		if len(otherwise) == 0 {
			return
		}
		pr.write(" else")
		if !pr.chains(otherwise) {
			pr.block(otherwise, indent)
			return
		}
		pr.write(" ")
		n = otherwise[0]
	}
}

// chains reports whether the statements of an else are printed as else if.
func (pr *printer) chains(body []*ir.Node) bool {
	if pr.apart || len(body) != 1 || body[0] == nil {
		return false
	}
	n := body[0]
	return isConditional(n) && n.Doc == "" && n.Attr(storeField).IsNull() && n.Region(hooksField) == nil &&
		pr.note(n, pr.IDs, false) == "" && pr.check(n, ir.Statement)
}
