package ops

import (
	"fmt"

	"flowc.dev/flowc/ir"
)

func evalGetitem(dst, args []ir.Value) error {
	x, indices := args[0], args[1:]
	if x.IsNumber() {
		s := selections.get()
		defer selections.put(s)
		if err := s.selectFrom("getitem", x.Shape(), len(indices), func(i int) (*ir.Value, error) { return &indices[i], nil }); err != nil {
			return err
		}
		if s.outOfRange != nil {
			return s.outOfRange
		}
		out, err := newResult(&dst[0], x.DType(), s.shape)
		if err != nil {
			return err
		}
		permuteInto(out, x.Tensor(), s.base, &s.loop)
		setResult(&dst[0], out, x.Weak())
		return nil
	}
	item, err := partOf("getitem", x, indices)
	if err != nil {
		return err
	}
	if item.IsNumber() {
		return copyShaped(&dst[0], *item, item.Shape())
	}
	dst[0] = deepCopy(*item)
	return nil
}

// partOf returns the item of a list or the field of a record.
func partOf(op string, x ir.Value, indices []ir.Value) (*ir.Value, error) {
	if list := x.List(); list != nil {
		if len(indices) != 1 {
			return nil, listIndexError(op)
		}
		i, err := listIndex(op, indices[0], len(list.Items))
		if err != nil {
			return nil, err
		}
		return &list.Items[i], nil
	}
	if record := x.Record(); record != nil {
		if len(indices) != 1 {
			return nil, fmt.Errorf("%s: the index of a record is one string", op)
		}
		i, err := fieldNamed(op, record.Names, indices[0])
		if err != nil {
			return nil, err
		}
		return &record.Values[i], nil
	}
	return nil, fmt.Errorf("%s: x is %s: want a number, list or record", op, x.Type())
}
