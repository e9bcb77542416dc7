// Package process runs what programs hand to other processes of this machine:
// [Programs] starts the processes of popen statements, [Fragments] runs the
// fragments of spawn statements, each in a process of its own.
//
// A process does not outlive the one that started it: it runs in a group of its
// own, which is killed with it, and the processes of fragments end by themselves
// when the pipe from their parent closes. Only when flowc is killed with a signal
// that it cannot handle may processes that a popen's program has started itself
// go on; the program ends on Linux, because the system ends it.
package process
