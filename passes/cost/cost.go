// Package cost holds the static costs by which passes decide whether a rewrite
// pays. They depend on the program's text alone, never on a run, so that every
// compilation of a program decides alike.
package cost

import "flowc.dev/flowc/passes/pass"

// costs are nanoseconds of CPU time on the machine of the measurements; only
// their ratios matter.
type costs struct {
	// statement is what the driver adds to a call statement: its step, its
	// operands, its store. scalar is the same for rank-0 numbers. plainCopy is what
	// a statement costs beyond its store that only copies.
	statement, scalar, plainCopy float64
	// leaf is what it takes to enter and leave a graph leaf, beyond statement.
	leaf float64
	// call is what a call inside a leaf costs beyond its kernel, kernel the least
	// that the kernel costs on a tensor.
	call, kernel float64
	// maxCalls bounds the calls in one leaf.
	maxCalls int
}

// reference are the measured costs of what is computed by reference evaluation,
// alone and in leaves: programs of 1 to 8 statements like x = negative(x) on 4
// numbers in a loop, each by itself and joined, the least CPU time of 12 runs on a
// busy two-core machine (BenchmarkStatements of package passes): 190 ns a
// statement, 100 ns a call in a leaf that costs 170 ns, of which 70 are the kernel
// of each; on rank-0 numbers 126 ns a statement, 54 ns a call in a leaf that costs
// 115 ns.
var reference = costs{statement: 95, scalar: 72, plainCopy: 45, leaf: 75, call: 30, kernel: 130, maxCalls: 10_000}

// products are those of leaves that multiply matrices, by the families that have
// kernels of their own for it.
//
// gorgonia: x = matmul(x, w) takes 2,600 ns on matrices of 2 rows and columns as a
// leaf of its own and 1,000 ns more for each further product in one leaf. Other
// calls in it cost what they do elsewhere. Compiling a graph takes time that is
// quadratic in its calls: 35 ms for 1,000, 193 ms for 3,000.
var products = map[string]costs{
	pass.FamilyGorgonia: {statement: 95, leaf: 1_600, call: 30, maxCalls: 1_000},
}

// MaxCalls bounds the calls in one leaf of the family, which multiplies matrices
// or does not.
func MaxCalls(family string, multiplies bool) int { return costsOf(family, multiplies).maxCalls }

func costsOf(family string, multiplies bool) costs {
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
	p, after := costsOf(family, true), costsOf(family, r.Products > 0)
	apart := float64(r.Copies)*reference.plainCopy + float64(r.Scalars)*reference.scalar + float64(r.Tensors)*reference.statement +
		float64(r.StatementCalls)*reference.call + float64(r.Equal)*reference.kernel +
		float64(r.Leaves-r.Products)*(reference.statement+reference.leaf) + float64(r.LeafCalls-r.ProductCalls)*reference.call +
		float64(r.Products)*(p.statement+p.leaf) + float64(r.ProductCalls)*p.call
	return apart - (after.statement + after.leaf + float64(r.CallsAfter)*after.call)
}
