package stepper

import (
	"fmt"
	"strconv"
	"strings"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ir/state"
	"flowc.dev/flowc/ir/text"
)

// A stop is a set of statements to stop at: before a statement that takes a
// step, and upon entering one that consists of others.
type stop struct {
	text    string
	targets []*target
}

type target struct {
	node  *ir.Node
	calls map[string]bool // functions that run within
	// entered tells how the run stands in the element, "" if it does not.
	entered string
}

// place returns the statements that a line number, !ID or pattern names.
func (s *Stepper) place(args string) (*stop, error) {
	stop := &stop{text: args}
	add := func(id ir.ID) {
		if n := s.listing.statements[id]; n != nil && n.Op != "hook" {
			stop.targets = append(stop.targets, &target{node: n, calls: s.listing.calls(n)})
		}
	}
	id, isID := strings.CutPrefix(args, "!")
	number, err := strconv.ParseUint(id, 10, 32)
	switch {
	case args == "":
		return nil, fmt.Errorf("want a statement: a line of the listing, !ID or a pattern, such as layer.step($_...)")
	case err == nil && isID:
		add(ir.ID(number))
	case err == nil:
		if number < 1 || number > uint64(len(s.listing.ids)) {
			return nil, fmt.Errorf("the listing has lines 1 to %d", len(s.listing.ids))
		}
		add(s.listing.ids[number-1])
	default:
		pattern, err := text.ParsePattern([]byte(args), "")
		if err != nil {
			return nil, err
		}
		matches, err := ir.Find(s.cfg.Compiled.Source, pattern)
		if err != nil {
			return nil, err
		}
		for _, m := range matches {
			if !m.InHook {
				add(m.Statement.ID)
			}
		}
	}
	if len(stop.targets) == 0 {
		return nil, fmt.Errorf("no statement begins at %s: list shows them", args)
	}
	return stop, nil
}

func (s *Stepper) describe(st *stop) string {
	if len(st.targets) == 1 {
		return s.listing.describe(st.targets[0].node.ID)
	}
	return fmt.Sprintf("%s, %d statements", st.text, len(st.targets))
}

// follow notes where the run stands before it goes on.
func (s *Stepper) follow(st *stop) error {
	for _, t := range st.targets {
		var err error
		if t.entered, err = s.entered(t); err != nil {
			return err
		}
	}
	return nil
}

// came reports whether the run has come to one of the statements by its last
// step.
func (s *Stepper) came(st *stop) (bool, error) {
	came := false
	for _, t := range st.targets {
		entered, err := s.entered(t)
		if err != nil {
			return false, err
		}
		came = came || s.machine.At() == t.node.ID || entered != "" && entered != t.entered
		t.entered = entered
	}
	return came, nil
}

// entered describes the entry of the element t that the run is in, by the
// iterations of the elements around it; "" if it is in none. A snapshot is
// needed only when the run is somewhere below t.
func (s *Stepper) entered(t *target) (string, error) {
	at := s.machine.At()
	if len(t.node.Regions) == 0 && len(t.calls) == 0 || at == t.node.ID ||
		!s.listing.contains(t.node.ID, at) && !t.calls[s.listing.functions[at]] {
		return "", nil
	}
	snapshot, err := s.machine.Snapshot()
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for _, f := range path(&snapshot.Run.Main) {
		if f.Node == t.node.ID {
			return b.String(), nil
		}
		fmt.Fprintf(&b, "%d %d,", f.Node, f.Done)
	}
	return "", nil
}

// path returns the frames around the position of the strand that has the turn,
// outermost first.
func path(s *state.Strand) []*state.Frame {
	var frames []*state.Frame
	for {
		for i := range s.Frames {
			frames = append(frames, &s.Frames[i])
		}
		if len(frames) == 0 {
			return nil
		}
		w := frames[len(frames)-1].Weave
		if w == nil || w.Current >= len(w.Strands) || len(w.Strands[w.Current].Frames) == 0 {
			return frames
		}
		s = &w.Strands[w.Current]
	}
}
