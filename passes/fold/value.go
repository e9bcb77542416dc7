package fold

import (
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops"
	"flowc.dev/flowc/passes/pass"
)

// maxElements bounds the tensors that are computed while compiling, maxResult
// those that are put into the program.
const (
	maxElements = 256
	maxResult   = 64
)

// An Evaluator computes expressions of literals.
type Evaluator struct {
	Names *pass.Names
	// Neutral restricts it to ops that have equal bits in all numeric families.
	Neutral bool

	values map[*ir.Node]*ir.Value // nil for what has none
}

// Value returns the value of an expression, or of a statement that calls an op,
// that is made of literals alone. It reports false for others, for what fails,
// and for what is large.
func (e *Evaluator) Value(n *ir.Node) (ir.Value, bool) {
	if v, known := e.values[n]; known {
		if v == nil {
			return ir.Value{}, false
		}
		return *v, true
	}
	v, ok := e.compute(n)
	if e.values == nil {
		e.values = map[*ir.Node]*ir.Value{}
	}
	if e.values[n] = nil; ok {
		e.values[n] = &v
	}
	return v, ok
}

func (e *Evaluator) compute(n *ir.Node) (ir.Value, bool) {
	switch n.Op {
	case "const":
		v := n.Attr("value")
		return v, v.Tensor() == nil || v.Tensor().Size() <= maxElements
	case "tensor":
		if !small(ir.Ints(n.Attr("shape")), maxElements) {
			return ir.Value{}, false
		}
		v, err := ir.Literal(n)
		return v, err == nil
	case "list", "record":
		return e.aggregate(n)
	case "index":
		return e.call(e.Names.Registry.Lookup("getitem"), n)
	case "call":
		return e.call(e.Names.Op(n.Text("call")), n)
	}
	return ir.Value{}, false
}

func (e *Evaluator) aggregate(n *ir.Node) (ir.Value, bool) {
	var names []string
	var parts []ir.Value
	for _, arg := range n.Args {
		v, ok := e.Value(arg)
		if !ok {
			return v, false
		}
		parts = append(parts, v)
	}
	for _, k := range n.Kwargs {
		v, ok := e.Value(k.Node)
		if !ok {
			return v, false
		}
		names, parts = append(names, k.Name), append(parts, v)
	}
	if n.Op == "list" {
		return ir.ListOf(parts...), true
	}
	return ir.RecordOf(names, parts), true
}

func (e *Evaluator) call(op *ops.Op, n *ir.Node) (ir.Value, bool) {
	if op == nil || op.Results != 1 || e.Neutral && op.Product {
		return ir.Value{}, false
	}
	for _, arg := range n.Args {
		if _, ok := e.Value(arg); !ok {
			return ir.Value{}, false
		}
	}
	bound, problems := op.Bind(n.Args, n.Kwargs)
	if len(problems) > 0 {
		return ir.Value{}, false
	}
	args, known := make([]ir.Value, len(bound)), make([]ops.Arg, len(bound))
	for i, arg := range bound {
		v, ok := e.Value(arg)
		if !ok {
			return v, false
		}
		args[i], known[i] = v, ops.Arg{Type: v.Type(), Value: &args[i]}
	}
	types, err := op.Infer(known)
	if err != nil || len(types) != 1 || types[0].Kind != ir.Number || !small(types[0].Shape, maxElements) {
		return ir.Value{}, false
	}
	var out [1]ir.Value
	if err := op.Attempt(out[:], args); err != nil {
		return ir.Value{}, false
	}
	out[0].Freeze()
	return out[0], true
}

// small reports whether a tensor of the shape has at most so many elements.
func small(shape []int, most int) bool {
	size := 1
	for _, n := range shape {
		if n < 0 || n > most {
			return false
		}
		if size *= n; size > most {
			return false
		}
	}
	return true
}

// written reports whether v can stand in a program as a literal: a number of
// rank 0, or a strong tensor that is small.
func written(v ir.Value) bool {
	return v.IsScalar() || v.IsNumber() && !v.Weak() && small(v.Shape(), maxResult)
}
