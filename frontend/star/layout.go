package star

import "strings"

// Widths of the layout, in columns.
const (
	maxColumns  = 100
	indentStep  = 4
	maxIndent   = 60 // deeper levels are not indented further, so that output stays linear in the program
	manyColumns = 1 << 20
)

// A box is something that is to be printed: text, or items between brackets.
type box struct {
	open, close string // "" for text
	text        string // of text, or a name= in front of brackets
	items       []*box
	width       int // columns on one line, at most manyColumns
	height      int // of brackets within each other
	// precedence is that of the operator of an expression that is text or of
	// anything that needs no parentheses.
	precedence int
	// term says that Starlark evaluates the box to an expression of the
	// program, not to a value of its own.
	term bool
	// closed says that no comma may follow the last item.
	closed bool
	// rows asks for one item a line when the box does not fit one line.
	rows bool
}

func textBox(s string) *box { return &box{text: s, width: len(s), precedence: atomic} }

// bracketBox returns items between brackets.
func bracketBox(open, close string, items ...*box) *box {
	b := &box{open: open, close: close, width: len(open) + len(close), height: 1, precedence: atomic}
	for _, item := range items {
		b.add(item)
	}
	return b
}

func listBox(items ...*box) *box { return bracketBox("[", "]", items...) }

// add appends an item.
func (b *box) add(item *box) {
	b.items = append(b.items, item)
	b.width = min(b.width+item.width+2, manyColumns)
	b.height = max(b.height, item.height+1)
}

// named returns b as the keyword argument or value of a key: x=b, "x": b.
func (b *box) named(prefix string) *box {
	c := *b
	c.text = prefix + c.text
	c.width = min(c.width+len(prefix), manyColumns)
	return &c
}

// infix returns the box of an operator between two boxes. It is never broken
// into lines, except within brackets.
func infix(left *box, operator string, right *box, precedence int) *box {
	return &box{items: []*box{left, textBox(operator), right}, width: min(left.width+right.width+len(operator), manyColumns),
		height: max(left.height, right.height), precedence: precedence, term: true}
}

// A layout writes boxes, each on one line when it fits.
type layout struct {
	out       []byte
	lineStart int
}

func (l *layout) column() int { return len(l.out) - l.lineStart }

func (l *layout) newline(indent int) {
	l.out = append(l.out, '\n')
	l.lineStart = len(l.out)
	l.out = append(l.out, strings.Repeat(" ", min(indent, maxIndent))...)
}

// put writes b; tail is the number of columns that follow on its last line.
func (l *layout) put(b *box, indent, tail int) {
	switch {
	case b.open == "" && b.items == nil:
		l.out = append(l.out, b.text...)
	case l.column()+b.width+tail <= maxColumns || b.open != "" && len(b.items) == 0:
		l.line(b)
	case b.open == "":
		l.out = append(l.out, b.text...)
		l.sequence(b.items, indent, tail)
	default:
		l.brackets(b, indent, tail)
	}
}

// sequence writes parts one after the other; after an operator a line may end,
// since all of a file's expressions stand within brackets.
func (l *layout) sequence(parts []*box, indent, tail int) {
	for i, part := range parts {
		if text := part.text; len(parts) == 3 && i == 1 && strings.HasSuffix(text, " ") && l.column()+len(text)+parts[2].width+tail > maxColumns {
			l.out = append(l.out, strings.TrimSuffix(text, " ")...)
			l.newline(indent + indentStep)
			indent += indentStep
			continue
		}
		l.put(part, indent, tail)
	}
}

// line writes b on the current line.
func (l *layout) line(b *box) {
	l.out = append(l.out, b.text...)
	l.out = append(l.out, b.open...)
	for i, item := range b.items {
		if i > 0 && b.open != "" {
			l.out = append(l.out, ", "...)
		}
		l.line(item)
	}
	l.out = append(l.out, b.close...)
}

// brackets writes items that do not fit on one line.
func (l *layout) brackets(b *box, indent, tail int) {
	l.out = append(l.out, b.text...)
	l.out = append(l.out, b.open...)
	if at := b.hugged(maxColumns - l.column() - len(b.close) - tail); at >= 0 && !b.rows && strings.HasSuffix(b.open, "(") {
		for i, item := range b.items {
			if i > 0 {
				l.out = append(l.out, ", "...)
			}
			if i == at {
				l.put(item, indent, manyColumns)
			} else {
				l.line(item)
			}
		}
		l.out = append(l.out, b.close...)
		return
	}
	inner := indent + indentStep
	short := b.short()
	for i, item := range b.items {
		switch {
		case i == 0 || !short || l.column()+item.width+2 > maxColumns:
			l.newline(inner)
		default:
			l.out = append(l.out, ' ')
		}
		l.put(item, inner, 1)
		if i < len(b.items)-1 || !b.closed {
			l.out = append(l.out, ',')
		}
	}
	l.newline(indent)
	l.out = append(l.out, b.close...)
}

// short reports whether the items are scalars, which share lines.
func (b *box) short() bool {
	for _, item := range b.items {
		if item.open != "" || item.items != nil {
			return false
		}
	}
	return b.open == "["
}

// hugged returns the item whose brackets alone are to be broken into lines,
// because the others fit on the lines of its first and its last bracket, or -1.
func (b *box) hugged(columns int) int {
	at := -1
	for i, item := range b.items {
		if item.open == "[" && len(item.items) > 0 && (at < 0 || item.width > b.items[at].width) {
			at = i
		}
	}
	if at < 0 {
		return -1
	}
	others := 0
	for i, item := range b.items {
		if i != at {
			others += item.width + 2
		}
	}
	if others+len(b.items[at].text)+2 > columns {
		return -1
	}
	return at
}

const hexDigits = "0123456789abcdef"

// quote returns s as a string of Starlark that escapes only what it must.
func quote(s string) string {
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
		case c < 0x20 || c == 0x7f:
			b.WriteString(`\x`)
			b.WriteByte(hexDigits[c>>4])
			b.WriteByte(hexDigits[c&15])
		default:
			b.WriteByte(c)
		}
	}
	b.WriteByte('"')
	return b.String()
}
