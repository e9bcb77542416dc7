package stepper

import (
	"fmt"
	"strconv"
	"strings"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ir/text"
)

// A listing is the text of a program with the lines of its statements.
type listing struct {
	lines      []string
	ids        []ir.ID // of the statement that begins on each line, or 0
	lineOf     map[ir.ID]int
	statements map[ir.ID]*ir.Node
	within     map[ir.ID]*ir.Node    // the statement around each
	functions  map[ir.ID]string      // that statements are in
	bodies     map[string][]*ir.Node // of functions
}

// margin separates the ID that stands in front of a line while the listing is
// made.
const margin = "\x01"

func newListing(p *ir.Program) (*listing, error) {
	l := &listing{lineOf: map[ir.ID]int{}, statements: map[ir.ID]*ir.Node{}, within: map[ir.ID]*ir.Node{},
		functions: map[ir.ID]string{}, bodies: map[string][]*ir.Node{}}
	marked, err := text.PrintOptions{Mark: func(n *ir.Node) string { return margin + strconv.Itoa(int(n.ID)) }}.Print(p)
	if err != nil {
		return nil, err
	}
	width := 0
	for i, line := range strings.Split(strings.TrimRight(string(marked), "\n"), "\n") {
		id := 0
		if rest, ok := strings.CutPrefix(line, margin); ok {
			number := rest[:len(rest)-len(strings.TrimLeft(rest, "0123456789"))]
			id, _ = strconv.Atoi(number) // digits
			l.lineOf[ir.ID(id)] = i + 1
			line = strings.Repeat(" ", len(margin)+len(number)) + rest[len(number):]
		}
		l.lines = append(l.lines, line)
		l.ids = append(l.ids, ir.ID(id))
		if indent := len(line) - len(strings.TrimLeft(line, " ")); line != "" && (width == 0 || indent < width) {
			width = indent
		}
	}
	for i, line := range l.lines {
		l.lines[i] = line[min(width, len(line)):]
	}
	l.enter(nil, "", p.Body)
	for _, f := range p.Functions {
		l.bodies[f.Name] = f.Body
		l.enter(nil, f.Name, f.Body)
	}
	return l, nil
}

func (l *listing) enter(around *ir.Node, function string, body []*ir.Node) {
	for _, n := range body {
		l.statements[n.ID], l.within[n.ID], l.functions[n.ID] = n, around, function
		for i := range n.Regions {
			l.enter(n, function, n.Regions[i].Body)
		}
	}
}

// describe returns line and text of a statement.
func (l *listing) describe(id ir.ID) string {
	line, ok := l.lineOf[id]
	if !ok {
		return "at the end of a body"
	}
	return fmt.Sprintf("line %d: %s", line, strings.TrimSpace(l.lines[line-1]))
}

// contains reports whether the statement id stands in the statement outer, or is
// it.
func (l *listing) contains(outer, id ir.ID) bool {
	for id != outer {
		around := l.within[id]
		if around == nil {
			return false
		}
		id = around.ID
	}
	return true
}

// calls returns the functions that run within the statement n.
func (l *listing) calls(n *ir.Node) map[string]bool {
	called := map[string]bool{}
	var visit func(*ir.Node)
	visit = func(n *ir.Node) {
		ir.VisitNode(n, func(n *ir.Node) bool {
			name := n.Text("call")
			if body, ok := l.bodies[name]; ok && !called[name] {
				called[name] = true
				for _, statement := range body {
					visit(statement)
				}
			}
			return true
		})
	}
	visit(n)
	return called
}
