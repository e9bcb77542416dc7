package history

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"flowc.dev/flowc/ir"
)

// A Link is a node and how it came to be.
type Link struct {
	ID   ir.ID
	Node *ir.Node // as it was when it was seen last
	// Final says that it is in the final program.
	Final bool
	// Events are what passes did with it, in order. A node of the source program
	// that nothing happened to has none.
	Events []Event
	// Written is what it is in the source program, nil if it is not there.
	Written *ir.Node
	// From are the nodes that it was made from, Part what it is a part of if that
	// is not known.
	From []*Link
	Part *Link
}

// An Event is that a pass made, changed or removed a node.
type Event struct {
	Pass string
	What string // "made", "changed" or "removed"
	// Rewrites are those of the pass that did it, as far as it is known which.
	Rewrites []string
}

// maxLinks bounds the nodes that an answer tells of.
const maxLinks = 200

// Why returns how the node with an ID came to be.
func (h *History) Why(id ir.ID) (*Link, error) {
	w := &why{programs: h.indexed(), links: map[ir.ID]*Link{}}
	if len(w.programs) == 0 {
		return nil, errors.New("no pass has run")
	}
	link := w.link(id)
	if link == nil {
		return nil, fmt.Errorf("no node has the ID %d, in the source or after any pass: flowc -S --ids shows the IDs of statements, flowc --emit=json --ids those of operands too", id)
	}
	return link, nil
}

// indexed returns the source and what each changing pass made.
func (h *History) indexed() []*index {
	for i := range h.Stages {
		if i == 0 && len(h.programs) == 0 {
			h.programs = append(h.programs, newIndex(h.Stages[0].Before, nil))
		}
		if s := &h.Stages[i]; i >= h.seen && s.Changed() {
			x := newIndex(s.After, s)
			x.at = i
			h.programs = append(h.programs, x)
		}
	}
	h.seen = len(h.Stages)
	return h.programs
}

type why struct {
	programs []*index // the source, then what each changing pass made
	links    map[ir.ID]*Link
}

// An index finds the nodes of a program that a stage made.
type index struct {
	stage *Stage // nil for the source
	at    int    // the number of the stage
	nodes map[ir.ID]*ir.Node
	// owner is the statement that a node of the program is in, by ID.
	owner map[ir.ID]ir.ID
	fired map[ir.ID][]string
}

func newIndex(p *ir.Program, s *Stage) *index {
	x := &index{stage: s, nodes: nodesOf(p), owner: map[ir.ID]ir.ID{}, fired: map[ir.ID][]string{}}
	for _, n := range x.nodes {
		ir.Children(nil, n, func(_ *ir.Path, _ *ir.Field, child *ir.Node) { x.owner[child.ID] = n.ID })
	}
	if s != nil {
		for _, f := range s.Fired {
			if names := x.fired[f.Node.ID]; !slices.Contains(names, f.Rewrite) {
				x.fired[f.Node.ID] = append(names, f.Rewrite)
			}
		}
	}
	return x
}

// rewrites returns the rewrites that made or changed n: those that started from
// it, from what it stands for, or else from a statement that it is in.
func (x *index) rewrites(n *ir.Node) []string {
	for depth := 0; n != nil && depth < ir.MaxNesting; depth++ {
		ids := append([]ir.ID{n.ID}, n.Origins...)
		for _, s := range n.Body("source") {
			ids = append(ids, s.ID)
		}
		var names []string
		for _, id := range ids {
			for _, name := range x.fired[id] {
				if !slices.Contains(names, name) {
					names = append(names, name)
				}
			}
		}
		if names != nil {
			return names
		}
		n = x.nodes[x.owner[n.ID]]
	}
	return nil
}

// link returns the link of an ID, nil if no program has it.
func (w *why) link(id ir.ID) *Link {
	if l, ok := w.links[id]; ok {
		return l
	}
	if len(w.links) >= maxLinks {
		return nil
	}
	l := &Link{ID: id, Written: w.programs[0].nodes[id]}
	for i, x := range w.programs {
		n := x.nodes[id]
		switch {
		case n == nil && l.Node != nil && l.Final:
			l.Final = false
			l.Events = append(l.Events, Event{x.stage.Pass.Name, "removed", x.rewrites(l.Node)})
			continue
		case n == nil:
			continue
		case i > 0 && (l.Node == nil || !l.Final):
			l.Events = append(l.Events, Event{x.stage.Pass.Name, "made", x.rewrites(n)})
		case i > 0 && differs(l.Node, n):
			l.Events = append(l.Events, Event{x.stage.Pass.Name, "changed", x.rewrites(n)})
		}
		l.Node, l.Final = n, true
	}
	if l.Node == nil {
		return nil
	}
	w.links[id] = l
	var from []ir.ID
	from = append(from, l.Node.Origins...)
	for _, s := range l.Node.Body("source") {
		if !slices.Contains(from, s.ID) {
			from = append(from, s.ID)
		}
	}
	for _, origin := range from {
		if origin == id {
			continue
		}
		if inner := w.link(origin); inner != nil {
			l.From = append(l.From, inner)
		}
	}
	if len(l.From) == 0 && l.Written == nil {
		l.Part = w.link(w.owner(id))
	}
	return l
}

// owner returns the statement that a node was made in, 0 if it is in none.
func (w *why) owner(id ir.ID) ir.ID {
	for _, x := range w.programs {
		if x.nodes[id] == nil {
			continue
		}
		for owner := x.owner[id]; owner != 0; owner = x.owner[owner] {
			if x.nodes[owner].Op == "graph" || w.programs[0].nodes[owner] != nil {
				return owner
			}
		}
		return x.owner[id]
	}
	return 0
}

// differs reports whether two states of a node differ other than in what is
// below them.
func differs(a, b *ir.Node) bool {
	if a == b {
		return false
	}
	if a.Op != b.Op || len(a.Args) != len(b.Args) || len(a.Kwargs) != len(b.Kwargs) || len(a.Attrs) != len(b.Attrs) || len(a.Regions) != len(b.Regions) {
		return true
	}
	for i := range a.Args {
		if a.Args[i].ID != b.Args[i].ID {
			return true
		}
	}
	for i := range a.Kwargs {
		if a.Kwargs[i].Name != b.Kwargs[i].Name || a.Kwargs[i].Node.ID != b.Kwargs[i].Node.ID {
			return true
		}
	}
	for i := range a.Attrs {
		if a.Attrs[i].Name != b.Attrs[i].Name || !ir.SameValue(a.Attrs[i].Value, b.Attrs[i].Value) {
			return true
		}
	}
	return false
}

// Text returns the chain for people. show returns the text of a node, on a line;
// file names the source.
func (l *Link) Text(file string, show func(*ir.Node) string) string {
	var b strings.Builder
	l.write(&b, file, show, "", map[ir.ID]bool{})
	return b.String()
}

func (l *Link) write(b *strings.Builder, file string, show func(*ir.Node) string, indent string, told map[ir.ID]bool) {
	at := ""
	if l.Node.Pos.Known() {
		at = " at " + place(file, "", l.Node)
	}
	fmt.Fprintf(b, "%snode %d%s: %s\n", indent, l.ID, at, show(l.Node))
	if told[l.ID] {
		if len(l.Events)+len(l.From) > 0 {
			fmt.Fprintf(b, "%s  (see above)\n", indent)
		}
		return
	}
	told[l.ID] = true
	if l.Written != nil {
		fmt.Fprintf(b, "%s  is in the source", indent)
		if len(l.Events) > 0 {
			fmt.Fprintf(b, ": %s", show(l.Written))
		}
		b.WriteByte('\n')
	}
	for _, e := range l.Events {
		fmt.Fprintf(b, "%s  %s %s it", indent, e.Pass, e.What)
		if len(e.Rewrites) > 0 {
			fmt.Fprintf(b, " (%s)", strings.Join(e.Rewrites, ", "))
		}
		if e.What == "made" && len(l.From) > 0 {
			ids := make([]string, len(l.From))
			for i, from := range l.From {
				ids[i] = fmt.Sprint(from.ID)
			}
			fmt.Fprintf(b, " from %s", strings.Join(ids, ", "))
		}
		if e.What == "made" && l.Part != nil {
			fmt.Fprintf(b, " as a part of %d", l.Part.ID)
		}
		b.WriteByte('\n')
	}
	if len(indent) > 2*maxIndent {
		return
	}
	for _, from := range l.From {
		from.write(b, file, show, indent+"    ", told)
	}
	if l.Part != nil {
		l.Part.write(b, file, show, indent+"    ", told)
	}
}

// maxIndent bounds the depth to which nodes that nodes were made from are told.
const maxIndent = 40

// MadeBy returns the rewrites of a stage that made a node of the program after
// it, with commas between them; "" if that is not known.
func (h *History) MadeBy(stage int, n *ir.Node) string {
	for _, x := range h.indexed() {
		if x.stage != nil && x.at == stage {
			return strings.Join(x.rewrites(n), ", ")
		}
	}
	return ""
}
