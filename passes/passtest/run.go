package passtest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"flowc.dev/flowc/backend"
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ir/text"
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
	sameRun(t, registry, before, after, family, nil)
}

// A stage is an optional pass that has changed the program, and what it made.
type stage struct {
	report string
	after  *ir.Program
}

// sameRun is SameRun that tells by which of the stages the difference came.
func sameRun(t T, registry *ops.Registry, before, after *ir.Program, family string, stages []stage) {
	t.Helper()
	plain, _, err := passes.Optimize(before, passes.Options{Registry: registry, Family: family, Passes: "none"})
	if err != nil {
		t.Errorf("the program without optional passes: %v", err)
		return
	}
	want := states(registry, plain, 1)
	d := differ(registry, want, after)
	if d == nil {
		return
	}
	by := ""
	for _, s := range stages {
		if first := differ(registry, want, s.after); first != nil {
			d, by = first, ", since the pass "+s.report
			break
		}
	}
	t.Errorf("after %d steps%s, done %d at a time, the optimized program differs from the plain one%s:\n%s", d.steps, d.statement(registry, plain), d.piece, by, d.text)
}

// A difference is what is different between two runs.
type difference struct {
	piece, steps int64
	text         string // what differs, a line for each
	failed       bool   // one of the runs
}

// differ returns the first difference from a run in steps of one, nil if there is
// none.
func differ(registry *ops.Registry, want []state, p *ir.Program) *difference {
	for _, piece := range []int64{1, 3, maxSteps} {
		for _, got := range states(registry, p, piece) {
			i := slices.IndexFunc(want, func(s state) bool { return s.steps == got.steps })
			if i < 0 {
				return &difference{piece, got.steps, "  the plain one does not stop there", false}
			}
			if text := got.from(&want[i]); text != "" {
				return &difference{piece, got.steps, text, got.end != want[i].end}
			}
		}
	}
	return nil
}

// statement says which statement the last of the steps is, or the one that fails.
func (d *difference) statement(registry *ops.Registry, plain *ir.Program) string {
	steps := d.steps
	if !d.failed {
		steps--
	}
	r := &runner{registry: registry, program: plain}
	if err := r.start(); err != nil || steps < 0 {
		return ""
	}
	defer r.machine.Close()
	for r.err == nil && r.machine.Status() == backend.Ready && r.machine.Steps() < steps {
		r.run(steps - r.machine.Steps())
	}
	id, at := r.machine.At(), ""
	ir.Visit(plain, func(n *ir.Node) bool {
		if n.ID == id && at == "" {
			at = headline(n)
		}
		return at == ""
	})
	switch {
	case at == "":
		return ""
	case d.failed:
		return ", at " + at
	}
	return ", the last of which is " + at
}

// headline returns the first line of a statement, and where it is.
func headline(n *ir.Node) string {
	line := n.Headline()
	if printed, err := (text.PrintOptions{}).PrintNode(n); err == nil {
		line, _, _ = strings.Cut(string(printed), "\n")
	}
	if n.Pos.Known() {
		line += " (at " + n.Pos.String() + ")"
	}
	return line
}

// A state is what is seen of a run after a number of steps.
type state struct {
	steps     int64
	prints    []string
	end       string // how it goes on, or the error
	registers []register
}

type register struct {
	name  string
	value ir.Value
}

// from returns how s differs from the state of the plain program, "" if it does
// not.
func (s *state) from(plain *state) string {
	var b strings.Builder
	say := func(what, plain, now string) {
		if plain != now {
			fmt.Fprintf(&b, "  %s: %s in the plain program, %s in the optimized one\n", what, plain, now)
		}
	}
	for i := range max(len(s.prints), len(plain.prints)) {
		line := func(prints []string) string {
			if i < len(prints) {
				return strconv.Quote(prints[i])
			}
			return "nothing"
		}
		say(fmt.Sprintf("line %d of the prints", i+1), line(plain.prints), line(s.prints))
	}
	say("the run", plain.end, s.end)
	values := map[string]ir.Value{}
	for _, r := range s.registers {
		values[r.name] = r.value
	}
	for _, r := range plain.registers {
		v, ok := values[r.name]
		delete(values, r.name)
		switch {
		case !ok:
			say("register "+r.name, shown(r.value), "not set")
		case !v.Type().Equal(r.value.Type()) || !ir.SameValue(v, r.value):
			was, is := shown(r.value), shown(v)
			if was == is {
				was, is = was+fmt.Sprintf(" (%.12s)", ir.ValueDigest(r.value)), is+fmt.Sprintf(" (%.12s)", ir.ValueDigest(v))
			}
			say("register "+r.name, was, is)
		}
	}
	for _, r := range s.registers {
		if v, ok := values[r.name]; ok {
			say("register "+r.name, "not set", shown(v))
		}
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// shown returns a value in short, with its type.
func shown(v ir.Value) string { return v.Type().String() + " " + ir.FormatShort(v) }

// states returns what is seen of a run that stops after each piece.
func states(registry *ops.Registry, p *ir.Program, piece int64) []state {
	r := &runner{registry: registry, program: p}
	if err := r.start(); err != nil {
		return []state{r.state()}
	}
	defer r.machine.Close()
	var seen []state
	for {
		now := r.state()
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

// state returns what is seen of the run now.
func (r *runner) state() state {
	s := state{prints: slices.Clone(r.prints), end: r.end()}
	if r.machine != nil {
		s.steps = r.machine.Steps()
	}
	r.each(func(name string, v ir.Value) { s.registers = append(s.registers, register{name, v}) })
	return s
}

// trace returns the prints and how the run has ended.
func (r *runner) trace() string {
	var b strings.Builder
	for _, line := range r.prints {
		b.WriteString(line + "\n")
	}
	return b.String() + r.end() + "\n"
}

// end returns how the run has ended.
func (r *runner) end() string {
	switch {
	case r.err != nil:
		// What is said around the cause differs with what evaluates a statement.
		cause := r.err
		for errors.Unwrap(cause) != nil {
			cause = errors.Unwrap(cause)
		}
		return "error: " + cause.Error()
	case r.machine.Status() == backend.Done:
		return fmt.Sprintf("done after %d steps", r.machine.Steps())
	}
	return fmt.Sprintf("stopped after %d steps", r.machine.Steps())
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
