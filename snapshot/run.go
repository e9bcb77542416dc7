package snapshot

import (
	"fmt"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ir/state"
)

// document goes through state.json: the values that are used more than once,
// then the run.
func (a *archive) document(r *state.Run) {
	a.object(func() {
		a.shared()
		a.run(r)
	})
}

func (a *archive) shared() {
	var shared []ir.Value
	if a.mode == writing {
		shared = a.values.share()
	}
	if !a.field("shared", len(shared) > 0) {
		return
	}
	if a.mode == writing {
		separator := byte('[')
		for _, v := range shared {
			a.out = a.values.appendParts(append(a.out, separator), v)
			separator = ','
		}
		a.out = append(a.out, ']')
		return
	}
	for more := a.in.open('['); more; more = a.in.more(']') {
		v, err := a.in.value(a.values)
		if a.fail(err); a.err != nil {
			return
		}
		a.values.shared = append(a.values.shared, v)
	}
	a.fail(a.in.err)
}

// run goes through the fields of a run. The copies of children are members of their
// own; here is how many there are.
func (a *archive) run(r *state.Run) {
	a.integer("steps", &r.Steps)
	a.named("registers", &r.Registers)
	a.named("objects", &r.Objects)
	a.counts("firings", &r.Firings)
	a.strand("main", &r.Main)
	list(a, "children", &r.Children, a.child)
	a.integer("next_handle", &r.NextHandle)
}

func (a *archive) strand(name string, s *state.Strand) {
	if a.mode != collecting && !a.field(name, true) {
		if a.err == nil {
			a.fail(a.in.errorf("want %q", name))
		}
		return
	}
	outer := a.path
	a.path = childPath(outer, name)
	a.object(func() { a.strandFields(s) })
	a.path = outer
}

func (a *archive) strandFields(s *state.Strand) {
	text(a, "next", &s.Next)
	a.value("value", &s.Value)
	a.truth("hooked", &s.Hooked)
	list(a, "frames", &s.Frames, a.frame)
}

func (a *archive) frame(f *state.Frame) {
	a.id("node", &f.Node)
	a.id("at", &f.At)
	a.integer("count", &f.Count)
	a.integer("done", &f.Done)
	a.truth("stepped", &f.Stepped)
	a.truth("left", &f.Left)
	a.value("value", &f.Value)
	a.value("last", &f.Last)
	a.value("stacked", &f.Stacked)
	a.named("registers", &f.Registers)
	a.weave(f)
}

func (a *archive) weave(f *state.Frame) {
	if a.mode != collecting && !a.field("weave", f.Weave != nil) {
		return
	}
	if a.mode == reading {
		f.Weave = new(state.Weave)
	}
	w := f.Weave
	if w == nil {
		return
	}
	if a.depth++; a.depth > ir.MaxNesting {
		a.fail(fmt.Errorf("weaves nest deeper than %d", ir.MaxNesting))
		return
	}
	outer := a.path
	a.path = childPath(outer, "weave")
	a.object(func() {
		list(a, "strands", &w.Strands, a.strandFields)
		a.count("started", &w.Started)
		a.count("current", &w.Current)
		a.integer("turns_left", &w.TurnsLeft)
		a.id("turn_at", &w.TurnAt)
		a.integer("turn_done", &w.TurnDone)
	})
	a.path = outer
	a.depth--
}

func (a *archive) child(c *state.Child) {
	a.integer("handle", &c.Handle)
	a.id("node", &c.Node)
	a.integer("call", &c.Call)
	a.truth("stacked", &c.Stacked)
	a.value("printed", &c.Printed)
	copies := len(c.Copies)
	if a.count("copies", &copies); a.mode == reading {
		if copies < 0 || copies > a.copies {
			a.fail(a.in.errorf("a child has %d copies, the file has %d in all", copies, a.copies))
			return
		}
		a.copies -= copies
		c.Copies = make([]state.Snapshot, copies)
	}
}
