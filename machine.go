package flowc

import (
	"flowc.dev/flowc/backend"
	"flowc.dev/flowc/ir/state"
)

// A Machine is a program in the course of being run. [Compiled.Start] and
// [Compiled.Resume] make it; Step and Run do its steps; Snapshot returns it as a
// value and Clone copies it.
type Machine = backend.Machine

// A Snapshot is a half-run program: the source program, and the state of the run
// in terms of it.
type Snapshot = state.Snapshot

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
