package ops

import (
	"fmt"
	"slices"

	"flowc.dev/flowc/ir"
)

var matmulNames = []string{"x1", "x2"}

// productElement returns the element type of a product of a and b.
func productElement(a, b ElementType) ElementType {
	return Promote(a, b).toArithmetic()
}

func inferMatmul(args []Arg) ([]ir.Type, error) {
	if err := checkNumberArgs("matmul", matmulNames, args); err != nil {
		return nil, err
	}
	var p product
	if err := p.start("matmul", args[0].Type.Shape, args[1].Type.Shape); err != nil {
		return nil, err
	}
	element := productElement(elementOfType(args[0].Type), elementOfType(args[1].Type))
	return inferred("matmul", element, slices.Clone(p.shape), nil)
}

func evalMatmul(dst, args []ir.Value) error {
	if err := checkNumbers("matmul", matmulNames, args); err != nil {
		return err
	}
	p := products.get()
	defer products.put(p)
	if err := p.start("matmul", args[0].Shape(), args[1].Shape()); err != nil {
		return err
	}
	element := productElement(elementOf(args[0]), elementOf(args[1]))
	out, err := newResult(&dst[0], element.DType, p.shape)
	if err != nil {
		return fmt.Errorf("matmul: %w", err)
	}
	setZero(out)
	if err := addProduct(out, args[0], args[1], p); err != nil {
		return err
	}
	setResult(&dst[0], out, element.Weak)
	return nil
}

// setZero sets every element of t to 0.
func setZero(t *ir.Tensor) { setScalar(t, ir.WeakInt(0)) }

// addProduct adds the product of a and b, whose geometry is p, to out.
func addProduct(out *ir.Tensor, a, b ir.Value, p *product) error {
	p.fold()
	return contract(out, a, b, p.batch,
		role{p.batch, p.m * p.n, false}, role{p.left, p.m * p.k, false}, role{p.right, p.k * p.n, false},
		p.m, p.k, p.n)
}

// A role says how an operand or the result takes part in a batched product.
type role struct {
	batch     []int
	size      int // elements of one matrix
	transpose bool
}

// contract adds to out the batched product of a and b, of m x k and k x n
// matrices once transposed where their roles say so, calculated in the dtype of
// out.
func contract(out *ir.Tensor, a, b ir.Value, batch []int, rc, ra, rb role, m, k, n int) error {
	dtype := out.DType()
	ta, err := operandAs(a, dtype)
	if err != nil {
		return err
	}
	defer freeOperand(ta, a)
	tb, err := operandAs(b, dtype)
	if err != nil {
		return err
	}
	defer freeOperand(tb, b)
	switch dtype {
	case ir.F32:
		return contractAs(axpyF32, out, ta, tb, batch, rc, ra, rb, m, k, n)
	case ir.F64:
		return contractAs(axpyF64, out, ta, tb, batch, rc, ra, rb, m, k, n)
	case ir.I64:
		return contractAs(axpyLoop[int64], out, ta, tb, batch, rc, ra, rb, m, k, n)
	case ir.I32:
		return contractAs(axpyLoop[int32], out, ta, tb, batch, rc, ra, rb, m, k, n)
	default:
		return contractAs(axpyLoop[uint8], out, ta, tb, batch, rc, ra, rb, m, k, n)
	}
}

var packShape = []int{panelElements}

func contractAs[T number](add axpy[T], out, a, b *ir.Tensor, batch []int, rc, ra, rb role, m, k, n int) error {
	va, vb := rowMajor(ir.Data[T](a), k), rowMajor(ir.Data[T](b), n)
	if ra.transpose {
		va = rowMajor(ir.Data[T](a), m).transposed()
	}
	var pack *ir.Tensor
	var packed []T
	if rb.transpose {
		vb = rowMajor(ir.Data[T](b), k).transposed()
		var err error
		if pack, err = newScratch(out.DType(), packShape); err != nil {
			return err
		}
		packed = ir.Data[T](pack)
	}
	multiplyBatches(
		productRole[T]{rowMajor(ir.Data[T](out), n), rc.batch, rc.size},
		productRole[T]{va, ra.batch, ra.size},
		productRole[T]{vb, rb.batch, rb.size},
		batch, m, k, n, add, packed)
	if pack != nil {
		freeScratch(pack)
	}
	return nil
}

func matmulGradient(t Tape, args []*ir.Node, _, dout *ir.Node) []*ir.Node {
	return []*ir.Node{
		t.Call("matmul_adjoint_x1", args[0], args[1], dout),
		t.Call("matmul_adjoint_x2", args[0], args[1], dout),
	}
}
