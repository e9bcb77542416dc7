package backend

import (
	"fmt"

	"flowc.dev/flowc/ir"
)

// snapshot returns the values gathered so far, stacked.
func (k *stack) snapshot() ir.Value {
	switch k.kind {
	case ir.ListKind, ir.RecordKind:
		values := make([]ir.Value, len(k.parts))
		for i, part := range k.parts {
			values[i] = part.snapshot()
		}
		if k.kind == ir.RecordKind {
			return ir.RecordOf(k.names, values)
		}
		return ir.ListOf(values...)
	}
	t, err := ir.NewTensor(k.first.DType, append([]int{int(k.added)}, k.first.Shape...)...)
	if err != nil {
		panic(fmt.Sprintf("bug: part of a stack: %v", err))
	}
	t.CopyPrefix(k.tensor)
	return ir.TensorValue(t).AsWeak(k.first.Weak)
}

// restore makes k hold the added values that v stacks.
func (k *stack) restore(v ir.Value, added int64) error {
	if v.HasMoreParts(maxParts) {
		return fmt.Errorf("the snapshot's buffer has more than %d parts", maxParts)
	}
	first, err := firstRow(v, added)
	if err == nil {
		err = k.begin(first)
	}
	if err != nil {
		return fmt.Errorf("the snapshot's buffer of %d values: %w", added, err)
	}
	k.fill(v, added)
	return nil
}

// firstRow returns the first of the values that v stacks.
func firstRow(v ir.Value, added int64) (ir.Value, error) {
	switch v.Kind() {
	case ir.Number:
		shape := v.Shape()
		if len(shape) == 0 || int64(shape[0]) != added {
			return v, fmt.Errorf("%s does not stack %d values", v.Type(), added)
		}
		t, err := ir.NewTensor(v.DType(), shape[1:]...)
		if err != nil {
			return v, err
		}
		t.CopyPrefix(v.Tensor())
		return ir.TensorValue(t).AsWeak(v.Weak()), nil
	case ir.ListKind:
		rows, err := firstRows(v.List().Items, added)
		return ir.ListOf(rows...), err
	case ir.RecordKind:
		rows, err := firstRows(v.Record().Values, added)
		return ir.RecordOf(v.Record().Names, rows), err
	}
	return v, fmt.Errorf("%s stacks nothing", v.Type())
}

func firstRows(parts []ir.Value, added int64) ([]ir.Value, error) {
	rows := make([]ir.Value, len(parts))
	for i, part := range parts {
		row, err := firstRow(part, added)
		if err != nil {
			return nil, err
		}
		rows[i] = row
	}
	return rows, nil
}

// fill copies the values that v stacks.
func (k *stack) fill(v ir.Value, added int64) {
	k.added = added
	switch k.kind {
	case ir.Number:
		k.tensor.CopyPrefix(v.Tensor())
	case ir.ListKind:
		for i, part := range k.parts {
			part.fill(v.List().Items[i], added)
		}
	case ir.RecordKind:
		for i, part := range k.parts {
			part.fill(v.Record().Values[i], added)
		}
	}
}
