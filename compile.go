package flowc

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"flowc.dev/flowc/backend"
	"flowc.dev/flowc/backend/gorgonia"
	"flowc.dev/flowc/backend/step"
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops"
	"flowc.dev/flowc/passes"
	"flowc.dev/flowc/passes/graphs"
	"flowc.dev/flowc/passes/pass"
)

// The numeric families, and the choice that leaves it to the level. Results are
// equal bit for bit within a family, whatever the level.
const (
	Auto     = "auto"     // step at levels 0 and 1, gorgonia above
	Step     = "step"     // the reference evaluation of every op
	Gorgonia = "gorgonia" // products of matrices by Gorgonia, in graphs with what is around them
)

// Options say how to compile and run a program. The zero value runs it as it
// is, by reference evaluation.
type Options struct {
	// Level is the optimization level, 0 to 3: required lowerings only; cheap
	// passes; everything exact; passes that may reassociate floats.
	Level int
	// Backend is one of the constants; empty is Auto.
	Backend string
	// Passes is the pipeline of optional passes to run in place of the level's,
	// such as "canonicalize,fixpoint(inline,collapse)", see
	// [passes.Table.Pipeline]; "none" is none. Empty takes the level's. The rules
	// of typed graphs, [passes.GraphRules], go by the level alone.
	Passes string
	// Table replaces the standard passes; see [passes.Table.With].
	Table *passes.Table
	// Registry has the ops and classes that programs may name; nil is
	// [ops.Standard].
	Registry *ops.Registry
	// Seed is the seed of the run's random numbers.
	Seed uint64
	// Print receives each line that the program prints, without a line end;
	// nil drops them.
	Print func(line string)
	// Logs keeps the metric logs that the program writes, see [LogDir]; nil drops
	// what it writes.
	Logs ops.Logs
	// Profile makes machines count and time the program's statements.
	Profile bool
	// Programs starts the processes of popen statements; nil denies them.
	// Package process has what starts those of a list.
	Programs backend.Programs
	// Fragments runs the fragments of spawn statements; nil runs them in
	// goroutines of this process, no more at a time than there are CPUs. Package
	// process has what runs them in processes of their own.
	Fragments backend.Fragments
	// OnGraphRewrite, if set, is asked before each rewrite of a typed graph, with
	// the call in the graph leaf that it starts from, and leaves it if false is
	// returned. Machines ask it while they run, each in its goroutine.
	OnGraphRewrite graphs.Fire
	// Trace is called after each pass with the program before and after it,
	// the very same one if nothing changed.
	Trace func(p *passes.Pass, before, after *ir.Program)
	// Fuel, if not nil, is how many rewrites the optional passes may make, and
	// OnFire is told of each.
	Fuel   *int64
	OnFire func(p *passes.Pass, rewrite string, n *ir.Node)
	// Strict also looks for passes that modify the nodes which they are given, and
	// for rules that find nothing in any program; see [passes.Options].
	Strict bool
	// Graphs, if set, returns what compiles graph leaves in the place of the
	// compiler of the gorgonia family, which it is given.
	Graphs func(backend.GraphCompiler) backend.GraphCompiler
	// Now is the clock of objects that measure time, in nanoseconds from any
	// moment; nil is the real one.
	Now func() int64
	// Reproducers is the directory to which a file is written if a pass is wrong,
	// from which its failure can be repeated; the error names it. Empty writes
	// none.
	Reproducers string
}

// A Compiled is a program that is ready to be started, any number of times and
// by any number of goroutines if Options.Print allows.
type Compiled struct {
	// Source is the program that was compiled, with the functions of the
	// libraries that it imports.
	Source *ir.Program
	// Program is the optimized one. It carries the statements of Source.
	Program *ir.Program
	// Backend is the numeric family that was chosen.
	Backend string
	// Report says what each pass did.
	Report passes.Report
	// Graphs counts the rewrites of typed graphs. They are made when a machine
	// comes to a graph with types that are new, so the counts grow as it runs.
	Graphs *graphs.Report
	// Time is what checking and optimizing took.
	Time time.Duration

	config  backend.Config
	options Options
}

// Compile checks p and optimizes it. Defects of the program are an
// [ir.Problems].
func Compile(p *ir.Program, o Options) (*Compiled, error) {
	start := time.Now()
	family, err := o.Family()
	if err != nil {
		return nil, err
	}
	if o.Registry == nil {
		o.Registry = standard()
	}
	given := p
	known, err := resolved(p, o.Registry.Library())
	if err != nil {
		return nil, err
	}
	p = known.Program()
	optimized, report, err := passes.Optimize(p, passes.Options{Verified: known,
		Level: o.Level, Family: family, Passes: o.Passes, Table: o.Table, Registry: o.Registry, Trace: o.Trace,
		Fuel: o.Fuel, OnFire: o.OnFire, Strict: o.Strict})
	if err != nil {
		return nil, o.reproducible(given, family, err)
	}
	c := &Compiled{Source: p, Program: optimized, Backend: family, Report: report, Graphs: new(graphs.Report), options: o,
		config: backend.Config{Source: p, Registry: o.Registry, Seed: o.Seed, Print: o.Print, Profile: o.Profile,
			Logs: o.Logs, Now: o.Now, Programs: o.Programs, Fragments: o.fragments()}}
	if c.config.Now == nil {
		c.config.Now = elapsed
	}
	switch {
	case family == Gorgonia:
		c.config.Graphs = gorgonia.New(gorgonia.Options{Registry: o.Registry, Specialize: c.specializer(o)})
	case o.Level >= 2:
		c.config.Graphs = step.New(step.Options{Registry: o.Registry, Specialize: c.specializer(o)})
	}
	if o.Graphs != nil && c.config.Graphs != nil {
		c.config.Graphs = o.Graphs(c.config.Graphs)
	}
	c.Time = time.Since(start)
	return c, nil
}

// With returns what runs p, a program that the passes made of c's source on the
// way to c.Program, see [Options.Trace]. All that the passes require must have
// been lowered in it.
func (c *Compiled) With(p *ir.Program) *Compiled {
	other := *c
	other.Program = p
	return &other
}

// standard is the registry of the programs that bring none of their own.
var standard = sync.OnceValue(ops.Standard)

// elapsed is the clock of objects that measure time.
func elapsed() int64 { return int64(time.Since(began)) }

var began = time.Now()

// specializer returns what gives a backend the typed dataflow of graph leaves,
// rewritten as the level allows. The machine says where an error is.
func (c *Compiled) specializer(o Options) func(*ir.Node, func(string) (ir.Type, error)) (*ir.Graph, error) {
	return func(leaf *ir.Node, inputType func(string) (ir.Type, error)) (*ir.Graph, error) {
		g, err := passes.Specialize(leaf, inputType, o.Registry)
		if err == nil {
			return graphs.Rewrite(g, graphs.Options{Level: o.Level, Registry: o.Registry, Report: c.Graphs, Only: o.OnGraphRewrite}), nil
		}
		var at *pass.NodeError
		if errors.As(err, &at) {
			err = at.Err
		}
		return nil, err
	}
}

// Family returns the numeric family that o asks for, Step or Gorgonia.
func (o Options) Family() (string, error) {
	switch o.Backend {
	case Step, Gorgonia:
		return o.Backend, nil
	case Auto, "":
		if o.Level < 2 {
			return Step, nil
		}
		return Gorgonia, nil
	}
	return "", fmt.Errorf("there is no backend %q: want %s, %s or %s", o.Backend, Auto, Step, Gorgonia)
}

// Start makes the program's objects, sets its inputs, and returns a machine
// that stands before the first step. The machine keeps the inputs' tensors,
// which must not be changed any more. When what comes before the first step
// fails, the machine is returned with the error.
func (c *Compiled) Start(inputs map[string]ir.Value) (*Machine, error) {
	return backend.NewMachine(c.Program, c.config, inputs)
}

// Resume returns a machine that goes on where s was taken. c is the program of
// s, compiled at any level; Options.Seed does not matter. In the numeric family
// of s the run goes on as if it had never been interrupted, bit for bit.
func (c *Compiled) Resume(s *Snapshot) (*Machine, error) {
	m, err := backend.Resume(c.Program, c.config, s)
	if err == nil {
		return m, nil
	}
	// An edit of the half-run program may have decided an element that the run
	// is in, such that the optimized program does without the place.
	plain := c.options
	plain.Passes, plain.Trace = "none", nil
	if c, problem := Compile(c.Source, plain); problem == nil {
		if m, problem := backend.Resume(c.Program, c.config, s); problem == nil {
			return m, nil
		}
	}
	return nil, err
}
