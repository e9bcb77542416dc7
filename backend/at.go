package backend

import (
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ir/state"
)

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
	if s == m.main && s.todo == ready && s.leaf.kind == kindFused {
		var r state.Run
		if m.captureSource(&r) == nil {
			frames := r.Main.Frames
			return frames[len(frames)-1].At
		}
	}
	if f := s.top(); f.pc < len(f.body) {
		return sourceID(f.body[f.pc])
	}
	return 0
}
