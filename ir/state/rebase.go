package state

import (
	"fmt"
	"maps"
	"slices"

	"flowc.dev/flowc/ir"
)

// Rebase returns the half-run program s with its program edited: the same state
// at the same position of the edited program. m tells what the edit did; nil
// has the programs compared. The edited program is to be verified by the caller,
// and nodes that are in both programs have the same ID, as in
// [ir.Replace] and its like. s is not changed; the result shares its values.
//
// The statement that the run stands at and the elements around it must still be
// there: an edit that removes or replaces one, or puts a loop, a strand, a hook
// or a call around one, is refused with an error that names the statement. A new
// seq or switch around the position is taken as entered.
//
// Registers that the edit declares with a first value get it, and objects that it
// declares are made when the run is resumed; the states of registers, objects
// and hooks that it removes are dropped. A fragment that has been spawned goes
// on as it was. The edit is entered in Edits.
func Rebase(s *Snapshot, edited *ir.Program, m *ir.EditMap) (*Snapshot, error) {
	if m == nil {
		m = ir.Changes(s.Program, edited)
	}
	r := &rebaser{old: newTree(s.Program), new: newTree(edited), file: s.Program.File, edited: map[ir.ID]bool{}}
	for _, id := range m.Edited {
		r.edited[id] = true
	}
	rebased := *s
	rebased.Program = edited
	rebased.Edits = append(slices.Clone(s.Edits), Edit{Step: s.Run.Steps, What: m.What, Before: ir.Digest(s.Program)})
	var err error
	if rebased.Run.Objects, err = r.objects(s.Run.Objects); err != nil {
		return nil, err
	}
	registers := scopeOf(s.Program, edited, "")
	if rebased.Run.Registers, err = registers.rebase(s.Run.Registers); err != nil {
		return nil, err
	}
	rebased.Run.Firings = map[ir.ID]int64{}
	for id, count := range s.Run.Firings {
		if now := r.new.places[id].node; now != nil && now.Op == "hook" {
			rebased.Run.Firings[id] = count
		}
	}
	if rebased.Run.Main, err = r.strand(&s.Run.Main, owner{}); err != nil {
		return nil, err
	}
	for _, c := range s.Run.Children {
		old, now := r.old.places[c.Node], r.new.places[c.Node]
		if old.node != nil && (now.node == nil || now.node.Op != old.node.Op) {
			return nil, fmt.Errorf("%s: the edit removes a spawn whose fragment has not been joined: let the run go on until it is", r.describe(old.node))
		}
	}
	return &rebased, nil
}

// objects returns the states of the objects that are still there.
func (r *rebaser) objects(states map[string]ir.Value) (map[string]ir.Value, error) {
	kept := map[string]ir.Value{}
	for name, v := range states {
		was, now := r.old.program.Object(name), r.new.program.Object(name)
		if now == nil {
			continue
		}
		if was != nil && was.Class != now.Class {
			return nil, fmt.Errorf("the edit makes object %q, which has a state, a %s instead of a %s: declare another object", name, now.Class, was.Class)
		}
		kept[name] = v
	}
	return kept, nil
}

// A registerScope is what a program or function says of registers, before and
// after an edit.
type registerScope struct {
	old, new  []ir.Register
	mentioned map[string]bool // after the edit
}

// scopeOf returns the registers of a function, or of the program for "".
func scopeOf(old, edited *ir.Program, function string) registerScope {
	s := registerScope{old: old.Registers, new: edited.Registers, mentioned: map[string]bool{}}
	body, names := edited.Body, append(slices.Clone(edited.Inputs), edited.Outputs...)
	if function != "" {
		s.old, s.new, body, names = nil, nil, nil, nil
		if f := old.Function(function); f != nil {
			s.old = f.Registers
		}
		if f := edited.Function(function); f != nil {
			s.new, body, names = f.Registers, f.Body, append(slices.Clone(f.Params), f.Returns...)
		}
	}
	for _, name := range names {
		s.mentioned[name] = true
	}
	for _, d := range s.new {
		s.mentioned[d.Name] = true
	}
	for _, n := range body {
		ir.VisitNode(n, func(n *ir.Node) bool {
			ir.RegisterNames(n, func(name string) { s.mentioned[name] = true })
			return true
		})
	}
	return s
}

// rebase returns the registers that the edited scope has.
func (s registerScope) rebase(registers map[string]ir.Value) (map[string]ir.Value, error) {
	kept := maps.Clone(registers)
	if kept == nil {
		kept = map[string]ir.Value{}
	}
	maps.DeleteFunc(kept, func(name string, _ ir.Value) bool { return !s.mentioned[name] })
	for _, d := range s.new {
		declared := slices.ContainsFunc(s.old, func(old ir.Register) bool { return old.Name == d.Name && old.Init != nil })
		if _, set := kept[d.Name]; set || declared || d.Init == nil {
			continue
		}
		v, err := ir.Literal(d.Init)
		if err != nil {
			return nil, fmt.Errorf("register %q: %w", d.Name, err)
		}
		v.Freeze()
		kept[d.Name] = v
	}
	return kept, nil
}
