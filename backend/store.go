package backend

import (
	"fmt"

	"flowc.dev/flowc/ir"
)

// storeSlot makes the register own v instead of what it held. The result is
// storage that nobody owns any more, for reuse, or null.
func storeSlot(regs []ir.Value, slot int, v ir.Value) ir.Value {
	v.Retain()
	old := regs[slot]
	regs[slot] = v
	if old.Release() {
		return old
	}
	return ir.Value{}
}

// convert returns v as the sink takes it, or an error if it does not fit the
// register's declaration.
func (k *sink) convert(v ir.Value) (ir.Value, error) {
	if v.IsUnset() {
		return v, fmt.Errorf("there is no value to store to %q", k.name)
	}
	if k.fixed == nil || v.HasType(*k.fixed) {
		return v, nil
	}
	if !ir.Storable(*k.fixed, v.Type()) {
		return v, fmt.Errorf("register %q is declared %s and cannot take %s; cast or reshape the value, or change the declaration", k.name, k.fixed, v.Type())
	}
	if v.IsScalar() {
		return v.Convert(k.fixed.DType), nil
	}
	t, err := ir.NewTensor(k.fixed.DType, v.Shape()...)
	if err != nil {
		return v, err
	}
	for i := range t.Size() {
		t.SetAt(i, v.Tensor().At(i))
	}
	return ir.TensorValue(t), nil
}

// storeValue stores the value v of the control element st: one register gets
// all of it, several take a list apart.
func (st *stmt) storeValue(regs []ir.Value, v ir.Value) error {
	if len(st.stores) <= 1 {
		for i := range st.stores {
			v, err := st.stores[i].convert(v)
			if err != nil {
				return err
			}
			st.store(regs, i, v)
		}
		return nil
	}
	list := v.List()
	if list == nil || len(list.Items) != len(st.stores) {
		return fmt.Errorf("%s gives %s, and %d registers are to take it apart", st.node.Op, v.Type(), len(st.stores))
	}
	converted := make([]ir.Value, len(list.Items))
	for i, item := range list.Items {
		v, err := st.stores[i].convert(item)
		if err != nil {
			return err
		}
		converted[i] = v
	}
	for i, v := range converted {
		st.store(regs, i, v)
	}
	return nil
}

func (st *stmt) store(regs []ir.Value, i int, v ir.Value) {
	if slot := st.stores[i].slot; slot >= 0 {
		if old := storeSlot(regs, slot, v); st.kind == kindBuffer && !old.IsNull() {
			st.scratch = old
		}
	}
}

// finish stores the results of a leaf as storeResults does. If something uses
// the leaf's value, which are the results from index first on, f keeps it.
func (st *stmt) finish(f *frame, results []ir.Value, first int, commit func()) error {
	if !st.want {
		if len(st.stores) == 0 && commit == nil {
			return nil
		}
		return st.storeResults(f.regs, results, commit)
	}
	v := valueOf(results[first:])
	if err := st.storeResults(f.regs, results, commit); err != nil {
		return err
	}
	keep(&f.value, v)
	return nil
}

// valueOf returns what the results of a call are together: nothing, the one, or
// their list.
func valueOf(results []ir.Value) ir.Value {
	switch len(results) {
	case 0:
		return ir.Value{}
	case 1:
		return results[0]
	}
	return ir.ListOf(append([]ir.Value(nil), results...)...)
}

// storeResults checks and stores the results of a leaf, then takes back
// replaced storage into results for the leaf's next run. commit, if not nil,
// runs between the checks and the first store. On an error nothing has been
// stored or committed.
func (st *stmt) storeResults(regs, results []ir.Value, commit func()) error {
	sinks, values := st.stores, results
	var whole [1]ir.Value
	if len(sinks) == 1 && len(results) != 1 {
		whole[0] = valueOf(results)
		values = whole[:]
	}
	for i := range sinks {
		v, err := sinks[i].convert(values[i])
		if err != nil {
			return err
		}
		values[i] = v
	}
	if commit != nil {
		commit()
	}
	for i := range sinks {
		if sinks[i].slot < 0 {
			continue
		}
		if old := storeSlot(regs, sinks[i].slot, values[i]); !old.IsNull() {
			values[i] = old
		}
	}
	return nil
}
