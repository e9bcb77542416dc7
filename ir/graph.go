package ir

// A Graph is the dataflow of a graph leaf, specialized to one set of input
// types: every value has a known type and is a number. Values are numbered: the
// inputs first, then the results of each step in order.
type Graph struct {
	Inputs  []GraphInput
	Steps   []GraphStep
	Outputs []GraphOutput
	// Types holds the type of every value.
	Types []Type
}

// A GraphInput is a value that the graph gets from outside: a literal, or a
// register of the frame, or a field below it.
type GraphInput struct {
	Const    *Value
	Register string
	Fields   []string
}

// A GraphStep is one call of a pure op.
type GraphStep struct {
	Op string
	// Args holds the numbers of the arguments' values, one per parameter as
	// [Signature.Bind] orders them. Arguments that are not numbers are in
	// Static and -1 here.
	Args   []int
	Static []Value
	// First is the number of the step's first result; the others follow.
	First, Results int
	// Origin is the call in the graph leaf, for messages.
	Origin *Node
}

// A GraphOutput is one result of the leaf: a value, or a list or record of
// parts.
type GraphOutput struct {
	Value int // -1 for a list or record
	Kind  Kind
	Names []string
	Parts []GraphOutput
}
