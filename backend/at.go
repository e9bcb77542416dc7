package backend

import "flowc.dev/flowc/ir"

// At returns the source statement that the machine stands at: the one that the
// next step runs, or that could not be settled on. It is 0 at the end of a body
// and of the program. Before an optimized statement it is the one at which the
// source program would stand; in a weave, the statement of the strand that has
// the turn.
func (m *Machine) At() ir.ID {
	s := m.unsettled
	if s == nil {
		s = m.active
	}
	if s == nil || len(s.frames) == 0 {
		return 0
	}
	at := ir.ID(0)
	where := func() {
		if f := s.top(); f.pc < len(f.body) {
			at = sourceID(f.body[f.pc])
		}
	}
	if s.todo == ready && s.leaf.kind == kindFused {
		m.inSource([]*strand{s}, where)
	} else {
		where()
	}
	return at
}
