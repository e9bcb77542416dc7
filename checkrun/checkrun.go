// Package checkrun finds passes and ops that do what they must not, by running
// a program.
//
// [Run] compiles a program and runs what each optional pass made of it beside
// what the pass was given, on the program's own state. At sync points, which it
// chooses in several ways, all that can be seen must be equal bit for bit:
// registers, objects, the position, prints, errors and the number of steps. It
// also finds ops, methods and graph leaves that change their operands or that
// give other bits when they are evaluated again, and runs that do; ops that give
// other types than their type rules say; what panics; and passes that modify the
// program that they are given.
//
// Required passes are not compared: what they make is what a program means in
// its numeric family.
package checkrun

import (
	"context"
	"fmt"
	"time"

	"flowc.dev/flowc"
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops"
	"flowc.dev/flowc/passes"
	"flowc.dev/flowc/passes/pass"
)

// DefaultSteps is how long runs are if nothing else is said.
const DefaultSteps = 1000

// Options say what to check.
type Options struct {
	// Options are those of the compilation. Print, Logs, Now, Trace, OnFire and
	// Strict do not matter: what the program prints is compared, what it logs is dropped,
	// and its clock stands still.
	flowc.Options
	// Inputs are the values of the program's inputs.
	Inputs map[string]ir.Value
	// MaxSteps bounds each run; 0 is DefaultSteps.
	MaxSteps int64
}

// A Report says what was found.
type Report struct {
	// Steps is how many steps each run did, Ended whether the program ended there.
	Steps int64
	Ended bool
	// Points is the number of sync points at which programs were compared.
	Points int
	// Passes are those that changed the program, in order.
	Passes []Pass
	// Unstable is how two runs of the unoptimized program differ, nil if they do
	// not. Passes are not compared if they do.
	Unstable *Difference
	// Faults are what ops, methods and graph leaves must not do.
	Faults []Fault
}

// A Pass is what was found of one pass.
type Pass struct {
	Name     string
	Rewrites []pass.Count
	// Skipped says why it was not compared, "" if it was.
	Skipped string
	// Difference is how the program after it differs from the one before.
	Difference *Difference
}

// A Difference is the first place where two runs are not equal.
type Difference struct {
	// Step is the number of steps after which they differ; Split says in what
	// portions the steps were done.
	Step  int64
	Split string
	// What differs, and what it is before and after the pass.
	What, Before, After string
	// Statement is the source statement that the last of these steps ran, nil if
	// that is not known.
	Statement *ir.Node
}

// A Fault is something that an op, a method or a graph leaf must not do.
type Fault struct {
	// Who names it, such as "op add", What tells what it does.
	Who, What string
	// Step is the number of steps done before the one in which it was seen first,
	// Statement the source statement of that step, nil if that is not known.
	Step      int64
	Statement *ir.Node
}

// OK reports whether nothing is wrong.
func (r *Report) OK() bool {
	for i := range r.Passes {
		if r.Passes[i].Difference != nil {
			return false
		}
	}
	return r.Unstable == nil && len(r.Faults) == 0
}

// Run checks the passes that o asks for on p. The error is one of the program, of
// a pass that failed, or of ctx; what is wrong otherwise is in the report.
func Run(ctx context.Context, p *ir.Program, o Options) (*Report, error) {
	if o.MaxSteps == 0 {
		o.MaxSteps = DefaultSteps
	}
	if o.MaxSteps < 0 {
		return nil, fmt.Errorf("%d steps: want 1 or more, or 0 for %d", o.MaxSteps, DefaultSteps)
	}
	if o.Registry == nil {
		o.Registry = ops.Standard()
	}
	c := &checker{ctx: ctx, o: o, watch: newWatch()}
	if err := c.compile(p); err != nil {
		return nil, err
	}
	return c.check()
}

// A checker checks one program.
type checker struct {
	ctx      context.Context
	o        Options
	watch    *watch
	compiled *flowc.Compiled
	stages   []stage
	running  *trial // gets what is printed
}

// A stage is the program before and after a pass.
type stage struct {
	pass          *passes.Pass
	before, after *ir.Program
}

func (c *checker) compile(p *ir.Program) error {
	registry, err := c.watch.registry(c.o.Registry)
	if err != nil {
		return err
	}
	o := c.o.Options
	o.Registry, o.Logs, o.OnFire, o.Profile, o.Strict = registry, nil, nil, false, true
	o.Now = func() int64 { return 0 }
	o.Print = func(line string) { c.running.prints.WriteString(line + "\n") }
	o.Graphs = c.watch.graphs
	o.Trace = func(p *passes.Pass, before, after *ir.Program) {
		c.stages = append(c.stages, stage{p, before, after})
	}
	c.compiled, err = flowc.Compile(p, o)
	return err
}

// check compares the programs, each with the last one that was not refuted.
func (c *checker) check() (*Report, error) {
	report := &Report{}
	lowered := c.compiled.Program
	for _, s := range c.stages {
		if !s.pass.Required {
			lowered = s.before
			break
		}
	}
	want, err := c.record(lowered)
	if err != nil {
		return nil, err
	}
	report.Steps, report.Ended = want.steps, want.ended
	again, err := c.record(lowered)
	if err != nil {
		return nil, err
	}
	if report.Unstable, err = c.compare(want, again); err != nil {
		return nil, err
	}
	report.Points = again.points()
	for i, s := range c.stages {
		if s.before == s.after {
			continue
		}
		one := Pass{Name: s.pass.Name, Rewrites: c.compiled.Report.Passes[i].Counts}
		switch {
		case s.pass.Required:
			one.Skipped = "required: it says what the program means"
		case !s.pass.Exact:
			one.Skipped = "not exact: it may change bits"
		case report.Unstable != nil:
			one.Skipped = "the program differs from run to run"
		}
		if !s.pass.Required && report.Unstable == nil {
			got, err := c.record(s.after)
			if err != nil {
				return nil, err
			}
			if one.Skipped == "" {
				report.Points += got.points()
				if one.Difference, err = c.compare(want, got); err != nil {
					return nil, err
				}
			}
			if one.Skipped != "" || one.Difference != nil {
				want = got
			}
		}
		report.Passes = append(report.Passes, one)
	}
	report.Faults, err = c.faults(lowered)
	return report, err
}

// blockedWait bounds how long a run waits for what is outside.
const blockedWait = time.Minute

// faults returns what the watch has seen, with the statements where it was.
func (c *checker) faults(p *ir.Program) ([]Fault, error) {
	faults := c.watch.found()
	if len(faults) == 0 {
		return nil, nil
	}
	t := c.start(p)
	defer t.close()
	for i := range faults { // in the order of their steps
		if faults[i].Step < 0 || t.machine == nil {
			continue
		}
		if err := t.to(faults[i].Step); err != nil {
			return nil, err
		}
		if t.machine.Steps() == faults[i].Step {
			faults[i].Statement = c.statement(t.machine.At())
		}
	}
	return faults, nil
}

// statement returns the source statement with an ID, or nil.
func (c *checker) statement(id ir.ID) *ir.Node {
	var found *ir.Node
	p := c.compiled.Program
	if len(c.stages) > 0 {
		p = c.stages[0].before
	}
	ir.Walk(p, func(_ *ir.Path, n *ir.Node) bool {
		if n.ID == id {
			found = n
		}
		return found == nil
	})
	return found
}
