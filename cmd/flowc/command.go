package main

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"flowc.dev/flowc"
)

// streams are the standard streams of the command.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

// options are what the flags say.
type options struct {
	level         level
	backend       string
	emit          bool
	passes        string
	printAfterAll bool
	timePasses    bool
	profile       bool
	maxSteps      int64
	hasMaxSteps   bool
	maxTime       time.Duration
	set           []string
	seed          uint64
	json          bool
}

// run executes a command line and returns the exit code.
func run(args []string, s streams) int {
	root := newCommand(s)
	root.SetArgs(args)
	return report(s.err, root.Execute())
}

func newCommand(s streams) *cobra.Command {
	o := options{level: 2}
	root := &cobra.Command{
		Use:   "flowc [-O0|-O1|-O2|-O3] [flags] prog.json",
		Short: "flowc compiles and runs training programs",
		Long: `flowc compiles and runs training programs.

It checks and optimizes the program in the file ("-" is standard input), runs
it and prints its outputs. Prints of the program and outputs go to standard
output, progress, reports and errors to standard error.

Exit codes: 0 done, 1 the program could not be loaded, compiled, started or run
to its end, 2 the command line is wrong or names a file that cannot be read,
3 --max-steps or --max-time was reached, 130 interrupted.`,
		Example: `  flowc -O2 prog.json
  flowc -O0 --backend=step --set lr=0.1 --set x=@data.npy prog.json
  flowc -O2 -S prog.json`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usageError{fmt.Errorf("found %d files: want one program, such as flowc -O2 prog.json", len(args))}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			o.hasMaxSteps = cmd.Flags().Changed("max-steps")
			if err := o.check(cmd); err != nil {
				return usageError{err}
			}
			return execute(s, o, args[0])
		},
		SilenceErrors:     true,
		SilenceUsage:      true,
		CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true},
	}
	flags := root.Flags()
	flags.SortFlags = false
	flags.VarP(&o.level, "level", "O", "optimization level: 0 required lowerings only, 1 cheap, 2 everything exact, 3 may reassociate floats")
	flags.StringVar(&o.backend, "backend", flowc.Auto, "auto, step or gorgonia; auto is step at -O0 and -O1, gorgonia above")
	flags.BoolVarP(&o.emit, "emit", "S", false, "print the optimized program as JSON instead of running it")
	flags.StringVar(&o.passes, "passes", "", "run these passes, separated by commas, instead of the level's")
	flags.BoolVar(&o.printAfterAll, "print-after-all", false, "show what each pass changes")
	flags.BoolVar(&o.timePasses, "time-passes", false, "report the time of each pass")
	flags.BoolVar(&o.profile, "profile", false, "report count and time of each source statement")
	flags.Int64Var(&o.maxSteps, "max-steps", 0, "stop after this many steps (default no limit)")
	flags.DurationVar(&o.maxTime, "max-time", 0, `stop after this time, such as "90s" (default no limit)`)
	flags.StringArrayVar(&o.set, "set", nil, "input as register=literal or register=@file.npy; may be repeated")
	flags.Uint64Var(&o.seed, "seed", 0, "seed of the run's random numbers")
	flags.BoolVar(&o.json, "json", false, "print one JSON object with the results")
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	root.SetIn(s.in)
	root.SetOut(s.out)
	root.SetErr(s.err)
	root.AddCommand(newSchemaCommand(s.out), newOpsCommand(s.out), newVersionCommand(s.out))
	return root
}

// check reports values of flags that no program can be run with.
func (o *options) check(cmd *cobra.Command) error {
	switch {
	case o.maxSteps < 0:
		return fmt.Errorf("--max-steps %d: want 0 or more", o.maxSteps)
	case cmd.Flags().Changed("max-time") && o.maxTime <= 0:
		return fmt.Errorf("--max-time %v: want more than 0", o.maxTime)
	case cmd.Flags().Changed("passes") && o.passes == "":
		return errors.New(`--passes "": want the names of passes, separated by commas`)
	}
	return nil
}

// noFiles is a check of arguments of subcommands.
func noFiles(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usageError{fmt.Errorf("%s takes no arguments, got %q", cmd.CommandPath(), args[0])}
	}
	return nil
}

// level is the value of -O.
type level int

func (l *level) String() string { return strconv.Itoa(int(*l)) }
func (l *level) Type() string   { return "level" }

func (l *level) Set(s string) error {
	if len(s) != 1 || s[0] < '0' || s[0] > '3' {
		return errors.New("want -O0, -O1, -O2 or -O3")
	}
	*l = level(s[0] - '0')
	return nil
}
