package state

import (
	"fmt"
	"slices"

	"flowc.dev/flowc/ir"
)

// rebaser takes positions over from one program to another.
type rebaser struct {
	old, new *tree
	file     string
	edited   map[ir.ID]bool
}

// A tree tells where the statements and hooks of a program stand.
type tree struct {
	program *ir.Program
	places  map[ir.ID]place
}

type place struct {
	node   *ir.Node
	parent *ir.Node // nil for the body of the program or of a function
	// function is the one that the statement is in, "" for the program's body.
	function string
	// region is the index of the parent's region.
	region int
}

func newTree(p *ir.Program) *tree {
	t := &tree{p, map[ir.ID]place{}}
	var enter func(parent *ir.Node, function string, region int, body []*ir.Node)
	enter = func(parent *ir.Node, function string, region int, body []*ir.Node) {
		for _, n := range body {
			t.places[n.ID] = place{n, parent, function, region}
			for i := range n.Regions {
				enter(n, function, i, n.Regions[i].Body)
			}
		}
	}
	enter(nil, "", 0, p.Body)
	for _, f := range p.Functions {
		enter(nil, f.Name, 0, f.Body)
	}
	return t
}

// An owner is what a frame's body belongs to: an element, or the program's or a
// function's body.
type owner struct {
	node     *ir.Node // in the edited program, nil for a body
	function string
	strand   int // of a weave
}

// strand rebases the position st, whose whole body belongs to o.
func (r *rebaser) strand(st *Strand, o owner) (Strand, error) {
	rebased := *st
	rebased.Frames = make([]Frame, 0, len(st.Frames))
	for i := range st.Frames {
		f := st.Frames[i]
		if i > 0 {
			var err error
			if o, err = r.enter(&f); err != nil {
				return rebased, err
			}
		}
		if err := r.contents(&f, o); err != nil {
			return rebased, err
		}
		if f.At == 0 {
			rebased.Frames = append(rebased.Frames, f)
			continue
		}
		around, err := r.locate(f.At, o)
		if err != nil {
			return rebased, err
		}
		at := f.At
		for _, element := range around {
			f.At = element
			rebased.Frames = append(rebased.Frames, f)
			f = Frame{Node: element}
		}
		f.At = at
		rebased.Frames = append(rebased.Frames, f)
	}
	return rebased, r.next(&rebased)
}

// enter returns what the body of frame f belongs to.
func (r *rebaser) enter(f *Frame) (owner, error) {
	was, err := r.surviving(f.Node, "is in")
	if err != nil {
		return owner{}, err
	}
	now := r.new.places[f.Node].node
	o := owner{node: now, function: r.new.places[f.Node].function}
	if now.Op == "repeat" && now.Text("as") != was.Text("as") {
		return o, fmt.Errorf("%s: the edit changes the counter of the loop, which the run is in: let the run go on past it", r.describe(was))
	}
	if keepsValues(now) && r.new.used(f.Node) && !r.old.used(f.Node) {
		return o, fmt.Errorf("%s: the edit makes use of the value of a %s that the run is in, which has not kept it: let the run go on past it", r.describe(was), was.Op)
	}
	if now.Op != "call" {
		return o, nil
	}
	name := was.Text("call")
	if now.Text("call") != name || r.new.program.Function(name) == nil {
		return o, fmt.Errorf("%s: the edit removes the call of function %s, which the run is in: let it go on until the call is done", r.describe(was), name)
	}
	return owner{function: name}, nil
}

// surviving returns the old statement or hook of an ID that both programs have.
func (r *rebaser) surviving(id ir.ID, how string) (*ir.Node, error) {
	was, now := r.old.places[id].node, r.new.places[id].node
	switch {
	case was == nil:
		return nil, fmt.Errorf("the state is not one of its program: statement %d is not in it", id)
	case now == nil:
		return nil, fmt.Errorf("%s: the edit removes or replaces the statement, which the run %s: let the run go on past it, or edit its parts", r.describe(was), how)
	case now.Op != was.Op:
		return nil, fmt.Errorf("%s: the edit makes a %s of the statement, which the run %s", r.describe(was), now.Op, how)
	}
	return was, nil
}

// locate returns the elements that are new around the statement id in a body
// that belongs to o, outermost first.
func (r *rebaser) locate(id ir.ID, o owner) ([]ir.ID, error) {
	was, err := r.surviving(id, "stands at")
	if err != nil {
		return nil, err
	}
	var around []ir.ID
	for p := r.new.places[id]; ; p = r.new.places[p.parent.ID] {
		if p.parent == o.node && p.function == o.function && (o.node == nil || r.sameRegion(p, id, len(around) > 0, o)) {
			slices.Reverse(around)
			return around, nil
		}
		if p.parent == nil || p.parent.Op != "seq" && p.parent.Op != "switch" || p.parent.Regions[p.region].Field == "hooks" {
			what := "takes the statement out of its body"
			if p.parent != nil {
				what = fmt.Sprintf("puts the statement into a %s", p.parent.Op)
			}
			return nil, fmt.Errorf("%s: the edit %s, and the run stands at it: let the run go on past it", r.describe(was), what)
		}
		around = append(around, p.parent.ID)
	}
}

// sameRegion reports whether the place p is in the part of the element o that
// the run is in.
func (r *rebaser) sameRegion(p place, id ir.ID, wrapped bool, o owner) bool {
	region := &o.node.Regions[p.region]
	switch {
	case region.Field == "hooks":
		return false
	case o.node.Op == "weave":
		return p.region == regionOf(o.node, o.strand)
	case o.node.Op == "hook" && !wrapped:
		old := r.old.places[id]
		return old.parent == nil || old.parent.Regions[old.region].Field == region.Field
	}
	return true
}

// regionOf returns the index of the region of a strand.
func regionOf(weave *ir.Node, strand int) int {
	for i := range weave.Regions {
		if weave.Regions[i].Field != "weave" {
			continue
		}
		if strand == 0 {
			return i
		}
		strand--
	}
	return -1
}

// contents rebases what frame f holds beside its place.
func (r *rebaser) contents(f *Frame, o owner) error {
	if f.Registers != nil {
		var err error
		if f.Registers, err = scopeOf(r.old.program, r.new.program, o.function).rebase(f.Registers); err != nil {
			return err
		}
	}
	if f.Weave == nil {
		return nil
	}
	w := *f.Weave
	w.Strands = make([]Strand, len(f.Weave.Strands))
	was := r.old.places[f.Node].node
	if was == nil || regionOf(o.node, len(w.Strands)) >= 0 || len(w.Strands) > 0 && regionOf(o.node, len(w.Strands)-1) < 0 {
		return fmt.Errorf("%s: the edit changes the number of strands of the weave, which the run is in: let the run go on past it", r.describe(was))
	}
	for i := range f.Weave.Strands {
		inner := owner{node: o.node, function: o.function, strand: i}
		var err error
		if w.Strands[i], err = r.strand(&f.Weave.Strands[i], inner); err != nil {
			return err
		}
		if i == w.Current && w.TurnAt != 0 {
			w.TurnAt = r.topOf(w.TurnAt, inner)
		}
	}
	f.Weave = &w
	return nil
}

// topOf returns the statement of a strand's body that is or contains id, 0 if
// there is none.
func (r *rebaser) topOf(id ir.ID, o owner) ir.ID {
	for p := r.new.places[id]; p.node != nil; p = r.new.places[p.parent.ID] {
		if p.parent == o.node && p.region == regionOf(o.node, o.strand) {
			return p.node.ID
		}
		if p.parent == nil {
			break
		}
	}
	return 0
}

// next adapts what the strand st does next to what has become of the statement
// at its position.
func (r *rebaser) next(st *Strand) error {
	if len(st.Frames) == 0 {
		return nil
	}
	at := st.Frames[len(st.Frames)-1].At
	if at == 0 || !r.edited[at] {
		return nil
	}
	was, now := r.old.places[at].node, r.new.places[at].node
	called := r.old.program.Function(was.Text("call")) != nil
	calls := r.new.program.Function(now.Text("call")) != nil
	switch {
	case st.Next == Poll && !sameProcess(was, now):
		return fmt.Errorf("%s: the edit changes a statement whose process has been launched: let the run go on past it", r.describe(was))
	case st.Next == Leaf && was.Op == "call" && calls:
		st.Next = Enter
	case st.Next == Finish && was.Op == "call" && called && !calls:
		return fmt.Errorf("%s: the edit changes a call that has returned: let the run go on past it", r.describe(was))
	}
	// Hooks that have run are not run again for the sake of a new one.
	if st.Hooked && !hasBefore(was) {
		st.Hooked = false
	}
	return nil
}

func hasBefore(n *ir.Node) bool {
	return slices.ContainsFunc(n.Body("hooks"), func(h *ir.Node) bool { return len(h.Body("before")) > 0 })
}

func (r *rebaser) describe(n *ir.Node) string {
	return ir.Problem{File: r.file, Pos: n.Pos, Message: n.Headline()}.Error()
}

// sameProcess reports whether a popen launches what another has launched.
func sameProcess(was, now *ir.Node) bool {
	return now.Op == "popen" && slices.EqualFunc(was.Args, now.Args, func(a, b *ir.Node) bool { return ir.NodeDigest(a) == ir.NodeDigest(b) })
}

// keepsValues reports whether a run that is in n keeps values for its end, if
// something uses them.
func keepsValues(n *ir.Node) bool {
	switch n.Op {
	case "repeat", "loop", "while", "until", "weave":
		return true
	}
	return false
}

// used reports whether something uses the value of a statement.
func (t *tree) used(id ir.ID) bool {
	for {
		at := t.places[id]
		if len(at.node.Stores()) > 0 {
			return true
		}
		if at.parent == nil || at.parent.Op == "hook" {
			return false
		}
		body := at.parent.Regions[at.region].Body
		if body[len(body)-1] != at.node {
			return false
		}
		if at.parent.Op == "buffer" {
			return true
		}
		id = at.parent.ID
	}
}
