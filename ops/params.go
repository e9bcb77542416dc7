package ops

import (
	"fmt"
	"slices"

	"flowc.dev/flowc/ir"
)

// This file reads the parameters of ops that are not tensors to calculate with.
// Each reader is given the names of op and parameter for its error.

// literal returns the value of the argument a when a type rule needs it.
func literal(op, param string, a Arg) (ir.Value, error) {
	if a.Value == nil {
		return ir.Value{}, fmt.Errorf("%s: %s is not a literal: the type of the result depends on it", op, param)
	}
	return *a.Value, nil
}

func wantError(op, param string, v ir.Value, want string) error {
	return fmt.Errorf("%s: %s is %s: want %s", op, param, v.Type(), want)
}

// checkNumber returns an error unless t is the type of a number.
func checkNumber(op, param string, t ir.Type) error {
	if t.Kind != ir.Number {
		return fmt.Errorf("%s: %s is %s: want a number", op, param, t)
	}
	return nil
}

// intParam reads a whole number.
func intParam(op, param string, v ir.Value) (int, error) {
	if !v.IsScalar() || !v.DType().IsInteger() {
		return 0, wantError(op, param, v, "a whole number")
	}
	return int(v.Int64()), nil
}

// boolParam reads true or false.
func boolParam(op, param string, v ir.Value) (bool, error) {
	if !v.IsScalar() || v.DType() != ir.Bool {
		return false, wantError(op, param, v, "true or false")
	}
	return v.Truth(), nil
}

// dtypeParam reads the name of a dtype.
func dtypeParam(op, param string, v ir.Value) (ir.DType, error) {
	if v.Kind() != ir.Str {
		return ir.InvalidDType, wantError(op, param, v, "the name of a dtype, such as \"f32\"")
	}
	dtype, err := ir.ParseDType(v.Text())
	if err != nil {
		return ir.InvalidDType, fmt.Errorf("%s: %s: %w", op, param, err)
	}
	return dtype, nil
}

// intsParam reads a whole number or a list or rank-1 tensor of them. The result
// is a slice of buf.
func intsParam(op, param string, buf *extents, v ir.Value) ([]int, error) {
	const want = "a whole number or a list of at most 16"
	if list := v.List(); list != nil {
		if len(list.Items) > len(buf) {
			return nil, wantError(op, param, v, want)
		}
		for i, item := range list.Items {
			n, err := intParam(op, param, item)
			if err != nil {
				return nil, err
			}
			buf[i] = n
		}
		return buf[:len(list.Items)], nil
	}
	if t := v.Tensor(); t != nil && t.Rank() == 1 && t.DType().IsInteger() && t.Size() <= len(buf) {
		for i := range t.Size() {
			buf[i] = int(t.At(i).Int64())
		}
		return buf[:t.Size()], nil
	}
	if !v.IsScalar() || !v.DType().IsInteger() {
		return nil, wantError(op, param, v, want)
	}
	buf[0] = int(v.Int64())
	return buf[:1], nil
}

// shapeParam reads a shape: a whole number or a list of them, none negative.
// The result is a slice of buf.
func shapeParam(op, param string, buf *extents, v ir.Value) ([]int, error) {
	shape, err := intsParam(op, param, buf, v)
	if err != nil {
		return nil, err
	}
	for _, extent := range shape {
		if extent < 0 {
			return nil, fmt.Errorf("%s: %s is %s: extents are not negative", op, param, ir.FormatShape(shape))
		}
	}
	return shape, nil
}

// normalAxis returns axis counted from the front, for -rank <= axis < rank.
func normalAxis(op, param string, axis, rank int) (int, error) {
	if axis < -rank || axis >= rank {
		return 0, fmt.Errorf("%s: %s is %d, but the rank is %d: want %d to %d", op, param, axis, rank, -rank, rank-1)
	}
	if axis < 0 {
		axis += rank
	}
	return axis, nil
}

// axisParam reads an axis of a tensor of the given rank, counted from the end
// if negative; the result counts from the front.
func axisParam(op, param string, v ir.Value, rank int) (int, error) {
	axis, err := intParam(op, param, v)
	if err != nil {
		return 0, err
	}
	return normalAxis(op, param, axis, rank)
}

// axesParam reads one axis, a list of distinct ones, or null for all. The
// result is an ascending slice of buf, counted from the front.
func axesParam(op, param string, buf *extents, v ir.Value, rank int) ([]int, error) {
	if v.IsNull() {
		for i := range rank {
			buf[i] = i
		}
		return buf[:rank], nil
	}
	axes, err := intsParam(op, param, buf, v)
	if err != nil {
		return nil, err
	}
	for i, axis := range axes {
		if axes[i], err = normalAxis(op, param, axis, rank); err != nil {
			return nil, err
		}
	}
	slices.Sort(axes)
	for i := 1; i < len(axes); i++ {
		if axes[i] == axes[i-1] {
			return nil, fmt.Errorf("%s: %s names axis %d twice", op, param, axes[i])
		}
	}
	return axes, nil
}
