package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"flowc.dev/flowc/ops"
	"flowc.dev/flowc/passes"
)

// streams are the standard streams of the command.
type streams struct {
	in       io.Reader
	out, err io.Writer
	// sources are the texts of the programs that were read.
	sources sources
	// with are the passes and ops that there are.
	with Options
}

// options are what the flags say.
type options struct {
	level         level
	backend       string
	emit          form
	ids           bool
	passes        string
	fuel          int64
	hasFuel       bool
	reproducers   string
	printAfterAll bool
	timePasses    bool
	checks        string
	stats         bool
	html          string
	explain       bool
	why           uint32
	profile       bool
	maxSteps      int64
	hasMaxSteps   bool
	maxTime       time.Duration
	snapshot      string
	every         interval
	set           []string
	metricsDir    string
	seed          uint64
	json          bool
	processes     processFlags
}

// run executes a command line and returns the exit code.
func run(args []string, s streams) int {
	s.sources = sources{}
	if s.with.Table == nil {
		s.with.Table = passes.Standard()
	}
	if s.with.Registry == nil {
		s.with.Registry = ops.Standard()
	}
	root := newCommand(s)
	root.SetArgs(args)
	return report(s, root.Execute())
}

func newCommand(s streams) *cobra.Command {
	o := options{level: 2}
	var root *cobra.Command
	root = &cobra.Command{
		Use:   "flowc [-O0|-O1|-O2|-O3] [flags] prog.json",
		Short: "flowc compiles and runs training programs",
		Long: `flowc compiles and runs training programs.

It checks and optimizes the program in the file ("-" is standard input), runs
it and prints its outputs. Prints of the program and outputs go to standard
output, progress, reports and errors to standard error.

Exit codes: 0 done, 1 the program could not be loaded, compiled, started or run
to its end, 2 the command line is wrong or names a file that cannot be read,
3 --max-steps or --max-time was reached, 75 interrupted with a snapshot that
flowc resume goes on from, 130 interrupted without one.

With --snapshot=FILE the half-run program is saved to FILE when the run ends,
however it ends, when it is interrupted (SIGINT or SIGTERM; a second one stops
at once), on SIGUSR1, after which it goes on, and as often as --every says. The
snapshot before it is kept as FILE.1.`,
		Example: `  flowc -O2 prog.json
  flowc -O0 --backend=step --set lr=0.1 --set x=@data.npy prog.json
  flowc -O2 -S prog.json
  flowc -O2 prog.flow
  flowc --snapshot=run.flowsnap --every=10m prog.json`,
		Args: func(_ *cobra.Command, args []string) error {
			if err := misspelled(root, args); err != nil {
				return usageError{err}
			}
			if len(args) != 1 {
				return usageError{fmt.Errorf("found %d files: want one program, such as flowc -O2 prog.json", len(args))}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := o.check(cmd); err != nil {
				return usageError{err}
			}
			return execute(s, o, func(j *job) error { return j.do(args[0]) })
		},
		SilenceErrors: true,
		// SuggestionsFor takes it.
		SuggestionsMinimumDistance: 2,
		SilenceUsage:               true,
		CompletionOptions:          cobra.CompletionOptions{DisableDefaultCmd: true},
	}
	o.addFlags(root.Flags(), "stop after this many steps (default no limit)")
	root.Flags().VarPF(&o.emit, "emit", "S", "print the optimized program instead of running it, as flow or as --emit=json").NoOptDefVal = "flow"
	root.Flags().BoolVar(&o.ids, "ids", false, "with -S: show the IDs of statements and of those that they stand for")
	root.Flags().StringVar(&o.checks, "check", "", "run: instead of running the program once, run it before and after each pass, 1000 steps unless --max-steps says more, and compare")
	root.Flags().BoolVar(&o.explain, "explain", false, "instead of running: tell why statements were not fused, inlined or collapsed")
	root.Flags().Uint32Var(&o.why, "why", 0, "instead of running: tell which rewrites made the node with this ID, see -S --ids")
	root.Flags().Uint64Var(&o.seed, "seed", 0, "seed of the run's random numbers")
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		if cmd == root {
			return usageError{errors.Join(misspelled(root, cmd.Flags().Args()), flagError(err))}
		}
		return usageError{flagError(err)}
	})
	root.SetIn(s.in)
	root.SetOut(s.out)
	root.SetErr(s.err)
	root.AddCommand(newFormatCommand(s), newConvertCommand(s), newCheckCommand(s))
	root.AddCommand(newFragmentCommand(s), newResumeCommand(s), newInspectCommand(s), newForkCommand(s), newSetCommand(s))
	root.AddCommand(newEditCommand(s), newStepCommand(s), newSchemaCommand(s.out), newOpsCommand(s), newPassesCommand(s), newBisectCommand(s), newReproCommand(s), newLibraryCommand(s.out), newVersionCommand(s.out))
	return root
}

// misspelled reports a first argument that is no file but almost a command.
func misspelled(root *cobra.Command, args []string) error {
	if len(args) == 0 || args[0] == "" {
		return nil
	}
	if _, err := os.Stat(args[0]); err == nil {
		return nil
	}
	if names := root.SuggestionsFor(args[0]); len(names) > 0 {
		return fmt.Errorf("there is no command and no file %q: did you mean flowc %s?", args[0], strings.Join(names, " or flowc "))
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
