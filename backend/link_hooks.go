package backend

import (
	"time"

	"flowc.dev/flowc/ir"
)

// hooks links the hooks of st, which are those of its source if it is an
// optimized leaf.
func (l *linker) hooks(c *scopeCode, st *stmt) error {
	h := &hooks{entry: st.entered()}
	for _, n := range firstSource(st.node).Body("hooks") {
		if err := l.hook(c, st, n, &h.before, false); err != nil {
			return err
		}
	}
	for _, n := range lastSource(st.node).Body("hooks") {
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
	for st.kind == kindFused && len(st.source) > 0 {
		st = st.source[0]
	}
	return st.exec == nil
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
	code := &hookCode{owner: owner, index: len(*list), after: after, every: 1, slot: -1, counts: !after || len(n.Body("before")) == 0}
	switch every := n.Attr("every"); {
	case every.Kind() == ir.Str:
		period, err := time.ParseDuration(every.Text())
		if err != nil || period <= 0 {
			return l.problem(n, "every is %q: want a whole number or a positive duration such as 10s", every.Text())
		}
		code.period, code.every = period, 2 // in the slot: 0 for due, 1 for not
		code.last = l.lastRun(n)
		code.slot = l.firing(c, n, false)
	case !every.IsNull():
		code.every = every.Int64()
		code.slot = l.firing(c, n, true)
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

// firing returns the slot of a hook's counter. The hook of a statement that an
// optimized leaf stands for counts the same arrivals as the leaf's. The counter
// starts with the frame around it, if it is part of the state of a run.
func (l *linker) firing(c *scopeCode, n *ir.Node, starts bool) int {
	if slot, ok := c.hooks[n.ID]; ok && n.ID != 0 {
		return slot
	}
	slot := len(c.initial)
	c.initial = append(c.initial, ir.Int(0))
	c.fixed = append(c.fixed, nil)
	if c.hooks == nil {
		c.hooks = map[ir.ID]int{}
	}
	c.hooks[n.ID] = slot
	if starts {
		*l.firings = append(*l.firings, firing{n.ID, slot})
	}
	return slot
}

// lastRun returns where the time of a hook's last run is kept.
func (l *linker) lastRun(n *ir.Node) *time.Time {
	if last := l.lastRuns[n.ID]; last != nil && n.ID != 0 {
		return last
	}
	if l.lastRuns == nil {
		l.lastRuns = map[ir.ID]*time.Time{}
	}
	now := time.Now()
	l.lastRuns[n.ID] = &now
	return &now
}

// counting links statements whose hooks count their arrivals in a frame of their
// own, and returns the counters.
func (l *linker) counting(link func() error) ([]firing, error) {
	var own []firing
	outer := l.firings
	l.firings = &own
	err := link()
	l.firings = outer
	return own, err
}
