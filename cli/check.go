package cli

import (
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"flowc.dev/flowc"
	"flowc.dev/flowc/ir"
)

func newCheckCommand(s streams) *cobra.Command {
	return &cobra.Command{
		Use:   "check file...",
		Short: "Report all defects of programs without running them",
		Long: `Report all defects of programs without running them.

Defects go to standard error, and the exit code is 1 if there are any. Remarks
go to standard output: two statements that would be computed by a more exact or
more robust op if they were written as one, a repeat that keeps only the last
row of a data set, a statement of a .star file that is in no body.`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usageError{errors.New("found no files: want programs, such as flowc check prog.flow")}
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error {
			defects := false
			for _, path := range args {
				found, err := check(s, path)
				if err != nil {
					return err
				}
				defects = defects || found
			}
			if defects {
				return exitError(exitProgram)
			}
			return nil
		},
	}
}

// check reports the defects of the program in a file, and remarks if it has
// none.
func check(s streams, path string) (defects bool, err error) {
	p, err := load(s, path)
	var remarks ir.Problems
	if err == nil {
		remarks, err = flowc.Check(p, s.registry())
	}
	var usage usageError
	var unreadable *os.PathError
	switch {
	case errors.As(err, &usage) || errors.As(err, &unreadable):
		return false, err
	case err != nil:
		_, err = fmt.Fprintln(s.err, s.sources.explain(err))
		return true, err
	}
	if err := s.writeRemarks(s.out, append(remarks, s.formRemarks(p.File)...)); err != nil {
		return false, err
	}
	return false, nil
}
