package flowc

import "flowc.dev/flowc/backend"

// A Machine is a program in the course of being run. [Compiled.Start] makes
// it; Step and Run do its steps.
type Machine = backend.Machine

// A Budget bounds a run of a machine by steps or time; zero fields do not.
type Budget = backend.Budget

// A RunError is a failure of a running program.
type RunError = backend.RunError

// The answers of [Machine.Step] and [Machine.Run].
const (
	Ready   = backend.Ready   // another step can be done
	Done    = backend.Done    // the program has ended
	Blocked = backend.Blocked // every strand waits for something outside
)
