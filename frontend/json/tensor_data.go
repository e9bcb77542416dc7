package json

import (
	"math"
	"slices"
	"strconv"

	"flowc.dev/flowc/ir"
)

// tensorData reads the elements of a tensor: a flat list with a shape, or
// nested lists whose lengths are the shape. Only when all is known to fit is
// the tensor allocated.
func (d *decoder) tensorData(t tensorParts) (ir.Value, bool) {
	d.enter("data")
	defer d.leave()
	shape, ok := d.dataShape(t)
	if !ok {
		return ir.Value{}, false
	}
	if _, err := ir.CheckShape(t.dtype, shape); err != nil {
		d.report(int(t.data.pos), "%s", err)
		return ir.Value{}, false
	}
	tensor, err := ir.NewTensor(t.dtype, shape...)
	if err != nil {
		d.report(int(t.data.pos), "%s", err)
		return ir.Value{}, false
	}
	problems := len(d.problems)
	switch t.dtype {
	case ir.Bool:
		fillData(d, tensor, t.data, d.boolElement)
	case ir.U8:
		fillData(d, tensor, t.data, integerElement[uint8](d, ir.U8))
	case ir.I32:
		fillData(d, tensor, t.data, integerElement[int32](d, ir.I32))
	case ir.I64:
		fillData(d, tensor, t.data, integerElement[int64](d, ir.I64))
	case ir.F32:
		fillData(d, tensor, t.data, floatElement[float32](d, ir.F32, 32))
	default:
		fillData(d, tensor, t.data, floatElement[float64](d, ir.F64, 64))
	}
	if d.stopped || len(d.problems) > problems {
		return ir.Value{}, false
	}
	return ir.TensorValue(tensor).AsWeak(t.weak), true
}

// dataShape returns the shape of the tensor after checking that the data has
// it.
func (d *decoder) dataShape(t tensorParts) ([]int, bool) {
	shape := []int{}
	for p := t.data; d.kind(p) == '['; {
		if len(shape) == ir.MaxRank {
			d.report(int(t.data.pos), "data is nested more than %d deep, the highest rank", ir.MaxRank)
			return nil, false
		}
		shape = append(shape, d.count(p))
		if d.count(p) == 0 {
			break
		}
		for _, first := range d.items(p) {
			p = first
			break
		}
	}
	if !d.checkNested(t.data, shape, 0) {
		return nil, false
	}
	if t.dims.IsNull() || slices.Equal(t.shape, shape) {
		return shape, true
	}
	size, err := ir.CheckShape(t.dtype, t.shape)
	if err != nil {
		d.report(int(t.data.pos), "%s", err)
		return nil, false
	}
	switch {
	case len(shape) > 1:
		d.report(int(t.data.pos), "found data of shape %s: want shape %s, or one flat list", ir.FormatShape(shape), ir.FormatShape(t.shape))
		return nil, false
	case len(shape) == 0 && size != 1 || len(shape) == 1 && shape[0] != size:
		d.report(int(t.data.pos), "found %s: want the %d of shape %s", elements(shape), size, ir.FormatShape(t.shape))
		return nil, false
	}
	return t.shape, true
}

func elements(shape []int) string {
	switch {
	case len(shape) == 0 || shape[0] == 1:
		return "1 element"
	default:
		return strconv.Itoa(shape[0]) + " elements"
	}
}

// checkNested reports data that is not nested as shape says.
func (d *decoder) checkNested(p place, shape []int, axis int) bool {
	if d.stopped {
		return false
	}
	isList := d.kind(p) == '['
	switch {
	case axis == len(shape) && isList:
		d.report(int(p.pos), "ragged data: found a list among elements")
		return false
	case axis == len(shape):
		return true
	case !isList:
		d.report(int(p.pos), "ragged data: found %s among lists", d.describe(p))
		return false
	case d.count(p) != shape[axis]:
		d.report(int(p.pos), "ragged data: found a list of %d, the first of its level has %d", d.count(p), shape[axis])
		return false
	}
	ok := true
	for _, item := range d.listItems(p) {
		ok = d.checkNested(item, shape, axis+1) && ok
	}
	return ok && !d.stopped
}

// fillData stores the scalars of p, in order, into a tensor that has room for
// just these.
func fillData[T ir.Element](d *decoder, t *ir.Tensor, p place, element func(place) T) {
	dst := ir.Data[T](t)
	i := 0
	var visit func(p place)
	visit = func(p place) {
		if d.kind(p) != '[' {
			dst[i] = element(p)
			i++
			return
		}
		for _, item := range d.listItems(p) {
			visit(item)
		}
	}
	visit(p)
}

func (d *decoder) boolElement(p place) bool {
	kind := d.kind(p)
	if kind != 't' && kind != 'f' {
		d.found(p, elementForm(ir.Bool))
	}
	return kind == 't'
}

func integerElement[T uint8 | int32 | int64](d *decoder, dtype ir.DType) func(place) T {
	low, high := integerRange(dtype)
	return func(p place) T {
		if isNumber(d.kind(p)) {
			i, err := strconv.ParseInt(string(d.scalar(p)), 10, 64)
			if err == nil && i >= low && i <= high {
				return T(i)
			}
		}
		d.found(p, elementForm(dtype))
		return 0
	}
}

// floatElement reads any number: one without point and exponent may exceed 64
// bits here, because it is rounded anyway.
func floatElement[T float32 | float64](d *decoder, dtype ir.DType, bits int) func(place) T {
	return func(p place) T {
		if d.kind(p) == '"' {
			if x, ok := specialFloat(d.str(int(p.pos))); ok {
				return T(x)
			}
		} else if isNumber(d.kind(p)) {
			x, err := strconv.ParseFloat(string(d.scalar(p)), bits)
			if err == nil && !math.IsInf(x, 0) {
				return T(x)
			}
		}
		d.found(p, elementForm(dtype))
		return 0
	}
}
