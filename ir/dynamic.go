package ir

// A DynamicError says that a graph leaf has no typed dataflow: a type in it
// depends on more than the types of its inputs, or is not a number's. It is no
// defect of the program: such a leaf is evaluated by the reference evaluation
// of its ops if it stands for one statement, by its source if for several.
type DynamicError struct {
	Node   *Node // the call in the leaf
	Reason string
}

// Error returns position and reason.
func (e *DynamicError) Error() string {
	if e.Node != nil && e.Node.Pos.Known() {
		return e.Node.Pos.String() + ": " + e.Reason
	}
	return e.Reason
}
