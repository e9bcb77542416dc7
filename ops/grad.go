package ops

import (
	"fmt"
	"slices"

	"flowc.dev/flowc/ir"
)

// gradOps returns the ops that only the lowering of grad makes calls of.
func gradOps() []*Op { return []*Op{scalarLossOp(), recordLikeOp()} }

// scalarLossOp checks at run time what grad asks of the loss: shapes are not
// known before.
func scalarLossOp() *Op {
	check := func(t ir.Type) error {
		switch {
		case t.Kind != ir.Number:
			return fmt.Errorf("the loss is %s: want a number of rank 0", t)
		case len(t.Shape) > 0:
			return fmt.Errorf("the loss is %s: want a number of rank 0; reduce it, with mean or sum for instance", t)
		}
		return nil
	}
	return &Op{
		Signature: ir.Signature{Name: "scalar_loss", Results: 1, Params: []ir.Param{required("x", "loss")}},
		Doc:       "Its operand, which must be a number of rank 0: the loss that is differentiated.",
		Infer: func(args []Arg) ([]ir.Type, error) {
			if err := check(args[0].Type); err != nil {
				return nil, err
			}
			return []ir.Type{args[0].Type}, nil
		},
		Eval: func(dst, args []ir.Value) error {
			if !args[0].IsScalar() {
				return check(args[0].Type())
			}
			dst[0] = args[0]
			return nil
		},
		Gradient: func(_ Tape, _ []*ir.Node, _, dout *ir.Node) []*ir.Node { return []*ir.Node{dout} },
	}
}

// recordLikeOp gathers the adjoints of a record's fields.
func recordLikeOp() *Op {
	zerosLike := constantLikeOp("zeros_like", "Zeros.", ir.Int(0))
	return &Op{
		Signature: ir.Signature{Name: "record_like", Results: 1, Params: []ir.Param{
			required("like", "record whose fields the result has"),
			required("fields", "record of some of these fields")}},
		Doc: "The record fields, completed by zeros like those fields of like that it lacks: the adjoint of a record " +
			"of which only some fields are read.",
		Infer: func(args []Arg) ([]ir.Type, error) {
			like, fields := args[0].Type, args[1].Type
			if like.Kind != ir.RecordKind || fields.Kind != ir.RecordKind {
				return nil, fmt.Errorf("record_like: like is %s and fields is %s: want records", like, fields)
			}
			result := ir.Type{Kind: ir.RecordKind, Names: like.Names, Parts: make([]ir.Type, len(like.Names))}
			for i, name := range like.Names {
				if at := slices.Index(fields.Names, name); at >= 0 {
					result.Parts[i] = fields.Parts[at]
					continue
				}
				zeros, err := zerosLike.Infer([]Arg{{Type: like.Parts[i]}})
				if err != nil {
					return nil, fmt.Errorf("record_like: field %q: %w", name, err)
				}
				result.Parts[i] = zeros[0]
			}
			return []ir.Type{result}, nil
		},
		Eval: func(dst, args []ir.Value) error {
			like, fields := args[0].Record(), args[1].Record()
			if like == nil || fields == nil {
				return fmt.Errorf("record_like: like is %s and fields is %s: want records", args[0].Type(), args[1].Type())
			}
			values := make([]ir.Value, len(like.Names))
			for i, name := range like.Names {
				if at := slices.Index(fields.Names, name); at >= 0 {
					values[i] = deepCopy(fields.Values[at])
					continue
				}
				if err := zerosLike.Eval(values[i:i+1], like.Values[i:i+1]); err != nil {
					return fmt.Errorf("record_like: field %q: %w", name, err)
				}
			}
			dst[0] = ir.RecordOf(like.Names, values)
			return nil
		},
		Gradient: func(t Tape, args []*ir.Node, _, dout *ir.Node) []*ir.Node {
			if args[1].Op != "record" {
				return []*ir.Node{nil, nil}
			}
			fields := &ir.Node{Op: "record"}
			for _, k := range args[1].Kwargs {
				field := t.Call("getitem", dout, ir.Const(ir.String(k.Name)))
				fields.Kwargs = append(fields.Kwargs, ir.Kwarg{Name: k.Name, Node: field})
			}
			return []*ir.Node{nil, fields}
		},
	}
}
