package backend

import "flowc.dev/flowc/ir"

// newWeave makes the strands of a weave; they start one by one.
func (m *Machine) newWeave(s *strand, st *stmt, f *frame) *weave {
	w := &weave{
		strands: make([]*strand, len(st.strands)),
		values:  make([]ir.Value, len(st.strands)),
	}
	for i, body := range st.strands {
		inner := &strand{parent: s, index: i, todo: enter}
		inner.frames = append(make([]frame, 0, 8), frame{body: body, regs: f.regs, scope: f.scope})
		w.strands[i] = inner
	}
	return w
}

// startStrands settles the strands in order, up to the one that makes enough of
// them done.
func (m *Machine) startStrands(s *strand, f *frame) error {
	w := f.weave
	for w.started < len(w.strands) && w.done < f.st.require {
		inner := w.strands[w.started]
		if err := m.settle(inner); err != nil {
			return err
		}
		w.started++
		w.collect(inner)
	}
	if w.done >= f.st.require {
		m.endWeave(s, f)
		return nil
	}
	s.todo = weaving
	w.current = len(w.strands) - 1
	w.next(f.st)
	return nil
}

// collect takes the value of a strand that is done.
func (w *weave) collect(s *strand) {
	if s.todo == done {
		w.done++
		w.values[s.index] = s.value
	}
}

// next gives the turn to the next strand that is not done.
func (w *weave) next(st *stmt) {
	for {
		w.current = (w.current + 1) % len(w.strands)
		if s := w.strands[w.current]; s.todo != done {
			w.turnsLeft = 1
			if st.weights != nil {
				w.turnsLeft = st.weights[w.current]
			}
			s.beginTurn()
			return
		}
	}
}

func (s *strand) beginTurn() {
	s.turn.pc, s.turn.done = s.frames[0].pc, 0
	if len(s.frames) > 1 {
		s.turn.done = s.frames[1].done
	}
}

// turnOver reports whether the step that was just done ended the strand's turn.
func (s *strand) turnOver(st *stmt) bool {
	if !st.byStmt || s.todo == done || s.frames[0].pc != s.turn.pc {
		return true
	}
	return len(s.frames) > 1 && s.frames[1].st.kind.isLoop() && s.frames[1].done != s.turn.done
}

// rotate accounts for a step that strand s has done and settled: it ends turns
// and weaves around it and determines the machine's next strand.
func (m *Machine) rotate(s *strand) error {
	for s.parent != nil {
		parent := s.parent
		f := parent.top()
		w := f.weave
		w.collect(s)
		switch {
		case w.done >= f.st.require:
			m.endWeave(parent, f)
			if err := m.settle(parent); err != nil {
				return err
			}
		case s.todo == done:
			w.next(f.st)
		case s.turnOver(f.st):
			if w.turnsLeft--; w.turnsLeft == 0 {
				w.next(f.st)
			} else {
				s.beginTurn()
			}
		}
		s = parent
	}
	m.active = m.descend(s)
	return nil
}

// descend returns the strand that has the turn within s.
func (m *Machine) descend(s *strand) *strand {
	for s.todo == weaving {
		w := s.top().weave
		s = w.strands[w.current]
	}
	return s
}

// endWeave ends the weave of the top frame of s: strands that are not done are
// cancelled, in order.
func (m *Machine) endWeave(s *strand, f *frame) {
	w := f.weave
	for _, inner := range w.strands {
		if inner.todo != done {
			inner.cancel()
		}
	}
	if f.st.want || len(f.st.stores) > 0 {
		s.value = ir.ListOf(w.values...)
		s.value.Retain()
	}
	f.weave = nil
	s.todo = leave
}
