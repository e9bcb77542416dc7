package ops

import (
	"fmt"
	"slices"

	"flowc.dev/flowc/ir"
)

var matmulAdjointNames = []string{"x1", "x2", "dout"}

// matmulAdjointOps returns the adjoints of matmul. Each adds its products in
// ascending order of the contracted index, which for a broadcast operand runs
// over the batches too, the slowest first.
func matmulAdjointOps() []*Op {
	first := matmulAdjointOp("matmul_adjoint_x1", 0,
		"Adjoint of matmul's first operand: dout @ transpose(x2), summed to the shape of x1. "+
			"dout may be larger than the product as far as that broadcasts to it.")
	second := matmulAdjointOp("matmul_adjoint_x2", 1,
		"Adjoint of matmul's second operand: transpose(x1) @ dout, summed to the shape of x2. "+
			"dout may be larger than the product as far as that broadcasts to it.")
	// The sum of dout * (x1 @ x2) is linear in all three, and both adjoints
	// and matmul are its derivatives.
	first.Gradient = func(t Tape, args []*ir.Node, _, z *ir.Node) []*ir.Node {
		return []*ir.Node{nil,
			t.Call("matmul_adjoint_x2", z, args[1], args[2]),
			adjointOfProduct(t, t.Call("matmul", z, args[1]), args[2])}
	}
	second.Gradient = func(t Tape, args []*ir.Node, _, z *ir.Node) []*ir.Node {
		return []*ir.Node{
			t.Call("matmul_adjoint_x1", args[0], z, args[2]),
			nil,
			adjointOfProduct(t, t.Call("matmul", args[0], z), args[2])}
	}
	return []*Op{first, second}
}

// adjointOfProduct gives a product the shape and element type of dout.
func adjointOfProduct(t Tape, product, dout *ir.Node) *ir.Node {
	return t.Call("sum_to_like", t.Call("broadcast_like", product, dout), dout)
}

func matmulAdjointOp(name string, operand int, doc string) *Op {
	return &Op{
		Signature: ir.Signature{Name: name, Results: 1, Params: []ir.Param{
			required("x1", "matmul's first operand"),
			required("x2", "matmul's second operand"),
			required("dout", "adjoint of the product"),
		}},
		Doc: doc,
		Infer: func(args []Arg) ([]ir.Type, error) {
			if err := checkNumberArgs(name, matmulAdjointNames, args); err != nil {
				return nil, err
			}
			var p product
			if err := startMatmulAdjoint(name, &p, args[0].Type.Shape, args[1].Type.Shape, args[2].Type.Shape); err != nil {
				return nil, err
			}
			like := args[operand].Type
			element := adjointElement(elementOfType(like), productElement(elementOfType(args[1-operand].Type), elementOfType(args[2].Type)))
			return []ir.Type{element.typeOf(like.Shape)}, nil
		},
		Eval: func(dst, args []ir.Value) error {
			if err := checkNumbers(name, matmulAdjointNames, args); err != nil {
				return err
			}
			p := products.get()
			defer products.put(p)
			if err := startMatmulAdjoint(name, p, args[0].Shape(), args[1].Shape(), args[2].Shape()); err != nil {
				return err
			}
			return evalMatmulAdjoint(dst, args, operand, p)
		},
		Product:   true,
		Tolerance: accumulated,
	}
}

func startMatmulAdjoint(op string, p *product, x1, x2, dout []int) error {
	if err := p.start(op, x1, x2); err != nil {
		return err
	}
	if !broadcastsTo(p.shape, dout) {
		return fmt.Errorf("%s: dout has the shape %s, to which the product's, %s, does not broadcast",
			op, ir.FormatShape(dout), ir.FormatShape(p.shape))
	}
	return nil
}

func evalMatmulAdjoint(dst, args []ir.Value, operand int, p *product) error {
	like, other, dout := args[operand], args[1-operand], args[2]
	computed := productElement(elementOf(other), elementOf(dout))
	element := adjointElement(elementOf(like), computed)
	if !computed.DType.IsFloat() {
		computed = element
	}
	if !slices.Equal(p.shape, dout.Shape()) {
		summed, err := sumToScratch(dout, p.shape)
		if err != nil {
			return err
		}
		defer freeScratch(summed)
		dout = ir.TensorValue(summed)
	}
	out, err := newResult(&dst[0], element.DType, like.Shape())
	if err != nil {
		return err
	}
	target := out
	if computed.DType != element.DType {
		if target, err = newScratch(computed.DType, like.Shape()); err != nil {
			return err
		}
	}
	setZero(target)
	p.fold()
	result, left, right := role{p.batch, p.m * p.n, false}, role{p.left, p.m * p.k, false}, role{p.right, p.k * p.n, true}
	if operand == 0 {
		err = contract(target, dout, other, p.batch, left, result, right, p.m, p.n, p.k)
	} else {
		left.transpose, right.transpose = true, false
		err = contract(target, other, dout, p.batch, right, left, result, p.k, p.m, p.n)
	}
	if err != nil {
		return err
	}
	if target != out {
		convertTensor(out, target)
		freeScratch(target)
	}
	setResult(&dst[0], out, element.Weak)
	return nil
}
