// Package cli is the flowc command, for commands that have more passes or ops
// than flowc itself:
//
//	func main() { cli.Main(cli.Options{Table: table, Registry: registry}) }
package cli

import (
	"os"

	"flowc.dev/flowc"
	"flowc.dev/flowc/ops"
	"flowc.dev/flowc/passes"
)

// Options say what a flowc command has. The zero value is flowc itself.
type Options struct {
	// Table replaces the standard passes; see [passes.Table.With].
	Table *passes.Table
	// Registry has the ops and classes that programs may name; nil is
	// [ops.Standard].
	Registry *ops.Registry
}

// Main runs the command line of this process and ends it with its exit code.
func Main(o Options) {
	os.Exit(run(os.Args[1:], streams{in: os.Stdin, out: os.Stdout, err: os.Stderr, with: o}))
}

// registry returns the ops and classes that programs may name.
func (s streams) registry() *ops.Registry { return s.with.Registry }

// table returns the passes that there are.
func (s streams) table() *passes.Table { return s.with.Table }

// compiling completes the options of a compilation with what the command has.
func (s streams) compiling(o flowc.Options) flowc.Options {
	o.Table, o.Registry = s.table(), s.registry()
	return o
}
