package cli

import (
	"context"
	"errors"
	"os"
	"os/signal"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"flowc.dev/flowc"
	"flowc.dev/flowc/cli/stepper"
	"flowc.dev/flowc/ir"
)

func newStepCommand(s streams) *cobra.Command {
	o := stepOptions{}
	cmd := &cobra.Command{
		Use:   "step [flags] prog|run.flowsnap",
		Short: "Step through a program at the keyboard: run, look, go back, change",
		Long: `Runs a program, or goes on with a half-run one, statement by statement at the
command of standard input: step, run to a statement, print an expression, list
the program with the position marked, go back, set a register, save a snapshot.
The command help lists all.`,
		Example: `  flowc step prog.flow
  echo 'step 10
  print loss' | flowc step run.flowsnap`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 || args[0] == "-" {
				return usageError{errors.New("want one file with a program or snapshot, such as flowc step prog.flow; commands come from standard input")}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := o.processes.check(cmd); err != nil {
				return usageError{err}
			}
			return step(s, &o, args[0])
		},
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.VarP(&o.level, "level", "O", "optimization level; positions are those of the source at every level")
	flags.StringVar(&o.backend, "backend", "", "step or gorgonia; a snapshot keeps its own (default step)")
	flags.StringArrayVar(&o.set, "set", nil, "input as register=literal or register=@file.npy; may be repeated")
	flags.Uint64Var(&o.seed, "seed", 0, "seed of the run's random numbers")
	flags.StringVar(&o.metricsDir, "metrics-dir", ".", "directory that the program may write its metric logs to")
	o.processes.add(flags)
	return cmd
}

// stepOptions are what the flags of step say.
type stepOptions struct {
	level      level
	backend    string
	set        []string
	seed       uint64
	metricsDir string
	processes  processFlags
}

// step steps through the program or snapshot in a file.
func step(s streams, o *stepOptions, path string) error {
	talk := stepper.New(s.out)
	compiled, start, err := stepped(s, o, path, talk.Print)
	if err != nil {
		return err
	}
	cfg := stepper.Config{Compiled: compiled, Start: start, Save: saveSnapshot, Registry: s.registry()}
	if in, ok := s.in.(*os.File); ok && term.IsTerminal(int(in.Fd())) {
		cfg.Prompt = "(flowc) "
	}
	interrupts := make(chan os.Signal, 1)
	signal.Notify(interrupts, os.Interrupt)
	defer signal.Stop(interrupts)
	cfg.Interruptible = func() (context.Context, func()) { return interruptible(interrupts) }
	return talk.Run(cfg, s.in)
}

// interruptible returns a context that the next signal ends.
func interruptible(signals chan os.Signal) (context.Context, func()) {
	select {
	case <-signals: // one that came when nothing was to be ended
	default:
	}
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		select {
		case <-signals:
			cancel()
		case <-ctx.Done():
		}
	}()
	return ctx, cancel
}

// stepped compiles what is in a file and returns what starts it.
func stepped(s streams, o *stepOptions, path string, print func(string)) (*flowc.Compiled, func() (*flowc.Machine, error), error) {
	if holdsSnapshot(path) {
		return steppedSnapshot(s, o, path, print)
	}
	p, err := load(s, path)
	if err != nil {
		return nil, nil, err
	}
	values, err := inputs(p, o.set)
	if err != nil {
		return nil, nil, usageError{err}
	}
	family := o.backend
	if family == "" {
		family = flowc.Step
	}
	c, err := o.compile(p, s.compiling(flowc.Options{Level: int(o.level), Backend: family, Seed: o.seed, Print: print}))
	if err != nil {
		return nil, nil, err
	}
	return c, func() (*flowc.Machine, error) { return c.Start(values) }, nil
}

func steppedSnapshot(s streams, o *stepOptions, path string, print func(string)) (*flowc.Compiled, func() (*flowc.Machine, error), error) {
	half, err := loadSnapshot(s.err, path)
	if err != nil {
		return nil, nil, err
	}
	family := o.backend
	if family == "" {
		family = half.Family
	}
	if len(o.set) > 0 {
		return nil, nil, usageError{errors.New("--set gives inputs to a program that starts: use the command set for registers of a half-run one")}
	}
	c, err := o.compile(half.Program, s.compiling(flowc.Options{Level: int(o.level), Backend: family, Seed: half.Seed, Print: print}))
	if err != nil {
		return nil, nil, err
	}
	return c, func() (*flowc.Machine, error) { return c.Resume(half) }, nil
}

func (o *stepOptions) compile(p *ir.Program, with flowc.Options) (*flowc.Compiled, error) {
	if _, err := with.Family(); err != nil {
		return nil, usageError{err}
	}
	with.Logs = flowc.LogDir(o.metricsDir)
	o.processes.set(&with)
	return flowc.Compile(p, with)
}
