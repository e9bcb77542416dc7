package backend

import "flowc.dev/flowc/ir"

// A source is the statements that a fused leaf stands for. They are linked when
// they are first needed: most leaves always run as one.
type source struct {
	l      *linker
	c      *scopeCode
	body   []*ir.Node
	want   bool
	code   []*stmt
	linked bool
	err    error
	// entered is set if the first statement may evaluate something when control
	// comes to it, as a call of a function does.
	entered bool
}

// source links what the fused leaf n stands for, or leaves that for later.
func (l *linker) source(c *scopeCode, n *ir.Node, want bool) (*source, error) {
	s := &source{l: l, c: c, body: n.Body("source"), want: want}
	switch first := firstSource(n); first.Op {
	case "switch":
		s.entered = true
	case "call":
		s.entered = l.declared[first.Text("call")] != nil
	}
	// A profile lists leaves in the order in which they are linked. Hidden
	// registers are slots of the scope, of which it has no more once it runs, and
	// belong to the loops around.
	if l.cfg.Profile || hasHidden(s.body) {
		_, err := s.link()
		return s, err
	}
	return s, nil
}

func (s *source) link() ([]*stmt, error) {
	if s.linked {
		return s.code, s.err
	}
	s.linked = true
	s.code, s.err = s.l.block(s.c, s.body, s.want)
	return s.code, s.err
}

// hasHidden reports whether hidden registers are used in the statements.
func hasHidden(body []*ir.Node) bool {
	for _, n := range body {
		switch n.Op {
		case "reg":
			if ir.IsHidden(n.Text("reg")) {
				return true
			}
			continue
		case "call":
			if ir.IsHidden(n.Text("call")) {
				return true
			}
		case "graph":
			if n.Region("hoisted") != nil {
				return true
			}
		}
		if hasHidden(n.Args) {
			return true
		}
		for i := range n.Kwargs {
			if hasHidden([]*ir.Node{n.Kwargs[i].Node}) {
				return true
			}
		}
		for i := range n.Regions {
			if hasHidden(n.Regions[i].Body) {
				return true
			}
		}
	}
	return false
}

// sources returns the statements that st stands for, none if it is no fused leaf.
func (st *stmt) sources() ([]*stmt, error) {
	if st.source == nil {
		return nil, nil
	}
	return st.source.link()
}

// enterSource makes the statements that st stands for what runs next.
func (s *strand) enterSource(st *stmt) error {
	body, err := st.sources()
	if err == nil {
		s.push(st, body)
	}
	return err
}

// first returns the first statement that st stands for, which is st itself if it
// is no fused leaf or if they cannot be linked.
func (st *stmt) first() *stmt {
	for st.kind == kindFused {
		body, err := st.sources()
		if err != nil || len(body) == 0 {
			break
		}
		st = body[0]
	}
	return st
}

// last is first for the last statement.
func (st *stmt) last() *stmt {
	for st.kind == kindFused {
		body, err := st.sources()
		if err != nil || len(body) == 0 {
			break
		}
		st = body[len(body)-1]
	}
	return st
}
