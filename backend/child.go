package backend

import (
	"context"
	"slices"
	"sync"
	"time"
	"unsafe"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ir/state"
)

// child is a spawned fragment that has not been joined.
type child struct {
	handle  int64
	leaf    *spawnLeaf
	regs    []ir.Value // take the results
	stacked bool
	copies  []*fragmentCopy
}

// fragmentCopy is one run of a fragment.
type fragmentCopy struct {
	run  Fragment      // nil once it has been resumed as ended
	last FragmentState // the last state that is known
	// before are the lines that were printed before run was started.
	before []string
}

// launch adds a copy that goes on from a state.
func (c *child) launch(m *Machine, from FragmentState) error {
	r := &fragmentCopy{last: from, before: from.Printed}
	if from.Snapshot.Run.Main.Next != state.Done {
		var err error
		if r.run, err = m.cfg.Fragments.Spawn(from.Snapshot, m.outside.signal); err != nil {
			return err
		}
	}
	c.copies = append(c.copies, r)
	return nil
}

func (r *fragmentCopy) ended() bool { return r.run == nil || r.run.Ended() }

// result returns the state at the end of a copy that has ended.
func (r *fragmentCopy) result() (FragmentState, error) {
	if r.run == nil {
		return r.last, nil
	}
	s, err := r.run.Result()
	if err != nil {
		return s, err
	}
	s.Printed = slices.Concat(r.before, s.Printed)
	return s, nil
}

// refresh asks a copy for its state. One that does not answer in time, or has
// failed, keeps the last that is known, from which it would do the same again.
func (r *fragmentCopy) refresh(ctx context.Context) {
	if r.run == nil {
		return
	}
	if s, err := r.run.Snapshot(ctx); err == nil {
		r.last = FragmentState{s.Snapshot, slices.Concat(r.before, s.Printed)}
	}
	if r.run.Ended() {
		if s, err := r.result(); err == nil {
			r.last = s
		}
	}
}

// closeAll ends the copies of children, all at once: a queued one must not begin
// when another ends.
func closeAll(children ...*child) {
	var closed sync.WaitGroup
	for _, c := range children {
		for _, r := range c.copies {
			if r.run != nil {
				closed.Go(r.run.Close)
			}
		}
	}
	closed.Wait()
}

// gives reports whether the results go to the registers of the window.
func (c *child) gives(window []ir.Value) bool {
	return unsafe.SliceData(c.regs) == unsafe.SliceData(window)
}

// childOf returns the child with the handle, or nil.
func (m *Machine) childOf(handle int64) *child {
	for _, c := range m.outside.children {
		if c.handle == handle {
			return c
		}
	}
	return nil
}

// dropChildren ends the children that drop asks for.
func (m *Machine) dropChildren(drop func(*child) bool) {
	if len(m.outside.children) == 0 {
		return
	}
	var kept, dropped []*child
	for _, c := range m.outside.children {
		if drop(c) {
			dropped = append(dropped, c)
		} else {
			kept = append(kept, c)
		}
	}
	m.outside.children = kept
	closeAll(dropped...)
}

// callEnded ends the children that a function call leaves behind.
func (m *Machine) callEnded(window []ir.Value) {
	m.dropChildren(func(c *child) bool { return c.gives(window) })
}

// A call is a window of registers that children may belong to.
type call struct {
	scope *scopeCode
	regs  []ir.Value
}

// calls returns the program's registers and those of the function calls in s, in
// the order of the frames.
func (m *Machine) calls() []call {
	all := []call{{m.code, m.regs}}
	var visit func(s *strand)
	visit = func(s *strand) {
		for i := range s.frames {
			f := &s.frames[i]
			if f.st != nil && f.st.kind == kindCall {
				all = append(all, call{f.scope, f.regs})
			}
			if f.weave != nil {
				for _, inner := range f.weave.strands {
					visit(inner)
				}
			}
		}
	}
	visit(m.main)
	return all
}

// childPatience bounds the time that a snapshot waits for those of fragments.
const childPatience = 5 * time.Second

// captureChildren asks the fragments for their states.
func (m *Machine) captureChildren(r *state.Run) {
	r.NextHandle = m.outside.next
	if len(m.outside.children) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), childPatience)
	defer cancel()
	var asked sync.WaitGroup
	for _, c := range m.outside.children {
		for _, copied := range c.copies {
			asked.Go(func() { copied.refresh(ctx) })
		}
	}
	asked.Wait()
	calls := m.calls()
	for _, c := range m.outside.children {
		captured := state.Child{Handle: c.handle, Node: c.leaf.node.ID, Stacked: c.stacked}
		captured.Call = int64(slices.IndexFunc(calls, func(k call) bool { return c.gives(k.regs) }))
		printed := make([]ir.Value, len(c.copies))
		for i, copied := range c.copies {
			captured.Copies = append(captured.Copies, *copied.last.Snapshot)
			printed[i] = ir.Strings(copied.last.Printed...)
		}
		if slices.ContainsFunc(printed, func(lines ir.Value) bool { return len(lines.List().Items) > 0 }) {
			captured.Printed = frozen(ir.ListOf(printed...))
		}
		r.Children = append(r.Children, captured)
	}
}
