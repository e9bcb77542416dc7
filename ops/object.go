package ops

import "flowc.dev/flowc/ir"

// A Class is a kind of object: a data set, a generator, a learner.
type Class struct {
	// Signature is the constructor's.
	ir.Signature
	Doc string
	// New makes an object from the constructor's bound arguments.
	New func(env Env, args []ir.Value) (Object, error)
	// Restore makes the object whose State is given.
	Restore func(env Env, args []ir.Value, state ir.Value) (Object, error)
	Methods []*Method
	// Exclusive is the parameter, if any, in which the objects of a program must
	// differ: what it names has one owner.
	Exclusive string
}

// An Env is what a machine gives to the objects it makes.
type Env struct {
	// Seed is the run's seed. An object with a seed parameter draws from the
	// stream (Env.Seed, own seed), so that changing Env.Seed changes them all
	// and keeps them apart.
	Seed uint64
	// Logs keeps the logs that the program writes; nil drops what it writes.
	Logs Logs
	// Step returns the number of steps that the machine has done; nil is 0.
	Step func() int64
	// Now returns the time of a clock in nanoseconds, counted from any moment;
	// nil is a clock that stands still.
	Now func() int64
}

// An Object is a stateful thing that lives in one machine.
type Object interface {
	// State returns all that the object's future behaviour depends on beyond
	// its constructor's arguments. It shares no storage with the object.
	State() ir.Value
}

// A Method is an operation on an object. A call is two-phase, so that a leaf
// stays atomic: Prepare, then, once the results are known to fit the registers
// they go to, Commit.
type Method struct {
	ir.Signature
	Doc string
	// Prepare computes the results, with dst and args as in [Op.Eval], and
	// whatever Commit needs; it changes nothing that State or another method
	// can see. Everything that can fail fails here. An unfinished preparation
	// may be dropped and repeated.
	Prepare func(self Object, dst, args []ir.Value) error
	// Commit makes the prepared change; it cannot fail. Nil when the method
	// changes nothing.
	Commit func(self Object)
	// PrepareRows, if not nil, prepares k calls at once: args are those of the
	// calls stacked along a new leading axis, and what Commit then changes is
	// what k calls change one after the other. It keeps nothing of args. It is
	// for methods without results.
	PrepareRows func(self Object, args []ir.Value, k int) error
	// Source is set for a method that may be called ahead in blocks.
	Source *Source
}

// A Source is the bufferable form of a method that yields one row a call: Peek
// of k rows followed by Advance(k) gives the stack of what k calls give and
// leaves the object as they do.
type Source struct {
	// Peek stacks the next k rows along a new leading axis into dst, with dst
	// and args as in [Op.Eval], and changes nothing that State or another
	// method can see. If fewer than k rows are left it returns how many there
	// are and the error that the call after them gives.
	Peek func(self Object, dst, args []ir.Value, k int) (rows int, err error)
	// Advance moves past j rows that were peeked.
	Advance func(self Object, j int)
}
