package backend

import (
	"fmt"
	"slices"

	"flowc.dev/flowc/ir"
)

// settle moves strand s on to its next leaf, or to its end: it leaves finished
// elements, stores their values, evaluates counts, conditions and selectors and
// enters elements. Each turn of the loop is one such move; when one fails,
// nothing of it has been done and s.todo still names it.
func (m *Machine) settle(s *strand) error {
	for !s.todo.settled() {
		if err := m.move(s); err != nil {
			return err
		}
	}
	return nil
}

func (m *Machine) move(s *strand) error {
	f := s.top()
	switch s.todo {
	case enter:
		if f.pc == len(f.body) {
			s.todo = endBody
			return nil
		}
		st := f.body[f.pc]
		if st.hooks != nil && len(st.hooks.before) > 0 && !s.hooked && (st.hooks.entry || s.inHook > 0) {
			if m.startHooks(s, st.hooks.before, 0) {
				return nil
			}
			s.hooked = true
		}
		if st.kind == kindLeaf && s.inHook == 0 {
			s.leaf, s.todo = st, ready
			return nil
		}
		if err := m.enter(s, st); err != nil {
			return m.fail(s, st.node, err)
		}
	case finish:
		st := f.body[f.pc]
		if err := st.storeValue(f.regs, s.value); err != nil {
			return m.fail(s, st.node, err)
		}
		if st.hooks == nil || !m.startHooks(s, st.hooks.after, 0) {
			s.todo = pass
		}
	case pass:
		if f.body[f.pc].want {
			keep(&f.value, s.value)
		}
		s.value.Release()
		s.value = ir.Value{}
		f.pc++
		s.todo = enter
	case endBody, endTicked:
		// An iteration or call in which no step was done takes one.
		if s.todo == endBody && f.st != nil && f.mark == s.steps && s.inHook == 0 && (f.st.kind.isLoop() || f.st.kind == kindBuffer || f.st.kind == kindCall) {
			s.todo = tick
			return nil
		}
		if err := m.endBody(s, f); err != nil {
			return m.fail(s, f.st.node, err)
		}
	case leave:
		f.st.leaveFrame(f)
		s.pop()
		s.todo = finish
	case again:
		more, err := m.evalBool(f.st.operand, f.regs, f.st.node.Op)
		if err != nil {
			return m.fail(s, f.st.node, err)
		}
		if f.st.kind == kindUntil {
			more = !more
		}
		switch {
		case f.st.kind == kindHook && more:
			s.todo = enter
		case f.st.kind == kindHook:
			m.endHook(s, f)
		case more:
			m.iterate(s, f)
		default:
			m.endLoop(s, f)
		}
	case starting:
		return m.startStrands(s, f)
	}
	return nil
}

// leaveFrame gives back what an ended element's frame holds.
func (st *stmt) leaveFrame(f *frame) {
	if st.kind == kindCall {
		f.scope.release(f.regs)
	}
}

// enter enters the statement st, evaluating what it needs.
func (m *Machine) enter(s *strand, st *stmt) error {
	f := s.top()
	regs := f.regs
	switch st.kind {
	case kindLeaf:
		return m.runInHook(s, f, st)
	case kindFused:
		return m.arrive(s, st)
	}
	if err := m.enterElement(s, st, regs); err != nil {
		return err
	}
	s.hooked = false
	return nil
}

func (m *Machine) enterElement(s *strand, st *stmt, regs []ir.Value) error {
	switch st.kind {
	case kindSeq:
		s.push(st, st.body)
	case kindRepeat, kindBuffer:
		n, err := m.evalCount(st.operand, regs, st.node.Op)
		if err != nil {
			return err
		}
		if n == 0 {
			return m.enterNothing(s, st)
		}
		var gathered *stack
		if st.kind == kindBuffer {
			if gathered, err = newStack(n, &st.scratch); err != nil {
				return err
			}
		}
		f := s.push(st, st.body)
		f.count, f.stack = n, gathered
		f.plain = st.isPlain()
		f.setCounter()
		f.splice()
	case kindLoop, kindUntil:
		s.push(st, st.body).splice()
	case kindWhile:
		f := s.push(st, st.body)
		f.mark = s.steps
		s.todo = again
	case kindBreak, kindContinue:
		m.jump(s, st.kind == kindBreak)
	case kindSwitch:
		v, err := m.eval(st.operand, regs)
		if err != nil {
			return err
		}
		body, err := st.choose(v)
		if err != nil {
			return err
		}
		s.push(st, body)
	case kindWeave:
		f := s.push(st, nil)
		f.weave = m.newWeave(s, st, f)
		s.todo = starting
	case kindCall:
		return m.enterCall(s, st, regs)
	default:
		panic(fmt.Sprintf("bug: control element of kind %d", st.kind))
	}
	return nil
}

// enterNothing passes over a repeat or buffer with a count of 0.
func (m *Machine) enterNothing(s *strand, st *stmt) error {
	regs := s.top().regs
	if st.kind == kindBuffer {
		v, err := st.emptyBuffer()
		if err != nil {
			return err
		}
		v.Retain()
		s.value = v
	} else if st.counter >= 0 {
		storeSlot(regs, st.counter, ir.Int(0))
	}
	s.todo = finish
	return nil
}

// choose returns the branch of a switch for the selector v.
func (st *stmt) choose(v ir.Value) ([]*stmt, error) {
	if v.Kind() != ir.Str && (!v.IsScalar() || v.DType().IsFloat()) {
		return nil, fmt.Errorf("the selector of switch is %s: want a whole number, bool or string", v.Type())
	}
	for i := range st.cases {
		if sameLabel(st.cases[i].label, v) {
			return st.cases[i].body, nil
		}
	}
	if st.node.Region("default") != nil {
		return st.body, nil
	}
	labels := ""
	for i := range st.cases {
		if i > 0 {
			labels += ", "
		}
		labels += ir.FormatShort(st.cases[i].label)
	}
	return nil, fmt.Errorf("no case of switch matches %s and there is no default; the cases are: %s", ir.FormatShort(v), labels)
}

// sameLabel compares a label with a selector: whole numbers by value whatever
// their dtype, bools with bools, strings with strings.
func sameLabel(label, v ir.Value) bool {
	if label.Kind() != v.Kind() {
		return false
	}
	if label.Kind() == ir.Str {
		return label.Text() == v.Text()
	}
	return (label.DType() == ir.Bool) == (v.DType() == ir.Bool) && label.Int64() == v.Int64()
}

// endBody does what follows the end of the top frame's body.
func (m *Machine) endBody(s *strand, f *frame) error {
	st := f.st
	if st == nil {
		s.value, f.value = f.value, ir.Value{}
		s.todo = done
		return nil
	}
	switch st.kind {
	case kindRepeat, kindLoop, kindWhile, kindUntil:
		m.endIteration(s, f)
	case kindBuffer:
		if err := f.stack.add(f.value); err != nil {
			return err
		}
		f.done++
		f.value.Release()
		f.value = ir.Value{}
		if f.done < f.count {
			m.iterate(s, f)
			return nil
		}
		s.value = f.stack.take()
		s.value.Retain()
		s.todo = leave
	case kindCall:
		v, err := m.results(f)
		if err != nil {
			return err
		}
		v.Retain()
		s.value = v
		s.todo = leave
	case kindFused:
		s.value, f.value = f.value, ir.Value{}
		s.pop()
		s.todo = pass
	case kindHook:
		m.endHook(s, f)
	default:
		s.value, f.value = f.value, ir.Value{}
		s.todo = leave
	}
	return nil
}

// endIteration counts an iteration and decides whether another follows.
func (m *Machine) endIteration(s *strand, f *frame) {
	if f.left {
		m.endLoop(s, f)
		return
	}
	f.done++
	f.last.Release()
	f.last, f.value = f.value, ir.Value{}
	f.setCounter()
	switch f.st.kind {
	case kindRepeat:
		if f.done < f.count {
			m.iterate(s, f)
		} else {
			m.endLoop(s, f)
		}
	case kindLoop:
		m.iterate(s, f)
	default:
		s.todo = again
	}
}

// iterate begins an iteration.
func (m *Machine) iterate(s *strand, f *frame) {
	f.pc, f.mark = 0, s.steps
	s.todo = enter
	f.splice()
}

// endLoop ends a loop with the value of its last iteration.
func (m *Machine) endLoop(s *strand, f *frame) {
	s.value, f.last = f.last, ir.Value{}
	s.todo = leave
}

func (f *frame) setCounter() {
	if f.st.counter >= 0 {
		storeSlot(f.regs, f.st.counter, ir.Int(f.done))
	}
}

// jump performs break or continue: it leaves the elements inside the nearest
// loop, and the loop or its iteration. An iteration that is left without a step
// takes one.
func (m *Machine) jump(s *strand, leaveLoop bool) {
	for !s.top().st.kind.isLoop() {
		s.drop()
	}
	f := s.top()
	f.value.Release()
	f.value = ir.Value{}
	f.pc = len(f.body)
	s.todo = endBody
	f.left = leaveLoop
}

// enterCall evaluates the arguments of a function call and enters the function.
func (m *Machine) enterCall(s *strand, st *stmt, regs []ir.Value) error {
	callee := st.call.callee
	window := callee.window()
	for i, arg := range st.call.args {
		v, err := m.eval(arg, regs)
		if err == nil {
			v, err = callee.params[i].convert(v)
		}
		if err != nil {
			callee.release(window)
			return err
		}
		v.Retain()
		window[callee.params[i].slot] = v
	}
	f := s.push(st, callee.body)
	f.regs, f.scope = window, callee
	return nil
}

// results returns what a function that has ended returns.
func (m *Machine) results(f *frame) (ir.Value, error) {
	outputs := f.scope.outputs
	for _, slot := range outputs {
		if f.regs[slot].IsUnset() {
			return ir.Value{}, fmt.Errorf("function %s ended without setting its result %q", f.scope.name, f.scope.nameOf(slot))
		}
	}
	switch len(outputs) {
	case 0:
		return ir.Value{}, nil
	case 1:
		return f.regs[outputs[0]], nil
	}
	values := make([]ir.Value, len(outputs))
	for i, slot := range outputs {
		values[i] = f.regs[slot]
	}
	return ir.ListOf(slices.Clip(values)...), nil
}

func (c *scopeCode) nameOf(slot int) string {
	for name, i := range c.slots {
		if i == slot {
			return name
		}
	}
	return "?"
}
