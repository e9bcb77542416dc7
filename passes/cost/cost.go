// Package cost holds the static costs by which passes decide whether a rewrite
// pays. They depend on the program's text alone, never on a run, so that every
// compilation of a program decides alike.
package cost

import "flowc.dev/flowc/passes/pass"

// Costs are nanoseconds on the machine of the measurements; only their ratios
// matter.
type Costs struct {
	// Statement is what the driver adds to a call statement.
	Statement float64
	// Leaf is what it takes to enter and leave a graph leaf.
	Leaf float64
	// Call is what a call inside a leaf costs beyond its kernel.
	Call float64
	// MaxCalls bounds the calls in one leaf.
	MaxCalls int
}

// families are the measured costs.
//
// step: driver, reference evaluation (BenchmarkStatement and BenchmarkLeaf of
// package backend).
//
// gorgonia: TapeMachine takes 18 to 60 us a run for its goroutine and locked
// thread, 2 us without, and 0.6 to 1.2 us for each op. Compiling a graph takes
// time that is quadratic in its calls: 35 ms for 1,000, 193 ms for 3,000.
var families = map[string]Costs{
	pass.FamilyStep:     {Statement: 60, Leaf: 80, Call: 20, MaxCalls: 10_000},
	pass.FamilyGorgonia: {Statement: 60, Leaf: 2_000, Call: 800, MaxCalls: 1_000},
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
	Statements int // plain call statements
	Leaves     int // graph leaves
	Calls      int // calls of ops in all of them
	CallsAfter int // calls in the one leaf that would replace them
}

// Gain returns the nanoseconds that one leaf in place of the run saves.
func (c Costs) Gain(r Run) float64 {
	// A call within a plain statement is dispatched as cheaply as the step
	// family dispatches one within a leaf.
	apart := float64(r.Statements)*c.Statement + float64(r.Leaves)*(c.Leaf+c.Statement)
	apart += float64(r.Calls) * min(c.Call, families[pass.FamilyStep].Call)
	if r.Leaves > 0 {
		apart += float64(r.CallsAfter) * (c.Call - min(c.Call, families[pass.FamilyStep].Call))
	}
	return apart - (c.Statement + c.Leaf + float64(r.CallsAfter)*c.Call)
}
