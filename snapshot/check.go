package snapshot

import (
	"fmt"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ir/state"
)

// Check reports what cannot be in a snapshot that a machine gave, as far as the
// snapshot by itself tells: statements without ID or with the same, positions at
// statements that the program does not have, numbers out of range. That the
// frames fit the statements they stand for is checked when it is resumed.
func Check(s *state.Snapshot) error {
	if s.Program == nil {
		return fmt.Errorf("the snapshot has no program")
	}
	c := &checker{program: s.Program, ids: map[ir.ID]string{}}
	if err := c.nodes(); err != nil {
		return err
	}
	r := &s.Run
	switch {
	case r.Steps < 0:
		return fmt.Errorf("%d steps are done: want 0 or more", r.Steps)
	case r.NextHandle < 0:
		return fmt.Errorf("the next handle is %d: want 0 or more", r.NextHandle)
	}
	if err := c.names("register", r.Registers); err != nil {
		return err
	}
	if err := c.names("object", r.Objects); err != nil {
		return err
	}
	for name := range r.Objects {
		if s.Program.Object(name) == nil {
			return fmt.Errorf("there is a state of object %q, which the program does not have", name)
		}
	}
	for id, count := range r.Firings {
		if _, ok := c.ids[id]; !ok || count < 0 {
			return fmt.Errorf("the run counts %d arrivals at node %d: want 0 or more, at a hook of the program", count, id)
		}
	}
	if err := c.strand(&r.Main); err != nil {
		return err
	}
	return c.children(r)
}

// A checker knows the elements of the program's nodes.
type checker struct {
	program *ir.Program
	ids     map[ir.ID]string
}

func (c *checker) nodes() error {
	var err error
	ir.Visit(c.program, func(n *ir.Node) bool {
		if source := n.Body("source"); len(source) == 1 && source[0].ID == n.ID {
			return true // it keeps the ID of what it stands for
		}
		if _, taken := c.ids[n.ID]; err == nil && (taken || n.ID == 0) {
			err = fmt.Errorf("the program has two nodes with the ID %d", n.ID)
			if n.ID == 0 {
				err = fmt.Errorf("the program's node %s at %s has no ID", n.Op, n.Pos)
			}
		}
		c.ids[n.ID] = n.Op
		return err == nil
	})
	return err
}

// at checks the ID of a statement; 0 is none.
func (c *checker) at(id ir.ID) error {
	if id == 0 {
		return nil
	}
	op, ok := c.ids[id]
	if !ok {
		return fmt.Errorf("the position names node %d, which the program does not have", id)
	}
	if schema := ir.SchemaOf(op); schema == nil || schema.Class&(ir.Statement|ir.HookClause) == 0 {
		return fmt.Errorf("the position names node %d, which is no statement but %q", id, op)
	}
	return nil
}

func (c *checker) names(what string, values map[string]ir.Value) error {
	for name := range values {
		if !ir.IsName(name) {
			return fmt.Errorf("%q is no name of a %s", name, what)
		}
	}
	return nil
}

var nexts = map[state.Next]bool{state.Leaf: true, state.Poll: true, state.Tick: true, state.Turns: true, state.Done: true,
	state.Enter: true, state.Finish: true, state.End: true, state.Ended: true, state.Again: true, state.Start: true}

func (c *checker) strand(s *state.Strand) error {
	if !nexts[s.Next] {
		return fmt.Errorf("the position says that %.40q comes next", s.Next)
	}
	if (s.Next == state.Done) != (len(s.Frames) == 0) {
		return fmt.Errorf("the position has %d frames and %q comes next", len(s.Frames), s.Next)
	}
	for i := range s.Frames {
		f := &s.Frames[i]
		if (f.Node == 0) != (i == 0) {
			return fmt.Errorf("frame %d of the position stands for node %d", i, f.Node)
		}
		if err := c.frame(f); err != nil {
			return err
		}
	}
	return nil
}

func (c *checker) frame(f *state.Frame) error {
	if err := c.at(f.Node); err != nil {
		return err
	}
	if err := c.at(f.At); err != nil {
		return err
	}
	if f.Count < 0 || f.Done < 0 {
		return fmt.Errorf("the frame of node %d has done %d iterations of %d", f.Node, f.Done, f.Count)
	}
	if err := c.names("register", f.Registers); err != nil {
		return err
	}
	if f.Weave == nil {
		return nil
	}
	return c.weave(f.Weave)
}

func (c *checker) weave(w *state.Weave) error {
	for i := range w.Strands {
		if err := c.strand(&w.Strands[i]); err != nil {
			return err
		}
	}
	if w.Started < 0 || w.Started > len(w.Strands) || w.Current < 0 || w.Current > len(w.Strands) || w.TurnsLeft < 0 || w.TurnDone < 0 {
		return fmt.Errorf("a weave of %d strands has started %d and is at %d", len(w.Strands), w.Started, w.Current)
	}
	return c.at(w.TurnAt)
}

func (c *checker) children(r *state.Run) error {
	handles := map[int64]bool{}
	for i := range r.Children {
		child := &r.Children[i]
		if child.Handle < 0 || child.Handle >= r.NextHandle || handles[child.Handle] {
			return fmt.Errorf("a child has the handle %d: want one below %d that no other has", child.Handle, r.NextHandle)
		}
		handles[child.Handle] = true
		if child.Call < 0 {
			return fmt.Errorf("child %d belongs to call %d: want 0 or more", child.Handle, child.Call)
		}
		if c.ids[child.Node] != "spawn" {
			return fmt.Errorf("a child was spawned by node %d, which is no spawn", child.Node)
		}
	}
	return nil
}
