package backend

// arrive decides, when control comes to a fused leaf, whether the leaf can run
// or its source has to. Where the source would evaluate something on arrival
// that fails, it has to: it finds the error at its own place and time. So it
// has where turns of a weave come between its steps.
func (m *Machine) arrive(s *strand, st *stmt) error {
	n, err := st.exec.(fused).steps(m, s)
	if err == nil && n != 0 && s.inHook > 0 {
		s.pending = n
		return m.runInHook(s, s.top(), st)
	}
	if err != nil || n == 0 || !s.undivided(st) || !m.argumentsEvaluate(s, st) {
		return s.enterSource(st)
	}
	s.pending, s.leaf, s.todo = n, st, ready
	return nil
}

// undivided reports whether no turn of the weaves around ends between the steps
// of the source of st: each counts turns by statements, and the source is part of
// one statement of its strand. The source must not begin with what is entered on
// arrival either, such as a call with its arguments: other strands may have their
// turns between that and the first step.
func (s *strand) undivided(st *stmt) bool {
	if s.parent == nil {
		return true
	}
	first := st.first()
	if first.kind != kindLeaf {
		return false
	}
	for ; s.parent != nil; s = s.parent {
		if !s.parent.top().st.byStmt || len(s.frames) == 1 && len(st.node.Body("source")) > 1 {
			return false
		}
	}
	return true
}

// argumentsEvaluate reports whether what the source of st begins with can be
// entered: the arguments of a call and the selector of a switch can be evaluated.
func (m *Machine) argumentsEvaluate(s *strand, st *stmt) bool {
	if st.source == nil || !st.source.entered {
		return true
	}
	st = st.first()
	regs := s.top().regs
	switch st.kind {
	case kindSwitch:
		v, err := m.eval(st.operand, regs)
		if err == nil {
			_, err = st.choose(v)
		}
		return err == nil
	case kindCall:
	default:
		return true
	}
	for i, arg := range st.call.args {
		v, err := m.eval(arg, regs)
		if err == nil {
			_, err = st.call.callee.params[i].convert(v)
		}
		if err != nil {
			return false
		}
	}
	return true
}
