package cli

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"flowc.dev/flowc/snapshot"
)

func newForkCommand(s streams) *cobra.Command {
	var output string
	var settings []string
	cmd := &cobra.Command{
		Use:   "fork -o other.flowsnap [--set register=value] run.flowsnap",
		Short: "Copy a half-run program, with registers set if wanted",
		Long: `Copies a half-run program, with registers set if wanted. The copy and the
original go on without regard to each other.

What a program writes to metric logs is not copied: forks write to the same files
unless each is resumed with a --metrics-dir of its own.`,
		Example: `  flowc fork -o slow.flowsnap --set lr=1e-4 run.flowsnap
  flowc resume --metrics-dir=slow slow.flowsnap`,
		Args: oneSnapshot,
		RunE: func(_ *cobra.Command, args []string) error {
			if output == "" {
				return usageError{errors.New("want -o with the file to write, such as -o other.flowsnap")}
			}
			return rewrite(s, args[0], output, settings)
		},
	}
	cmd.Flags().StringVarP(&output, "output", "o", "", "file to write")
	cmd.Flags().StringArrayVar(&settings, "set", nil, "register as register=literal or register=@file.npy; may be repeated")
	return cmd
}

func newSetCommand(s streams) *cobra.Command {
	return &cobra.Command{
		Use:   "set run.flowsnap register=value...",
		Short: "Set registers of a half-run program in its snapshot",
		Long: `Sets registers of a half-run program, whether they are inputs or not, to literals
as in --set or to the contents of .npy files (@file.npy). The values must fit the
registers' declarations. The change is noted in the snapshot, and the snapshot as
it was is kept as FILE.1.`,
		Example: `  flowc set run.flowsnap lr=1e-4 x=@data.npy`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) < 2 {
				return usageError{errors.New("want a snapshot and what to set, such as flowc set run.flowsnap lr=1e-4")}
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error { return rewrite(s, args[0], args[0], args[1:]) },
	}
}

// rewrite sets registers in the snapshot of one file and saves it to another.
func rewrite(streams streams, from, to string, settings []string) error {
	if err := checkTarget(to); err != nil {
		return err
	}
	s, err := loadSnapshot(streams.err, from)
	if err != nil {
		return err
	}
	if s, err = setRegisters(s, settings); err != nil {
		return err
	}
	if err = snapshot.Save(to, s); err == nil {
		_, err = fmt.Fprintf(streams.err, "%s: half-run after %d steps\n", to, s.Run.Steps)
	}
	return err
}
