package backend

import (
	"fmt"
	"slices"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ir/state"
)

// Snapshot returns the half-run program: the source program and the state that
// the machine is in. It takes time proportional to the number of registers and
// to the objects' states, not to the size of tensors: those are shared, and
// copied by whoever changes them next. The machine goes on as if nothing had
// been asked.
func (m *Machine) Snapshot() (s *state.Snapshot, err error) {
	defer m.recover(&err)
	s = &state.Snapshot{Program: m.source(), Family: m.family(), Seed: m.cfg.Seed, Edits: slices.Clone(m.edits)}
	s.Run.Steps = m.steps
	s.Run.Objects = map[string]ir.Value{}
	for _, o := range m.objects {
		v := o.object.State()
		v.Freeze()
		s.Run.Objects[o.name] = v
	}
	if leaf := m.main.leaf; m.main.todo == ready && leaf.kind == kindFused {
		err = m.captureSource(&s.Run)
	} else {
		err = m.capture(&s.Run)
	}
	return s, err
}

func (m *Machine) source() *ir.Program {
	if m.cfg.Source != nil {
		return m.cfg.Source
	}
	return m.program
}

func (m *Machine) family() string {
	if m.cfg.Graphs != nil {
		return m.cfg.Graphs.Family()
	}
	return "step"
}

func (m *Machine) capture(r *state.Run) (err error) {
	if m.tree == nil {
		m.tree = newSourceTree(m.source())
	}
	r.Registers = m.code.capture(m.regs)
	r.Firings = m.captureFirings()
	r.Main, err = m.captureStrand(m.main, 0)
	m.captureChildren(r)
	return err
}

// captureSource captures a machine that stands before a fused leaf. The source
// program would have entered what the leaf stands for: the machine does so for
// the time of the capture.
func (m *Machine) captureSource(r *state.Run) error {
	s := m.main
	leaf, pending, hooked, active, depth := s.leaf, s.pending, s.hooked, m.active, len(s.frames)
	regs := s.top().regs
	saved := slices.Clone(regs)
	for _, v := range saved {
		v.Retain()
	}
	for s.todo == ready && s.leaf.kind == kindFused {
		if m.runSource(s, s.leaf) != nil {
			// The source fails where it is entered, which is for the resumed run
			// to find.
			s.todo = enter
		}
	}
	err := m.capture(r)
	for len(s.frames) > depth {
		s.drop()
	}
	for i, v := range saved {
		regs[i].Release()
		regs[i] = v
	}
	s.leaf, s.todo, s.pending, s.hooked, m.active = leaf, ready, pending, hooked, active
	return err
}

// capture returns the registers that are set, frozen.
func (c *scopeCode) capture(window []ir.Value) map[string]ir.Value {
	registers := map[string]ir.Value{}
	for name, slot := range c.slots {
		if v := window[slot]; !v.IsUnset() && !ir.IsLocal(name) {
			v.Freeze()
			registers[name] = v
		}
	}
	return registers
}

// nexts are the names of what strands do next. The other todos pass within a
// settling.
var nexts = map[todo]state.Next{
	ready: state.Leaf, polling: state.Poll, tick: state.Tick, weaving: state.Turns, done: state.Done,
	enter: state.Enter, finish: state.Finish, endBody: state.End, endTicked: state.Ended, again: state.Again, starting: state.Start,
}

// captureStrand returns the position of a strand, whose body belongs to the
// element outer.
func (m *Machine) captureStrand(s *strand, outer ir.ID) (state.Strand, error) {
	next, ok := nexts[s.todo]
	if !ok {
		return state.Strand{}, fmt.Errorf("bug: a strand stops at %d", s.todo)
	}
	c := state.Strand{Next: next, Hooked: s.hooked}
	if s.todo == done {
		if s.parent != nil {
			c.Value = frozen(s.value)
		}
		return c, nil
	}
	switch s.todo {
	case finish:
		c.Value = frozen(s.value)
	case polling:
		c.Value = s.argv
	}
	for i := 0; i < len(s.frames); i++ {
		f := &s.frames[i]
		element := outer
		if f.st != nil {
			element = sourceID(f.st)
			outer = element
			if f.st.kind == kindCall {
				outer = 0
			}
		}
		frame, err := m.captureFrame(s, f)
		if err != nil {
			return c, err
		}
		if i > 0 {
			frame.Last = s.frames[i].followed(&s.frames[i-1], frame.Last)
		}
		if f.st != nil {
			frame.Node = element
		}
		// The frames of fused leaves are no elements of the source: the
		// statement inside takes their place.
		for f.pc < len(f.body) && f.body[f.pc].kind == kindFused && i+1 < len(s.frames) && s.hookOn(i) == nil {
			i++
			f = &s.frames[i]
		}
		if f.pc < len(f.body) {
			frame.At = sourceID(f.body[f.pc])
		}
		hook := s.hookOn(i)
		if hook != nil && hook.after {
			frame.At = endID(f.body[f.pc])
		}
		if c.Frames, err = m.place(c.Frames, frame, outer); err != nil {
			return c, err
		}
		if hook != nil && hook.after {
			around := &c.Frames[len(c.Frames)-1]
			if around.Value = frozen(f.value); hook.owner.endsInElement() {
				around.Value = ir.Value{} // the hook keeps it
			}
		}
	}
	return c, nil
}

// place appends a frame whose body belongs to the element outer, and those of
// the elements below it that the optimized program does without.
func (m *Machine) place(frames []state.Frame, frame state.Frame, outer ir.ID) ([]state.Frame, error) {
	at := frame.At
	if at == 0 {
		return append(frames, frame), nil
	}
	inner, err := m.tree.between(outer, at)
	if err != nil {
		return frames, err
	}
	for _, element := range inner {
		frame.At = element
		frames = append(frames, frame)
		frame = state.Frame{Node: element}
	}
	frame.At = at
	return append(frames, frame), nil
}

// captureFrame returns what a frame holds beside its place.
func (m *Machine) captureFrame(s *strand, f *frame) (state.Frame, error) {
	c := state.Frame{}
	if f.st == nil {
		return c, nil
	}
	switch f.st.kind {
	case kindRepeat, kindBuffer, kindLoop, kindWhile, kindUntil, kindCall:
		c.Count, c.Done, c.Left = f.count, f.done, f.left
		c.Stepped = f.mark != s.steps
		c.Value, c.Last = frozen(f.value), frozen(f.last)
	}
	if f.stack != nil && f.stack.added > 0 {
		c.Stacked = f.stack.snapshot()
	}
	if f.st.kind == kindCall {
		c.Registers = f.scope.capture(f.regs)
	}
	if f.weave == nil {
		return c, nil
	}
	var err error
	c.Weave, err = m.captureWeave(f)
	return c, err
}

func (m *Machine) captureWeave(f *frame) (*state.Weave, error) {
	w := f.weave
	c := &state.Weave{Started: w.started}
	for _, inner := range w.strands {
		strand, err := m.captureStrand(inner, sourceID(f.st))
		if err != nil {
			return nil, err
		}
		c.Strands = append(c.Strands, strand)
	}
	if w.turnsLeft == 0 {
		return c, nil // the first turn is still to begin
	}
	c.Current, c.TurnsLeft = w.current, w.turnsLeft
	if f.st.byStmt {
		s := w.strands[w.current]
		c.TurnDone = s.turn.done
		if body := f.st.strands[w.current]; s.turn.pc < len(body) {
			c.TurnAt = sourceID(body[s.turn.pc])
		}
	}
	return c, nil
}

func frozen(v ir.Value) ir.Value {
	v.Freeze()
	return v
}
