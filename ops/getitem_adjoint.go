package ops

import (
	"fmt"
	"slices"

	"flowc.dev/flowc/ir"
)

const getitemAdjoint = "getitem_adjoint"

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

// checkItemAdjoint returns an error unless dout is the type of an adjoint of an
// item: a number of its shape, or exactly what zerosType gives.
func checkItemAdjoint(item, dout ir.Type) error {
	if item.Kind == ir.Number && dout.Kind == ir.Number && slices.Equal(item.Shape, dout.Shape) {
		return nil
	}
	if item.Kind != ir.Number && zerosType(item).Equal(dout) {
		return nil
	}
	return fmt.Errorf("%s: dout is %s, but the item is %s", getitemAdjoint, dout, item)
}

func inferGetitemAdjoint(args []Arg) ([]ir.Type, error) {
	x, dout, indices := args[0].Type, args[1].Type, args[2:]
	var part int
	var err error
	switch x.Kind {
	case ir.Number:
		return inferNumberItemAdjoint(x, dout, indices)
	case ir.RecordKind:
		part, err = recordIndex(getitemAdjoint, x.Names, indices)
	case ir.ListKind:
		switch {
		case len(indices) != 1 || !isIndexType(indices[0].Type):
			err = listIndexError(getitemAdjoint)
		case len(x.Parts) == 0:
			err = emptyListError(getitemAdjoint)
		case indices[0].Value == nil:
			return []ir.Type{zerosType(x)}, nil
		default:
			part, err = listIndex(getitemAdjoint, *indices[0].Value, len(x.Parts))
		}
	default:
		err = fmt.Errorf("%s: x is %s: want a number, list or record", getitemAdjoint, x)
	}
	if err != nil {
		return nil, err
	}
	if err := checkItemAdjoint(x.Parts[part], dout); err != nil {
		return nil, err
	}
	return []ir.Type{zerosType(x)}, nil
}

func inferNumberItemAdjoint(x, dout ir.Type, indices []Arg) ([]ir.Type, error) {
	if err := checkNumber(getitemAdjoint, "dout", dout); err != nil {
		return nil, err
	}
	var s selection
	if err := s.infer(getitemAdjoint, x.Shape, indices); err != nil {
		return nil, err
	}
	if err := s.checkAdjoint(dout.Shape); err != nil {
		return nil, err
	}
	return []ir.Type{adjointElement(elementOfType(x), elementOfType(dout)).typeOf(x.Shape)}, nil
}

// checkAdjoint returns an error unless dout is the shape of the selection and
// that is there.
func (s *selection) checkAdjoint(dout []int) error {
	if !slices.Equal(dout, s.shape) {
		return fmt.Errorf("%s: dout has the shape %s, the item %s", getitemAdjoint, ir.FormatShape(dout), ir.FormatShape(s.shape))
	}
	return s.outOfRange
}

func evalGetitemAdjoint(dst, args []ir.Value) error {
	x, dout, indices := args[0], args[1], args[2:]
	if x.IsNumber() {
		return evalNumberItemAdjoint(&dst[0], x, dout, indices)
	}
	item, err := partOf(getitemAdjoint, x, indices)
	if err != nil {
		return err
	}
	if err := checkItemAdjoint(item.Type(), dout.Type()); err != nil {
		return err
	}
	result, err := zeros(x)
	if err != nil {
		return err
	}
	var from, to []ir.Value
	if list := x.List(); list != nil {
		from, to = list.Items, result.List().Items
	} else {
		from, to = x.Record().Values, result.Record().Values
	}
	for i := range from {
		if &from[i] != item {
			continue
		}
		if !item.IsNumber() {
			to[i] = deepCopy(dout)
		} else if err := sumToLike(&to[i], dout, to[i]); err != nil {
			return err
		}
	}
	dst[0] = result
	return nil
}

func evalNumberItemAdjoint(dst *ir.Value, x, dout ir.Value, indices []ir.Value) error {
	if !dout.IsNumber() {
		return wantError(getitemAdjoint, "dout", dout, "a number")
	}
	s := selections.get()
	defer selections.put(s)
	if err := s.selectFrom(getitemAdjoint, x.Shape(), len(indices), func(i int) (*ir.Value, error) { return &indices[i], nil }); err != nil {
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
	out, err := newResult(dst, element.DType, x.Shape())
	if err != nil {
		return err
	}
	setZero(out)
	if t.Size() > 0 {
		if element.DType == ir.F32 {
			scatter(ir.Data[float32](out), ir.Data[float32](t), s)
		} else {
			scatter(ir.Data[float64](out), ir.Data[float64](t), s)
		}
	}
	setResult(dst, out, element.Weak)
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
