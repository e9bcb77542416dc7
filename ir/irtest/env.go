package irtest

import "flowc.dev/flowc/ir"

// An entry is what is known of a register that is set.
type entry struct {
	name string
	t    ir.Type
	// dynamic says that the type is not known.
	dynamic bool
	// locked registers are not stored to.
	locked bool
	// stable registers keep their type: code that runs more than once, or in
	// turns with other code, relies on it.
	stable bool
	// fixed registers have a declared type.
	fixed bool
	// small, if not 0, says that the value is a whole number of 0 to small-1.
	small int
}

// An env is the registers that are surely set at a point of a program.
type env struct {
	entries []entry
	fed     bool // the learner has seen enough rows
}

func (e *env) find(name string) *entry {
	for i := range e.entries {
		if e.entries[i].name == name {
			return &e.entries[i]
		}
	}
	return nil
}

func (e *env) set(n entry) {
	if old := e.find(n.name); old != nil {
		n.stable = n.stable || old.stable
		*old = n
		return
	}
	e.entries = append(e.entries, n)
}

func (e *env) clone() *env {
	return &env{entries: append([]entry(nil), e.entries...), fed: e.fed}
}

// merge keeps what is known after either of two ways to one point.
func merge(a, b *env) *env {
	m := &env{fed: a.fed && b.fed}
	for _, n := range a.entries {
		if o := b.find(n.name); o != nil {
			if !o.t.Equal(n.t) || o.dynamic {
				n.dynamic = true
			}
			n.small = max(n.small, o.small) * min(n.small, o.small, 1)
			m.entries = append(m.entries, n)
		}
	}
	return m
}

// matching returns the entries of a known type that satisfy the predicate.
func (e *env) matching(ok func(n *entry) bool) []*entry {
	var found []*entry
	for i := range e.entries {
		if n := &e.entries[i]; !n.dynamic && ok(n) {
			found = append(found, n)
		}
	}
	return found
}

// A scope is the program or a function.
type scope struct {
	function *function // nil for the program
	fixed    []fixedRegister
	pure     bool // no effects and no loops but plain repeats
	smooth   bool // only what can be differentiated
}

type fixedRegister struct {
	name string
	t    ir.Type
}

func (s *scope) fixedType(name string) (ir.Type, bool) {
	for _, f := range s.fixed {
		if f.name == name {
			return f.t, true
		}
	}
	return ir.Type{}, false
}

// A block is a point in a program where statements are made.
type block struct {
	env   *env
	scope *scope
	jumps *jumps // of the nearest loop, nil if there is none
	// apart says that other code takes turns with this: new registers get names
	// of their own.
	apart bool
	hook  bool
	// straight says that calls in expressions are of straight-line functions.
	straight bool
	spawned  bool // in a fragment, or beside one
	draws    bool // fragments draw from generators only once they are split
	times    int  // how often the point is reached at most
	depth    int
}

// jumps tells whether a loop may be left, or an iteration cut short.
type jumps struct{ used bool }

// inner returns a block in sequence with b.
func (b *block) inner() *block {
	c := *b
	c.depth++
	return &c
}

// branch returns a block that may run or not.
func (b *block) branch() *block {
	c := b.inner()
	c.env = b.env.clone()
	return c
}

// again returns a block that runs up to n times for each time b does.
func (b *block) again(n int) *block {
	// The values may be others when the point is reached again, and afterwards.
	for i := range b.env.entries {
		if e := &b.env.entries[i]; !e.locked {
			e.small = 0
		}
	}
	c := b.branch()
	c.times *= max(n, 1)
	for i := range c.env.entries {
		c.env.entries[i].stable = true
	}
	return c
}

// loop is again for the body of a loop.
func (b *block) loop(n int) *block {
	c := b.again(n)
	c.jumps = &jumps{}
	return c
}

// strand returns a block that takes turns with others.
func (b *block) strand() *block {
	c := b.again(1)
	c.jumps, c.apart = nil, true
	return c
}

// join adds to b what is surely set after c, a block that has surely run to its
// end.
func (b *block) join(c *block) {
	for _, n := range c.env.entries {
		if b.env.find(n.name) == nil {
			n.stable, n.locked, n.small = false, false, 0
			b.env.entries = append(b.env.entries, n)
		}
	}
	b.env.fed = b.env.fed || c.env.fed
}
