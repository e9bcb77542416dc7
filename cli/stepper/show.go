package stepper

import (
	"context"
	"fmt"
	"strconv"

	"flowc.dev/flowc"
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ir/state"
)

// around is the number of lines that are listed before and after one.
const around = 6

// list lists the program with marks: -> is next, > is next in another strand, *
// has a break.
func (s *Stepper) list(_ context.Context, args string) error {
	lines := len(s.listing.lines)
	first, last := 1, lines
	if args != "all" {
		line := s.listing.lineOf[s.machine.At()]
		if args != "" {
			var err error
			if line, err = strconv.Atoi(args); err != nil || line < 1 || line > lines {
				return fmt.Errorf("the listing has lines 1 to %d, not %s", lines, args)
			}
		}
		if line > 0 {
			first, last = max(line-around, 1), min(line+around, lines)
		} else {
			last = min(2*around, lines)
		}
	}
	marks, err := s.marks()
	if err != nil {
		return err
	}
	for i := first; i <= last; i++ {
		mark := ""
		if id := s.listing.ids[i-1]; id != 0 {
			mark = marks[id]
		}
		fmt.Fprintf(s.out, "%2s %*d  %s\n", mark, len(strconv.Itoa(lines)), i, s.listing.lines[i-1])
	}
	return nil
}

func (s *Stepper) marks() (map[ir.ID]string, error) {
	marks := map[ir.ID]string{}
	for _, stop := range s.stops {
		for _, t := range stop.targets {
			marks[t.node.ID] = "*"
		}
	}
	snapshot, err := s.machine.Snapshot()
	if err != nil {
		return nil, err
	}
	markStrands(&snapshot.Run.Main, marks)
	if at := s.machine.At(); at != 0 && s.machine.Status() != flowc.Done {
		marks[at] = "->"
	}
	return marks, nil
}

func markStrands(s *state.Strand, marks map[ir.ID]string) {
	if len(s.Frames) == 0 {
		return
	}
	top := &s.Frames[len(s.Frames)-1]
	if top.Weave == nil {
		marks[top.At] = ">"
		return
	}
	for i := range top.Weave.Strands {
		markStrands(&top.Weave.Strands[i], marks)
	}
}

// where tells the position, the innermost element first.
func (s *Stepper) where(context.Context, string) error {
	s.showPosition()
	if s.machine.Status() == flowc.Done {
		return nil
	}
	snapshot, err := s.machine.Snapshot()
	if err != nil {
		return err
	}
	frames := path(&snapshot.Run.Main)
	for i := len(frames) - 1; i >= 0; i-- {
		f := frames[i]
		n := s.listing.statements[f.Node]
		if n == nil {
			continue
		}
		fmt.Fprintf(s.out, "  in %s%s\n", s.listing.describe(f.Node), s.progress(n, f))
	}
	return nil
}

func (s *Stepper) progress(n *ir.Node, f *state.Frame) string {
	switch {
	case n.Op == "repeat" || n.Op == "buffer":
		return fmt.Sprintf("  iteration %d of %d", f.Done, f.Count)
	case ir.SchemaOf(n.Op).Loop:
		return fmt.Sprintf("  iteration %d", f.Done)
	case f.Weave != nil:
		return fmt.Sprintf("  strand %d of %d", f.Weave.Current, len(f.Weave.Strands))
	case n.Op == "call":
		return "  function " + n.Text("call")
	}
	return ""
}
