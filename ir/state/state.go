// Package state describes half-run programs as data: registers, the states of
// objects, and a position. A state always belongs to a source program; how the
// program was optimized while it ran does not show in it. A position names
// statements by their IDs, so it survives edits of the program.
package state

import "flowc.dev/flowc/ir"

// A Snapshot is a half-run program with all that it takes to go on.
type Snapshot struct {
	// Program is the source program, resolved and complete: every node has an
	// ID.
	Program *ir.Program
	// Family is the numeric family of the run, which a resumed run keeps.
	Family string
	// Seed is the run's seed.
	Seed uint64
	// Edits tells the changes made to the program since it was started, oldest
	// first.
	Edits []Edit
	Run   Run
}

// An Edit is a change of a half-run program, for the record.
type Edit struct {
	// Step is the number of steps that had been done.
	Step int64
	// What describes the change: "set lr = 1e-4", "after layer.step($x)".
	What string
	// Before is the digest of the program as it was, see [ir.Digest].
	Before string
}

// A Run is the state of a run. Its values are frozen.
type Run struct {
	// Steps is the number of steps done.
	Steps int64
	// Registers holds the program's registers that are set.
	Registers map[string]ir.Value
	// Objects holds the state of every object, see [ops.Object].
	Objects map[string]ir.Value
	// Firings counts the arrivals so far at the hooks that do not run at every
	// one, by hook.
	Firings map[ir.ID]int64
	Main    Strand
	// Children are the spawned fragments that have not been joined, in the order
	// of their launch; NextHandle is the handle of the next one.
	Children   []Child
	NextHandle int64
}

// A Strand is a position: the program's, or that of one strand of a weave.
type Strand struct {
	Next Next
	// Value is the value of the statement that has ended, when it is still to be
	// stored, of the whole strand once it is done, and before a Poll the argument
	// vector of the process, as a list of strings.
	Value ir.Value
	// Hooked says that the hooks before the statement at the position have run.
	Hooked bool
	// Frames are the elements around the position, outermost first. The first
	// stands for the whole body of the program or strand. A strand that is done
	// has none.
	Frames []Frame
}

// Next says what a strand does next.
type Next string

// What a strand can be about to do. The ones after Done are found after an
// error only: what failed is what a resumed run tries again.
const (
	Leaf  Next = "leaf"  // run the statement at the position
	Poll  Next = "poll"  // see whether the process launched by that statement has ended
	Tick  Next = "tick"  // take the step of an iteration or call without a leaf
	Turns Next = "turns" // the innermost frame is a weave, whose strands take turns
	Done  Next = "done"

	Enter  Next = "enter"  // enter the control element at the position
	Finish Next = "finish" // store Value, the value of the statement at the position
	End    Next = "end"    // end the body of the innermost frame
	Ended  Next = "ended"  // the same, after its Tick
	Again  Next = "again"  // evaluate the condition of the innermost frame's loop
	Start  Next = "start"  // start the other strands of the innermost frame's weave
)

// A Frame is an element that control is in.
type Frame struct {
	// Node is the element, 0 for the whole body of a program or strand. For a
	// hook it is the hook clause.
	Node ir.ID
	// At is the statement of the element's body that is running or next, 0 at
	// the body's end.
	At ir.ID
	// Count is the number of iterations that a repeat or buffer makes.
	Count int64
	// Done is the number of completed iterations.
	Done int64
	// Stepped says that a step has been done in the current iteration or call.
	Stepped bool
	// Left says that a break ends the loop with this iteration.
	Left bool
	// Value is the value of the body that has ended, Last that of the last
	// completed iteration, if anything uses them. A hook keeps in Last the value
	// of the statement that it follows.
	Value, Last ir.Value
	// Stacked holds the values that a buffer has gathered so far, stacked; null
	// before the first.
	Stacked ir.Value
	// Registers are those of a function call.
	Registers map[string]ir.Value
	Weave     *Weave
}

// A Weave is the state of a weave.
type Weave struct {
	Strands []Strand
	// Started is the number of strands that have been started.
	Started int
	// Current is the strand that has the turn.
	Current int
	// TurnsLeft is the number of turns, the present one included, that the
	// current strand has in this round.
	TurnsLeft int64
	// TurnAt and TurnDone tell where the current strand stood when its turn
	// began: the statement of its body, and the completed iterations of it if
	// it is a loop.
	TurnAt   ir.ID
	TurnDone int64
}

// A Child is a spawned fragment that has not been joined.
type Child struct {
	// Handle is what the spawn statement stored.
	Handle int64
	// Node is the spawn statement.
	Node ir.ID
	// Call says whose registers take the results: 0 the program's, k those of
	// the k-th function call among the frames of the position, in their order,
	// the strands of a weave one after the other.
	Call int64
	// Stacked says that the fragment runs as several copies, whose results are
	// stacked.
	Stacked bool
	// Copies are the fragment's runs, by index: half-run or done.
	Copies []Snapshot
	// Printed has the lines that the copies have printed and that come out when
	// they are joined: a list with a list of strings for each copy; null if there
	// are none.
	Printed ir.Value
}
