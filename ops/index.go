package ops

import (
	"fmt"
	"slices"

	"flowc.dev/flowc/ir"
)

func indexOps() []*Op {
	return []*Op{getitemOp(), getitemAdjointOp(), takeOp(), takeAdjointOp(), oneHotOp()}
}

func indicesParam() ir.Param {
	return ir.Param{Name: "indices", Variadic: true,
		Doc: "for each leading axis a whole number, which drops the axis, or a list [start, stop, step] with nulls as NumPy's defaults"}
}

func getitemOp() *Op {
	return &Op{
		Signature: ir.Signature{Name: "getitem", Results: 1, Params: []ir.Param{
			required("x", "number, list or record"), indicesParam()}},
		Doc: "x[indices] as in NumPy; an index of a list is one whole number, of a record the name of a field. " +
			"Negative indices count from the end; an index out of range is an error, the bounds of a slice are clipped.",
		Infer: inferGetitem,
		Eval:  evalGetitem,
		Batch: batchGetitem,
		Gradient: func(t Tape, args []*ir.Node, _, dout *ir.Node) []*ir.Node {
			call := append([]*ir.Node{args[0], dout}, args[1:]...)
			return append([]*ir.Node{t.Call("getitem_adjoint", call...)}, make([]*ir.Node, len(args)-1)...)
		},
		CanFail: true,
	}
}

func getitemAdjointOp() *Op {
	return &Op{
		Signature: ir.Signature{Name: "getitem_adjoint", Results: 1, Params: []ir.Param{
			required("x", "getitem's operand"), required("dout", "adjoint of the item"), indicesParam()}},
		Doc:   "Adjoint of getitem: zeros like x, with dout at the indices.",
		Infer: inferGetitemAdjoint,
		Eval:  evalGetitemAdjoint,
		Gradient: func(t Tape, args []*ir.Node, _, dout *ir.Node) []*ir.Node {
			call := append([]*ir.Node{dout}, args[2:]...)
			return append([]*ir.Node{nil, t.Call("sum_to_like", t.Call("getitem", call...), args[1])}, make([]*ir.Node, len(args)-2)...)
		},
		CanFail: true,
	}
}

// A selection is the part of a tensor that indices select.
type selection struct {
	base  int // of the first element
	loop  axisLoop
	shape []int // a slice of buf
	buf   extents
	// outOfRange is the error of the first index that is out of range. The
	// shape does not depend on it.
	outOfRange error
}

var selections pool[selection]

// selectFrom reads the n indices of a number of the given shape. index returns
// index i, or nil when only its type is known, which is a whole number's.
func (s *selection) selectFrom(op string, shape []int, n int, index func(i int) (*ir.Value, error)) error {
	if n < 1 || n > len(shape) {
		return fmt.Errorf("%s: %d indices for x of shape %s: want 1 to %d", op, n, ir.FormatShape(shape), len(shape))
	}
	step := 1
	var stride extents
	for axis := len(shape) - 1; axis >= 0; axis-- {
		stride[axis] = step
		step *= shape[axis]
	}
	s.base, s.loop, s.outOfRange = 0, axisLoop{}, nil
	s.shape = s.buf[:0]
	for axis, extent := range shape {
		if axis >= n {
			s.keep(extent, stride[axis])
			continue
		}
		v, err := index(axis)
		if err != nil {
			return err
		}
		if v == nil {
			continue
		}
		if list := v.List(); list != nil {
			start, count, step, err := sliceBounds(op, list.Items, extent)
			if err != nil {
				return err
			}
			s.base += start * stride[axis]
			s.keep(count, step*stride[axis])
			continue
		}
		if !v.IsScalar() || !v.DType().IsInteger() {
			return indexTypeError(op, axis, v.Type())
		}
		i := v.Int64()
		if i < 0 {
			i += int64(extent)
		}
		if s.outOfRange == nil && (i < 0 || i >= int64(extent)) {
			s.outOfRange = fmt.Errorf("%s: index %d is out of range for axis %d of x of shape %s", op, v.Int64(), axis, ir.FormatShape(shape))
		}
		s.base += int(i) * stride[axis]
	}
	return nil
}

// keep gives the selection an axis.
func (s *selection) keep(extent, stride int) {
	s.shape = append(s.shape, extent)
	if extent != 1 {
		s.loop.add(extent, stride)
	}
}

func isIndexType(t ir.Type) bool {
	return t.Kind == ir.Number && len(t.Shape) == 0 && t.DType.IsInteger()
}

func indexTypeError(op string, axis int, t ir.Type) error {
	return fmt.Errorf("%s: index %d is %s: want a whole number, or a slice [start, stop, step]; take picks by a tensor of indices", op, axis, t)
}

// sliceBounds returns the first index, the number of indices and the step of a
// slice [stop], [start, stop] or [start, stop, step] of an axis, by Python's
// rules.
func sliceBounds(op string, items []ir.Value, extent int) (start, count, step int, err error) {
	var parts [3]ir.Value
	switch len(items) {
	case 1:
		parts[1] = items[0]
	case 2, 3:
		copy(parts[:], items)
	default:
		return 0, 0, 0, fmt.Errorf("%s: a slice has %d parts: want start, stop and step", op, len(items))
	}
	for _, part := range parts {
		if !part.IsNull() && (!part.IsScalar() || !part.DType().IsInteger()) {
			return 0, 0, 0, fmt.Errorf("%s: a part of a slice is %s: want whole numbers or null", op, part.Type())
		}
	}
	step = 1
	if !parts[2].IsNull() {
		step = int(parts[2].Int64())
	}
	if step == 0 {
		return 0, 0, 0, fmt.Errorf("%s: the step of a slice is 0: want a number that is not 0", op)
	}
	low, high := 0, extent // the range of bounds
	if step < 0 {
		low, high = -1, extent-1
	}
	bound := func(v ir.Value, otherwise int) int {
		if v.IsNull() {
			return otherwise
		}
		i := int(v.Int64())
		if i < 0 {
			i += extent
		}
		return min(max(i, low), high)
	}
	if step > 0 {
		start = bound(parts[0], low)
		if stop := bound(parts[1], high); stop > start {
			count = (stop-start-1)/step + 1
		}
		return start, count, step, nil
	}
	start = bound(parts[0], high)
	if stop := bound(parts[1], low); stop < start {
		count = (start-stop-1)/-step + 1
	}
	return start, count, step, nil
}

func inferGetitem(args []Arg) ([]ir.Type, error) {
	x, indices := args[0].Type, args[1:]
	switch x.Kind {
	case ir.ListKind:
		return inferListItem(x, indices)
	case ir.RecordKind:
		i, err := recordIndex("getitem", x.Names, indices)
		if err != nil {
			return nil, err
		}
		return []ir.Type{x.Parts[i]}, nil
	case ir.Number:
		var s selection
		if err := s.infer("getitem", x.Shape, indices); err != nil {
			return nil, err
		}
		if s.outOfRange != nil {
			return nil, s.outOfRange
		}
		return []ir.Type{elementOfType(x).typeOf(slices.Clone(s.shape))}, nil
	}
	return nil, fmt.Errorf("getitem: x is %s: want a number, list or record", x)
}

// infer is selectFrom for a type rule.
func (s *selection) infer(op string, shape []int, indices []Arg) error {
	return s.selectFrom(op, shape, len(indices), func(i int) (*ir.Value, error) {
		index := indices[i]
		switch {
		case index.Type.Kind == ir.ListKind && index.Value == nil:
			return nil, fmt.Errorf("%s: the slice at index %d is not a literal: the shape of the result depends on it", op, i)
		case index.Type.Kind != ir.ListKind && !isIndexType(index.Type):
			return nil, indexTypeError(op, i, index.Type)
		}
		return index.Value, nil
	})
}

func inferListItem(x ir.Type, indices []Arg) ([]ir.Type, error) {
	if len(indices) != 1 || !isIndexType(indices[0].Type) {
		return nil, listIndexError("getitem")
	}
	if v := indices[0].Value; v != nil {
		i, err := listIndex("getitem", *v, len(x.Parts))
		if err != nil {
			return nil, err
		}
		return []ir.Type{x.Parts[i]}, nil
	}
	for i, part := range x.Parts {
		if !part.Equal(x.Parts[0]) {
			return nil, fmt.Errorf("getitem: the index of the list is not a literal, but items 0 and %d are %s and %s", i, x.Parts[0], part)
		}
	}
	if len(x.Parts) == 0 {
		return nil, emptyListError("getitem")
	}
	return x.Parts[:1], nil
}

func emptyListError(op string) error { return fmt.Errorf("%s: the list has no items", op) }

func listIndexError(op string) error {
	return fmt.Errorf("%s: the index of a list is one whole number", op)
}

func listIndex(op string, v ir.Value, n int) (int, error) {
	if !v.IsScalar() || !v.DType().IsInteger() {
		return 0, listIndexError(op)
	}
	i := v.Int64()
	if n == 0 {
		return 0, emptyListError(op)
	}
	if i < -int64(n) || i >= int64(n) {
		return 0, fmt.Errorf("%s: index %d is out of range for a list of %d", op, i, n)
	}
	if i < 0 {
		i += int64(n)
	}
	return int(i), nil
}

// recordIndex returns the field that the one literal index names.
func recordIndex(op string, names []string, indices []Arg) (int, error) {
	if len(indices) != 1 || indices[0].Type.Kind != ir.Str {
		return 0, fmt.Errorf("%s: the index of a record is one string", op)
	}
	name, err := literal(op, "the name of the field", indices[0])
	if err != nil {
		return 0, err
	}
	return fieldNamed(op, names, name)
}

func fieldNamed(op string, names []string, name ir.Value) (int, error) {
	if name.Kind() != ir.Str {
		return 0, fmt.Errorf("%s: the index of a record is one string", op)
	}
	i := slices.Index(names, name.Text())
	if i < 0 {
		return 0, fmt.Errorf("%s: the record has no field %q; it has %v", op, name.Text(), names)
	}
	return i, nil
}
