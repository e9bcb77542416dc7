package backend

import (
	"fmt"
	"strings"

	"flowc.dev/flowc/ir"
)

// joinLeaf waits for the copies of a fragment and stores what they give.
type joinLeaf struct {
	handle *expr
}

func (l *linker) join(c *scopeCode, st *stmt) (err error) {
	leaf := &joinLeaf{}
	leaf.handle, err = l.operand(c, st.node.Args[0], nil)
	st.exec = leaf
	l.m.outside.waits = true
	return err
}

// child returns the fragment that is to be joined.
func (l *joinLeaf) child(m *Machine, f *frame) (*child, error) {
	v, err := m.eval(l.handle, f.regs)
	if err != nil {
		return nil, err
	}
	if !v.IsScalar() || v.DType() != ir.I64 {
		return nil, at(l.handle.node, fmt.Errorf("join of %s: want the handle that a spawn stored", v.Type()))
	}
	c := m.childOf(v.Int64())
	switch {
	case c == nil && v.Int64() >= 1 && v.Int64() < m.outside.next:
		return nil, fmt.Errorf("the fragment with handle %d has been joined already, or the function that spawned it has ended", v.Int64())
	case c == nil:
		return nil, fmt.Errorf("join of %s: that is no handle of a spawned fragment", ir.FormatShort(v))
	case !c.gives(f.regs):
		return nil, fmt.Errorf("the fragment with handle %d was spawned in another function call: join it there", v.Int64())
	}
	return c, nil
}

// waits reports whether the join waits for a copy. A copy that has failed is
// waited for no less than those before it, so that the error is always the
// same.
func (l *joinLeaf) waits(m *Machine, f *frame) bool {
	c, err := l.child(m, f)
	if err != nil {
		return false
	}
	for _, r := range c.copies {
		if !r.ended() {
			return true
		}
		if _, err := r.result(); err != nil {
			return false
		}
	}
	return false
}

func (l *joinLeaf) exec(m *Machine, _ *strand, f *frame, st *stmt) error {
	c, err := l.child(m, f)
	if err != nil {
		return err
	}
	states := make([]FragmentState, len(c.copies))
	for i, r := range c.copies {
		if states[i], err = r.result(); err != nil {
			return c.failure(i, err)
		}
	}
	values := make([]ir.Value, len(c.leaf.outs))
	for i := range values {
		out := &c.leaf.outs[i]
		v, err := c.merge(out, states)
		if err == nil {
			values[i], err = out.convert(v)
		}
		if err != nil {
			return err
		}
	}
	if stores := len(st.stores); stores > 1 && stores != len(values) {
		return fmt.Errorf("the fragment gives %d results, and %d registers are to take them", len(values), stores)
	}
	return st.finish(f, append([]ir.Value(nil), values...), 0, func() {
		for _, s := range states {
			for _, line := range s.Printed {
				if m.print != nil {
					m.print(line)
				}
			}
		}
		for i, out := range c.leaf.outs {
			values[i].Freeze()
			storeSlot(f.regs, out.slot, values[i])
		}
		m.dropChildren(func(other *child) bool { return other == c })
	})
}

// failure says which copy has failed.
func (c *child) failure(i int, err error) error {
	what := "the fragment spawned"
	if c.stacked {
		what = fmt.Sprintf("copy %d of the fragment spawned", i)
	}
	if pos := c.leaf.node.Pos; pos.Known() {
		what += " at " + pos.String()
	}
	// The error is text here: a statement of the fragment is none of this run.
	return fmt.Errorf("%s failed: %s", what, strings.ReplaceAll(err.Error(), "\n", "\n  "))
}

// merge returns what the copies give for one register.
func (c *child) merge(out *sink, states []FragmentState) (ir.Value, error) {
	var gathered *stack
	if c.stacked {
		if len(states) == 0 {
			return emptyStack(out)
		}
		var err error
		if gathered, err = newStack(int64(len(states)), nil); err != nil {
			return ir.Value{}, err
		}
	}
	for i, s := range states {
		v, ok := s.Snapshot.Run.Registers[out.name]
		if !ok {
			return v, c.failure(i, fmt.Errorf("it ended without setting register %q, which it is to give", out.name))
		}
		if gathered == nil {
			return v, nil
		}
		if gathered.added > 0 && !v.HasType(gathered.first) {
			return v, fmt.Errorf("copy %d of the fragment gives %s for register %q, the ones before give %s", i, v.Type(), out.name, gathered.first)
		}
		if err := gathered.add(v); err != nil {
			return v, fmt.Errorf("register %q of the copies cannot be stacked: %w", out.name, err)
		}
	}
	return gathered.take(), nil
}

// emptyStack returns the value of no copies, whose type only the declaration of
// the register can tell.
func emptyStack(out *sink) (ir.Value, error) {
	if fixed := out.fixed; fixed != nil && len(fixed.Shape) > 0 && fixed.Shape[0] == 0 {
		t, err := ir.NewTensor(fixed.DType, fixed.Shape...)
		if err != nil {
			return ir.Value{}, err
		}
		return ir.TensorValue(t), nil
	}
	return ir.Value{}, fmt.Errorf("no copies give no value for register %q, whose type is not known: declare it with a leading extent of 0, or do not spawn 0 copies", out.name)
}
