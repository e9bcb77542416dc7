package backend

import (
	"fmt"
	"slices"

	"flowc.dev/flowc/ir"
)

// stack gathers the values of a buffer along a new leading axis. The first
// value fixes dtype and shape; lists and records are gathered per part.
type stack struct {
	count   int64
	added   int64
	scratch *ir.Value // storage of an earlier stack, for reuse
	kind    ir.Kind
	first   ir.Type
	tensor  *ir.Tensor
	names   []string
	parts   []*stack
}

// maxParts bounds the parts of a value that a buffer stacks, whose lists may
// share theirs.
const maxParts = 100_000

// maxStacked bounds the number of values, so that it fits an extent.
const maxStacked = ir.MaxTensorBytes

func newStack(count int64, scratch *ir.Value) (*stack, error) {
	if count > maxStacked {
		return nil, fmt.Errorf("a buffer of %d values exceeds the limit of %d bytes", count, int64(ir.MaxTensorBytes))
	}
	return &stack{count: count, scratch: scratch}, nil
}

// add appends v. On an error nothing has changed.
func (k *stack) add(v ir.Value) error {
	if err := k.admit(v); err != nil {
		return err
	}
	k.put(k.added, v)
	k.grow(1)
	return nil
}

// admit reports whether v can be appended, which makes storage if v is the first
// value.
func (k *stack) admit(v ir.Value) error {
	if k.added == 0 {
		if v.HasMoreParts(maxParts) {
			return fmt.Errorf("a buffer cannot stack lists and records of more than %d parts", maxParts)
		}
		return k.begin(v)
	}
	return k.check(v, "")
}

// begin takes the type of the first value and makes storage for all.
func (k *stack) begin(v ir.Value) error {
	k.kind, k.first = v.Kind(), v.Type()
	for _, part := range k.parts { // of a first value that was not appended
		part.release()
	}
	k.parts = nil
	k.first.Shape = slices.Clone(k.first.Shape)
	var parts []ir.Value
	switch v.Kind() {
	case ir.Number:
		shape := append([]int{int(k.count)}, v.Shape()...)
		t, err := k.reusable().Resize(v.DType(), shape)
		if err != nil {
			return fmt.Errorf("cannot buffer %d values of type %s: %w", k.count, v.Type(), err)
		}
		// Owned while it is filled: leaves that remember the storage from
		// earlier must not take it for theirs.
		t.Retain()
		k.tensor = t
		return nil
	case ir.ListKind:
		parts = v.List().Items
	case ir.RecordKind:
		parts, k.names = v.Record().Values, v.Record().Names
	default:
		return fmt.Errorf("a buffer cannot stack %s: its body must end with a number, list or record", v.Type())
	}
	for _, part := range parts {
		inner := &stack{count: k.count}
		if err := inner.begin(part); err != nil {
			return err
		}
		k.parts = append(k.parts, inner)
	}
	return nil
}

func (k *stack) reusable() *ir.Tensor {
	if t := k.tensor; t != nil { // of a first value that was not appended
		k.release()
		return t
	}
	if k.scratch == nil {
		return nil
	}
	t := k.scratch.Tensor()
	*k.scratch = ir.Value{}
	return t
}

// check reports a value whose type differs from the first one's.
func (k *stack) check(v ir.Value, path string) error {
	if v.HasType(k.first) {
		return nil
	}
	return fmt.Errorf("value %d of a buffer is %s, the ones before are %s%s", k.added, v.Type(), k.first, path)
}

// put makes v value i, which is not among those that have been added.
func (k *stack) put(i int64, v ir.Value) {
	switch k.kind {
	case ir.Number:
		k.tensor.CopyBlock(int(i), v)
	case ir.ListKind:
		for j, part := range k.parts {
			part.put(i, v.List().Items[j])
		}
	case ir.RecordKind:
		for j, part := range k.parts {
			part.put(i, v.Record().Values[j])
		}
	}
}

// putRows makes the first n rows of the stack rows the values from i on.
func (k *stack) putRows(i int64, rows ir.Value, n int) {
	k.tensor.CopyRows(int(i), rows.Tensor(), n)
}

// grow adds the next n values, which have been put.
func (k *stack) grow(n int64) {
	k.added += n
	for _, part := range k.parts {
		part.grow(n)
	}
}

// take returns the gathered values.
func (k *stack) take() ir.Value {
	if k.kind == ir.Number {
		t := k.tensor
		k.release()
		return ir.TensorValue(t).AsWeak(k.first.Weak)
	}
	values := make([]ir.Value, len(k.parts))
	for i, part := range k.parts {
		values[i] = part.take()
	}
	if k.kind == ir.RecordKind {
		return ir.RecordOf(k.names, values)
	}
	return ir.ListOf(values...)
}

// release gives up the storage.
func (k *stack) release() {
	if k.tensor != nil {
		k.tensor.Release()
		k.tensor = nil
	}
	for _, part := range k.parts {
		part.release()
	}
}

// emptyBuffer returns the value of a buffer of no values, whose type only the
// declaration of the register that takes it can tell.
func (st *stmt) emptyBuffer() (ir.Value, error) {
	if len(st.stores) == 1 {
		if fixed := st.stores[0].fixed; fixed != nil && len(fixed.Shape) > 0 && fixed.Shape[0] == 0 {
			t, err := ir.NewTensor(fixed.DType, fixed.Shape...)
			if err != nil {
				return ir.Value{}, err
			}
			return ir.TensorValue(t), nil
		}
	}
	return ir.Value{}, fmt.Errorf("a buffer of 0 values has no type: declare the register it stores to with a leading extent of 0, or do not run it")
}
