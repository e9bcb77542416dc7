package ops

import (
	"fmt"
	"slices"

	"flowc.dev/flowc/ir"
)

// mapRecords makes op, which is of one result and given for numbers, work on
// records too: when one of the first n arguments is a record, it is applied
// field by field. Records among the arguments have the same fields; numbers go
// with every field. The result is a record with the fields of the first one.
func mapRecords(n int, op *Op) *Op {
	infer, eval := op.Infer, op.Eval
	var inferMapped func(args []Arg) ([]ir.Type, error)
	inferMapped = func(args []Arg) ([]ir.Type, error) {
		first := slices.IndexFunc(args[:n], func(a Arg) bool { return a.Type.Kind == ir.RecordKind })
		if first < 0 {
			return infer(args)
		}
		names := args[first].Type.Names
		result := ir.Type{Kind: ir.RecordKind, Names: names, Parts: make([]ir.Type, len(names))}
		field := slices.Clone(args)
		for i, name := range names {
			for k, arg := range args[:n] {
				if arg.Type.Kind != ir.RecordKind {
					continue
				}
				at, err := fieldIndex(op.Name, names, arg.Type.Names, i)
				if err != nil {
					return nil, err
				}
				field[k] = Arg{Type: arg.Type.Parts[at]}
				if arg.Value != nil {
					field[k].Value = &arg.Value.Record().Values[at]
				}
			}
			types, err := inferMapped(field)
			if err != nil {
				return nil, fmt.Errorf("field %q: %w", name, err)
			}
			result.Parts[i] = types[0]
		}
		return []ir.Type{result}, nil
	}
	var evalMapped func(dst, args []ir.Value) error
	evalMapped = func(dst, args []ir.Value) error {
		first := -1
		for k := n - 1; k >= 0; k-- {
			if args[k].Kind() == ir.RecordKind {
				first = k
			}
		}
		if first < 0 {
			return eval(dst, args)
		}
		names := args[first].Record().Names
		values := make([]ir.Value, len(names))
		// The old record itself may be in use elsewhere; storage of its
		// fields is reused where owner counts allow.
		if old := dst[0].Record(); old != nil && slices.Equal(old.Names, names) {
			copy(values, old.Values)
		}
		field := slices.Clone(args)
		for i, name := range names {
			for k := range n {
				r := args[k].Record()
				if r == nil {
					continue
				}
				at, err := fieldIndex(op.Name, names, r.Names, i)
				if err != nil {
					return err
				}
				field[k] = r.Values[at]
			}
			if err := evalMapped(values[i:i+1], field); err != nil {
				return fmt.Errorf("field %q: %w", name, err)
			}
		}
		dst[0] = ir.RecordOf(names, values)
		return nil
	}
	op.Infer, op.Eval = inferMapped, evalMapped
	return op
}

// fieldIndex returns where the field names[i] is in other, which must have the
// same names.
func fieldIndex(op string, names, other []string, i int) (int, error) {
	if len(names) == len(other) {
		if other[i] == names[i] {
			return i, nil
		}
		if at := slices.Index(other, names[i]); at >= 0 {
			return at, nil
		}
	}
	return 0, fmt.Errorf("%s: records with the fields %v and %v do not match", op, names, other)
}
