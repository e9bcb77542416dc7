package text

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"flowc.dev/flowc/ir"
)

// PrintOptions says what the text of a program contains besides its meaning.
type PrintOptions struct {
	// IDs adds the IDs of statements and hooks, and for compiler-made ones those
	// of the nodes they stand for.
	IDs bool
	// AllIDs adds those of operands too. Parsing the text then gives the same
	// IDs.
	AllIDs bool
	// Mark returns what stands in the margin in front of a statement or hook,
	// "" for most. With Mark, every statement has lines of its own. The margin
	// is no part of the form: Parse refuses it.
	Mark func(n *ir.Node) string
	// Pattern prints metavariables and names that begin with $ as
	// [ParsePattern] reads them.
	Pattern bool
}

// Print returns the canonical text of p. Parsing it gives a program with the
// same digest and docs. The error names a part of p that has no text.
func Print(p *ir.Program) ([]byte, error) { return PrintOptions{}.Print(p) }

// Print returns the canonical text of p with what o asks for.
func (o PrintOptions) Print(p *ir.Program) ([]byte, error) {
	out, _, err := o.print(p, o.Mark != nil)
	return out, err
}

// PrintLines returns the text of p with every statement on lines of its own,
// and for each statement and hook the number of the line on which it begins,
// counted from 1, comments not included.
func (o PrintOptions) PrintLines(p *ir.Program) ([]byte, map[*ir.Node]int, error) {
	return o.print(p, true)
}

// A Span is where a node stands in a text: the bytes from Start up to End,
// without its doc and its ID.
type Span struct {
	Node *ir.Node
	// Statement says that it is a statement or hook, not an operand.
	Statement  bool
	Start, End int
}

// PrintSpans returns the text of p with every statement on lines of its own, and
// the places of its statements, hooks and operands in the order of their
// beginnings, outer ones first. Mark has no effect.
func (o PrintOptions) PrintSpans(p *ir.Program) ([]byte, []Span, error) {
	o.Mark = nil
	pr := o.printer(true)
	var spans []Span
	pr.spans = &spans
	pr.program(p)
	out, err := pr.finish()
	return out, spans, err
}

func (o PrintOptions) print(p *ir.Program, apart bool) ([]byte, map[*ir.Node]int, error) {
	pr := o.printer(apart)
	pr.program(p)
	out, err := pr.finish()
	return out, pr.lines, err
}

// PrintNode returns the text of a statement or an expression, with a line break
// at its end.
func (o PrintOptions) PrintNode(n *ir.Node) ([]byte, error) {
	pr := o.printer(o.Mark != nil)
	switch s := schemaOf(n); {
	case s != nil && s.Class == ir.HookClause:
		pr.hook(n, 0)
	case n != nil && n.Op == metavariableOp, s != nil && s.Class&ir.Statement != 0:
		pr.statement(n, 0)
	default:
		pr.put(pr.operand(n, 0), 0, 0)
	}
	pr.endLine()
	return pr.finish()
}

func schemaOf(n *ir.Node) *ir.Schema {
	if n == nil {
		return nil
	}
	return ir.SchemaOf(n.Op)
}

// A printer writes programs and keeps the first error.
type printer struct {
	PrintOptions
	layout
	apart bool
	lines map[*ir.Node]int
	marks map[int]string // by line, from 0
	err   error
}

func (o PrintOptions) printer(apart bool) *printer {
	o.IDs = o.IDs || o.AllIDs
	pr := &printer{PrintOptions: o, apart: apart}
	if apart {
		pr.lines, pr.marks = map[*ir.Node]int{}, map[int]string{}
	}
	return pr
}

func (pr *printer) finish() ([]byte, error) {
	if pr.err != nil {
		return nil, pr.err
	}
	return pr.margin(), nil
}

func (pr *printer) fail(format string, args ...any) {
	if pr.err == nil {
		pr.err = fmt.Errorf("printing .flow: "+format, args...)
	}
}

// begins notes the line on which a statement begins.
func (pr *printer) begins(n *ir.Node) {
	if !pr.apart {
		return
	}
	pr.lines[n] = pr.line + 1
	if pr.Mark != nil {
		if mark := pr.Mark(n); mark != "" {
			pr.marks[pr.line] = mark
		}
	}
}

// margin returns the text with the marks in front of the lines.
func (pr *printer) margin() []byte {
	if len(pr.marks) == 0 {
		return pr.out
	}
	width := 0
	for _, mark := range pr.marks {
		width = max(width, utf8.RuneCountInString(mark))
	}
	var b strings.Builder
	for i, line := range strings.SplitAfter(string(pr.out), "\n") {
		if line == "" {
			continue
		}
		if mark := pr.marks[i]; mark != "" || line != "\n" {
			b.WriteString(mark + strings.Repeat(" ", width+1-utf8.RuneCountInString(mark)))
		}
		b.WriteString(line)
	}
	return []byte(b.String())
}

// endLine ends the line that has been begun.
func (pr *printer) endLine() {
	if pr.column() > 0 {
		pr.newline(0)
	}
}

// startLine begins a line at an indentation.
func (pr *printer) startLine(indent int) {
	pr.endLine()
	pr.indent(indent)
}

// doc writes a doc as comments, each a line of its own, and begins the line
// after them. It returns the annotation for a doc that comments cannot say.
func (pr *printer) doc(doc string, indent int) string {
	if strings.ContainsAny(doc, "\r\x00") || !utf8.ValidString(doc) {
		pr.startLine(indent)
		return "doc " + strconv.Quote(doc)
	}
	if doc != "" {
		for _, line := range strings.Split(doc, "\n") {
			pr.startLine(indent)
			pr.write("#")
			if line != "" {
				pr.write(" " + line)
			}
		}
	}
	pr.startLine(indent)
	return ""
}

// docAndIDs writes the doc of a node and its annotation in front of it.
func (pr *printer) docAndIDs(n *ir.Node, indent int) {
	commented := pr.doc(n.Doc, indent) == ""
	if note := pr.note(n, pr.IDs, !commented); note != "" {
		pr.write(note + " ")
	}
}

// docOnly does the same for what has no ID.
func (pr *printer) docOnly(doc string, indent int) {
	if note := pr.doc(doc, indent); note != "" {
		pr.write("!(" + note + ") ")
	}
}
