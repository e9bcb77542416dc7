package flowc_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync/atomic"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ir/state"
)

// hooked is what the hooks that are put into half-run programs print.
const hooked = "hooked"

// hookedRuns counts half-run programs that went on with a hook, firedHooks those
// whose hook printed.
var hookedRuns, firedHooks atomic.Int64

// A hook that prints, put into a half-run program, changes nothing but what is
// printed.
func hookChangesNothing(s *subject, r *rand.Rand) string {
	from, to := r.IntN(levels), r.IntN(levels)
	run := s.start(from).to(s.someStep(r))
	if run.machine == nil {
		return ""
	}
	taken, err := run.machine.Snapshot()
	if err != nil {
		return err.Error()
	}
	edited, err := withHook(taken, r)
	if edited == nil {
		return fmt.Sprint(err)
	}
	c, err := s.compile(edited.Program, to)
	if err != nil {
		return err.Error()
	}
	resumed := run.resumed(c, edited).to(propertySteps)
	var prints []string
	for _, line := range resumed.prints {
		if !strings.HasPrefix(line, hooked) {
			prints = append(prints, line)
		}
	}
	hookedRuns.Add(1)
	if len(prints) < len(resumed.prints) {
		firedHooks.Add(1)
	}
	resumed.prints = prints
	if diff := difference(s.whole(), resumed); diff != "" {
		return fmt.Sprintf("at -O%d after %d steps, hooked and resumed at -O%d: differs from the whole run in %s", from, taken.Run.Steps, to, diff)
	}
	return ""
}

// withHook returns the half-run program with a hook before or after some
// statement.
func withHook(s *state.Snapshot, r *rand.Rand) (*state.Snapshot, error) {
	statements, pure := hookable(s.Program)
	order := r.Perm(len(statements))
	order = slices.DeleteFunc(order[:min(5, len(order))], func(i int) bool { return !matchesOutside(s.Program, pure, statements[i]) })
	if len(order) == 0 {
		return s, nil
	}
	n := statements[order[0]]
	print := &ir.Node{Op: "print", Args: []*ir.Node{ir.Const(ir.String(hooked))}}
	edit := ir.Before
	if r.IntN(2) == 0 && n.Op != "break" && n.Op != "continue" { // which nothing runs after
		edit = ir.After
	}
	edited, m, err := edit(s.Program, []*ir.Node{n}, []*ir.Node{print}, ir.Describe("hook"))
	if err != nil {
		return nil, err
	}
	return state.Rebase(s, edited, m)
}

// hookable returns the statements that may be hooked: all but those of
// functions which are called in expressions or differentiated, and those in
// hooks. It returns those functions too.
func hookable(p *ir.Program) (found []*ir.Node, pure map[string]bool) {
	pure = map[string]bool{}
	ir.Walk(p, func(_ *ir.Path, n *ir.Node) bool {
		if n.Op == "grad" {
			pure[n.Text("grad")] = true
		}
		ir.Children(nil, n, func(_ *ir.Path, f *ir.Field, child *ir.Node) {
			if f.HoldsOperands() {
				ir.WalkNode(nil, child, func(_ *ir.Path, inner *ir.Node) bool {
					if inner.Op == "call" {
						pure[inner.Text("call")] = true
					}
					return true
				})
			}
		})
		return true
	})
	for changed := true; changed; {
		changed = false
		for _, f := range p.Functions {
			for _, n := range f.Body {
				ir.WalkNode(nil, n, func(_ *ir.Path, n *ir.Node) bool {
					if name := n.Text("call"); pure[f.Name] && p.Function(name) != nil && !pure[name] {
						pure[name], changed = true, true
					}
					return true
				})
			}
		}
	}
	var visit func(n *ir.Node)
	visit = func(n *ir.Node) {
		if n.Op == "hook" {
			return
		}
		found = append(found, n)
		ir.Children(nil, n, func(_ *ir.Path, f *ir.Field, child *ir.Node) {
			if !f.HoldsOperands() {
				visit(child)
			}
		})
	}
	for _, n := range p.Body {
		visit(n)
	}
	for _, f := range p.Functions {
		if !pure[f.Name] {
			for _, n := range f.Body {
				visit(n)
			}
		}
	}
	return found, pure
}

// matchesOutside reports whether what reads like n stands outside of the pure
// functions only.
func matchesOutside(p *ir.Program, pure map[string]bool, n *ir.Node) bool {
	if len(pure) == 0 {
		return true
	}
	matches, err := ir.Find(p, []*ir.Node{n})
	return err == nil && !slices.ContainsFunc(matches, func(m *ir.Match) bool {
		path := strings.Split(m.Pointer, "/") // "", "functions", name, ...
		return path[1] == "functions" && pure[path[2]]
	})
}
