package cli

import (
	"fmt"

	"flowc.dev/flowc"
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ir/state"
)

// A standpoint is an element or statement that a half-run program stands at.
type standpoint struct {
	ID    ir.ID  `json:"id"`
	Place string `json:"place"`
	Text  string `json:"text"`
	// Next is what is to be done at a statement, "" for an element around the
	// position.
	Next  string `json:"next,omitempty"`
	Count int64  `json:"count,omitempty"`
	Done  *int64 `json:"done,omitempty"`
	// Depth is the number of elements around.
	Depth int `json:"depth"`
	// HasTurn is false in the strands of a weave that wait for their turn.
	HasTurn bool `json:"has_turn"`

	count string // "3/10"
}

// standpoints returns where a half-run program stands: the elements around each
// position, outermost first, then the statement that is next.
func standpoints(s *flowc.Snapshot) []standpoint {
	l := &lookout{nodes: map[ir.ID]*ir.Node{}}
	ir.Visit(s.Program, func(n *ir.Node) bool {
		l.nodes[n.ID] = n
		return true
	})
	l.strand(&s.Run.Main, 0, true)
	return l.points
}

type lookout struct {
	nodes  map[ir.ID]*ir.Node
	points []standpoint
}

func (l *lookout) strand(s *state.Strand, depth int, hasTurn bool) {
	for i := range s.Frames {
		f := &s.Frames[i]
		if l.nodes[f.Node] != nil {
			l.points = append(l.points, l.element(f, depth, hasTurn))
			depth++
		}
		if f.Weave != nil {
			for j := range f.Weave.Strands {
				l.strand(&f.Weave.Strands[j], depth, hasTurn && j == f.Weave.Current)
			}
			return
		}
	}
	if len(s.Frames) == 0 {
		return
	}
	top := &s.Frames[len(s.Frames)-1]
	at := top.At
	if at == 0 {
		at = top.Node
	}
	if n := l.nodes[at]; n != nil {
		l.points = append(l.points, standpoint{ID: at, Place: n.Pos.String(), Text: headline(n), Next: string(s.Next), Depth: depth, HasTurn: hasTurn})
	}
}

func (l *lookout) element(f *state.Frame, depth int, hasTurn bool) standpoint {
	n := l.nodes[f.Node]
	p := standpoint{ID: f.Node, Place: n.Pos.String(), Text: headline(n), Depth: depth, HasTurn: hasTurn}
	switch n.Op {
	case "repeat", "buffer":
		p.Count, p.Done = f.Count, &f.Done
		p.count = fmt.Sprintf("%d/%d", f.Done, f.Count)
	case "loop", "while", "until":
		p.Done = &f.Done
		p.count = fmt.Sprint(f.Done)
	}
	return p
}

// margin returns what stands in front of the statements that a program stands
// at.
func margin(points []standpoint) map[ir.ID]string {
	marks := map[ir.ID]string{}
	for _, p := range points {
		switch {
		case p.count != "":
			marks[p.ID] = p.count
		case p.Next != "" && p.HasTurn:
			marks[p.ID] = "->"
		case p.Next != "" && marks[p.ID] == "":
			marks[p.ID] = ">"
		}
	}
	return marks
}
