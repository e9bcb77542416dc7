// Package backend runs programs: the [Machine] and the one driver of control
// elements, on top of which leaf executors differ only in how leaves run.
//
// A program is linked once: names become slots, calls become ops and methods.
// The state of a run is in explicit frames, never on the Go stack, so a machine
// can stop after any step and go on later. See [Machine.Step] for what a step
// is.
package backend
