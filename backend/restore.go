package backend

import (
	"fmt"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ir/state"
	"flowc.dev/flowc/ops"
)

// Resume returns a machine that goes on with a half-run program. p is the
// program of the snapshot, verified, and optimized in any way; cfg.Source is
// the program itself if p is not. The seed is the snapshot's. Objects that the
// snapshot has no state of, because an edit has added them, are made new. A
// state that does not belong to the program is an error.
func Resume(p *ir.Program, cfg Config, s *state.Snapshot) (m *Machine, err error) {
	cfg.Seed = s.Seed
	m = newMachine(p, cfg)
	m.edits, m.steps = s.Edits, s.Run.Steps
	defer m.recover(&err)
	if m.steps < 0 || m.steps > maxSteps/2 {
		return nil, fmt.Errorf("the snapshot counts %d steps", m.steps)
	}
	if err := m.makeObjects(s.Run.Objects); err != nil {
		return nil, err
	}
	if m.code, err = newLinker(m, p, cfg).program(); err != nil {
		return nil, err
	}
	if m.regs, err = m.code.restore(s.Run.Registers); err != nil {
		return nil, err
	}
	if err := m.restoreFirings(s.Run.Firings); err != nil {
		return nil, err
	}
	m.main = &strand{frames: append(make([]frame, 0, 16), frame{body: m.code.body, regs: m.regs, scope: m.code})}
	m.active = m.main
	if err := m.restoreStrand(m.main, &s.Run.Main); err != nil {
		return nil, err
	}
	if err := m.restoreChildren(&s.Run); err != nil {
		return nil, err
	}
	if m.unsettled = unsettledIn(m.main); m.unsettled != nil {
		return m, nil
	}
	m.active = m.descend(m.main)
	return m, nil
}

// Clone returns a second machine in the same state, with the same
// configuration. The two go on without regard to each other.
func (m *Machine) Clone() (*Machine, error) {
	s, err := m.Snapshot()
	if err != nil {
		return nil, err
	}
	return Resume(m.program, m.cfg, s)
}

// unsettledIn returns the outermost strand that has not settled, if any.
func unsettledIn(s *strand) *strand {
	for s.todo == weaving {
		w := s.top().weave
		s = w.strands[w.current]
	}
	if s.todo.settled() || s.stepping() {
		return nil
	}
	return s
}

// restore returns a window that holds the given registers.
func (c *scopeCode) restore(registers map[string]ir.Value) ([]ir.Value, error) {
	for name := range registers {
		if !ir.IsName(name) {
			return nil, fmt.Errorf("the snapshot has a register %q", name)
		}
		c.slot(name)
	}
	window := append([]ir.Value(nil), c.initial...)
	for i := range window {
		window[i] = ir.Unset()
	}
	for name, v := range registers {
		k := c.sink(name)
		converted, err := k.convert(v)
		if err != nil {
			return nil, fmt.Errorf("the snapshot does not fit the program: %w", err)
		}
		converted.Freeze()
		storeSlot(window, k.slot, converted)
	}
	return window, nil
}

// todos are what [nexts] names.
var todos = map[state.Next]todo{}

func init() {
	for t, next := range nexts {
		todos[next] = t
	}
}

// restoreStrand puts a strand, whose frame of the whole body is made, to a
// position.
func (m *Machine) restoreStrand(s *strand, c *state.Strand) error {
	next, ok := todos[c.Next]
	if !ok {
		return fmt.Errorf("the snapshot's position has the unknown state %q", c.Next)
	}
	if next == done {
		s.frames, s.todo = nil, done
		keep(&s.value, c.Value)
		return nil
	}
	s.hooked = c.Hooked
	if s == m.main && m.begins(c) {
		s.todo = enter
		return nil
	}
	if err := m.restoreFrames(s, c); err != nil {
		return err
	}
	s.todo = next
	switch next {
	case finish:
		keep(&s.value, c.Value)
	case polling:
		s.argv = c.Value
	}
	return m.checkPosition(s)
}

// checkPosition reports a strand that cannot do what it is to do next, and
// finds its leaf.
func (m *Machine) checkPosition(s *strand) error {
	f := s.top()
	var st *stmt
	if f.pc < len(f.body) {
		st = f.body[f.pc]
	}
	kind := kindSeq // of the whole body
	if f.st != nil {
		kind = f.st.kind
	}
	if s.stepping() {
		s.leaf = s.stepped()
	}
	ok := false
	switch s.todo {
	case ready:
		if ok = st != nil && (st.kind == kindLeaf || st.kind == kindFused) && s.inHook == 0; !ok {
			break
		}
		if st.kind == kindFused {
			s.todo = enter
			return m.settle(s)
		}
		s.leaf = st
	case polling:
		s.leaf, ok = st, st.polls(s.argv)
	case tick, endTicked:
		ok = st == nil && (kind.isLoop() || kind == kindBuffer || kind == kindCall) && s.inHook == 0
	case weaving, starting:
		ok = f.weave != nil && (s.todo == starting || f.weave.turnsLeft > 0)
	case enter:
		ok = f.weave == nil
	case finish:
		ok = st != nil && st.kind != kindLeaf && st.kind != kindFused
	case endBody:
		ok = st == nil && f.weave == nil
	case again:
		ok = kind == kindWhile || kind == kindUntil || kind == kindHook && f.st.operand != nil && f.pc == 0
	}
	if !ok {
		return fmt.Errorf("the snapshot's position does not fit the program: nothing there is to be done as %q", nexts[s.todo])
	}
	return nil
}

// makeObjects makes the program's objects, in the given states if there are
// any.
func (m *Machine) makeObjects(states map[string]ir.Value) error {
	if err := m.checkExclusive(); err != nil {
		return err
	}
	for i := range m.program.Objects {
		o := &m.program.Objects[i]
		class, args, err := m.constructor(o)
		if err != nil {
			return err
		}
		env := ops.Env{Seed: m.cfg.Seed, Logs: m.cfg.Logs, Now: m.cfg.Now, Step: m.Steps}
		var object ops.Object
		if state, ok := states[o.Name]; ok {
			object, err = class.Restore(env, args, state)
		} else {
			object, err = class.New(env, args)
		}
		if err != nil {
			return ir.Problem{File: m.program.File, Pos: o.Pos, Pointer: "/objects/" + o.Name, Message: err.Error()}
		}
		m.objects = append(m.objects, &instance{name: o.Name, class: class, object: object})
	}
	return nil
}

// checkExclusive reports objects that would share what only one of them may own.
func (m *Machine) checkExclusive() error {
	owners := map[string]string{}
	for i := range m.program.Objects {
		o := &m.program.Objects[i]
		class, args, err := m.constructor(o)
		if err != nil {
			return err
		}
		for j := range class.Params {
			if class.Params[j].Name != class.Exclusive {
				continue
			}
			owned := class.Name + " " + ir.Format(args[j])
			if other, ok := owners[owned]; ok {
				return ir.Problem{File: m.program.File, Pos: o.Pos, Pointer: "/objects/" + o.Name,
					Message: fmt.Sprintf("%s has the %s of object %q: want another, or use that object", class.Name, class.Exclusive, other)}
			}
			owners[owned] = o.Name
		}
	}
	return nil
}
