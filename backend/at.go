package backend

import "flowc.dev/flowc/ir"

// At returns the source statement that the machine stands at: the one that the
// next step runs, or that could not be settled on. It is 0 at the end of a body
// and of the program. Of an optimized statement it is the first that it stands
// for; of a weave, the statement of the strand that has the turn.
func (m *Machine) At() ir.ID {
	s := m.unsettled
	if s == nil {
		s = m.active
	}
	if s == nil || len(s.frames) == 0 {
		return 0
	}
	if f := s.top(); f.pc < len(f.body) {
		return sourceID(f.body[f.pc])
	}
	return 0
}
