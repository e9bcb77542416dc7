package main

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"flowc.dev/flowc/ir"
)

// Exit codes.
const (
	exitDone        = 0
	exitProgram     = 1
	exitUsage       = 2
	exitLimit       = 3
	exitInterrupted = 130
)

// A usageError is a defect of the command line; every other error is one of the
// program.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

// An exitError ends the command with a code; everything has been said.
type exitError int

func (e exitError) Error() string { return fmt.Sprintf("exit code %d", int(e)) }

// report writes err to w, if anything is left to be said, and returns the exit
// code.
func report(w io.Writer, err error) int {
	var code exitError
	var usage usageError
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &code):
		return int(code)
	case errors.As(err, &usage):
		fmt.Fprintf(w, "flowc: %s\nSee flowc --help.\n", err)
		return exitUsage
	}
	fmt.Fprintln(w, message(err))
	return exitProgram
}

// message returns the text of a program error. Problems carry their position;
// other messages say who speaks.
func message(err error) string {
	var problems ir.Problems
	if errors.As(err, &problems) {
		blocks := make([]string, len(problems))
		for i, p := range problems {
			blocks[i] = p.Error()
		}
		return strings.Join(blocks, "\n")
	}
	return "flowc: " + err.Error()
}
