package ops

import "flowc.dev/flowc/ir"

// identityOp makes an assignment: y = identity(x). Machines let registers that
// hold one value share its storage instead of copying it.
func identityOp() *Op {
	return &Op{
		Signature: ir.Signature{Name: "identity", Params: []ir.Param{required("x", "any value")}, Results: 1},
		Doc:       "The value of its operand, of any kind: an assignment.",
		Infer: func(args []Arg) ([]ir.Type, error) {
			return []ir.Type{args[0].Type}, nil
		},
		Eval: func(dst, args []ir.Value) error {
			t := args[0].Tensor()
			if t == nil {
				dst[0] = deepCopy(args[0])
				return nil
			}
			out, err := newResult(&dst[0], t.DType(), t.Shape())
			if err != nil {
				return err
			}
			out.CopyFrom(t)
			setResult(&dst[0], out, args[0].Weak())
			return nil
		},
		Gradient: func(_ Tape, _ []*ir.Node, _, dout *ir.Node) []*ir.Node { return []*ir.Node{dout} },
	}
}

// deepCopy returns a copy of v that shares no tensor with it.
func deepCopy(v ir.Value) ir.Value {
	switch {
	case v.Tensor() != nil:
		return ir.TensorValue(v.Tensor().Clone()).AsWeak(v.Weak())
	case v.List() != nil:
		items := make([]ir.Value, len(v.List().Items))
		for i, item := range v.List().Items {
			items[i] = deepCopy(item)
		}
		return ir.ListOf(items...)
	case v.Record() != nil:
		fields := make([]ir.Value, len(v.Record().Values))
		for i, field := range v.Record().Values {
			fields[i] = deepCopy(field)
		}
		return ir.RecordOf(v.Record().Names, fields)
	}
	return v
}
