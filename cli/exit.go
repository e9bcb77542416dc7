package cli

import (
	"errors"
	"fmt"

	"flowc.dev/flowc"
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/passes"
)

// Exit codes.
const (
	exitDone        = 0
	exitProgram     = 1
	exitUsage       = 2
	exitLimit       = 3
	exitStopped     = 75 // EX_TEMPFAIL: it can go on
	exitInterrupted = 130
)

// A usageError is a defect of the command line; every other error is one of the
// program.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

// An exitError ends the command with a code; everything has been said.
type exitError int

func (e exitError) Error() string { return fmt.Sprintf("exit code %d", int(e)) }

// report writes err, if anything is left to be said, and returns the exit code.
func report(s streams, err error) int {
	var code exitError
	var usage usageError
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &code):
		return int(code)
	case errors.As(err, &usage):
		fmt.Fprintf(s.err, "flowc: %s\nSee flowc --help.\n", shorten(err.Error()))
		return exitUsage
	}
	fmt.Fprintln(s.err, shorten(s.sources.explain(err)))
	return exitProgram
}

// message returns the text of a program error. Those with a position begin with
// it; others say who speaks.
func message(err error) string {
	var problems ir.Problems
	var problem ir.Problem
	var failed *flowc.RunError
	var pass *passes.Error
	if errors.As(err, &problems) || errors.As(err, &problem) || errors.As(err, &failed) || errors.As(err, &pass) {
		return err.Error()
	}
	return "flowc: " + err.Error()
}
