package ops

import "flowc.dev/flowc/ir"

// mapSumToLike makes sum_to_like work on records, for the adjoints of
// elementwise ops that were mapped over records: field by field where like is a
// record, and summed over the fields of x where a number went with every field.
func mapSumToLike(op *Op) *Op {
	plainInfer := op.Infer
	mapRecords(2, op)
	infer, eval := op.Infer, op.Eval
	op.Infer = func(args []Arg) ([]ir.Type, error) {
		x, like := args[0].Type, args[1].Type
		if x.Kind != ir.RecordKind || like.Kind == ir.RecordKind {
			return infer(args)
		}
		if err := checkNumber(op.Name, "like", like); err != nil {
			return nil, err
		}
		sum, err := plainInfer([]Arg{{Type: like}, args[1]}) // for a record without fields
		if err != nil {
			return nil, err
		}
		for i, part := range x.Parts {
			field, err := op.Infer([]Arg{{Type: part}, args[1]})
			if err != nil {
				return nil, err
			}
			if i == 0 {
				sum = field
				continue
			}
			_, e := arithmeticRule(elementOfType(sum[0]), elementOfType(field[0]))
			sum = []ir.Type{e.typeOf(like.Shape)}
		}
		return sum, nil
	}
	op.Eval = func(dst, args []ir.Value) error {
		x, like := args[0].Record(), args[1]
		if x == nil || like.Record() != nil {
			return eval(dst, args)
		}
		if !like.IsNumber() {
			return checkNumber(op.Name, "like", like.Type())
		}
		sum := make([]ir.Value, 1)
		if err := filled(op.Name, &sum[0], elementOf(like), like.Shape(), ir.Int(0)); err != nil {
			return err
		}
		for i, part := range x.Values {
			field := make([]ir.Value, 1)
			if err := op.Eval(field, []ir.Value{part, like}); err != nil {
				return err
			}
			if i == 0 {
				sum = field
				continue
			}
			compute, e := arithmeticRule(elementOf(sum[0]), elementOf(field[0]))
			var next ir.Value
			if err := addKernels.eval(op.Name, &next, &sum[0], &field[0], compute, e); err != nil {
				return err
			}
			sum[0] = next
		}
		dst[0] = sum[0]
		return nil
	}
	return op
}
