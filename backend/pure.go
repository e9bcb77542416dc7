package backend

import (
	"fmt"

	"flowc.dev/flowc/ir"
)

// maxPureSteps bounds the work of the functions called in an expression, which
// is part of one step: their steps, and the calls in their graphs.
const maxPureSteps = 10_000_000

// pureWork is what the functions called by an expression have done so far.
type pureWork struct {
	depth int // of calls within calls
	steps int64
}

// pureCall is a call of a pure function as an operand. The function runs to its
// end within the statement's step, on a strand of its own.
type pureCall struct {
	callee *scopeCode
	strand strand
	held   ir.Value // the last result, kept from reuse until the next call
}

// pureWork returns the steps that a leaf takes and the calls in the graphs that
// its statements are lowered to. It is the same for a fused leaf as for its
// source, so that the limit is met at every level or at none.
func (st *stmt) pureWork() int64 {
	if st.work == 0 {
		st.work = st.countWork()
	}
	return st.work
}

func (st *stmt) countWork() int64 {
	switch st.kind {
	case kindLeaf:
		return int64(1 + len(st.node.Body("graph")))
	case kindFused:
		source, _ := st.sources() // what cannot be linked fails when it is to run
		return bodyWork(source)
	case kindCall:
		return bodyWork(st.call.callee.body)
	case kindRepeat:
		n, _ := st.operand.value.Count("")
		return min(n, maxPureSteps) * bodyWork(st.body)
	}
	return bodyWork(st.body)
}

func bodyWork(body []*stmt) int64 {
	work := int64(0)
	for _, st := range body {
		work = min(work+st.pureWork(), 2*maxPureSteps)
	}
	return work
}

func (m *Machine) callPure(e *expr, regs []ir.Value) (ir.Value, error) {
	if err := m.evalArgs(e, regs); err != nil {
		return ir.Value{}, err
	}
	if m.pure.depth == 0 {
		m.pure.steps = 0
	}
	m.pure.depth++
	defer func() { m.pure.depth-- }()
	c := e.pure
	window := c.callee.window()
	s := &c.strand
	s.cancel()
	s.steps, s.value = 0, ir.Value{}
	s.frames = append(s.frames, frame{body: c.callee.body, regs: window, scope: c.callee})
	s.todo = enter
	// An argument may be the scratch of its expression. A statement that stores
	// over the parameter must not take the storage for its own: while the
	// expression is evaluated again, before the next call, both would have it.
	bound := 0
	defer func() {
		c.callee.release(window)
		for i := range bound {
			e.vals[i].Release()
		}
	}()
	for i := range e.vals {
		v, err := c.callee.params[i].convert(e.vals[i])
		if err != nil {
			return ir.Value{}, at(e.node, err)
		}
		e.vals[i] = v
		bound++
		v.Retain()
		v.Retain() // until the call ends
		window[c.callee.params[i].slot] = v
	}
	if err := m.runPure(s); err != nil {
		return ir.Value{}, err
	}
	slot := c.callee.outputs[0]
	if window[slot].IsUnset() {
		return ir.Value{}, at(e.node, fmt.Errorf("function %s ended without setting its result %q", c.callee.name, c.callee.nameOf(slot)))
	}
	keep(&c.held, window[slot])
	return c.held, nil
}

func (m *Machine) runPure(s *strand) error {
	for {
		for !s.todo.settled() {
			if err := m.move(s); err != nil {
				return err
			}
		}
		switch s.todo {
		case done:
			return nil
		case tick:
			m.pure.steps++
			s.todo = endTicked
		default:
			m.pure.steps += s.leaf.pureWork()
			f := s.top()
			if err := s.leaf.exec.exec(m, s, f, s.leaf); err != nil {
				if s.leaf.kind == kindFused {
					if err := s.enterSource(s.leaf); err != nil {
						return err
					}
					continue
				}
				return at(s.leaf.node, err)
			}
			f.pc++
			s.todo = enter
		}
		s.steps++
		if m.pure.steps > maxPureSteps {
			return fmt.Errorf("the functions called in an expression made more than %d steps and calls; call them as statements", maxPureSteps)
		}
	}
}
