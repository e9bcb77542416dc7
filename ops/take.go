package ops

import (
	"fmt"
	"slices"

	"flowc.dev/flowc/ir"
)

var takeNames = []string{"x", "indices"}

func takeOp() *Op {
	return &Op{
		Signature: ir.Signature{Name: "take", Results: 1, Params: []ir.Param{
			required("x", "number of rank 1 or more"),
			required("indices", "integers of any shape; negative ones count from the end"),
			optional("axis", ir.WeakInt(0), "the axis of x that the indices pick from")}},
		Doc: "The elements of x along an axis at the indices, whose axes take the place of that axis. " +
			"An index out of range is an error.",
		Infer: func(args []Arg) ([]ir.Type, error) {
			if err := checkNumberArgs("take", takeNames, args); err != nil {
				return nil, err
			}
			axis, err := literal("take", "axis", args[2])
			if err != nil {
				return nil, err
			}
			x, indices := args[0].Type, args[1].Type
			var g taking
			err = g.start("take", x.Shape, indices.Shape, indices.DType, axis)
			return inferred("take", elementOfType(x), slices.Clone(g.shape), err)
		},
		Eval: evalTake,
		Gradient: func(t Tape, args []*ir.Node, _, dout *ir.Node) []*ir.Node {
			return []*ir.Node{t.Call("take_adjoint", args[0], args[1], dout, args[2]), nil, nil}
		},
		CanFail: true,
	}
}

func takeAdjointOp() *Op {
	const name = "take_adjoint"
	names := []string{"x", "indices", "dout"}
	check := func(g *taking, x, indices, dout []int, dtype ir.DType, axis ir.Value) error {
		if err := g.start(name, x, indices, dtype, axis); err != nil {
			return err
		}
		if !slices.Equal(dout, g.shape) {
			return fmt.Errorf("%s: dout has the shape %s: want %s, that of take's result", name, ir.FormatShape(dout), ir.FormatShape(g.shape))
		}
		return nil
	}
	return &Op{
		Signature: ir.Signature{Name: name, Results: 1, Params: []ir.Param{
			required("x", "take's operand"), required("indices", "take's indices"), required("dout", "adjoint of take's result"),
			optional("axis", ir.WeakInt(0), "take's axis")}},
		Doc: "Adjoint of take: zeros like x to which dout is added at the indices, in row-major order.",
		Infer: func(args []Arg) ([]ir.Type, error) {
			if err := checkNumberArgs(name, names, args); err != nil {
				return nil, err
			}
			axis, err := literal(name, "axis", args[3])
			if err != nil {
				return nil, err
			}
			x, indices, dout := args[0].Type, args[1].Type, args[2].Type
			var g taking
			if err := check(&g, x.Shape, indices.Shape, dout.Shape, indices.DType, axis); err != nil {
				return nil, err
			}
			return []ir.Type{adjointElement(elementOfType(x), elementOfType(dout)).typeOf(x.Shape)}, nil
		},
		Eval: func(dst, args []ir.Value) error {
			if err := checkNumbers(name, names, args); err != nil {
				return err
			}
			x, indices, dout := args[0], args[1], args[2]
			g := takings.get()
			defer takings.put(g)
			if err := check(g, x.Shape(), indices.Shape(), dout.Shape(), indices.DType(), args[3]); err != nil {
				return err
			}
			return evalTakeAdjoint(&dst[0], x, indices, dout, g)
		},
		Gradient: func(t Tape, args []*ir.Node, _, dout *ir.Node) []*ir.Node {
			return []*ir.Node{nil, nil, t.Call("sum_to_like", t.Call("take", dout, args[1], args[3]), args[2]), nil}
		},
		Tolerance: accumulated,
		CanFail:   true,
	}
}

// A taking is the geometry of take: outer blocks of extent runs of inner
// elements, from which runs are picked.
type taking struct {
	outer, extent, inner int
	x, shape             []int // shape is the result's, a slice of buf
	axis                 int
	buf                  extents
}

var takings pool[taking]

func (g *taking) start(op string, x, indices []int, dtype ir.DType, axis ir.Value) error {
	if !dtype.IsInteger() {
		return fmt.Errorf("%s: indices are %s: want integers", op, dtype)
	}
	if len(x) == 0 {
		return fmt.Errorf("%s: x has rank 0: want at least one axis", op)
	}
	at, err := axisParam(op, "axis", axis, len(x))
	if err != nil {
		return err
	}
	if rank := len(x) - 1 + len(indices); rank > ir.MaxRank {
		return fmt.Errorf("%s: the result has rank %d, more than %d", op, rank, ir.MaxRank)
	}
	g.axis, g.x = at, x
	g.outer, g.extent, g.inner = elementCount(x[:at]), x[at], elementCount(x[at+1:])
	g.shape = append(append(append(g.buf[:0], x[:at]...), indices...), x[at+1:]...)
	return nil
}

// offsets returns the indices as a tensor of i64 that are in range; give it
// back with freeScratch.
func (g *taking) offsets(op string, indices ir.Value) (*ir.Tensor, error) {
	t, err := newScratch(ir.I64, indices.Shape())
	if err != nil {
		return nil, err
	}
	if err := convertInto(t, indices); err != nil {
		return nil, err
	}
	data := ir.Data[int64](t)
	for i, index := range data {
		if index < -int64(g.extent) || index >= int64(g.extent) {
			freeScratch(t)
			return nil, fmt.Errorf("%s: index %d is out of range for axis %d of x of shape %s", op, index, g.axis, ir.FormatShape(g.x))
		}
		if index < 0 {
			data[i] += int64(g.extent)
		}
	}
	return t, nil
}

func evalTake(dst, args []ir.Value) error {
	if err := checkNumbers("take", takeNames, args); err != nil {
		return err
	}
	x, indices := args[0], args[1]
	g := takings.get()
	defer takings.put(g)
	if err := g.start("take", x.Shape(), indices.Shape(), indices.DType(), args[2]); err != nil {
		return err
	}
	offsets, err := g.offsets("take", indices)
	if err != nil {
		return err
	}
	defer freeScratch(offsets)
	out, err := newResult(&dst[0], x.DType(), g.shape)
	if err != nil {
		return fmt.Errorf("take: %w", err)
	}
	picks := ir.Data[int64](offsets)
	switch x.DType().Size() {
	case 1:
		takeRuns(bytesOf(out), bytesOf(x.Tensor()), picks, g)
	case 4:
		takeRuns(words32(out), words32(x.Tensor()), picks, g)
	default:
		takeRuns(words64(out), words64(x.Tensor()), picks, g)
	}
	setResult(&dst[0], out, x.Weak())
	return nil
}

func takeRuns[T ir.Element](dst, x []T, picks []int64, g *taking) {
	for range g.outer {
		for _, pick := range picks {
			copy(dst[:g.inner], x[int(pick)*g.inner:])
			dst = dst[g.inner:]
		}
		x = x[g.extent*g.inner:]
	}
}

func evalTakeAdjoint(dst *ir.Value, x, indices, dout ir.Value, g *taking) error {
	offsets, err := g.offsets("take_adjoint", indices)
	if err != nil {
		return err
	}
	defer freeScratch(offsets)
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
	picks := ir.Data[int64](offsets)
	if element.DType == ir.F32 {
		addRuns(ir.Data[float32](out), ir.Data[float32](t), picks, g)
	} else {
		addRuns(ir.Data[float64](out), ir.Data[float64](t), picks, g)
	}
	setResult(dst, out, element.Weak)
	return nil
}

func addRuns[T float](x, src []T, picks []int64, g *taking) {
	for range g.outer {
		for _, pick := range picks {
			run := x[int(pick)*g.inner:][:g.inner]
			for i := range run {
				run[i] += src[i]
			}
			src = src[g.inner:]
		}
		x = x[g.extent*g.inner:]
	}
}
