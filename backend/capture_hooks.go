package backend

import (
	"fmt"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ir/state"
)

// hookOn returns the hook whose frame is on top of frame i of the strand, nil if
// there is none.
func (s *strand) hookOn(i int) *hookCode {
	if i+1 < len(s.frames) {
		if st := s.frames[i+1].st; st != nil && st.kind == kindHook {
			return st.hook
		}
	}
	return nil
}

// followed returns the value that a hook, whose frame f stands on outer, keeps
// for the control element that it follows; otherwise it is last.
func (f *frame) followed(outer *frame, last ir.Value) ir.Value {
	if f.st == nil || f.st.kind != kindHook {
		return last
	}
	owner := f.st.hook.owner
	switch {
	case !f.st.hook.after || !owner.want || !owner.endsInElement():
		return ir.Value{}
	case owner.exec != nil: // it ran as one leaf, which has kept the value
		return frozen(outer.value)
	}
	return frozen(f.last)
}

// endsInElement reports whether the source of st ends with a control element.
func (st *stmt) endsInElement() bool {
	return st.last().exec == nil
}

// captureFirings returns the arrivals at hooks that have been counted.
func (m *Machine) captureFirings() map[ir.ID]int64 {
	firings := map[ir.ID]int64{}
	for hook, c := range m.counters {
		if c.period == 0 && c.arrivals != 0 {
			firings[hook] = c.arrivals
		}
	}
	return firings
}

// restoreFirings sets the counters of hooks. Those of hooks that no longer count
// are passed over.
func (m *Machine) restoreFirings(firings map[ir.ID]int64) error {
	for hook, n := range firings {
		if n < 0 {
			return fmt.Errorf("the snapshot counts %d arrivals at hook %d", n, hook)
		}
		if c := m.counters[hook]; c != nil {
			c.arrivals = n
		}
	}
	return nil
}

// restoreHook enters the hook that frames[k] stands in, of the statement at the
// top frame's position. before is the frame around it.
func (s *strand) restoreHook(before, c *state.Frame) error {
	f := s.top()
	owner := f.body[f.pc]
	for _, list := range [][]*stmt{owner.hooks.before, owner.hooks.after} {
		for _, st := range list {
			path := locate(st.body, c.At)
			if c.At == 0 && st.node.ID == c.Node {
				return fmt.Errorf("the snapshot's position is at the end of hook %d, where a run does not stop", c.Node)
			}
			if st.node.ID != c.Node || path == nil {
				continue
			}
			if st.hook.after && owner.exec != nil {
				keep(&f.value, before.Value)
			}
			inner := s.push(st, st.body)
			keep(&inner.last, c.Last)
			s.inHook++
			return nil
		}
	}
	return fmt.Errorf("the snapshot's position is at statement %d of hook %d, which the program does not have there", c.At, c.Node)
}

// stepping reports whether the strand is in a step that it has begun but not
// done: in a hook before a leaf.
func (s *strand) stepping() bool {
	for i := range s.frames {
		if h := s.hookOn(i); h != nil {
			return !h.after && !h.owner.hooks.entry
		}
	}
	return false
}

// stepped returns the leaf whose step it is.
func (s *strand) stepped() *stmt {
	for i := range s.frames {
		if h := s.hookOn(i); h != nil {
			return h.owner
		}
	}
	return nil
}

// endID is sourceID for what a fused leaf ends with.
func endID(st *stmt) ir.ID { return lastSource(st.node).ID }

// firstSource returns the first of the source statements that n stands for.
func firstSource(n *ir.Node) *ir.Node {
	for len(n.Body("source")) > 0 {
		n = n.Body("source")[0]
	}
	return n
}

// lastSource returns the last of them.
func lastSource(n *ir.Node) *ir.Node {
	for len(n.Body("source")) > 0 {
		n = n.Body("source")[len(n.Body("source"))-1]
	}
	return n
}
