package json

import (
	"strings"

	"flowc.dev/flowc/ir"
)

// Widths of the layout, in columns.
const (
	maxColumns  = 100
	indentStep  = 2
	maxIndent   = 60 // deeper levels are not indented further, so that output stays linear in the program
	manyColumns = 1 << 20
)

// A box is a JSON value that is to be printed: text, or a list or object of
// boxes.
type box struct {
	open  byte     // '{', '[', or 0 for text
	text  string   // of a scalar
	keys  []string // of an object, quoted and with their colon
	items []*box
	width int // columns on one line, at most manyColumns
	// rows asks for one member a line when an object does not fit one line.
	rows bool
	// data is set for the elements of a long tensor, which are formatted when
	// they are written.
	data *ir.Tensor
}

func textBox(s string) *box { return &box{text: s, width: len(s)} }

func listBox(items ...*box) *box {
	b := &box{open: '[', items: items, width: 2}
	for _, item := range items {
		b.width = min(b.width+item.width+2, manyColumns)
	}
	return b
}

func dataBox(t *ir.Tensor) *box { return &box{open: '[', data: t, width: manyColumns} }

func objectBox() *box { return &box{open: '{', width: 2} }

// add appends a member to an object.
func (b *box) add(key string, value *box) {
	quoted := quoteJSON(key) + ": "
	b.keys = append(b.keys, quoted)
	b.items = append(b.items, value)
	b.width = min(b.width+len(quoted)+value.width+2, manyColumns)
}

// scalars reports whether a list has no containers in it, so that its items can
// share lines.
func (b *box) scalars() bool {
	for _, item := range b.items {
		if item.open != 0 {
			return false
		}
	}
	return true
}

// flat reports whether b is always written on one line.
func (b *box) flat() bool { return b.open == 0 || len(b.items) == 0 && b.data == nil }

// spreads reports whether b is a list whose items get lines of their own
// rather than a list or object that moves to the next line as a whole.
func (b *box) spreads() bool { return b.open == '[' && !b.flat() && !b.scalars() }

// A layout writes boxes, each on one line when it fits.
type layout struct {
	out       []byte
	lineStart int
}

func (l *layout) column() int { return len(l.out) - l.lineStart }

func (l *layout) newline(indent int) {
	l.out = append(l.out, '\n')
	l.lineStart = len(l.out)
	for range min(indent, maxIndent) {
		l.out = append(l.out, ' ')
	}
}

// put writes b; tail is the number of columns that must follow on its last
// line.
func (l *layout) put(b *box, indent, tail int) {
	switch {
	case b.open == 0:
		l.out = append(l.out, b.text...)
	case l.column()+b.width+tail <= maxColumns:
		l.putLine(b)
	case b.data != nil:
		l.putScalars(b.data.Size(), func(i int) string { return formatElement(b.data.At(i)) }, indent)
	case len(b.items) == 0:
		l.putLine(b)
	case b.open == '[' && b.scalars():
		l.putScalars(len(b.items), func(i int) string { return b.items[i].text }, indent)
	case b.open == '[' || b.rows:
		l.putRows(b, indent)
	default:
		l.putObject(b, indent, tail)
	}
}

// putLine writes b on the current line.
func (l *layout) putLine(b *box) {
	if b.open == 0 {
		l.out = append(l.out, b.text...)
		return
	}
	l.out = append(l.out, b.open)
	for i, item := range b.items {
		if i > 0 {
			l.out = append(l.out, ", "...)
		}
		if b.open == '{' {
			l.out = append(l.out, b.keys[i]...)
		}
		l.putLine(item)
	}
	l.out = append(l.out, b.open+2) // the closing bracket, in ASCII
}

// putRows writes each item or member on lines of its own.
func (l *layout) putRows(b *box, indent int) {
	inner := indent + indentStep
	l.out = append(l.out, b.open)
	for i, item := range b.items {
		if i > 0 {
			l.out = append(l.out, ',')
		}
		l.newline(inner)
		if b.open == '{' {
			l.out = append(l.out, b.keys[i]...)
		}
		l.put(item, inner, 1)
	}
	l.newline(indent)
	l.out = append(l.out, b.open+2)
}

// putScalars writes a list of scalars, as many on a line as fit.
func (l *layout) putScalars(n int, text func(int) string, indent int) {
	inner := indent + indentStep
	l.out = append(l.out, '[')
	l.newline(inner)
	for i := range n {
		s := text(i)
		if i > 0 {
			l.out = append(l.out, ',')
			if l.column()+len(s)+2 > maxColumns {
				l.newline(inner)
			} else {
				l.out = append(l.out, ' ')
			}
		}
		l.out = append(l.out, s...)
	}
	l.newline(indent)
	l.out = append(l.out, ']')
}

// putObject writes an object whose members share lines; the lists in it that
// do not fit are spread out, and the next member follows their end.
func (l *layout) putObject(b *box, indent, tail int) {
	l.out = append(l.out, '{')
	for i, item := range b.items {
		if i > 0 {
			l.out = append(l.out, ',')
			follow := 1
			if i == len(b.items)-1 {
				follow += tail
			}
			rest := len(b.keys[i]) + item.width + follow
			fits := l.column()+1+rest <= maxColumns
			fitsAlone := min(indent, maxIndent)+1+rest <= maxColumns
			if fits || l.column()+len(b.keys[i])+2 <= maxColumns && (item.spreads() || !item.flat() && !fitsAlone) {
				l.out = append(l.out, ' ')
			} else {
				l.newline(indent + 1)
			}
		}
		l.out = append(l.out, b.keys[i]...)
		l.put(item, indent, tail+1)
	}
	l.out = append(l.out, '}')
}

const hexDigits = "0123456789abcdef"

// quoteJSON returns s as a JSON string that escapes only what it must.
func quoteJSON(s string) string {
	var b strings.Builder
	b.Grow(len(s) + 2)
	b.WriteByte('"')
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		case c == '\n':
			b.WriteString(`\n`)
		case c == '\t':
			b.WriteString(`\t`)
		case c == '\r':
			b.WriteString(`\r`)
		case c < 0x20:
			b.WriteString(`\u00`)
			b.WriteByte(hexDigits[c>>4])
			b.WriteByte(hexDigits[c&15])
		default:
			b.WriteByte(c)
		}
	}
	b.WriteByte('"')
	return b.String()
}
