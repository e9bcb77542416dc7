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

// reference are the measured costs of what is computed by reference evaluation,
// alone and in leaves: programs of 1 to 8 statements like x = negative(x) on 4
// numbers in a loop, each by itself and joined, the least CPU time of 12 runs on a
// busy two-core machine (BenchmarkStatements of package passes): 190 ns a
// statement, 100 ns a call in a leaf that costs 170 ns, of which 70 are the kernel
// of each; on rank-0 numbers 126 ns a statement, 54 ns a call in a leaf that costs
// 115 ns.
var reference = Costs{Statement: 95, Scalar: 72, Copy: 45, Leaf: 75, Call: 30, Kernel: 130, MaxCalls: 10_000}

// products are those of leaves that multiply matrices, by the families that have
// kernels of their own for it.
//
// gorgonia: x = matmul(x, w) takes 2,600 ns on matrices of 2 rows and columns as a
// leaf of its own and 1,000 ns more for each further product in one leaf. Other
// calls in it cost what they do elsewhere. Compiling a graph takes time that is
// quadratic in its calls: 35 ms for 1,000, 193 ms for 3,000.
var products = map[string]Costs{
	pass.FamilyGorgonia: {Statement: 95, Leaf: 1_600, Call: 30, MaxCalls: 1_000},
}

// MaxCalls bounds the calls in one leaf of the family, which multiplies matrices
// or does not.
func MaxCalls(family string, multiplies bool) int { return of(family, multiplies).MaxCalls }

func of(family string, multiplies bool) Costs {
	if c, ok := products[family]; ok && multiplies {
		return c
	}
	return reference
}

// A Run is what a cost gate knows of consecutive statements.
type Run struct {
	Copies   int // statements that call identity only
	Scalars  int // other call statements on rank-0 numbers
	Tensors  int // other call statements
	Leaves   int // graph leaves
	Products int // of them that multiply matrices
	// Calls of ops in the call statements, in the leaves, in those that multiply
	// matrices, and in the one leaf that would replace them all.
	StatementCalls, LeafCalls, ProductCalls, CallsAfter int
	// Equal are the calls on tensors that others in the one leaf make needless.
	Equal int
}

// Gain returns the nanoseconds that one leaf of the family in place of the run
// saves.
func Gain(family string, r Run) float64 {
	p, after := of(family, true), of(family, r.Products > 0)
	apart := float64(r.Copies)*reference.Copy + float64(r.Scalars)*reference.Scalar + float64(r.Tensors)*reference.Statement +
		float64(r.StatementCalls)*reference.Call + float64(r.Equal)*reference.Kernel +
		float64(r.Leaves-r.Products)*(reference.Statement+reference.Leaf) + float64(r.LeafCalls-r.ProductCalls)*reference.Call +
		float64(r.Products)*(p.Statement+p.Leaf) + float64(r.ProductCalls)*p.Call
	return apart - (after.Statement + after.Leaf + float64(r.CallsAfter)*after.Call)
}
