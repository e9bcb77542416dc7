package page

import (
	"slices"
	"strconv"
	"strings"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/passes/history"
)

// Nodes are tables by the number of a node.
type nodes struct {
	ID []ir.ID `json:"id"`
	// What is the element, with what it calls, among Words; Line and Char are
	// where it comes from, 0 if that is not known.
	What []int   `json:"what"`
	Line []int32 `json:"line"`
	Char []int32 `json:"char"`
	// Column is the first in which it is, Made says which rewrites made it, among
	// Words.
	Column []int    `json:"column"`
	Made   []int    `json:"made"`
	Words  []string `json:"words"`
	// Set is the number of the set of source nodes that it stands for.
	Set []int `json:"set"`
	// Sets are these sets, of IDs.
	Sets [][]ir.ID `json:"sets"`
}

// A nodeTable numbers the nodes that are shown and knows where all come from.
type nodeTable struct {
	history *history.History
	seen    map[ir.ID]*known
	numbers map[ir.ID]int
	order   []ir.ID
}

// known is what is known of a node.
type known struct {
	node          *ir.Node // where it was first
	column, stage int
	origins       []ir.ID
	owner         ir.ID // what it is in
	roots         []ir.ID
	rooted        bool
}

func newNodeTable(h *history.History) *nodeTable {
	return &nodeTable{history: h, seen: map[ir.ID]*known{}, numbers: map[ir.ID]int{}}
}

// number returns the number of a node that is shown.
func (t *nodeTable) number(id ir.ID) int {
	n, ok := t.numbers[id]
	if !ok {
		n = len(t.order)
		t.numbers[id] = n
		t.order = append(t.order, id)
	}
	return n
}

// add takes notice of the nodes of the program in a column.
func (t *nodeTable) add(p *ir.Program, column, stage int) {
	ir.Walk(p, func(_ *ir.Path, n *ir.Node) bool {
		k := t.seen[n.ID]
		if k == nil {
			k = &known{node: n, column: column, stage: stage}
			t.seen[n.ID] = k
		}
		if k.origins == nil && k.column > 0 {
			k.origins = n.Origins
		}
		ir.Children(nil, n, func(_ *ir.Path, _ *ir.Field, child *ir.Node) {
			if t.seen[child.ID] == nil {
				t.seen[child.ID] = &known{node: child, column: column, stage: stage, owner: n.ID}
			}
		})
		return true
	})
}

// roots returns the IDs of the source nodes that a node stands for: its origins,
// theirs, or what those are of what it is a part of.
func (t *nodeTable) roots(id ir.ID, depth int) []ir.ID {
	k := t.seen[id]
	switch {
	case k == nil || depth > ir.MaxNesting:
		return nil
	case k.rooted:
		return k.roots
	case k.column == 0:
		k.roots = []ir.ID{id}
	case len(k.origins) > 0:
		k.rooted = true // origins that go in circles have none
		for _, origin := range k.origins {
			k.roots = append(k.roots, t.roots(origin, depth+1)...)
		}
	default:
		k.rooted = true
		k.roots = t.roots(k.owner, depth+1)
	}
	k.rooted = true
	k.roots = slices.Clone(k.roots)
	slices.Sort(k.roots)
	k.roots = slices.Compact(k.roots)
	return k.roots
}

// nodes returns the tables.
func (t *nodeTable) nodes() nodes {
	n := nodes{ID: []ir.ID{}, What: []int{}, Line: []int32{}, Char: []int32{}, Column: []int{}, Made: []int{}, Words: []string{}, Set: []int{}, Sets: [][]ir.ID{}}
	sets, words := map[string]int{}, map[string]int{}
	word := func(s string) int {
		w, ok := words[s]
		if !ok {
			w = len(n.Words)
			words[s] = w
			n.Words = append(n.Words, s)
		}
		return w
	}
	for _, id := range t.order {
		k := t.seen[id]
		n.ID = append(n.ID, id)
		n.What = append(n.What, word(what(k.node)))
		n.Line = append(n.Line, k.node.Pos.Line)
		n.Char = append(n.Char, k.node.Pos.Column)
		n.Column = append(n.Column, k.column)
		made := ""
		if k.stage >= 0 {
			made = t.history.MadeBy(k.stage, k.node)
		}
		n.Made = append(n.Made, word(made))
		roots := t.roots(id, 0)
		var key strings.Builder
		for _, root := range roots {
			key.WriteString(strconv.FormatUint(uint64(root), 36))
			key.WriteByte(' ')
		}
		set, ok := sets[key.String()]
		if !ok {
			set = len(n.Sets)
			sets[key.String()] = set
			n.Sets = append(n.Sets, append([]ir.ID{}, roots...))
		}
		n.Set = append(n.Set, set)
	}
	return n
}

// what names an element for the status line.
func what(n *ir.Node) string {
	s := n.Op
	for _, name := range []string{"call", "grad", "next_n", "reg"} {
		if text := n.Text(name); text != "" {
			s = name + " " + text
		}
	}
	s, _ = shorten(s)
	return s
}
