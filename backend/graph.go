package backend

import "flowc.dev/flowc/ir"

// A GraphCompiler compiles graph leaves for one numeric family. Without one, a
// machine evaluates them by the reference evaluation of their ops.
type GraphCompiler interface {
	// Family names the kernels: results of one family are equal bit for bit,
	// however a program is optimized.
	Family() string
	// ByReference reports whether the results of a call of the op with operands
	// of the given ranks always have the bits of its reference evaluation.
	ByReference(op string, ranks []int) bool
	// Compile returns the code of a graph leaf. It is called once per leaf and
	// machine; code that depends on the types of the inputs is made, and kept,
	// when they are known.
	Compile(leaf *ir.Node) (GraphCode, error)
}

// GraphCode is a compiled graph leaf. It belongs to one machine.
type GraphCode interface {
	// Inputs returns the registers that the leaf reads, in the order in which
	// Exec gets their values.
	Inputs() []string
	// Exec computes the yields of the leaf into dst, whose old values' storage
	// it may reuse. Neither inputs nor anything else that can be seen changes.
	Exec(dst, inputs []ir.Value) error
}

// PatientCode is graph code that is not made before it pays. Leaves
// all of whose kernels are the ops' own have such code.
type PatientCode interface {
	GraphCode
	// Wait returns how many times to evaluate the ops one by one, this time
	// included, before it is asked again; 0 is not to.
	Wait(inputs []ir.Value) int
}

// PlannedCode is graph code that says how much storage it keeps for the values
// between its ops: peak bytes, where separate storage for each takes apart bytes.
// Both are 0 before the code has run.
type PlannedCode interface {
	GraphCode
	Storage() (peak, apart int64)
}
