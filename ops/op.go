package ops

import "flowc.dev/flowc/ir"

// An Op is a pure function of values.
type Op struct {
	ir.Signature
	Doc string
	// Infer returns the types of the results from what is known of the
	// arguments, or an error that names the offending types. It gives exactly
	// the types that Eval's results have, and the error that Eval would give
	// for such types.
	Infer func(args []Arg) ([]ir.Type, error)
	// Eval is the reference evaluation: the meaning of the op. args are in
	// the order of [ir.Signature.Bind] and are not modified. On entry dst
	// holds old values whose storage may be overwritten, or nulls; on success
	// it holds the results, which share no storage with args.
	Eval func(dst, args []ir.Value) error
	// Gradient is nil for an op that has none.
	Gradient Gradient
	// CanFail says that Eval may fail although Infer succeeds, depending on
	// the elements (an index out of range, an integer division by zero).
	CanFail bool
	// Elementwise ops compute each element of the result from the elements of
	// the broadcast arguments at the same place; they map over records.
	Elementwise bool
	// Batch, if not nil, says how the op is evaluated on several rows at once,
	// see [Op.EvalRows]. Elementwise ops need none.
	Batch Batch
	// Aggregate says that the result is a record or list even of numbers, which
	// no typed graph holds.
	Aggregate bool
	// Product says that the op multiplies matrices, for which a numeric family may
	// have kernels with bits of their own. All other ops have the bits of Eval in
	// every family.
	Product bool
	// Tolerance is the largest relative difference from the reference that a
	// backend of another numeric family may have, for f32 and f64.
	Tolerance Tolerance

	folds bool // whether Folder has an answer
}

// An Arg is what a type rule knows of an argument: its type, and its value when
// that is a literal.
type Arg struct {
	Type  ir.Type
	Value *ir.Value
}

// ArgsOf returns what a type rule is told of values: all types, and the values of
// static parameters and of slices and names of fields.
func (op *Op) ArgsOf(values []ir.Value) []Arg {
	args := make([]Arg, len(values))
	for i, v := range values {
		args[i].Type = v.Type()
		if p := op.ParamAt(i); p.Static || p.Variadic && !v.IsNumber() {
			args[i].Value = &values[i]
		}
	}
	return args
}

// A Tolerance bounds relative differences per dtype. The zero value asks for
// equal bits.
type Tolerance struct{ F32, F64 float64 }

// A Tape receives the calls that a gradient rule makes and returns operands
// that stand for their results.
type Tape interface {
	Call(op string, args ...*ir.Node) *ir.Node
}

// A Gradient returns the adjoints of the arguments of a call, given the call's
// arguments, its result and the adjoint of the result; nil for arguments that
// have none. Rules are shape-polymorphic: where a shape is needed they use ops
// such as sum_to_like that take it from an operand.
type Gradient func(t Tape, args []*ir.Node, out, dout *ir.Node) []*ir.Node
