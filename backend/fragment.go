package backend

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ir/state"
)

// A FragmentRun runs the machine of a fragment to its end, on the side of
// whoever was asked to run it, and answers requests for its state meanwhile.
type FragmentRun struct {
	machine *Machine
	printed []string
	size    int // of the printed lines

	mu        sync.Mutex
	requests  []chan<- FragmentState
	interrupt context.CancelFunc // of the steps being done
	over      bool
}

// MaxPrinted bounds the bytes that a fragment prints, which are kept until it is
// joined.
const MaxPrinted = 64 << 20

// NewFragmentRun returns a run of m, which belongs to it from then on. What m
// prints is a part of the run's states.
func NewFragmentRun(m *Machine) *FragmentRun {
	r := &FragmentRun{machine: m}
	m.print = func(line string) {
		r.size += len(line) + 1
		if r.size <= MaxPrinted {
			r.printed = append(r.printed, line)
			return
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		r.interrupt()
	}
	return r
}

// Run runs to the end, an error or the end of ctx, and closes the machine. The
// state that it returns holds only what the fragment gives.
func (r *FragmentRun) Run(ctx context.Context) (FragmentState, error) {
	m := r.machine
	defer m.Close()
	defer r.end()
	for {
		status, err := r.steps(ctx)
		switch {
		case err != nil:
			return FragmentState{}, err
		case r.size > MaxPrinted:
			return FragmentState{}, errPrinted
		case status == Done:
			return r.state(result)
		case ctx.Err() != nil:
			return FragmentState{}, ctx.Err()
		}
		if err := r.answer(); err != nil {
			return FragmentState{}, err
		}
	}
}

// steps runs until something is to be looked at.
func (r *FragmentRun) steps(ctx context.Context) (Status, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	r.mu.Lock()
	r.interrupt = cancel
	waiting := len(r.requests) > 0
	r.mu.Unlock()
	if waiting {
		return Ready, nil
	}
	status, err := r.machine.Run(ctx, Budget{})
	if err == nil && status == Blocked && r.machine.Wait(ctx) == nil {
		status = Ready
	}
	return status, err
}

// answer gives the state to all who have asked for it.
func (r *FragmentRun) answer() error {
	r.mu.Lock()
	requests := r.requests
	r.requests = nil
	r.mu.Unlock()
	if len(requests) == 0 {
		return nil
	}
	s, err := r.state((*Machine).Snapshot)
	for _, request := range requests {
		if err == nil {
			request <- s
		}
		close(request)
	}
	return err
}

// state returns how far the run has got.
func (r *FragmentRun) state(snapshot func(*Machine) (*state.Snapshot, error)) (FragmentState, error) {
	s, err := snapshot(r.machine)
	return FragmentState{s, slices.Clip(r.printed)}, err
}

func (r *FragmentRun) end() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.over = true
	for _, request := range r.requests {
		close(request)
	}
	r.requests = nil
}

var errPrinted = fmt.Errorf("the fragment printed more than %d bytes, which are kept until it is joined: print less, or give it as a register", MaxPrinted)

var errEnded = errors.New("the fragment has ended")

// Snapshot returns the state that the run comes to next. It may be called by
// any goroutine.
func (r *FragmentRun) Snapshot(ctx context.Context) (FragmentState, error) {
	answer := make(chan FragmentState, 1)
	r.mu.Lock()
	if r.over {
		r.mu.Unlock()
		return FragmentState{}, errEnded
	}
	r.requests = append(r.requests, answer)
	if r.interrupt != nil {
		r.interrupt()
	}
	r.mu.Unlock()
	select {
	case s, ok := <-answer:
		if !ok {
			return s, errEnded
		}
		return s, nil
	case <-ctx.Done():
		return FragmentState{}, ctx.Err()
	}
}

// result returns the state of a machine that is done, without what nobody asks
// for any more.
func result(m *Machine) (*state.Snapshot, error) {
	s, err := m.Snapshot()
	if err != nil {
		return nil, err
	}
	registers := map[string]ir.Value{}
	for _, name := range s.Program.Outputs {
		if v, ok := s.Run.Registers[name]; ok {
			registers[name] = v
		}
	}
	s.Run.Registers, s.Run.Objects = registers, nil
	return s, nil
}
