package cli

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"flowc.dev/flowc"
)

// addFlags adds the flags of commands that run programs.
func (o *options) addFlags(flags *pflag.FlagSet, maxSteps string) {
	flags.SortFlags = false
	flags.VarP(&o.level, "level", "O", "optimization level: 0 required lowerings only, 1 cheap, 2 everything exact, 3 may reassociate floats")
	flags.StringVar(&o.backend, "backend", flowc.Auto, "auto, step or gorgonia; auto is step at -O0 and -O1, gorgonia above")
	flags.StringVar(&o.passes, "passes", "", "run this pipeline of passes instead of the level's, see flowc passes")
	flags.Int64Var(&o.fuel, "fuel", 0, "let the passes make at most this many rewrites, in the program and in each fragment that it spawns (default no limit)")
	flags.StringVar(&o.reproducers, "repro-dir", ".", "directory for the file from which flowc repro repeats the failure of a pass")
	flags.BoolVar(&o.printAfterAll, "print-after-all", false, "show what each pass changes")
	flags.BoolVar(&o.timePasses, "time-passes", false, "report the time of each pass")
	flags.BoolVar(&o.stats, "stats", false, "report the rewrites of each pass, the program's size before and after it, and the rules applied to typed graphs as the run came to them")
	flags.StringVar(&o.html, "html", "", "write a page that shows the program before and after each pass to this file")
	flags.BoolVar(&o.profile, "profile", false, "report count and time of each source statement")
	flags.Int64Var(&o.maxSteps, "max-steps", 0, maxSteps)
	flags.DurationVar(&o.maxTime, "max-time", 0, `stop after this time, such as "90s" (default no limit)`)
	flags.StringVar(&o.snapshot, "snapshot", "", "save the half-run program to this file, see above")
	flags.Var(&o.every, "every", `with --snapshot: also save as often as this, such as "10s" or "1000steps"`)
	flags.StringArrayVar(&o.set, "set", nil, "input as register=literal or register=@file.npy; may be repeated")
	flags.StringVar(&o.metricsDir, "metrics-dir", ".", "directory that the program may write its metric logs to")
	flags.BoolVar(&o.json, "json", false, "print one JSON object with the results")
	o.processes.add(flags)
}

// check reports values of flags that no program can be run with.
func (o *options) check(cmd *cobra.Command) error {
	o.hasMaxSteps, o.hasFuel = cmd.Flags().Changed("max-steps"), cmd.Flags().Changed("fuel")
	switch {
	case cmd.Flags().Changed("html") && o.html == "":
		return errors.New(`--html "": want the name of a file`)
	case cmd.Flags().Changed("why") && o.why == 0:
		return errors.New("--why 0: want the ID of a node, as flowc -S --ids shows it")
	case o.checks != "" && o.checks != "run":
		return fmt.Errorf("--check %s: want run", o.checks)
	case o.checks != "" && (o.emit.Name != "" || o.snapshot != ""):
		return errors.New("--check=run does not go with -S and --snapshot: it only checks")
	case o.checks != "" && o.hasMaxSteps && o.maxSteps == 0:
		return errors.New("--check=run --max-steps 0: want 1 or more")
	case o.fuel < 0:
		return fmt.Errorf("--fuel %d: want 0 or more", o.fuel)
	case o.maxSteps < 0:
		return fmt.Errorf("--max-steps %d: want 0 or more", o.maxSteps)
	case cmd.Flags().Changed("max-time") && o.maxTime <= 0:
		return fmt.Errorf("--max-time %v: want more than 0", o.maxTime)
	case cmd.Flags().Changed("passes") && o.passes == "":
		return errors.New(`--passes "": want a pipeline, such as canonicalize,collapse`)
	case cmd.Flags().Changed("snapshot") && o.snapshot == "":
		return errors.New(`--snapshot "": want the name of a file`)
	case o.every != interval{} && o.snapshot == "":
		return errors.New("--every: want --snapshot with the file to save to, too")
	}
	if err := o.processes.check(cmd); err != nil {
		return err
	}
	// An interrupted flowc resume saves to its own file, which may not be possible.
	if cmd.Flags().Changed("snapshot") || o.every != (interval{}) {
		return checkTarget(o.snapshot)
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
