package text

import "flowc.dev/flowc/ir"

// A box is a piece of text that is to be written, on one line if it fits.
type box struct {
	kind boxKind
	text string // of a text; the opening bracket of a group; the operator of an infix
	shut string // the closing bracket of a group
	// items are the parts of a row, the items of a group, or left and right of
	// an infix.
	items []*box
	// data is set for the elements of a tensor, which are formatted when they
	// are written.
	data  *ir.Tensor
	width int      // columns on one line, at most manyColumns
	node  *ir.Node // that the box is the text of, or nil
}

type boxKind uint8

const (
	textBox  boxKind = iota
	rowBox           // parts one after the other
	groupBox         // bracketed items with commas between them
	listBox          // items with commas between them
	infixBox
)

func plain(s string) *box { return &box{text: s, width: min(len(s), manyColumns)} }

func row(parts ...*box) *box { return sized(&box{kind: rowBox, items: parts}) }

func group(open, shut string, items ...*box) *box {
	return sized(&box{kind: groupBox, text: open, shut: shut, items: items})
}

func list(items ...*box) *box { return sized(&box{kind: listBox, items: items}) }

func infix(left *box, operator string, right *box) *box {
	return sized(&box{kind: infixBox, text: " " + operator, items: []*box{left, plain(" "), right}})
}

// dataGroup is a group of the elements of a tensor.
func dataGroup(open, shut string, t *ir.Tensor) *box {
	b := &box{kind: groupBox, text: open, shut: shut, data: t, width: manyColumns}
	if t.Size() <= maxColumns {
		b.width = len(open) + len(shut) + 2*max(t.Size()-1, 0)
		for i := range t.Size() {
			b.width += len(formatElement(t.At(i)))
		}
	}
	return b
}

func sized(b *box) *box {
	b.width = len(b.text) + len(b.shut)
	for i, item := range b.items {
		if b.width += item.width; i > 0 && (b.kind == groupBox || b.kind == listBox) {
			b.width += 2
		}
	}
	b.width = min(b.width, manyColumns)
	return b
}

// size returns the number of items of a group.
func (b *box) size() int {
	if b.data != nil {
		return b.data.Size()
	}
	return len(b.items)
}

// head returns the columns up to the first place where b can be broken.
func (b *box) head() int {
	switch {
	case b.kind == textBox || b.kind == groupBox && b.size() == 0:
		return b.width
	case b.kind == groupBox:
		return len(b.text)
	case b.kind == infixBox:
		return min(b.items[0].head(), b.items[0].width+len(b.text))
	case len(b.items) == 0:
		return 0
	}
	return b.items[0].head()
}
