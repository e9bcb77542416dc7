package backend

import (
	"context"
	"time"

	"flowc.dev/flowc/ir/state"
)

// Programs starts the processes of popen statements.
type Programs interface {
	// Start starts a process and returns at once. ended is called, from any
	// goroutine, when the process has ended by itself. A process that may not
	// be started is an error that says what allows it.
	Start(c Command, ended func()) (Process, error)
}

// A Command is what a popen statement runs.
type Command struct {
	// Args is the argument vector, of at least one string.
	Args []string
	// Timeout is the time after which the process is killed, 0 for none.
	Timeout time.Duration
}

// A Process was started by [Programs]. Its methods may be called by any
// goroutine.
type Process interface {
	// Ended reports whether the process has ended.
	Ended() bool
	// Result returns how a process has ended that has.
	Result() (ProcessResult, error)
	// Close kills the process and all that it has started, unless they have
	// ended, and returns when nothing of them is left.
	Close()
}

// A ProcessResult is what a popen statement gives.
type ProcessResult struct {
	// Status is the exit status: 128 + k if signal k ended the process, -1 if
	// the timeout did.
	Status int64
	// Output is what the process wrote.
	Output string
}

// Fragments runs the fragments of spawn statements.
type Fragments interface {
	// Spawn starts a run that goes on from s and returns at once. It may be
	// queued until other fragments have ended. ended is called, from any
	// goroutine, when the run has ended by itself.
	Spawn(s *state.Snapshot, ended func()) (Fragment, error)
}

// A Fragment was started by [Fragments]. Its methods may be called by any
// goroutine.
type Fragment interface {
	// Ended reports whether the fragment has ended.
	Ended() bool
	// Result returns the state at the end of a fragment that has ended, or why
	// it failed.
	Result() (FragmentState, error)
	// Snapshot asks a running fragment for the state that it comes to next, and
	// returns it, or an error when ctx is done or the fragment has ended. The
	// fragment goes on.
	Snapshot(ctx context.Context) (FragmentState, error)
	// Close ends the fragment and returns when nothing of it is left.
	Close()
}

// A FragmentState is how far a fragment has got.
type FragmentState struct {
	Snapshot *state.Snapshot
	// Printed are the lines printed since the state that the fragment was
	// started from.
	Printed []string
}
