package text

import "flowc.dev/flowc/ir"

// Widths of the layout, in columns.
const (
	maxColumns  = 100
	indentStep  = 4
	maxIndent   = 60 // deeper levels are not indented further, so that output stays linear in the program
	manyColumns = 1 << 20
)

// A layout writes boxes.
type layout struct {
	out       []byte
	lineStart int
	line      int // from 0
	// spans, if not nil, gets the places of nodes.
	spans *[]Span
}

// open notes that the text of a node begins here, and returns what close takes.
func (l *layout) open(n *ir.Node, statement bool) int {
	if l.spans == nil || n == nil {
		return -1
	}
	*l.spans = append(*l.spans, Span{Node: n, Statement: statement, Start: len(l.out)})
	return len(*l.spans) - 1
}

// close notes that the text of a node ends here.
func (l *layout) close(span int) {
	if span >= 0 {
		(*l.spans)[span].End = len(l.out)
	}
}

func (l *layout) column() int { return len(l.out) - l.lineStart }

func (l *layout) write(s string) { l.out = append(l.out, s...) }

func (l *layout) newline(indent int) {
	l.out = append(l.out, '\n')
	l.line++
	l.lineStart = len(l.out)
	l.indent(indent)
}

func (l *layout) indent(indent int) {
	for range min(indent, maxIndent) {
		l.out = append(l.out, ' ')
	}
}

// put writes b; tail is the number of columns that must follow on its last
// line.
func (l *layout) put(b *box, indent, tail int) {
	defer l.close(l.open(b.node, false))
	switch fits := l.column()+b.width+tail <= maxColumns; {
	case fits || b.kind == textBox || b.kind == groupBox && b.size() == 0:
		l.putParts(b)
	case b.kind == groupBox && (b.data != nil || b.short()):
		l.putFilled(b, indent)
	case b.kind == groupBox:
		l.write(b.text)
		for i, item := range b.items {
			l.newline(indent + indentStep)
			l.put(item, indent+indentStep, 1)
			if i < len(b.items)-1 {
				l.write(",")
			}
		}
		l.newline(indent)
		l.write(b.shut)
	case b.kind == listBox:
		for i, item := range b.items {
			after := tail
			if i < len(b.items)-1 {
				after = 1
			}
			if i > 0 {
				l.write(",")
				l.breakBefore(item, indent, after)
			}
			l.put(item, indent+indentStep, after)
		}
	case b.kind == infixBox:
		l.put(b.items[0], indent, len(b.text))
		l.write(b.text)
		l.breakBefore(b.items[2], indent, tail)
		l.put(b.items[2], indent+indentStep, tail)
	default:
		for i, part := range b.items {
			after := tail
			if i < len(b.items)-1 {
				after = b.items[i+1].head()
			}
			l.put(part, indent, after)
		}
	}
}

// breakBefore writes a blank, or a line break if that lets b fit a line.
func (l *layout) breakBefore(b *box, indent, tail int) {
	need := min(b.width+tail, b.head())
	if b.width+tail+min(indent+indentStep, maxIndent) <= maxColumns {
		need = b.width + tail
	}
	if l.column()+1+need <= maxColumns {
		l.write(" ")
	} else {
		l.newline(indent + indentStep)
	}
}

// short reports whether the items of a group are many and small enough to share
// lines.
func (b *box) short() bool {
	const shortItem = 24
	for _, item := range b.items {
		if item.kind != textBox || item.width > shortItem {
			return false
		}
	}
	return len(b.items) > 8
}

// putFilled writes the items of a group, as many on a line as fit. Rows of a
// tensor that fit a line get one each.
func (l *layout) putFilled(b *box, indent int) {
	l.write(b.text)
	inner := indent + indentStep
	perRow := b.rowSize(inner)
	l.newline(inner)
	for i := range b.size() {
		s := b.item(i)
		if i > 0 {
			l.write(",")
			if perRow > 0 && i%perRow == 0 || perRow == 0 && l.column()+len(s)+2 > maxColumns {
				l.newline(inner)
			} else {
				l.write(" ")
			}
		}
		if b.data != nil {
			l.write(s)
		} else {
			l.putLine(b.items[i])
		}
	}
	l.newline(indent)
	l.write(b.shut)
}

// rowSize returns the extent of the last axis if all rows of it fit a line
// each, else 0.
func (b *box) rowSize(indent int) int {
	if b.data == nil || b.data.Rank() < 2 || b.data.Size() > maxRowTensor {
		return 0
	}
	extent := b.data.Shape()[b.data.Rank()-1]
	width := 0
	for i := range b.data.Size() {
		if i%extent == 0 {
			width = min(indent, maxIndent)
		}
		if width += len(b.item(i)) + 2; width-1 > maxColumns {
			return 0
		}
	}
	return extent
}

// maxRowTensor bounds the tensors that are written a row a line.
const maxRowTensor = 1 << 16

func (b *box) item(i int) string {
	if b.data != nil {
		return formatElement(b.data.At(i))
	}
	return b.items[i].text
}

// putLine writes b on the current line.
func (l *layout) putLine(b *box) {
	span := l.open(b.node, false)
	l.putParts(b)
	l.close(span)
}

func (l *layout) putParts(b *box) {
	switch b.kind {
	case textBox:
		l.write(b.text)
		return
	case infixBox:
		l.putLine(b.items[0])
		l.write(b.text)
		l.write(" ")
		l.putLine(b.items[2])
		return
	case groupBox:
		l.write(b.text)
	}
	if b.data != nil {
		for i := range b.data.Size() {
			if i > 0 {
				l.write(", ")
			}
			l.write(b.item(i))
		}
	}
	for i, item := range b.items {
		if i > 0 && b.kind != rowBox {
			l.write(", ")
		}
		l.putLine(item)
	}
	l.write(b.shut)
}
