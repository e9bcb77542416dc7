package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"

	"github.com/spf13/cobra"

	"flowc.dev/flowc"
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ir/state"
	"flowc.dev/flowc/snapshot"
)

func newResumeCommand(s streams) *cobra.Command {
	o := options{level: 2}
	cmd := &cobra.Command{
		Use:   "resume [-O0|-O1|-O2|-O3] [flags] run.flowsnap",
		Short: "Go on with a half-run program from its snapshot",
		Long: `Goes on with a half-run program from its snapshot, at any level. In its own
numeric family, the default, it gives the bits that the run would have given
without the interruption.

When it is interrupted, or gets SIGUSR1, it saves to the same file. With
--snapshot it saves to that file as flowc itself does; with --every alone it does
so to the same file. A snapshot of a program that is done prints its outputs.

If the file is damaged or missing, the one before it (FILE.1) is taken, and it
says so. Exit codes are those of flowc.`,
		Example: `  flowc resume run.flowsnap
  flowc resume -O0 --set lr=1e-4 --snapshot=other.flowsnap --every=10m run.flowsnap`,
		Args: oneSnapshot,
		RunE: func(cmd *cobra.Command, args []string) error {
			saveEnd := o.snapshot != "" || o.every != interval{}
			if !cmd.Flags().Changed("snapshot") {
				o.snapshot = args[0]
			}
			if err := o.check(cmd); err != nil {
				return usageError{err}
			}
			ownFamily := !cmd.Flags().Changed("backend")
			return execute(s, o, func(j *job) error {
				j.saveEnd = saveEnd
				return j.resume(args[0], ownFamily)
			})
		},
	}
	o.addFlags(cmd.Flags(), "stop after this many more steps (default no limit)")
	cmd.Flags().Lookup("backend").DefValue = ""
	cmd.Flags().Lookup("backend").Usage = "auto, step or gorgonia (default that of the snapshot)"
	cmd.Flags().Lookup("set").Usage = "register as register=literal or register=@file.npy; may be repeated"
	return cmd
}

func oneSnapshot(cmd *cobra.Command, args []string) error {
	if len(args) != 1 {
		return usageError{fmt.Errorf("found %d files: want one snapshot, such as %s run.flowsnap", len(args), cmd.CommandPath())}
	}
	return nil
}

// loadSnapshot loads a snapshot or the one before it, and tells w which.
func loadSnapshot(w io.Writer, path string) (*flowc.Snapshot, error) {
	s, source, err := snapshot.Load(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, usageError{fmt.Errorf("cannot read the snapshot: %w", err)}
	case err != nil:
		return nil, err
	case source.Refused != nil:
		fmt.Fprintf(w, "flowc: %s\nflowc: taking the snapshot before it, %s\n", source.Refused, source.File)
	}
	return s, nil
}

// resume goes on with the snapshot in a file.
func (j *job) resume(path string, ownFamily bool) error {
	s, err := loadSnapshot(j.err, path)
	if err != nil {
		return err
	}
	j.result.Name, j.result.Digest, j.result.Resumed = s.Program.Name, ir.Digest(s.Program), &s.Run.Steps
	if s, err = setRegisters(s, j.set); err != nil {
		return err
	}
	if ownFamily {
		j.backend = s.Family
	}
	j.seed = s.Seed
	compiled, err := j.compile(s.Program)
	if err != nil {
		return err
	}
	if j.result.Backend = compiled.Backend; compiled.Backend != s.Family {
		j.note("flowc: the run began in the numeric family %s and goes on in %s: its numbers may differ in the last digits", s.Family, compiled.Backend)
	}
	j.firstStep = s.Run.Steps
	if j.maxSteps = j.firstStep + j.maxSteps; j.maxSteps < j.firstStep {
		j.maxSteps = math.MaxInt64
	}
	return j.run(compiled, func() (*flowc.Machine, error) { return compiled.Resume(s) })
}

// setRegisters sets registers of a half-run program.
func setRegisters(s *flowc.Snapshot, settings []string) (*flowc.Snapshot, error) {
	for _, setting := range settings {
		name, v, err := parseSetting(setting)
		if err == nil {
			s, err = state.Set(s, name, v)
		}
		if err != nil {
			return nil, usageError{fmt.Errorf("%s: %w", setting, err)}
		}
	}
	return s, nil
}
