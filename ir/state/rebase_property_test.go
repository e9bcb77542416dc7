package state_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"flowc.dev/flowc"
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ir/irtest"
	"flowc.dev/flowc/ir/state"
)

// run does up to n steps of m, and returns what is left of the run if it fails.
func run(t *rapid.T, m *flowc.Machine, n int64) string {
	_, err := m.Run(context.Background(), flowc.Budget{Steps: n})
	var failed *flowc.RunError
	if errors.As(err, &failed) {
		return failed.Err.Error()
	} else if err != nil {
		t.Fatal(err)
	}
	return ""
}

// A half-run program in which statements are put into a seq of their own,
// wherever it stands, goes on as it would have.
func TestWrappingStatementsOfHalfRunPrograms(t *testing.T) {
	wrapped, moved := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		const steps = 300
		p := irtest.Program(rapid.Uint64Range(0, 2000).Draw(t, "seed"), irtest.Options{Hooks: rapid.Bool().Draw(t, "hooks")})
		level := rapid.IntRange(0, 2).Draw(t, "level")
		var printed []string
		compile := func(p *ir.Program) *flowc.Compiled {
			c, err := flowc.Compile(p, flowc.Options{Level: level, Backend: flowc.Step, Print: func(line string) { printed = append(printed, line) }})
			if err != nil {
				t.Fatal(err)
			}
			return c
		}
		// finish runs m to the end of the steps and describes all that came out.
		finish := func(m *flowc.Machine) string {
			failure := ""
			if left := steps - m.Steps(); left > 0 {
				failure = run(t, m, left)
			}
			out := fmt.Sprint(m.Steps(), printed, failure)
			for _, o := range m.Outputs() {
				out += fmt.Sprint(" ", o.Name, ir.ValueDigest(o.Value))
			}
			return out
		}
		start := func() *flowc.Machine {
			printed = nil
			m, err := compile(p).Start(nil)
			if m == nil {
				t.Fatal(err)
			}
			return m
		}
		m := start()
		want, total := finish(m), m.Steps()
		m = start()
		if n := rapid.Int64Range(0, total).Draw(t, "steps"); n > 0 {
			run(t, m, n)
		}
		s, err := m.Snapshot()
		if err != nil {
			t.Fatal(err)
		}
		statements := wrappable(s.Program)
		if f := s.Run.Main.Frames; len(f) > 0 && rapid.Bool().Draw(t, "at the position") {
			at := f[rapid.IntRange(0, len(f)-1).Draw(t, "frame")].At
			statements = slices.DeleteFunc(statements, func(n *ir.Node) bool { return n.ID != at })
		}
		if len(statements) == 0 {
			return
		}
		// Without its hooks the statement is a pattern of itself.
		pattern := statements[rapid.IntRange(0, len(statements)-1).Draw(t, "statement")].Copy()
		pattern.Regions = slices.DeleteFunc(pattern.Regions, func(r ir.Region) bool { return r.Field == "hooks" })
		if pattern.Attr("store").IsNull() { // a pattern without stores matches operands too
			return
		}
		seq := &ir.Node{Op: "seq", Regions: []ir.Region{{Field: "seq", Body: []*ir.Node{ir.Metavariable(ir.WholeName, false)}}}}
		edited, changes, err := ir.Replace(s.Program, []*ir.Node{pattern}, []*ir.Node{seq})
		if err != nil {
			t.Fatal(err)
		}
		rebased, err := state.Rebase(s, edited, changes)
		if err != nil {
			t.Fatal(err)
		}
		wrapped++
		if len(rebased.Run.Main.Frames) > len(s.Run.Main.Frames) {
			moved++
		}
		m, err = compile(edited).Resume(rebased)
		if err != nil {
			t.Fatal(err)
		}
		if got := finish(m); got != want {
			t.Fatalf("it gives\n%s\nwant\n%s", got, want)
		}
	})
	if wrapped < 10 || moved < 3 {
		t.Errorf("%d programs have been edited, %d of them where they stood", wrapped, moved)
	}
}

// wrappable returns the statements that may be put into a seq without another
// meaning: not a loop whose iterations are turns.
func wrappable(p *ir.Program) []*ir.Node {
	var statements []*ir.Node
	turns := false
	var enter func(body []*ir.Node)
	enter = func(body []*ir.Node) {
		for _, n := range body {
			turns = turns || n.Text("turn") == "statement"
			statements = append(statements, n)
			for i := range n.Regions {
				if n.Regions[i].Field != "hooks" {
					enter(n.Regions[i].Body)
				}
			}
		}
	}
	enter(p.Body)
	for _, f := range p.Functions {
		enter(f.Body)
	}
	return slices.DeleteFunc(statements, func(n *ir.Node) bool { return turns && ir.SchemaOf(n.Op).Loop })
}
