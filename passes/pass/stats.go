package pass

import (
	"fmt"
	"strings"

	"flowc.dev/flowc/ir"
)

// Stats is what a pass says of its run.
type Stats struct {
	Counts []Count
	Notes  []Note
}

// A Count is a named number of rewrites, such as "buffers fused".
type Count struct {
	Name string `json:"name"`
	N    int    `json:"n"`
}

// A Note is a remark on one node, such as why a rewrite did not apply.
type Note struct {
	ID   ir.ID  `json:"id"`
	Pos  ir.Pos `json:"-"`
	Text string `json:"text"`
}

// String returns position and text.
func (n Note) String() string {
	if n.Pos.Known() {
		return n.Pos.String() + ": " + n.Text
	}
	return n.Text
}

// Add adds k to the named count. Counts keep the order of their first use.
func (s *Stats) Add(name string, k int) {
	if k == 0 {
		return
	}
	for i := range s.Counts {
		if s.Counts[i].Name == name {
			s.Counts[i].N += k
			return
		}
	}
	s.Counts = append(s.Counts, Count{name, k})
}

// Note remarks on n.
func (s *Stats) Note(n *ir.Node, format string, args ...any) {
	s.Notes = append(s.Notes, Note{ID: n.ID, Pos: n.Pos, Text: fmt.Sprintf(format, args...)})
}

// String returns the counts on one line.
func (s *Stats) String() string {
	parts := make([]string, len(s.Counts))
	for i, c := range s.Counts {
		parts[i] = fmt.Sprintf("%s: %d", c.Name, c.N)
	}
	return strings.Join(parts, ", ")
}
