package backend

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"flowc.dev/flowc/ir"
)

// Status says what a machine can do next.
type Status uint8

// The statuses.
const (
	Ready   Status = iota // another step can be done
	Done                  // the program has ended
	Blocked               // every strand waits for something outside
)

// String returns ready, done or blocked.
func (s Status) String() string { return [...]string{"ready", "done", "blocked"}[s] }

// A Budget bounds a run; zero fields do not.
type Budget struct {
	Steps int64
	Time  time.Duration
}

// Step runs one step: one leaf action, after which the machine settles on the
// next leaf or the end. After an error the machine stands before what failed,
// and Step tries it again.
func (m *Machine) Step() (Status, error) { return m.run(1, nil) }

// Run runs until the program is done, the budget is used up or ctx is done,
// whichever comes first; Ready with no error means one of the latter two. Runs
// add up: n steps and then m more are n+m steps.
func (m *Machine) Run(ctx context.Context, b Budget) (Status, error) {
	if b.Steps < 0 || b.Time < 0 {
		return m.Status(), fmt.Errorf("a budget of %d steps and %v: want 0, for none, or more", b.Steps, b.Time)
	}
	var stop atomic.Bool
	defer context.AfterFunc(ctx, func() { stop.Store(true) })()
	if b.Time > 0 {
		timer := time.AfterFunc(b.Time, func() { stop.Store(true) })
		defer timer.Stop()
	}
	if ctx.Err() != nil {
		return m.Status(), nil
	}
	if b.Steps == 0 {
		b.Steps = maxSteps
	}
	return m.run(b.Steps, &stop)
}

const maxSteps = 1<<63 - 1

// Status returns what the machine can do next.
func (m *Machine) Status() Status {
	switch {
	case m.main.todo == done:
		return Done
	case m.outside.waits && m.unsettled == nil && m.stuck(m.main):
		return Blocked
	}
	return Ready
}

// run does up to budget steps, fewer when stop is set.
func (m *Machine) run(budget int64, stop *atomic.Bool) (status Status, err error) {
	defer m.recover(&err)
	if m.outside.closed {
		return m.Status(), errClosed
	}
	if err := m.resume(); err != nil {
		return Ready, err
	}
	limit := int64(maxSteps)
	if budget < maxSteps-m.steps {
		limit = m.steps + budget
	}
	for m.main.todo != done && m.steps < limit {
		if stop != nil && stop.Load() {
			return Ready, nil
		}
		if m.outside.waits {
			if m.stuck(m.main) {
				return Blocked, nil
			}
			m.active = m.awake(m.main)
		}
		if err := m.step(m.active, limit-m.steps); err != nil {
			return Ready, err
		}
	}
	if m.main.todo == done {
		m.dropChildren(func(*child) bool { return true }) // nobody joins them
	}
	return m.Status(), nil
}

// resume completes a settling that failed earlier.
func (m *Machine) resume() error {
	if s := m.unsettled; s != nil {
		if err := m.settle(s); err != nil {
			return err
		}
		m.unsettled = nil
		return m.afterSettling(s)
	}
	return nil
}

// step does the next action of strand s: a leaf, a fused leaf if it takes at
// most most steps, or the step of an iteration or call without a leaf.
func (m *Machine) step(s *strand, most int64) error {
	count := int64(1)
	var f *frame // of the leaf
	if s.todo == tick {
		s.todo = endTicked
	} else {
		st := s.leaf
		var err error
		if st.special {
			if count, err = m.prepare(s, st, most); count == 0 {
				return err
			}
		}
		f = s.top()
		if s.todo == polling {
			var ended bool
			if ended, err = m.poll(s); err == nil && !ended {
				return nil
			}
		} else if st.profile == nil {
			err = st.exec.exec(m, s, f, st)
		} else {
			err = m.timed(s, f, st)
		}
		if err != nil {
			if st.kind == kindFused {
				return m.runSource(s, st)
			}
			return m.fail(s, st.node, err)
		}
		if s.process != nil {
			s.todo, f = polling, nil
		} else if st.special {
			if _, ok := st.exec.(*blockLeaf); ok {
				count = s.pending // as many iterations as its sources had rows
			}
			if m.follow(s, st) {
				f = nil
			}
		} else {
			f.pc++
			s.todo = enter
		}
	}
	m.steps += count
	s.steps += count
	if s.parent == nil {
		if f != nil && s.advance(f) {
			return nil
		}
	} else {
		for t := s.parent; t != nil; t = t.parent {
			t.steps += count
		}
	}
	if err := m.settle(s); err != nil {
		m.unsettled = s
		return err
	}
	if s.parent == nil && s.todo != weaving {
		return nil
	}
	return m.afterSettling(s)
}

// advance settles s, whose top frame is f and which has just run a leaf, in the
// commonest cases: another leaf follows in the body, or at the head of the next
// iteration of a repeat whose value nothing uses. A fused leaf is one if it can
// always be run, see arrive. It reports false when settle has to.
func (s *strand) advance(f *frame) bool {
	if f.pc == len(f.body) {
		if !f.plain || f.done+1 >= f.count {
			return false
		}
		f.done++
		f.pc, f.mark = 0, s.steps
		if slot := f.st.counter; slot >= 0 {
			storeSlot(f.regs, slot, ir.Int(f.done))
		}
	}
	st := f.body[f.pc]
	if st.kind != kindLeaf {
		if st.whole == 0 || st.hooks != nil {
			return false
		}
		s.pending = st.whole
	}
	s.leaf, s.todo = st, ready
	return true
}

// exec runs a leaf.
func (m *Machine) exec(s *strand, f *frame, st *stmt) error {
	if st.profile == nil {
		return st.exec.exec(m, s, f, st)
	}
	return m.timed(s, f, st)
}

// timed runs a leaf for the profile.
func (m *Machine) timed(s *strand, f *frame, st *stmt) error {
	start := time.Now()
	err := st.exec.exec(m, s, f, st)
	st.profile.time += time.Since(start)
	st.profile.count++
	return err
}

// afterSettling passes the turn on. When that settles an outer strand and
// fails, the outer strand is what is to be settled next.
func (m *Machine) afterSettling(s *strand) error {
	err := m.rotate(s)
	if err != nil {
		for t := s; t != nil; t = t.parent {
			if !t.todo.settled() {
				m.unsettled = t
			}
		}
	}
	return err
}

// runSource makes the strand run the statements that a fused leaf stands for.
func (m *Machine) runSource(s *strand, st *stmt) error {
	depth, hooked := len(s.frames), s.hooked
	if err := s.enterSource(st); err != nil {
		return m.fail(s, st.node, err)
	}
	if err := m.settle(s); err != nil {
		for len(s.frames) > depth {
			s.drop()
		}
		s.todo, s.hooked = ready, hooked
		return err
	}
	m.active = m.descend(s)
	return nil
}

// recover turns a panic below the machine into an error: a defect of an op or
// of flowc must not take the embedding program down.
func (m *Machine) recover(err *error) {
	if r := recover(); r != nil {
		n := &ir.Node{Op: "program"}
		if m.active != nil && m.active.leaf != nil {
			n = m.active.leaf.node
		}
		cause := m.cfg.Registry.Panicked(r, called(n))
		if cause == nil {
			cause = fmt.Errorf("flowc failed here; please report it: %v", r)
		}
		*err = m.fail(m.active, n, cause)
	}
}

// called returns the names that a statement calls, less the objects of methods.
func called(n *ir.Node) []string {
	var names []string
	ir.VisitNode(n, func(n *ir.Node) bool {
		if name := n.Text("call"); name != "" {
			names = append(names, name[strings.LastIndexByte(name, '.')+1:])
		}
		return true
	})
	return names
}
