// Package gorgonia executes graph leaves on Gorgonia.
//
// A leaf with matrix products, specialized to the types of its inputs, becomes
// one Gorgonia expression graph that is compiled once and run by Gorgonia's
// TapeMachine. The products are Gorgonia's own ops, on gonum's BLAS. Everything
// else runs in the regions of package region, each a custom Gorgonia op. Leaves
// without products are their regions; small ones are evaluated call by call
// until they have run often enough to be worth compiling.
//
// Which kernel computes a value depends on its op and on the types of its
// arguments alone, never on what else is in the graph. So a statement that is a
// graph of its own and the same statement inside a larger graph give equal
// bits.
//
// Gorgonia merges nodes that it takes for equal, overwrites operands in place
// where it thinks that nobody looks, and panics in other goroutines; the
// lowering is written so that none of this can happen, and the tests named
// TestTrap hold it to that.
package gorgonia
