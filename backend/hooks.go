package backend

import (
	"time"

	"flowc.dev/flowc/ir"
)

// hooks are those of a statement. Hooks of a leaf run in the leaf's step, hooks
// of a control element while the machine settles; neither takes a step.
type hooks struct {
	before, after []*stmt
	// entry says that the hooks before the statement run when control comes to
	// it, not at the beginning of its step.
	entry bool
}

// hookCode is what one region of a hook clause needs.
type hookCode struct {
	owner *stmt
	index int // among the hooks on the same side of owner
	after bool
	// every is the number of arrivals from one run to the next, if counter is
	// not nil. A clause with both regions counts before the statement only.
	every   int64
	counter *hookCounter
	counts  bool
}

// hookCounter counts the arrivals at a hook clause during the whole run. With a
// period, the time since the last run counts instead.
type hookCounter struct {
	arrivals int64
	period   time.Duration
	last     time.Time
	due      bool // the last time that the period was looked at
}

// due counts an arrival and reports whether it is one at which the hook runs.
func (h *hookCode) due() bool {
	c := h.counter
	if c == nil {
		return true
	}
	if c.period > 0 {
		if h.counts {
			now := time.Now()
			if c.due = now.Sub(c.last) >= c.period; c.due {
				c.last = now
			}
		}
		return c.due
	}
	if h.counts {
		c.arrivals++
	}
	return c.arrivals%h.every == 0
}

// startHooks enters the first hook of the list that is due, from the given
// index on, and reports whether there is one. The frame of a hook after a
// control element keeps the element's value.
func (m *Machine) startHooks(s *strand, list []*stmt, from int) bool {
	for _, st := range list[from:] {
		if !st.hook.due() {
			continue
		}
		f := s.push(st, st.body)
		f.last, s.value = s.value, ir.Value{}
		s.inHook++
		if st.operand != nil {
			s.todo = again
		}
		return true
	}
	return false
}

// endHook leaves the hook of the top frame and goes on with the next one of its
// statement, with the statement, or with what follows it.
func (m *Machine) endHook(s *strand, f *frame) {
	h := f.st.hook
	owner := h.owner
	s.value, f.last = f.last, ir.Value{}
	s.pop()
	list := owner.hooks.before
	if h.after {
		list = owner.hooks.after
	}
	if m.startHooks(s, list, h.index+1) {
		return
	}
	switch {
	case !h.after:
		s.hooked, s.todo = true, enter
		if !owner.hooks.entry && s.inHook == 0 {
			s.leaf, s.todo = owner, ready
		}
	case owner.exec != nil:
		s.top().pc++
		s.todo = enter
	default:
		s.todo = pass
	}
}

// follow goes on after a leaf, or a fused leaf that ran as one, has run: with
// the hooks after it, which it reports, or with the next statement.
func (m *Machine) follow(s *strand, st *stmt) bool {
	s.hooked = false
	if st.hooks != nil && m.startHooks(s, st.hooks.after, 0) {
		return true
	}
	s.top().pc++
	s.todo = enter
	return false
}

// prepare does what comes before a fused or hooked leaf in its step and returns
// the number of steps that the leaf takes. It is 0 when the leaf is not to run:
// its source took over, or a hook failed, which the next step goes on with.
func (m *Machine) prepare(s *strand, st *stmt, most int64) (int64, error) {
	if s.todo != ready {
		if err := m.settle(s); err != nil {
			return 0, err
		}
	}
	count := int64(1)
	if st.kind == kindFused {
		count = s.pending
		whole := s.undivided(st)
		if b, ok := st.exec.(*blockLeaf); ok {
			count, whole = b.fit(s, most), s.parent == nil
		}
		if count == 0 || count > most || !whole {
			return 0, m.runSource(s, st)
		}
	}
	if st.hooks == nil || len(st.hooks.before) == 0 || st.hooks.entry || s.hooked {
		return count, nil
	}
	if m.startHooks(s, st.hooks.before, 0) {
		if err := m.settle(s); err != nil {
			return 0, err
		}
	}
	s.hooked = true
	return count, nil
}

// runInHook runs a leaf inside a hook, at once.
func (m *Machine) runInHook(s *strand, f *frame, st *stmt) error {
	err := m.exec(s, f, st)
	if err == nil {
		m.follow(s, st)
	} else if st.kind == kindFused {
		err = s.enterSource(st)
	}
	return err
}
