package ops

import (
	"fmt"
	"slices"

	"flowc.dev/flowc/ir"
)

func evalGetitem(dst, args []ir.Value) error {
	x, indices := args[0], args[1:]
	if x.IsNumber() {
		var s selection
		if err := s.selectFrom("getitem", x.Shape(), len(indices), func(i int) (*ir.Value, error) { return &indices[i], nil }); err != nil {
			return err
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

// zerosType returns the type of the adjoint of a value of type t: numbers
// become floats, what has no adjoint null.
func zerosType(t ir.Type) ir.Type {
	switch t.Kind {
	case ir.Number:
		return adjointElement(elementOfType(t), weakFloat).typeOf(t.Shape)
	case ir.ListKind, ir.RecordKind:
		parts := make([]ir.Type, len(t.Parts))
		for i, part := range t.Parts {
			parts[i] = zerosType(part)
		}
		return ir.Type{Kind: t.Kind, Names: t.Names, Parts: parts}
	}
	return ir.Type{}
}

// zeros returns the zero of the type that zerosType gives for that of v.
func zeros(v ir.Value) (ir.Value, error) {
	zeroParts := func(parts []ir.Value) ([]ir.Value, error) {
		result := make([]ir.Value, len(parts))
		for i, part := range parts {
			var err error
			if result[i], err = zeros(part); err != nil {
				return nil, err
			}
		}
		return result, nil
	}
	switch {
	case v.IsNumber():
		element := adjointElement(elementOf(v), weakFloat)
		t, err := ir.NewTensor(element.DType, v.Shape()...)
		if err != nil {
			return ir.Value{}, err
		}
		return ir.TensorValue(t).AsWeak(element.Weak), nil
	case v.List() != nil:
		items, err := zeroParts(v.List().Items)
		return ir.ListOf(items...), err
	case v.Record() != nil:
		values, err := zeroParts(v.Record().Values)
		return ir.RecordOf(v.Record().Names, values), err
	}
	return ir.Value{}, nil
}

func inferGetitemAdjoint(args []Arg) ([]ir.Type, error) {
	const op = "getitem_adjoint"
	x, dout, indices := args[0].Type, args[1].Type, args[2:]
	if x.Kind == ir.Number {
		if err := checkNumber(op, "dout", dout); err != nil {
			return nil, err
		}
		var s selection
		if err := s.infer(op, x.Shape, indices); err != nil {
			return nil, err
		}
		if err := s.checkAdjoint(dout.Shape); err != nil {
			return nil, err
		}
		return []ir.Type{adjointElement(elementOfType(x), elementOfType(dout)).typeOf(x.Shape)}, nil
	}
	var part int
	var err error
	switch {
	case x.Kind == ir.RecordKind:
		part, err = recordIndex(op, x.Names, indices)
	case x.Kind != ir.ListKind:
		err = fmt.Errorf("%s: x is %s: want a number, list or record", op, x)
	case len(indices) != 1:
		err = listIndexError(op)
	default:
		var index ir.Value
		if index, err = literal(op, "the index of the list", indices[0]); err == nil {
			part, err = listIndex(op, index, len(x.Parts))
		}
	}
	if err != nil {
		return nil, err
	}
	result := zerosType(x)
	result.Parts[part] = dout
	return []ir.Type{result}, nil
}

func (s *selection) checkAdjoint(dout []int) error {
	if !slices.Equal(dout, s.shape) {
		return fmt.Errorf("getitem_adjoint: dout has the shape %s, the item %s", ir.FormatShape(dout), ir.FormatShape(s.shape))
	}
	return nil
}

func evalGetitemAdjoint(dst, args []ir.Value) error {
	const op = "getitem_adjoint"
	x, dout, indices := args[0], args[1], args[2:]
	if !x.IsNumber() {
		part, err := partOf(op, x, indices)
		if err != nil {
			return err
		}
		result, err := zeros(x)
		if err != nil {
			return err
		}
		at := func(parts, zeros []ir.Value) *ir.Value {
			for i := range parts {
				if &parts[i] == part {
					return &zeros[i]
				}
			}
			panic("bug: the part of a value is not there")
		}
		dst[0] = result
		if list := x.List(); list != nil {
			*at(list.Items, result.List().Items) = deepCopy(dout)
		} else {
			*at(x.Record().Values, result.Record().Values) = deepCopy(dout)
		}
		return nil
	}
	if !dout.IsNumber() {
		return wantError(op, "dout", dout, "a number")
	}
	var s selection
	if err := s.selectFrom(op, x.Shape(), len(indices), func(i int) (*ir.Value, error) { return &indices[i], nil }); err != nil {
		return err
	}
	if err := s.checkAdjoint(dout.Shape()); err != nil {
		return err
	}
	element := adjointElement(elementOf(x), elementOf(dout))
	t, err := operandAs(dout, element.DType)
	if err != nil {
		return err
	}
	defer freeOperand(t, dout)
	out, err := newResult(&dst[0], element.DType, x.Shape())
	if err != nil {
		return err
	}
	setZero(out)
	if t.Size() > 0 {
		if element.DType == ir.F32 {
			scatter(ir.Data[float32](out), ir.Data[float32](t), &s)
		} else {
			scatter(ir.Data[float64](out), ir.Data[float64](t), &s)
		}
	}
	setResult(&dst[0], out, element.Weak)
	return nil
}

// scatter writes src, in row-major order, to the selected places of dst.
func scatter[T float](dst, src []T, s *selection) {
	run, stride := 1, 1
	if s.loop.rank > 0 {
		s.loop.rank--
		run, stride = s.loop.extent[s.loop.rank], s.loop.stride[s.loop.rank]
	}
	for {
		at := s.base + s.loop.offset
		for i := range run {
			dst[at] = src[i]
			at += stride
		}
		if !s.loop.next() {
			return
		}
		src = src[run:]
	}
}
