package history

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"flowc.dev/flowc/ir"
)

// A Remark is all that passes said of one place: why they left it as it is.
type Remark struct {
	// Statement is the first source statement that it is about, nil for the
	// program as a whole. Function is the name of the function that it is in, ""
	// for the program's own statements.
	Statement *ir.Node
	Function  string
	Notes     []Note
}

// A Note is what one pass said.
type Note struct {
	Pass, Text string
}

// Explain returns the remarks of the passes in the order of the places.
func (h *History) Explain() []Remark {
	if len(h.Stages) == 0 {
		return nil
	}
	source := nodesOf(h.Source())
	owners := map[ir.ID]*ir.Node{} // statements, by what is in them
	order := map[*ir.Node]int{}
	functions := map[*ir.Node]string{}
	statements(h.Source(), func(function string, s *ir.Node) {
		order[s], functions[s] = len(order), function
		owners[s.ID] = s
		ir.Children(nil, s, func(_ *ir.Path, f *ir.Field, child *ir.Node) {
			if f.HoldsOperands() {
				ir.WalkNode(nil, child, func(_ *ir.Path, n *ir.Node) bool { owners[n.ID] = s; return true })
			}
		})
	})
	made := map[ir.ID]*ir.Node{}
	byStatement := map[*ir.Node]*Remark{}
	var remarks []*Remark
	var last *ir.Program
	for i := range h.Stages {
		s := &h.Stages[i]
		if len(s.Notes) > 0 && s.Before != last {
			last = s.Before
			maps.Copy(made, nodesOf(last))
		}
		for _, note := range s.Notes {
			statement := owners[origin(note.ID, source, made)]
			r := byStatement[statement]
			if r == nil {
				r = &Remark{Statement: statement, Function: functions[statement]}
				byStatement[statement] = r
				remarks = append(remarks, r)
			}
			n := Note{s.Pass.Name, note.Text}
			if !slices.Contains(r.Notes, n) {
				r.Notes = append(r.Notes, n)
			}
		}
	}
	slices.SortStableFunc(remarks, func(a, b *Remark) int { return cmp.Compare(order[a.Statement], order[b.Statement]) })
	result := make([]Remark, len(remarks))
	for i, r := range remarks {
		result[i] = *r
	}
	return result
}

// origin returns the first node of the source that a node stands for, or itself.
func origin(id ir.ID, source, made map[ir.ID]*ir.Node) ir.ID {
	for range ir.MaxNesting {
		n := made[id]
		if source[id] != nil || n == nil || len(n.Origins) == 0 {
			break
		}
		id = n.Origins[0]
	}
	return id
}

// statements visits the statements and hooks of p in the order of the text, with
// the names of the functions that they are in.
func statements(p *ir.Program, visit func(function string, n *ir.Node)) {
	var body func(function string, list []*ir.Node)
	body = func(function string, list []*ir.Node) {
		for _, n := range list {
			visit(function, n)
			for i := range n.Regions {
				body(function, n.Regions[i].Body)
			}
		}
	}
	for _, f := range p.Functions {
		body(f.Name, f.Body)
	}
	body("", p.Body)
}

// Text returns a remark for people. show returns the text of a statement on a
// line; file names the source.
func (r *Remark) Text(file string, show func(*ir.Node) string) string {
	var b strings.Builder
	if s := r.Statement; s != nil {
		fmt.Fprintf(&b, "%s: %s\n", place(file, r.Function, s), show(s))
	} else {
		b.WriteString("the program\n")
	}
	width := 0
	for _, n := range r.Notes {
		width = max(width, len(n.Pass))
	}
	for _, n := range r.Notes {
		fmt.Fprintf(&b, "  %-*s  %s\n", width, n.Pass, n.Text)
	}
	return b.String()
}

// place says where a node is. Functions that a program imports have no lines.
func place(file, function string, n *ir.Node) string {
	switch {
	case n.Pos.Known() && file != "":
		return file + ":" + n.Pos.String()
	case n.Pos.Known():
		return n.Pos.String()
	case function != "":
		return "in function " + function
	}
	return "-"
}
