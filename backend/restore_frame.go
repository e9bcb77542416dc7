package backend

import (
	"fmt"
	"slices"

	"flowc.dev/flowc/ir/state"
)

// restoreFrames rebuilds the frames of a strand, whose frame of the whole body
// is made. Elements that the optimized program does without are passed over,
// and the frames of fused leaves come in between.
func (m *Machine) restoreFrames(s *strand, c *state.Strand) error {
	frames := c.Frames
	if len(frames) == 0 || frames[0].Node != 0 {
		return fmt.Errorf("the snapshot's position does not begin at a body")
	}
	for k := 0; ; {
		if frames[k].At == 0 {
			s.top().pc = len(s.top().body)
			if k != len(frames)-1 {
				return fmt.Errorf("the snapshot's position goes on after the end of a body")
			}
			return nil
		}
		path, reached := resolve(s.top().body, frames, k)
		if path == nil {
			return fmt.Errorf("the snapshot's position is at statement %d, which is not in the program there", frames[k].At)
		}
		k = reached
		if err := s.follow(path, c.Next == state.Leaf && k == len(frames)-1); err != nil {
			return err
		}
		if k++; k == len(frames) {
			return nil
		}
		f := s.top()
		st := f.body[f.pc]
		if st.hooks != nil && sourceID(st) != frames[k].Node {
			if err := s.restoreHook(&frames[k-1], &frames[k]); err != nil {
				return err
			}
			continue
		}
		if sourceID(st) != frames[k].Node {
			return fmt.Errorf("the snapshot's position is in element %d, which the program does not have there", frames[k].Node)
		}
		if err := m.restoreFrame(s, st, frames, k); err != nil {
			return err
		}
	}
}

// follow enters the fused leaves on a path to a statement. One that begins with
// the statement need not be entered if the statement is what is run next.
func (s *strand) follow(path []int, runsNext bool) error {
	for i, index := range path {
		f := s.top()
		f.pc = index
		if i == len(path)-1 || runsNext && startsAll(path[i+1:]) {
			return nil
		}
		if err := s.enterSource(f.body[index]); err != nil {
			return err
		}
	}
	return nil
}

// startsAll reports whether a path leads to the first statement everywhere.
func startsAll(path []int) bool {
	return !slices.ContainsFunc(path, func(index int) bool { return index != 0 })
}

// resolve finds the statement of frames[k], or, where the optimized program
// does without the elements around it, the one of a later frame, and returns
// its path and the frame.
func resolve(body []*stmt, frames []state.Frame, k int) (path []int, reached int) {
	for ; k < len(frames) && frames[k].At != 0; k++ {
		if path := locate(body, frames[k].At); path != nil {
			return path, k
		}
	}
	return nil, k
}

// restoreFrame enters the element st as frames[k] says.
func (m *Machine) restoreFrame(s *strand, st *stmt, frames []state.Frame, k int) error {
	c := &frames[k]
	f := s.push(st, st.body)
	f.count, f.done, f.left = c.Count, c.Done, c.Left
	if c.Stepped {
		f.mark = s.steps - 1
	}
	if c.Done < 0 || c.Count < 0 || (st.kind == kindRepeat || st.kind == kindBuffer) && c.Done >= c.Count {
		return fmt.Errorf("the snapshot's position has iteration %d of %d in %s", c.Done, c.Count, st.node.Op)
	}
	switch st.kind {
	case kindSeq, kindLoop, kindWhile, kindUntil:
	case kindRepeat:
		f.plain = st.isPlain()
	case kindBuffer:
		return m.restoreStack(f, c)
	case kindSwitch:
		f.body = nil
		for _, branch := range append([]branch{{body: st.body}}, st.cases...) {
			if path, _ := resolve(branch.body, frames, k); path != nil {
				f.body = branch.body
			}
		}
		if f.body == nil {
			return fmt.Errorf("the snapshot's position is at statement %d, which is in no branch of the switch", c.At)
		}
	case kindCall:
		window, err := st.call.callee.restore(c.Registers)
		if err != nil {
			return err
		}
		f.regs, f.scope, f.body = window, st.call.callee, st.call.callee.body
	case kindWeave:
		f.body = nil
		return m.restoreWeave(s, f, c)
	default:
		return fmt.Errorf("the snapshot's position is in %s, which is no element to be in", st.node.Op)
	}
	keep(&f.value, c.Value)
	keep(&f.last, c.Last)
	return nil
}

func (m *Machine) restoreStack(f *frame, c *state.Frame) error {
	stack, err := newStack(c.Count, &f.st.scratch)
	if err != nil {
		return err
	}
	if c.Done > 0 {
		if err := stack.restore(c.Stacked, c.Done); err != nil {
			return err
		}
	}
	f.stack = stack
	keep(&f.value, c.Value)
	return nil
}

func (m *Machine) restoreWeave(s *strand, f *frame, c *state.Frame) error {
	w := c.Weave
	if w == nil || len(w.Strands) != len(f.st.strands) || w.Current < 0 || w.Current >= max(1, len(w.Strands)) ||
		w.Started < 0 || w.Started > len(w.Strands) || w.TurnsLeft < 0 {
		return fmt.Errorf("the snapshot's position does not fit the weave with %d strands", len(f.st.strands))
	}
	f.weave = m.newWeave(s, f.st, f)
	f.weave.started, f.weave.current, f.weave.turnsLeft = w.Started, w.Current, w.TurnsLeft
	for i, inner := range f.weave.strands {
		if err := m.restoreStrand(inner, &w.Strands[i]); err != nil {
			return err
		}
		if i < w.Started {
			f.weave.collect(inner)
		}
	}
	if f.weave.done >= f.st.require {
		return fmt.Errorf("the snapshot's position is in a weave whose strands are done")
	}
	current := f.weave.strands[w.Current]
	if w.TurnsLeft > 0 && (current.todo == done || w.Started < len(w.Strands)) {
		return fmt.Errorf("the snapshot's position gives the turn to strand %d, which is done", w.Current)
	}
	if f.st.byStmt && w.TurnsLeft > 0 {
		body := f.st.strands[w.Current]
		current.turn.pc, current.turn.done = len(body), w.TurnDone
		if path := locate(body, w.TurnAt); path != nil {
			current.turn.pc = path[0]
		} else if w.TurnAt != 0 {
			return fmt.Errorf("the snapshot's turn began at statement %d, which is not in strand %d", w.TurnAt, w.Current)
		}
	}
	return nil
}
