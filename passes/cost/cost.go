// Package cost holds the static costs by which passes decide whether a rewrite
// pays. They depend on the program's text alone, never on a run, so that every
// compilation of a program decides alike.
package cost

import "flowc.dev/flowc/passes/pass"

// Costs are nanoseconds of CPU time on the machine of the measurements; only
// their ratios matter.
type Costs struct {
	// Statement is what the driver adds to a call statement: its step, its
	// operands, its store. Scalar is the same for rank-0 numbers. Copy is what a
	// statement costs beyond its store that only copies.
	Statement, Scalar, Copy float64
	// Leaf is what it takes to enter and leave a graph leaf, beyond Statement.
	Leaf float64
	// Call is what a call inside a leaf costs beyond its kernel, Kernel the least
	// that the kernel costs on a tensor.
	Call, Kernel float64
	// MaxCalls bounds the calls in one leaf.
	MaxCalls int
}

// families are the measured costs: programs of 1 to 8 statements like
// x = negative(x) on 4 numbers in a loop, each by itself and joined, the least
// CPU time of 12 runs on a busy two-core machine (BenchmarkStatements of package
// passes).
//
// step: 190 ns a statement, 100 ns a call in a leaf that costs 170 ns, of which 70
// are the kernel of each; on rank-0 numbers 126 ns a statement, 54 ns a call in a
// leaf that costs 115 ns.
//
// gorgonia: 2,000 ns a lone leaf and 240 ns each further call in it; for products
// 3,900 and 1,300 ns. Compiling a graph takes time that is quadratic in its
// calls: 35 ms for 1,000, 193 ms for 3,000.
var families = map[string]Costs{
	pass.FamilyStep:     {Statement: 95, Scalar: 72, Copy: 45, Leaf: 75, Call: 30, Kernel: 130, MaxCalls: 10_000},
	pass.FamilyGorgonia: {Statement: 130, Scalar: 85, Copy: 45, Leaf: 1_900, Call: 120, Kernel: 120, MaxCalls: 1_000},
}

// Of returns the costs of a numeric family; unknown ones cost as step does.
func Of(family string) Costs {
	if c, ok := families[family]; ok {
		return c
	}
	return families[pass.FamilyStep]
}

// A Run is what a cost gate knows of consecutive statements.
type Run struct {
	Copies  int // statements that call identity only
	Scalars int // other call statements on rank-0 numbers
	Tensors int // other call statements
	Leaves  int // graph leaves
	// Calls of ops in the call statements, in the leaves, and in the one leaf
	// that would replace them all.
	StatementCalls, LeafCalls, CallsAfter int
	// Equal are the calls on tensors that others in the one leaf make needless.
	Equal int
}

// Gain returns the nanoseconds that one leaf in place of the run saves.
func (c Costs) Gain(r Run) float64 {
	// The driver evaluates the call of a statement as the step family evaluates
	// one in a leaf.
	driver := families[pass.FamilyStep].Call
	apart := float64(r.Copies)*c.Copy + float64(r.Scalars)*c.Scalar + float64(r.Tensors)*c.Statement + float64(r.Leaves)*(c.Statement+c.Leaf) +
		float64(r.StatementCalls)*driver + float64(r.LeafCalls)*c.Call
	apart += float64(r.Equal) * c.Kernel
	return apart - (c.Statement + c.Leaf + float64(r.CallsAfter)*c.Call)
}
