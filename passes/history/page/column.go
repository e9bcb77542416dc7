package page

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf8"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ir/text"
	"flowc.dev/flowc/passes/history"
)

// column adds the program as a column.
func (b *builder) column(name string, stage int, p *ir.Program) error {
	c := column{Name: name, Pass: stage, Size: history.SizeOf(p), Lines: []int{}, Marks: []int{}}
	out, spans, err := text.PrintOptions{}.PrintSpans(p)
	if err != nil {
		return err
	}
	b.nodes.add(p, len(b.Columns), stage)
	carried := carriedBy(p)
	s := &splitter{spans: spans, carried: carried}
	for start := 0; start < len(out); {
		end := len(out)
		if i := bytes.IndexByte(out[start:], '\n'); i >= 0 {
			end = start + i
		}
		if len(c.Lines) == maxLines || b.total == maxTotal {
			b.dropped++
		} else {
			parts, inSource := s.line(out, start, end)
			c.Lines = append(c.Lines, b.line(string(out[start:end]), parts))
			mark := 0
			if inSource {
				mark = 4
			}
			c.Marks = append(c.Marks, mark)
			b.total++
		}
		start = end + 1
	}
	b.Columns = append(b.Columns, c)
	return nil
}

// carriedBy returns the statements that stand in the source regions of optimized
// ones.
func carriedBy(p *ir.Program) map[*ir.Node]bool {
	carried := map[*ir.Node]bool{}
	var body func(list []*ir.Node, inside bool)
	body = func(list []*ir.Node, inside bool) {
		for _, n := range list {
			if inside {
				carried[n] = true
			}
			for i := range n.Regions {
				body(n.Regions[i].Body, inside || n.Regions[i].Field == "source")
			}
		}
	}
	for _, f := range p.Functions {
		body(f.Body, false)
	}
	body(p.Body, false)
	return carried
}

// A splitter cuts spans into lines, in order.
type splitter struct {
	spans   []text.Span
	next    int
	open    []text.Span
	carried map[*ir.Node]bool
}

// A part is what a line has of a span: bytes from its beginning.
type part struct {
	start, end int
	node       *ir.Node
}

// line returns the parts of the spans on a line, outer ones first, without the
// statements around the one that the line belongs to; and whether that one is
// carried by optimized code.
func (s *splitter) line(out []byte, start, end int) (parts []part, inSource bool) {
	first := start
	for first < end && out[first] == ' ' {
		first++
	}
	s.close(first)
	comment := first < end && out[first] == '#'
	for s.next < len(s.spans) && s.spans[s.next].Start <= first {
		s.close(s.spans[s.next].Start)
		s.open = append(s.open, s.spans[s.next])
		s.next++
	}
	s.close(first)
	// The innermost statement that the line begins in, and what is in it.
	from := len(s.open)
	for from > 0 {
		from--
		if s.open[from].Statement {
			inSource = s.carried[s.open[from].Node]
			break
		}
	}
	add := func(span text.Span) {
		if a, z := max(span.Start, first)-start, min(span.End, end)-start; a < z && !comment {
			parts = append(parts, part{a, z, span.Node})
		}
	}
	for _, span := range s.open[from:] {
		add(span)
	}
	for s.next < len(s.spans) && s.spans[s.next].Start < end {
		span := s.spans[s.next]
		s.close(span.Start)
		s.open = append(s.open, span)
		s.next++
		add(span)
	}
	return parts, inSource
}

// close takes away the spans that end before a place.
func (s *splitter) close(at int) {
	for len(s.open) > 0 && s.open[len(s.open)-1].End <= at {
		s.open = s.open[:len(s.open)-1]
	}
}

// line returns the index of a line.
func (b *builder) line(s string, parts []part) int {
	shown, cut := shorten(s)
	if len(parts) > maxSpans {
		parts, cut = parts[:maxSpans], true
	}
	if cut {
		b.clipped++
	}
	offsets := utf16Offsets(shown)
	line := []any{shown}
	var key strings.Builder
	key.WriteString(shown)
	for _, p := range parts {
		a, z := offsets(p.start), offsets(p.end)
		if a >= z {
			continue
		}
		node := b.nodes.number(p.node.ID)
		line = append(line, a, z, node)
		for _, k := range []int{a, z, node} {
			key.WriteByte(0)
			key.WriteString(strconv.Itoa(k))
		}
	}
	k, ok := b.lines[key.String()]
	if !ok {
		k = len(b.Lines)
		b.lines[key.String()] = k
		b.Lines = append(b.Lines, line)
	}
	return k
}

// utf16Offsets returns what counts the UTF-16 units before a byte of s, in
// increasing or decreasing order of the bytes.
func utf16Offsets(s string) func(i int) int {
	plain := true
	for i := range len(s) {
		plain = plain && s[i] < utf8.RuneSelf
	}
	if plain {
		return func(i int) int { return min(i, len(s)) }
	}
	units := make([]int, len(s)+1)
	n := 0
	for i, r := range s {
		size := utf8.RuneLen(r)
		if r == utf8.RuneError {
			_, size = utf8.DecodeRuneInString(s[i:])
		}
		for k := i; k < min(i+size, len(s)); k++ {
			units[k] = n
		}
		if n++; r > 0xffff {
			n++
		}
	}
	units[len(s)] = n
	return func(i int) int { return units[min(i, len(s))] }
}
