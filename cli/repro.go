package cli

import (
	"errors"
	"fmt"
	"os"
	"regexp"
	"strings"

	"github.com/spf13/cobra"

	"flowc.dev/flowc"
	"flowc.dev/flowc/passes"
)

func newReproCommand(s streams) *cobra.Command {
	return &cobra.Command{
		Use:   "repro file...",
		Short: "Compile again what a pass failed on",
		Long: `Compile again what a pass failed on, from the files that a failing pass writes.

A file holds the program, the pipeline, the numeric family, the fuel and the
error. It says whether the compile still fails and how; the exit code is 1 if
any does. Such a file is the beginning of a golden file of passtest.`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usageError{errors.New("found no files: want reproducers, such as flowc repro flowc-repro-1f2e3d4c5b6a.txtar")}
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error {
			fails := false
			for _, path := range args {
				failed, err := repro(s, path)
				if err != nil {
					return err
				}
				fails = fails || failed
			}
			if fails {
				return exitError(exitProgram)
			}
			return nil
		},
	}
}

// repro compiles what is in a file and says how that goes.
func repro(s streams, path string) (fails bool, err error) {
	src, err := os.ReadFile(path)
	if err != nil {
		return false, usageError{fmt.Errorf("cannot read the reproducer: %w", err)}
	}
	r, err := passes.ParseReproducer(src, path)
	if err != nil {
		return false, usageError{err}
	}
	err = flowc.Reproduce(r, s.compiling(flowc.Options{}))
	switch {
	case err == nil:
		_, err = fmt.Fprintf(s.out, "%s: does not fail any more\n", path)
		return false, err
	case sameFailure(err, r.Error):
		_, err = fmt.Fprintf(s.out, "%s: still fails: %s\n", path, r.Error)
	default:
		_, err = fmt.Fprintf(s.out, "%s: fails otherwise: %s\nIt was: %s\n", path, err, r.Error)
	}
	return true, err
}

// sameFailure reports whether a failure is the one that was written down.
func sameFailure(err error, was string) bool {
	var failed *passes.Error
	return errors.As(err, &failed) && withoutPlaces(failed.Message()) == withoutPlaces(was)
}

// withoutPlaces returns a message less the places in Go code where a pass has
// panicked, which move with every edit of it, and those in the program's text, which
// the reproducer has in another file.
func withoutPlaces(message string) string {
	message, _, _ = strings.Cut(message, "\n  in ")
	return textPlace.ReplaceAllString(message, "")
}

var textPlace = regexp.MustCompile(`\S*\b\d+:\d+\b`)
