package backend

// arrive decides, when control comes to a fused leaf, whether the leaf can run
// or its source has to.
func (m *Machine) arrive(s *strand, st *stmt) error {
	n, err := st.exec.(fused).steps(m, s)
	if err != nil || n == 0 {
		// The source finds the same error at its own place.
		s.push(st, st.source)
		return nil
	}
	s.pending, s.leaf, s.todo = n, st, ready
	return nil
}
