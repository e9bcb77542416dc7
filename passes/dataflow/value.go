// Package dataflow is the form in which passes rewrite pure computations: a
// graph of values without names, statements or order, built from expressions,
// straight-line statements and graph leaves, and turned back into trees or
// leaves.
//
// Values are immutable. Their operands are older than they are, so the order of
// creation is an order of evaluation. A graph that shares gives one value to
// equal computations; equality is by bits, so the rewrite is exact.
package dataflow

import (
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops"
)

// Kind says what a [Value] is.
type Kind uint8

// The kinds of value.
const (
	Const  Kind = iota // a literal
	Fill               // a tensor node: one value everywhere
	Input              // a register, or a field of one
	Param              // a parameter of the function that is differentiated
	Call               // a call of an op; of several results, their list
	Result             // one result of a call that has several
	List               // a list of values
	Record             // a record of values
	Slice              // a range of an index: start, stop and step, or stop
	Opaque             // an expression that is kept as it is
)

// A Value is one computation of a [Graph].
type Value struct {
	Kind    Kind
	Op      string   // of a Call
	Args    []*Value // of a Call one per parameter, as ir.Signature.Bind orders them
	Names   []string // of an Input the register and then fields, of a Record its fields
	Index   int      // of a Result, of a Param
	Literal ir.Value // of a Const
	// Node is where the value comes from, for messages and positions; of a
	// Fill and an Opaque it is the expression itself.
	Node *ir.Node
	// Exact is the expression that the value is a one-to-one reading of, nil
	// when there is none.
	Exact *ir.Node

	op   *ops.Op // of a Call, nil if the registry lacks it
	id   int
	size int // operands below it down to the next call
}

// Called returns the op that a Call calls, nil if the registry lacks it.
func (v *Value) Called() *ops.Op { return v.op }

// Number returns how many values of the graph were made before v.
func (v *Value) Number() int { return v.id }

// IsString reports whether v is a literal string, and which.
func (v *Value) IsString() (string, bool) {
	return v.Literal.Text(), v.Kind == Const && v.Literal.Kind() == ir.Str
}

// IsInt reports whether v is a literal whole number of rank 0, and which.
func (v *Value) IsInt() (int64, bool) {
	if v.Kind != Const || !v.Literal.IsScalar() || !v.Literal.DType().IsInteger() {
		return 0, false
	}
	return v.Literal.Int64(), true
}

// IsCall reports whether v calls the named op.
func (v *Value) IsCall(op string) bool { return v.Kind == Call && v.Op == op }
