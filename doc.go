// Package flowc compiles and runs training programs.
//
// A flowc program describes a learning algorithm: statements over named
// registers and stateful objects, with loops, branches and gradients. It is a
// value that can be printed, optimized and run one step at a time:
//
//	program, err := flowc.Load("prog.json")
//	compiled, err := flowc.Compile(program, flowc.Options{Level: 2})
//	machine, err := compiled.Start(nil)
//	status, err := machine.Run(ctx, flowc.Budget{Steps: 1000})
//	loss, err := machine.Register("loss")
//
// [Compile] checks the program, optimizes it and picks the numeric family that
// computes it. [Compiled.Start] returns a [Machine], which never takes control:
// it does as many steps as it is told to and then stands still, with all its
// registers readable, until it is told to go on.
//
// Ops and classes of objects other than flowc's own are added to a registry
// that [Options] names; see package ops. Programs are built or changed in Go
// with package ir.
package flowc
