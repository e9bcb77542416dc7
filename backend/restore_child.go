package backend

import (
	"fmt"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ir/state"
)

// restoreChildren starts the fragments of a snapshot again where they stood.
func (m *Machine) restoreChildren(r *state.Run) error {
	m.outside.next = r.NextHandle
	if len(r.Children) > 0 && m.cfg.Fragments == nil {
		return errNoFragments
	}
	calls := m.calls()
	for i := range r.Children {
		if err := m.restoreChild(&r.Children[i], calls); err != nil {
			m.dropChildren(func(*child) bool { return true })
			return fmt.Errorf("the snapshot's running fragment with handle %d: %w", r.Children[i].Handle, err)
		}
	}
	return nil
}

func (m *Machine) restoreChild(captured *state.Child, calls []call) error {
	var leaf *spawnLeaf
	for l := range m.outside.spawns {
		if l.node.ID == captured.Node {
			leaf = l
		}
	}
	switch {
	case captured.Handle < 1 || captured.Handle >= m.outside.next || m.childOf(captured.Handle) != nil:
		return fmt.Errorf("the handle is not below the next one, %d, or is there twice", m.outside.next)
	case leaf == nil:
		return fmt.Errorf("statement %d is no spawn of the program", captured.Node)
	case captured.Call < 0 || captured.Call >= int64(len(calls)) || calls[captured.Call].scope != leaf.scope:
		return fmt.Errorf("it was not spawned in the function call %d of the position", captured.Call)
	case captured.Stacked != (leaf.count != nil) || !captured.Stacked && len(captured.Copies) != 1 || len(captured.Copies) > maxCopies:
		return fmt.Errorf("it has %d copies, which does not fit the spawn", len(captured.Copies))
	}
	regs := calls[captured.Call].regs
	if err := m.checkOuts(leaf, regs); err != nil {
		return err
	}
	c := &child{handle: captured.Handle, leaf: leaf, regs: regs, stacked: captured.Stacked}
	m.outside.children = append(m.outside.children, c)
	for i := range captured.Copies {
		printed, err := printedLines(captured.Printed, i)
		if err != nil {
			return err
		}
		if err := c.launch(m, FragmentState{&captured.Copies[i], printed}); err != nil {
			return err
		}
	}
	return nil
}

// printedLines returns the lines of copy i.
func printedLines(printed ir.Value, i int) ([]string, error) {
	if printed.IsNull() {
		return nil, nil
	}
	if list := printed.List(); list != nil && i < len(list.Items) {
		if inner := list.Items[i].List(); inner != nil {
			lines := make([]string, len(inner.Items))
			for j, line := range inner.Items {
				lines[j] = line.Text()
			}
			return lines, nil
		}
	}
	return nil, fmt.Errorf("its printed lines are %s: want a list of lines for each copy", printed.Type())
}

// begins reports whether a position is the beginning of the source program,
// where a fragment starts. The first statement need not be in the optimized
// program.
func (m *Machine) begins(c *state.Strand) bool {
	if c.Next != state.Enter || len(c.Frames) != 1 {
		return false
	}
	first := ir.ID(0)
	if body := m.source().Body; len(body) > 0 {
		first = body[0].ID
	}
	f := &c.Frames[0]
	return f.At == first && f.Node == 0 && f.Value.IsNull() && !c.Hooked
}
