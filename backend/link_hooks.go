package backend

import (
	"time"

	"flowc.dev/flowc/ir"
)

// hooks links the hooks of st, which are those of its source if it is an
// optimized leaf.
func (l *linker) hooks(c *scopeCode, st *stmt) error {
	before, after := firstSource(st.node).Body("hooks"), lastSource(st.node).Body("hooks")
	if len(before)+len(after) == 0 {
		return nil
	}
	h := &hooks{entry: st.entered()}
	for _, n := range before {
		if err := l.hook(c, st, n, &h.before, false); err != nil {
			return err
		}
	}
	for _, n := range after {
		if err := l.hook(c, st, n, &h.after, true); err != nil {
			return err
		}
	}
	if len(h.before)+len(h.after) > 0 {
		st.hooks = h
	}
	return nil
}

// entered reports whether the source of st begins with a control element.
func (st *stmt) entered() bool {
	return st.first().exec == nil
}

// hook links one side of the hook clause n if there are statements on it.
func (l *linker) hook(c *scopeCode, owner *stmt, n *ir.Node, list *[]*stmt, after bool) error {
	field := "before"
	if after {
		field = "after"
	}
	body := n.Body(field)
	if len(body) == 0 {
		return nil
	}
	code := &hookCode{owner: owner, index: len(*list), after: after, every: 1, counts: !after || len(n.Body("before")) == 0}
	if every := n.Attr("every"); !every.IsNull() {
		code.counter = l.m.counter(n.ID)
		code.every = every.Int64()
		if every.Kind() == ir.Str {
			period, err := time.ParseDuration(every.Text())
			if err != nil || period <= 0 {
				return l.problem(n, "every is %q: want a whole number or a positive duration such as 10s", every.Text())
			}
			code.counter.period, code.counter.last = period, time.Now()
		}
	}
	st := &stmt{node: n, kind: kindHook, counter: -1, hook: code}
	if when := n.Kwarg("when"); when != nil {
		var err error
		if st.operand, err = l.operand(c, when, nil); err != nil {
			return err
		}
	}
	var err error
	st.body, err = l.block(c, body, false)
	*list = append(*list, st)
	return err
}

// counter returns the counter of a hook clause. The hook of a statement that an
// optimized leaf stands for counts the same arrivals as the leaf's.
func (m *Machine) counter(hook ir.ID) *hookCounter {
	c := m.counters[hook]
	if c == nil {
		c = &hookCounter{}
		if m.counters == nil {
			m.counters = map[ir.ID]*hookCounter{}
		}
		m.counters[hook] = c
	}
	return c
}
