// Package process runs what programs hand to other processes of this machine:
// [Programs] starts the processes of popen statements, [Fragments] runs the
// fragments of spawn statements, each in a process of its own.
//
// Nothing outlives the process that started it: processes run in groups of
// their own, which are killed with them, and the processes of fragments end by
// themselves when the pipe from their parent closes.
package process
