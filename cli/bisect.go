package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"os/exec"
	"slices"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/diff"
	"github.com/spf13/cobra"

	"flowc.dev/flowc"
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ir/text"
	"flowc.dev/flowc/passes"
)

// bisectSteps is how long the runs are that are compared.
const bisectSteps = 10_000

// A bisection looks for the first rewrite that makes a check fail.
type bisection struct {
	streams
	options
	checkCommand string
	path         string
	program      *ir.Program
	inputs       map[string]ir.Value
	family       string
}

func newBisectCommand(s streams) *cobra.Command {
	b := &bisection{streams: s, options: options{level: 2}}
	c := &cobra.Command{
		Use:   "bisect [-O1|-O2|-O3] [flags] prog.json",
		Short: "Find the first rewrite of the optimizer that changes what a program does",
		Long: `Find the first rewrite of the optimizer that changes what a program does.

It limits the rewrites that the passes make (see --fuel) until it has found the
one that matters: with it, the run differs from the one at -O0 in the same
numeric family in its outputs, prints, registers, errors or steps, or the compile
fails; without it, it does not. It tells pass, rewrite and place, and what the
rewrite did to the program. The exit code is 1 if there is such a rewrite.

With --check another check decides: a command, which fails if its exit code is
not 0. In its arguments {fuel} stands for the number of rewrites.`,
		Example: `  flowc bisect -O2 prog.flow
  flowc bisect --passes=canonicalize,mine --backend=step --max-steps=500 prog.flow
  flowc bisect --check='./check.sh {fuel}' prog.flow`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usageError{fmt.Errorf("found %d files: want one program, such as flowc bisect -O2 prog.flow", len(args))}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if b.maxSteps < 1 {
				return usageError{fmt.Errorf("--max-steps %d: want 1 or more", b.maxSteps)}
			}
			switch {
			case cmd.Flags().Changed("passes") && b.passes == "":
				return usageError{errors.New(`--passes "": want a pipeline, such as canonicalize,collapse`)}
			case cmd.Flags().Changed("check") && !strings.Contains(b.checkCommand, "{fuel}"):
				return usageError{fmt.Errorf("--check %q: want a command with {fuel} in its arguments, such as --check='./check.sh {fuel}'", b.checkCommand)}
			}
			b.path = args[0]
			return b.do()
		},
	}
	flags := c.Flags()
	flags.SortFlags = false
	flags.VarP(&b.level, "level", "O", "optimization level to look at")
	flags.StringVar(&b.backend, "backend", flowc.Auto, "auto, step or gorgonia; auto is step at -O0 and -O1, gorgonia above")
	flags.StringVar(&b.passes, "passes", "", "pipeline to look at instead of the level's, see flowc passes")
	flags.Int64Var(&b.maxSteps, "max-steps", bisectSteps, "compare this many steps of the runs")
	flags.StringArrayVar(&b.set, "set", nil, "input as register=literal or register=@file.npy; may be repeated")
	flags.Uint64Var(&b.seed, "seed", 0, "seed of the run's random numbers")
	flags.StringVar(&b.checkCommand, "check", "", "command that decides instead, with {fuel} in its arguments")
	return c
}

func (b *bisection) do() error {
	var err error
	if b.family, err = (flowc.Options{Level: int(b.level), Backend: b.backend}).Family(); err != nil {
		return usageError{err}
	}
	if _, err := b.table().Pipeline(b.family, b.passes); err != nil {
		return usageError{fmt.Errorf("--passes %s: %w", b.passes, err)}
	}
	if b.program, err = load(b.streams, b.path); err != nil {
		return err
	}
	if b.inputs, err = inputs(b.program, b.set); err != nil {
		return usageError{err}
	}
	var prints strings.Builder
	base, err := flowc.Compile(b.program, b.compiling(flowc.Options{Backend: b.family, Passes: "none", Seed: b.seed, Print: printer(&prints)}))
	if err != nil {
		return err // a defect of the program, which no optional pass is to blame for
	}
	want := b.observe(base, &prints)
	total := max(1, int64(len(b.compile(math.MaxInt64).fired)))
	fails := func(fuel int64) (bool, error) { return b.differs(fuel, want) != "", nil }
	if b.checkCommand != "" {
		fails = b.ask
	}
	bad, err := fails(math.MaxInt64)
	for bad && err == nil { // spawned fragments, which have their own passes, may make more rewrites
		var enough bool
		if enough, err = fails(total); enough || total > math.MaxInt32 {
			break
		}
		total *= 2
	}
	if err != nil {
		return err
	}
	fuel, err := passes.Bisect(total, fails)
	switch {
	case err != nil:
		return err
	case fuel < 0:
		_, err = fmt.Fprintln(b.out, "no difference: the check holds with all rewrites")
		return err
	case fuel == 0 && b.checkCommand == "":
		if a := b.compile(0); a.err != nil {
			return a.err
		}
		fallthrough
	case fuel == 0:
		return errors.New("the check fails without any rewrite: no optional pass is to blame")
	}
	if err := b.tell(fuel, want); err != nil {
		return err
	}
	return exitError(exitProgram)
}

// A firing is one rewrite that was made.
type firing struct {
	pass    *passes.Pass
	rewrite string
	node    *ir.Node
}

// An attempt is a compile with limited fuel.
type attempt struct {
	compiled *flowc.Compiled
	err      error
	fired    []firing
	last     *ir.Program // after the last pass that did not fail
	prints   strings.Builder
}

// printer returns what keeps the lines that a program prints.
func printer(b *strings.Builder) func(line string) {
	return func(line string) { b.WriteString(line + "\n") }
}

func (b *bisection) compile(fuel int64) *attempt {
	a := &attempt{}
	a.compiled, a.err = flowc.Compile(b.program, b.compiling(flowc.Options{Level: int(b.level), Backend: b.family, Passes: b.passes, Seed: b.seed, Fuel: &fuel, Print: printer(&a.prints), Strict: true,
		OnFire: func(p *passes.Pass, rewrite string, n *ir.Node) {
			if !p.Required {
				a.fired = append(a.fired, firing{p, rewrite, n})
			}
		},
		Trace: func(_ *passes.Pass, _, after *ir.Program) { a.last = after }}))
	return a
}

// An observation is what is seen of a run, part by part.
type observation []seen

type seen struct{ what, text string }

// observe runs a program.
func (b *bisection) observe(c *flowc.Compiled, prints *strings.Builder) observation {
	m, err := c.Start(b.inputs)
	if m == nil {
		return observation{{"the start", message(err)}}
	}
	defer m.Close()
	if err == nil {
		_, err = m.Run(context.Background(), flowc.Budget{Steps: b.maxSteps})
	}
	var o observation
	failure := ""
	if err != nil {
		failure = message(err)
	}
	o = append(o, seen{"the prints", prints.String()}, seen{"the error", failure}, seen{"the number of steps", strconv.FormatInt(m.Steps(), 10)})
	for _, name := range registersOf(b.program) {
		if v, err := m.Register(name); err == nil {
			o = append(o, seen{"register " + name, fmt.Sprintf("%s %s (%.12s)", v.Type(), ir.FormatShort(v), ir.ValueDigest(v))})
		} else {
			o = append(o, seen{"register " + name, "not set"})
		}
	}
	return o
}

// registersOf returns the names of the program's own registers.
func registersOf(p *ir.Program) []string {
	var names []string
	for i := range p.Registers {
		names = append(names, p.Registers[i].Name)
	}
	for _, n := range p.Body {
		ir.WalkNode(nil, n, func(_ *ir.Path, n *ir.Node) bool {
			names = append(names, n.Stores()...)
			return true
		})
	}
	slices.Sort(names)
	return slices.DeleteFunc(slices.Compact(names), func(name string) bool { return name == ir.Discard })
}

// differs returns what is different with so much fuel, "" if nothing is.
func (b *bisection) differs(fuel int64, want observation) string {
	a := b.compile(fuel)
	if a.err != nil {
		return "the compile fails: " + message(a.err)
	}
	got := b.observe(a.compiled, &a.prints)
	for i := range max(len(got), len(want)) {
		switch {
		case i >= len(got) || i >= len(want):
			return "one of the runs does not start"
		case got[i] != want[i]:
			return fmt.Sprintf("%s: %s at -O0, %s with it", got[i].what, shown(want[i].text), shown(got[i].text))
		}
	}
	return ""
}

func shown(s string) string {
	if s == "" {
		return "none"
	}
	return strings.TrimSuffix(s, "\n")
}

// ask runs the command that decides.
func (b *bisection) ask(fuel int64) (fails bool, err error) {
	args := strings.Fields(b.checkCommand)
	if len(args) == 0 {
		return false, usageError{fmt.Errorf("--check %q: want a command", b.checkCommand)}
	}
	for i := range args {
		args[i] = strings.ReplaceAll(args[i], "{fuel}", strconv.FormatInt(fuel, 10))
	}
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Stdout, cmd.Stderr = b.err, b.err
	err = cmd.Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return true, nil
	}
	if err != nil {
		err = usageError{fmt.Errorf("--check: %w", err)}
	}
	return false, err
}

// tell says which rewrite is the last that so much fuel allows, and what it does.
func (b *bisection) tell(fuel int64, want observation) error {
	without, with := b.compile(fuel-1), b.compile(fuel)
	if len(with.fired) <= len(without.fired) {
		return fmt.Errorf("with fuel for %d rewrites the check begins to fail, but the program itself has no such rewrite: it is made in the fragment of a spawn", fuel)
	}
	f := with.fired[len(without.fired)]
	place := ir.Problem{File: b.program.File, Pos: f.node.Pos, Message: f.node.Headline()}
	fmt.Fprintf(b.out, "rewrite %d is the first that makes the check fail\n  pass     %s\n  rewrite  %s: %s\n  at       %s\n",
		fuel, f.pass.Name, f.rewrite, rewriteDoc(f.pass, f.rewrite), place.Error())
	if b.checkCommand == "" {
		fmt.Fprintf(b.out, "  differs  %s\n", b.differs(fuel, want))
	}
	if with.err != nil {
		traceFailure(b.out, with.err)
		return nil
	}
	old, err := text.Print(without.last)
	if err != nil {
		return err
	}
	changed, err := text.Print(with.last)
	if err != nil {
		return err
	}
	changes := diff.Diff("without it", old, "with it", changed)
	_, changes, _ = bytes.Cut(changes, []byte("\n")) // a line that repeats the next two
	_, err = b.out.Write(changes)
	return err
}
