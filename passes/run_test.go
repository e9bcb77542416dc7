package passes_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"context"

	"github.com/google/go-cmp/cmp"

	"flowc.dev/flowc/backend"
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops"
	"flowc.dev/flowc/passes"
)

// sameRun runs what passes made of a program against its required lowerings
// alone: at every step a machine of each must stand on the same registers, having
// printed the same; in one go, in pieces, and with leaves specialized.
func sameRun(t *testing.T, before, after *ir.Program, family string) {
	t.Helper()
	sameRunOf(t, before, after, family)
}

// tester is what sameRunOf needs of a test.
type tester interface {
	Helper()
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

func sameRunOf(t tester, before, after *ir.Program, family string) {
	t.Helper()
	plain, _, err := passes.Optimize(before, passes.Options{Registry: ops.Standard(), Family: family, Passes: "none"})
	if err != nil {
		t.Fatal(err)
	}
	want := trace(t, plain, 1, nil)
	for _, budget := range []int64{1, 2, 3, 7, 0} {
		for _, graphs := range []backend.GraphCompiler{nil, &specializing{registry: ops.Standard()}} {
			got := trace(t, after, budget, graphs)
			for steps, state := range got {
				if diff := cmp.Diff(want[steps], state); diff != "" {
					t.Fatalf("in pieces of %d, compiled %t: after %d steps (-plain +optimized):\n%s", budget, graphs != nil, steps, diff)
				}
			}
		}
	}
}

const maxTestSteps = 1000

// trace returns the state after each piece of a run, by the number of steps.
func trace(t tester, p *ir.Program, budget int64, graphs backend.GraphCompiler) map[int64]string {
	t.Helper()
	printed := ""
	config := backend.Config{Registry: ops.Standard(), Graphs: graphs, Print: func(line string) { printed += line + "\n" }}
	inputs := map[string]ir.Value{}
	m, err := backend.NewMachine(p, config, inputs)
	states := map[int64]string{}
	for err == nil {
		states[m.Steps()] = state(m, p) + printed
		if m.Status() == backend.Done || m.Steps() > maxTestSteps {
			return states
		}
		limit := budget
		if limit == 0 {
			limit = maxTestSteps + 1 - m.Steps()
		}
		_, err = m.Run(context.Background(), backend.Budget{Steps: limit})
	}
	var where *backend.RunError
	if !errors.As(err, &where) {
		t.Fatalf("%v", err)
	}
	states[m.Steps()] = state(m, p) + printed + innermost(where)
	return states
}

// innermost returns the message of the cause: what is said around it differs
// with what evaluates a statement.
func innermost(err error) string {
	for errors.Unwrap(err) != nil {
		err = errors.Unwrap(err)
	}
	return err.Error()
}

// state returns the digests of all registers of the program.
func state(m *backend.Machine, p *ir.Program) string {
	names := []string{}
	for i := range p.Registers {
		names = append(names, p.Registers[i].Name)
	}
	ir.Walk(p, func(at *ir.Path, n *ir.Node) bool {
		names = append(names, n.Stores()...)
		return true
	})
	slices.Sort(names)
	text := ""
	for _, name := range slices.Compact(names) {
		v, err := m.Register(name)
		if err != nil {
			continue
		}
		text += fmt.Sprintf("%s = %s %s\n", name, v.Type(), ir.ValueDigest(v))
	}
	return text
}
