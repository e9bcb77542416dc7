package ops

import (
	"fmt"
	"unsafe"

	"flowc.dev/flowc/ir"
)

var whereParams = []string{"condition", "x1", "x2"}

// whereOp declares the elementwise choice between two operands.
func whereOp() *Op {
	const name = "where"
	return mapRecords(3, &Op{
		Signature: ir.Signature{Name: name, Results: 1, Params: []ir.Param{
			required("condition", "chooses; numbers count as true unless they are 0"),
			required("x1", "result where the condition is true"),
			required("x2", "result where it is false"),
		}},
		Doc:         "x1 where condition is true, x2 elsewhere, elementwise.",
		Elementwise: true,
		Gradient: func(t Tape, args []*ir.Node, _, dout *ir.Node) []*ir.Node {
			return []*ir.Node{nil,
				reduced(t, t.Call("where", args[0], dout, weakConst(0)), args[1]),
				reduced(t, t.Call("where", args[0], weakConst(0), dout), args[2])}
		},
		Infer: func(args []Arg) ([]ir.Type, error) {
			if err := checkNumberArgs(name, whereParams, args); err != nil {
				return nil, err
			}
			c, x, y := args[0].Type, args[1].Type, args[2].Type
			shape, err := broadcastThree(name, new(extents), new(extents), c.Shape, x.Shape, y.Shape)
			return inferred(name, Promote(elementOfType(x), elementOfType(y)), shape, err)
		},
		Eval: func(dst, args []ir.Value) error {
			if err := checkNumbers(name, whereParams, args); err != nil {
				return err
			}
			return evalWhere(name, &dst[0], args[0], args[1], args[2])
		},
	})
}

// broadcastThree is broadcastShape for three operands.
func broadcastThree(op string, buf1, buf2 *extents, a, b, c []int) ([]int, error) {
	shape, err := broadcastShape(op, buf1, b, c)
	if err != nil {
		return nil, err
	}
	return broadcastShape(op, buf2, a, shape)
}

func evalWhere(op string, dst *ir.Value, c, x, y ir.Value) error {
	e := Promote(elementOf(x), elementOf(y))
	if c.IsScalar() && x.IsScalar() && y.IsScalar() {
		chosen := y
		if scalarAs[bool](c) {
			chosen = x
		}
		*dst = castScalar(chosen, e.DType).AsWeak(e.Weak)
		return nil
	}
	var buf1, buf2 extents
	shape, err := broadcastThree(op, &buf1, &buf2, c.Shape(), x.Shape(), y.Shape())
	if err != nil {
		return err
	}
	out, err := output(dst, e.DType, shape)
	if err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	tc, err := operandAs(c, ir.Bool)
	if err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	defer freeOperand(tc, c)
	tx, err := operandAs(x, e.DType)
	if err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	defer freeOperand(tx, x)
	ty, err := operandAs(y, e.DType)
	if err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	defer freeOperand(ty, y)
	if out.Size() > 0 {
		choose(out, shape, tc, tx, ty)
	}
	finish(dst, out, e.Weak)
	return nil
}

// choose works on the elements' bits: moving them needs no branch.
func choose(out *ir.Tensor, shape []int, c, x, y *ir.Tensor) {
	switch out.DType() {
	case ir.Bool:
		chooseBits[uint8, bool](out, shape, c, x, y)
	case ir.U8:
		chooseBits[uint8, uint8](out, shape, c, x, y)
	case ir.I32:
		chooseBits[uint32, int32](out, shape, c, x, y)
	case ir.I64:
		chooseBits[uint64, int64](out, shape, c, x, y)
	case ir.F32:
		chooseBits[uint32, float32](out, shape, c, x, y)
	case ir.F64:
		chooseBits[uint64, float64](out, shape, c, x, y)
	}
}

// bitsOf returns the elements of t, of type T, as words W of the same size.
func bitsOf[W uint8 | uint32 | uint64, T ir.Element](t *ir.Tensor) []W {
	data := ir.Data[T](t)
	return unsafe.Slice((*W)(unsafe.Pointer(unsafe.SliceData(data))), len(data))
}

func chooseBits[W uint8 | uint32 | uint64, T ir.Element](out *ir.Tensor, shape []int, tc, tx, ty *ir.Tensor) {
	dst, c, x, y := bitsOf[W, T](out), ir.Data[bool](tc), bitsOf[W, T](tx), bitsOf[W, T](ty)
	var w walk
	w.start(shape, tc.Shape(), tx.Shape(), ty.Shape())
	n := w.run()
	for at := 0; ; at += n {
		i, j, k := w.offset[0], w.offset[1], w.offset[2]
		run := dst[at : at+n]
		switch {
		case !w.moves(0):
			chooseRun(run, c[i], x[j:], y[k:], w.moves(1), w.moves(2))
		case w.moves(1) && w.moves(2):
			chooseVV(run, c[i:i+n], x[j:j+n], y[k:k+n])
		case w.moves(1):
			chooseVS(run, c[i:i+n], x[j:j+n], y[k])
		case w.moves(2):
			chooseSV(run, c[i:i+n], x[j], y[k:k+n])
		default:
			chooseSS(run, c[i:i+n], x[j], y[k])
		}
		if !w.next() {
			return
		}
	}
}

// chooseRun fills a run along which the condition stands still.
func chooseRun[W uint8 | uint32 | uint64](dst []W, c bool, x, y []W, xMoves, yMoves bool) {
	if !c {
		x, xMoves = y, yMoves
	}
	if xMoves {
		copy(dst, x)
		return
	}
	for i := range dst {
		dst[i] = x[0]
	}
}

func chooseVV[W uint8 | uint32 | uint64](dst []W, c []bool, x, y []W) {
	c, x, y = c[:len(dst)], x[:len(dst)], y[:len(dst)]
	for i := range dst {
		v, u := y[i], x[i]
		if c[i] {
			v = u
		}
		dst[i] = v
	}
}

func chooseVS[W uint8 | uint32 | uint64](dst []W, c []bool, x []W, y W) {
	c, x = c[:len(dst)], x[:len(dst)]
	for i := range dst {
		v, u := y, x[i]
		if c[i] {
			v = u
		}
		dst[i] = v
	}
}

func chooseSV[W uint8 | uint32 | uint64](dst []W, c []bool, x W, y []W) {
	c, y = c[:len(dst)], y[:len(dst)]
	for i := range dst {
		v := y[i]
		if c[i] {
			v = x
		}
		dst[i] = v
	}
}

func chooseSS[W uint8 | uint32 | uint64](dst []W, c []bool, x, y W) {
	c = c[:len(dst)]
	for i := range dst {
		v := y
		if c[i] {
			v = x
		}
		dst[i] = v
	}
}
