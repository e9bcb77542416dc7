package passtest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"flowc.dev/flowc/backend"
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops"
	"flowc.dev/flowc/passes"
)

// maxSteps bounds the runs.
const maxSteps = 1000

// T is what [SameRun] needs of a test.
type T interface {
	Helper()
	Errorf(format string, args ...any)
}

// SameRun runs a program with its required lowerings alone, and what passes made
// of it, for 1000 steps at most. The second is run step by step, in pieces and
// in one go. Wherever both stop, registers, prints and errors must be equal bit
// for bit.
func SameRun(t T, registry *ops.Registry, before, after *ir.Program, family string) {
	t.Helper()
	plain, _, err := passes.Optimize(before, passes.Options{Registry: registry, Family: family, Passes: "none"})
	if err != nil {
		t.Errorf("the program without optional passes: %v", err)
		return
	}
	want := states(registry, plain, 1)
	for _, piece := range []int64{1, 3, maxSteps} {
		for _, got := range states(registry, after, piece) {
			i := slices.IndexFunc(want, func(s state) bool { return s.steps == got.steps })
			if i < 0 {
				t.Errorf("in pieces of %d steps: the optimized program stops after %d steps, where the plain one does not", piece, got.steps)
				return
			}
			if want[i].text != got.text {
				t.Errorf("in pieces of %d steps: after %d steps the plain program has\n%s\nthe optimized one\n%s", piece, got.steps, want[i].text, got.text)
				return
			}
		}
	}
}

// A state is what is seen of a run after a number of steps.
type state struct {
	steps int64
	text  string
}

// states returns what is seen of a run that stops after each piece.
func states(registry *ops.Registry, p *ir.Program, piece int64) []state {
	r := &runner{registry: registry, program: p}
	if err := r.start(); err != nil {
		return []state{{0, r.trace() + r.digests()}}
	}
	defer r.machine.Close()
	var seen []state
	for {
		now := state{r.machine.Steps(), r.trace() + r.digests()}
		if n := len(seen); n > 0 && seen[n-1].steps == now.steps {
			seen[n-1] = now // it has failed where it stood
		} else {
			seen = append(seen, now)
		}
		if r.err != nil || r.machine.Status() == backend.Done || r.machine.Steps() >= maxSteps {
			return seen
		}
		r.run(min(piece, maxSteps-r.machine.Steps()))
	}
}

// A runner runs a program by reference evaluation.
type runner struct {
	registry *ops.Registry
	program  *ir.Program
	machine  *backend.Machine
	prints   []string
	err      error
}

func (r *runner) start() error {
	config := backend.Config{Registry: r.registry, Print: func(line string) { r.prints = append(r.prints, line) }}
	r.machine, r.err = backend.NewMachine(r.program, config, map[string]ir.Value{})
	return r.err
}

func (r *runner) run(steps int64) {
	_, r.err = r.machine.Run(context.Background(), backend.Budget{Steps: steps})
}

// trace returns the prints and how the run has ended.
func (r *runner) trace() string {
	var b strings.Builder
	for _, line := range r.prints {
		b.WriteString(line + "\n")
	}
	switch {
	case r.err != nil:
		// What is said around the cause differs with what evaluates a statement.
		cause := r.err
		for errors.Unwrap(cause) != nil {
			cause = errors.Unwrap(cause)
		}
		fmt.Fprintf(&b, "error: %s\n", cause)
	case r.machine.Status() == backend.Done:
		fmt.Fprintf(&b, "done after %d steps\n", r.machine.Steps())
	default:
		fmt.Fprintf(&b, "stopped after %d steps\n", r.machine.Steps())
	}
	return b.String()
}

// each calls visit with the registers of the program that are set.
func (r *runner) each(visit func(name string, v ir.Value)) {
	if r.machine == nil {
		return
	}
	var names []string
	for i := range r.program.Registers {
		names = append(names, r.program.Registers[i].Name)
	}
	ir.Visit(r.program, func(n *ir.Node) bool {
		names = append(names, n.Stores()...)
		return true
	})
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		if v, err := r.machine.Register(name); err == nil {
			visit(name, v)
		}
	}
}

// registers returns the values of the registers.
func (r *runner) registers() string {
	var b strings.Builder
	r.each(func(name string, v ir.Value) { fmt.Fprintf(&b, "%s = %s %s\n", name, v.Type(), ir.Format(v)) })
	return b.String()
}

// digests returns the values of the registers in short, bit for bit.
func (r *runner) digests() string {
	var b strings.Builder
	r.each(func(name string, v ir.Value) { fmt.Fprintf(&b, "%s = %s %s\n", name, v.Type(), ir.ValueDigest(v)) })
	return b.String()
}
