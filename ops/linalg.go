package ops

import (
	"fmt"
	"sync"

	"flowc.dev/flowc/ir"
)

func linalgOps() []*Op {
	ops := []*Op{
		{
			Signature: ir.Signature{Name: "matmul", Results: 1, Params: []ir.Param{
				required("x1", "number of rank 1 or more"), required("x2", "number of rank 1 or more")}},
			Doc: "Matrix product with NumPy's rules: an operand of rank 1 is a row or a column whose axis is dropped from the result, " +
				"axes before the last two are broadcast batches. Each element is the sum of its products in ascending order of the " +
				"contracted index, beginning with 0 and each rounded before it is added.",
			Infer: inferMatmul, Eval: evalMatmul, Gradient: matmulGradient, Product: true, Tolerance: accumulated, Batch: batchMatmul,
		},
		mapRecords(1, &Op{
			Signature: ir.Signature{Name: "gemm", Results: 1, Params: []ir.Param{
				required("c", "number added to the product"), required("x1", "as in matmul"), required("x2", "as in matmul")}},
			Doc: "c + matmul(x1, x2). Where the three have one float dtype and c broadcasts to the shape of the product, " +
				"each sum begins with the element of c, otherwise the product is added to c.",
			Infer: inferGemm, Eval: evalGemm, Gradient: gemmGradient, Product: true, Tolerance: accumulated, Batch: batchGemm,
		}),
		{
			Signature: ir.Signature{Name: "outer", Results: 1, Params: []ir.Param{
				required("x1", "number of rank 1"), required("x2", "number of rank 1")}},
			Doc:   "Outer product: element (i, j) is x1[i] * x2[j].",
			Infer: inferOuter, Eval: evalOuter, Gradient: outerGradient, Tolerance: Tolerance{F32: 1e-6, F64: 1e-14},
		},
		mapRecords(1, &Op{
			Signature: ir.Signature{Name: "ger", Results: 1, Params: []ir.Param{
				required("s", "number added to the product"), required("x1", "number of rank 1"), required("x2", "number of rank 1")}},
			Doc:   "s + outer(x1, x2), in one pass where the three have one float dtype and s broadcasts to the shape of the product.",
			Infer: inferGer, Eval: evalGer, Gradient: gerGradient, Tolerance: accumulated,
		}),
		eighOp(),
	}
	return append(ops, matmulAdjointOps()...)
}

// addOp returns the op add, by which contractions that are not of one dtype and
// shape are defined.
var addOp = sync.OnceValue(func() *Op {
	for _, op := range elementwiseOps() {
		if op.Name == "add" {
			return op
		}
	}
	panic("bug: there is no op add")
})

// contracts reports whether c + product(a, b) is one accumulating operation.
func contracts(c, a, b ElementType, shape, product []int) bool {
	return c.DType == a.DType && a.DType == b.DType && c.DType.IsFloat() && broadcastsTo(shape, product)
}

// promoteAll returns the element type in which three numbers meet.
func promoteAll(a, b, c ElementType) ElementType { return Promote(a, Promote(b, c)) }

// inferSum is the type rule of c + product(x1, x2) given that of the product.
func inferSum(op, addend string, product func(args []Arg) ([]ir.Type, error), args []Arg) ([]ir.Type, error) {
	types, err := product(args[1:3])
	if err != nil {
		return nil, err
	}
	if err := checkNumber(op, addend, args[0].Type); err != nil {
		return nil, err
	}
	c, a, b := elementOfType(args[0].Type), elementOfType(args[1].Type), elementOfType(args[2].Type)
	if contracts(c, a, b, args[0].Type.Shape, types[0].Shape) {
		types[0].Weak = promoteAll(c, a, b).Weak
		return types, nil
	}
	return addOp().Infer([]Arg{args[0], {Type: types[0]}})
}

// evalSum is the evaluation of c + product(x1, x2) in two operations.
func evalSum(op, addend string, product func(dst, args []ir.Value) error, dst, args []ir.Value) error {
	if err := checkNumbers(op, []string{addend}, args[:1]); err != nil {
		return err
	}
	s := summands.Get().(*[2]ir.Value)
	defer summands.Put(s)
	if err := product(s[1:], args[1:3]); err != nil {
		return err
	}
	s[0] = args[0]
	err := addOp().Eval(dst, s[:])
	s[0] = ir.Value{}
	return err
}

// summands keeps the operands of additions, so that the storage of the second,
// a product, is used again.
var summands = sync.Pool{New: func() any { return new([2]ir.Value) }}

func inferGemm(args []Arg) ([]ir.Type, error) { return inferSum("gemm", "c", inferMatmul, args) }

func evalGemm(dst, args []ir.Value) error {
	c, a, b := args[0], args[1], args[2]
	if err := checkNumbers("matmul", matmulNames, args[1:3]); err != nil {
		return err
	}
	p := products.get()
	defer products.put(p)
	if err := p.start("matmul", a.Shape(), b.Shape()); err != nil {
		return err
	}
	if !contracts(elementOf(c), elementOf(a), elementOf(b), c.Shape(), p.shape) {
		return evalSum("gemm", "c", evalMatmul, dst, args)
	}
	out, err := newResult(&dst[0], c.DType(), p.shape)
	if err != nil {
		return fmt.Errorf("matmul: %w", err)
	}
	broadcastInto(out, c)
	if err := addProduct(out, a, b, p); err != nil {
		return err
	}
	setResult(&dst[0], out, promoteAll(elementOf(c), elementOf(a), elementOf(b)).Weak)
	return nil
}

func gemmGradient(t Tape, args []*ir.Node, _, dout *ir.Node) []*ir.Node {
	return []*ir.Node{
		t.Call("sum_to_like", dout, args[0]),
		t.Call("matmul_adjoint_x1", args[1], args[2], dout),
		t.Call("matmul_adjoint_x2", args[1], args[2], dout),
	}
}

func inferOuter(args []Arg) ([]ir.Type, error) {
	if err := checkNumberArgs("outer", matmulNames, args); err != nil {
		return nil, err
	}
	m, n, err := outerShape(args[0].Type.Shape, args[1].Type.Shape)
	if err != nil {
		return nil, err
	}
	element := productElement(elementOfType(args[0].Type), elementOfType(args[1].Type))
	return inferred("outer", element, []int{m, n}, nil)
}

func evalOuter(dst, args []ir.Value) error {
	if err := checkNumbers("outer", matmulNames, args); err != nil {
		return err
	}
	m, n, err := outerShape(args[0].Shape(), args[1].Shape())
	if err != nil {
		return err
	}
	element := productElement(elementOf(args[0]), elementOf(args[1]))
	var shape extents
	shape[0], shape[1] = m, n
	out, err := output(&dst[0], element.DType, shape[:2])
	if err != nil {
		return fmt.Errorf("outer: %w", err)
	}
	if err := outerInto(out, args[0], args[1], false); err != nil {
		return err
	}
	finish(&dst[0], out, element.Weak)
	return nil
}

// outerGradient sees the outer product as that of a column and a row, whose
// adjoints undo a broadcast of dout too.
func outerGradient(t Tape, args []*ir.Node, _, dout *ir.Node) []*ir.Node {
	column := t.Call("expand_dims", args[0], ir.Const(ir.WeakInt(1)))
	row := t.Call("expand_dims", args[1], ir.Const(ir.WeakInt(0)))
	return []*ir.Node{
		t.Call("reshape_like", t.Call("matmul_adjoint_x1", column, row, dout), args[0]),
		t.Call("reshape_like", t.Call("matmul_adjoint_x2", column, row, dout), args[1]),
	}
}

func inferGer(args []Arg) ([]ir.Type, error) { return inferSum("ger", "s", inferOuter, args) }

func evalGer(dst, args []ir.Value) error {
	s, a, b := args[0], args[1], args[2]
	if err := checkNumbers("outer", matmulNames, args[1:3]); err != nil {
		return err
	}
	m, n, err := outerShape(a.Shape(), b.Shape())
	if err != nil {
		return err
	}
	var shape extents
	shape[0], shape[1] = m, n
	if !contracts(elementOf(s), elementOf(a), elementOf(b), s.Shape(), shape[:2]) {
		return evalSum("ger", "s", evalOuter, dst, args)
	}
	out, err := output(&dst[0], s.DType(), shape[:2])
	if err != nil {
		return fmt.Errorf("outer: %w", err)
	}
	broadcastInto(out, s)
	if err := outerInto(out, a, b, true); err != nil {
		return err
	}
	finish(&dst[0], out, promoteAll(elementOf(s), elementOf(a), elementOf(b)).Weak)
	return nil
}

func gerGradient(t Tape, args []*ir.Node, out, dout *ir.Node) []*ir.Node {
	return append([]*ir.Node{t.Call("sum_to_like", dout, args[0])}, outerGradient(t, args[1:], out, dout)...)
}
