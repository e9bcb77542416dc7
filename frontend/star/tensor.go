package star

import (
	"fmt"
	"math"

	"go.starlark.net/starlark"

	"flowc.dev/flowc/frontend/star/bounded"
	"flowc.dev/flowc/ir"
)

// newTensor makes tensor(dtype, data, shape=None, weak=False), a literal with
// elements, or tensor(dtype, shape=.., fill=..), which is made when it is
// needed.
func newTensor(c *call) (starlark.Value, error) {
	var dtypeText string
	var data, shapeValue, fill starlark.Value
	var weak bool
	if err := starlark.UnpackArgs(c.name, c.args, c.kwargs, "dtype", &dtypeText, "data?", &data, "shape?", &shapeValue, "fill?", &fill, "weak?", &weak); err != nil {
		return nil, unpackError(err)
	}
	dtype, err := ir.ParseDType(dtypeText)
	if err != nil {
		return nil, err
	}
	var shape []int
	if shapeValue != nil {
		if shape, err = extents(shapeValue); err != nil {
			return nil, err
		}
		if _, err := ir.CheckShape(dtype, shape); err != nil {
			return nil, err
		}
	}
	switch {
	case (data == nil) == (fill == nil):
		return nil, fmt.Errorf("want either data, or shape and fill")
	case fill != nil && shapeValue == nil:
		return nil, fmt.Errorf("fill lacks a shape: want a list of whole numbers")
	case fill != nil && weak:
		return nil, fmt.Errorf("only data can be weak")
	case weak && dtype != ir.I64 && dtype != ir.F64:
		return nil, fmt.Errorf("weak is for i64 and f64, not for %s", dtype)
	case fill != nil:
		return c.filled(dtype, shape, fill)
	}
	v, err := c.tensorData(dtype, data, shape, shapeValue != nil)
	if err != nil {
		return nil, err
	}
	return c.constant(v.AsWeak(weak))
}

func extents(v starlark.Value) ([]int, error) {
	list, ok := items(v)
	if !ok {
		return nil, fmt.Errorf("shape is %s: want a list of whole numbers", describe(v))
	}
	if len(list) > ir.MaxRank {
		return nil, fmt.Errorf("rank %d exceeds the limit of %d", len(list), ir.MaxRank)
	}
	shape := make([]int, len(list))
	for i, item := range list {
		n, ok := integer(item)
		if !ok {
			return nil, fmt.Errorf("shape has %s in it: want a whole number", describe(item))
		}
		shape[i] = int(n)
	}
	return shape, nil
}

// filled makes a tensor element. The fill stays the literal it is.
func (c *call) filled(dtype ir.DType, shape []int, fill starlark.Value) (starlark.Value, error) {
	v, err := c.literal(fill)
	if err != nil {
		return nil, err
	}
	if !representable(v, dtype) {
		return nil, fmt.Errorf("fill is %s: want %s", describe(fill), elementForm(dtype))
	}
	dims := make([]ir.Value, len(shape))
	for i, extent := range shape {
		dims[i] = ir.Int(int64(extent))
	}
	return c.newTerm("tensor", parts{attrs: []ir.Attr{
		{Name: "dtype", Value: ir.String(dtype.String())}, {Name: "fill", Value: v}, {Name: "shape", Value: ir.ListOf(dims...)}}})
}

// tensorData reads elements, nested as the shape or in one flat list.
func (c *call) tensorData(dtype ir.DType, data starlark.Value, shape []int, hasShape bool) (ir.Value, error) {
	var nested []int
	for v := data; ; {
		list, ok := items(v)
		if !ok {
			break
		}
		if len(nested) == ir.MaxRank {
			return ir.Value{}, fmt.Errorf("data is nested more than %d deep, the highest rank", ir.MaxRank)
		}
		nested = append(nested, len(list))
		if len(list) == 0 {
			break
		}
		v = list[0]
	}
	size, err := ir.CheckShape(dtype, nested)
	if err != nil {
		return ir.Value{}, err
	}
	if err := bounded.Charge(c.thread, uint64(size)); err != nil {
		return ir.Value{}, fatal{err}
	}
	target := nested
	if hasShape {
		want, _ := ir.CheckShape(dtype, shape)
		if want != size || len(nested) > 1 && ir.FormatShape(nested) != ir.FormatShape(shape) {
			return ir.Value{}, fmt.Errorf("data has the shape %s: want %s, or one flat list of %d", ir.FormatShape(nested), ir.FormatShape(shape), want)
		}
		target = shape
	}
	t, err := ir.NewTensor(dtype, target...)
	if err != nil {
		return ir.Value{}, err
	}
	at := 0
	if err := c.setElements(t, &at, data, nested); err != nil {
		return ir.Value{}, err
	}
	return ir.TensorValue(t), nil
}

func (c *call) setElements(t *ir.Tensor, at *int, v starlark.Value, shape []int) error {
	if len(shape) == 0 {
		if s, ok := v.(starlark.String); ok && t.DType().IsFloat() {
			if x, ok := specialFloat(string(s)); ok {
				t.SetAt(*at, ir.Float(x))
				*at++
				return nil
			}
		}
		x, err := c.literal(v)
		if err != nil {
			return err
		}
		if !representable(x, t.DType()) {
			return fmt.Errorf("element %d is %s: want %s", *at, describe(v), elementForm(t.DType()))
		}
		t.SetAt(*at, x)
		*at++
		return nil
	}
	list, ok := items(v)
	if !ok || len(list) != shape[0] {
		return fmt.Errorf("data is not a regular array: found %s among lists of %d", describe(v), shape[0])
	}
	for _, item := range list {
		if err := c.setElements(t, at, item, shape[1:]); err != nil {
			return err
		}
	}
	return nil
}

// representable reports whether a rank-0 number converts to dtype without
// losing more than a float's low bits.
func representable(v ir.Value, dtype ir.DType) bool {
	if !v.IsScalar() || (v.DType() == ir.Bool) != (dtype == ir.Bool) {
		return false
	}
	if dtype == ir.Bool {
		return true
	}
	if dtype.IsFloat() {
		x := v.Float64()
		return dtype == ir.F64 || math.IsInf(x, 0) || !math.IsInf(float64(float32(x)), 0)
	}
	i, err := v.Count("")
	return err == nil && ir.Int(i).Convert(dtype).Int64() == i
}

// elementForm says what an element of a tensor looks like.
func elementForm(dtype ir.DType) string {
	switch {
	case dtype == ir.Bool:
		return "True or False"
	case dtype.IsFloat():
		return "a number within " + dtype.String()
	}
	return "a whole number within " + dtype.String()
}

func specialFloat(s string) (float64, bool) {
	switch s {
	case "nan":
		return math.NaN(), true
	case "inf":
		return math.Inf(1), true
	case "-inf":
		return math.Inf(-1), true
	}
	return 0, false
}
