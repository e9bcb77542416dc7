package backend

import (
	"context"
	"errors"
)

// outside is what a machine has to do with other processes.
type outside struct {
	// waits says that the program has statements that wait.
	waits bool
	// wake gets a signal when something that was waited for has ended.
	wake     chan struct{}
	spawns   map[*spawnLeaf]bool
	sources  map[any]spawnSource // see linker.spawnSource
	children []*child            // in the order of their launch
	next     int64               // handle, 0 before the first
	closed   bool
}

func newOutside() outside {
	return outside{wake: make(chan struct{}, 1), spawns: map[*spawnLeaf]bool{}}
}

// signal wakes up whoever waits for the machine.
func (o *outside) signal() {
	select {
	case o.wake <- struct{}{}:
	default:
	}
}

// Wake returns a channel that gets a value whenever a process or fragment that
// the machine waits for has ended, so that the driver of a blocked machine need
// not poll it. Values that nobody receives are dropped: ask Status, then
// receive, then ask again.
func (m *Machine) Wake() <-chan struct{} { return m.outside.wake }

// Wait returns when the machine is not blocked any more, or with ctx's error
// when that is done.
func (m *Machine) Wait(ctx context.Context) error {
	for m.Status() == Blocked {
		select {
		case <-m.outside.wake:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// Close ends the processes and fragments that the machine has launched. A
// machine that launches none need not be closed. The state can still be read;
// steps are errors.
func (m *Machine) Close() {
	m.outside.closed = true
	m.main.endProcesses()
	m.dropChildren(func(*child) bool { return true })
}

var errClosed = errors.New("the machine is closed")

// stuck reports whether every strand of s waits.
func (m *Machine) stuck(s *strand) bool {
	if s.todo != weaving {
		return m.waiting(s)
	}
	for _, inner := range s.top().weave.strands {
		if inner.todo != done && !m.stuck(inner) {
			return false
		}
	}
	return true
}

// waiting reports whether the statement that is next in s waits for something.
func (m *Machine) waiting(s *strand) bool {
	switch s.todo {
	case polling:
		return s.process != nil && !s.process.Ended()
	case ready:
		if join, ok := s.leaf.exec.(*joinLeaf); ok {
			return join.waits(m, s.top())
		}
	}
	return false
}

// awake returns the strand of s that has the turn, passing turns of strands
// that wait on to the next ones. Not all of them may wait.
func (m *Machine) awake(s *strand) *strand {
	for s.todo == weaving {
		f := s.top()
		for m.stuck(f.weave.strands[f.weave.current]) {
			f.weave.next(f.st)
		}
		s = f.weave.strands[f.weave.current]
	}
	return s
}
