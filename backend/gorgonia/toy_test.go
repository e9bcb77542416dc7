package gorgonia

import (
	"errors"
	"fmt"
	"math"
	"testing"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops"
)

// toyRegistry has small ops with the names that placements knows, and ops that
// fail and panic, so that the tests of the machinery depend on no other package.
func toyRegistry(t testing.TB) *ops.Registry {
	t.Helper()
	r := ops.NewRegistry()
	err := r.Add(
		toyElementwise("add", func(x []float64) float64 { return x[0] + x[1] }, 2),
		toyElementwise("multiply", func(x []float64) float64 { return x[0] * x[1] }, 2),
		toyElementwise("negative", func(x []float64) float64 { return -x[0] }, 1),
		toyElementwise("relu", func(x []float64) float64 { return math.Max(x[0], 0) }, 1),
		toyMatmul(), toyGemm(), toyTranspose(), toyReshape(), toySum(), toyFail(), toyPanic(),
		toyAdjoint("matmul_adjoint_x1", 0), toyAdjoint("matmul_adjoint_x2", 1),
	)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func toyOp(name string, params int, infer func(types []ir.Type) (ir.Type, error), eval func(args []ir.Value) (ir.Value, error)) *ops.Op {
	op := &ops.Op{Doc: "A toy."}
	op.Name, op.Results = name, 1
	for i := range params {
		op.Params = append(op.Params, ir.Param{Name: fmt.Sprintf("x%d", i)})
	}
	op.Infer = func(args []ops.Arg) ([]ir.Type, error) {
		types := make([]ir.Type, len(args))
		for i := range args {
			types[i] = args[i].Type
		}
		t, err := infer(types)
		return []ir.Type{t}, err
	}
	op.Eval = func(dst, args []ir.Value) (err error) {
		dst[0], err = eval(args)
		return err
	}
	return op
}

// toyShape broadcasts operands of rank 0, of a last axis, and of full rank.
func toyShape(types []ir.Type) (ir.Type, error) {
	out := types[0]
	for _, t := range types[1:] {
		if t.DType == ir.F64 {
			out.DType = ir.F64
		}
		if len(t.Shape) > len(out.Shape) {
			out.Shape = t.Shape
		}
	}
	for _, t := range types {
		for i, extent := range t.Shape {
			if want := out.Shape[len(out.Shape)-len(t.Shape)+i]; extent != 1 && extent != want {
				return ir.Type{}, fmt.Errorf("shapes %v and %v", t.Shape, out.Shape)
			}
		}
	}
	return ir.NumberType(out.DType, out.Shape...), nil
}

func toyAt(v ir.Value, shape []int, i int) float64 {
	if v.IsScalar() {
		return v.Float64()
	}
	at, step := 0, 1
	own := v.Shape()
	for axis := len(own) - 1; axis >= 0; axis-- {
		extent := shape[len(shape)-len(own)+axis]
		if own[axis] != 1 {
			at += i % extent * step
		}
		step *= own[axis]
		i /= extent
	}
	return v.Tensor().At(at).Float64()
}

// toyResult makes a tensor in the storage of dst where that may be reused.
func toyResult(dst ir.Value, t ir.Type, at func(i int) float64) ir.Value {
	out, err := dst.Tensor().Resize(t.DType, t.Shape)
	if err != nil {
		panic(err)
	}
	values := make([]float64, out.Size())
	for i := range values {
		values[i] = at(i)
	}
	for i, x := range values {
		if t.DType == ir.F32 {
			ir.Data[float32](out)[i] = float32(x)
		} else {
			ir.Data[float64](out)[i] = x
		}
	}
	return ir.TensorValue(out)
}

func toyElementwise(name string, f func(x []float64) float64, params int) *ops.Op {
	op := toyOp(name, params, toyShape, nil)
	op.Elementwise = true
	op.Eval = func(dst, args []ir.Value) error {
		types := make([]ir.Type, len(args))
		for i := range args {
			types[i] = args[i].Type()
		}
		t, err := toyShape(types)
		if err != nil {
			return err
		}
		x := make([]float64, len(args))
		dst[0] = toyResult(dst[0], t, func(i int) float64 {
			for j := range args {
				x[j] = toyAt(args[j], t.Shape, i)
			}
			return f(x)
		})
		return nil
	}
	return op
}

// toyProduct adds an element of a product to sum, one term after the other.
func toyProduct(sum float64, a, b ir.Value, i, j int) float64 {
	k, n := a.Shape()[1], b.Shape()[1]
	for p := range k {
		x, y := a.Tensor().At(i*k+p).Float64(), b.Tensor().At(p*n+j).Float64()
		if a.DType() == ir.F32 {
			sum = float64(float32(sum) + float32(float32(x)*float32(y)))
		} else {
			sum += float64(x * y)
		}
	}
	return sum
}

func toyMatmul() *ops.Op {
	return toyOp("matmul", 2, func(t []ir.Type) (ir.Type, error) {
		return ir.NumberType(t[0].DType, t[0].Shape[0], t[1].Shape[1]), nil
	}, func(args []ir.Value) (ir.Value, error) {
		a, b := args[0], args[1]
		t := ir.NumberType(a.DType(), a.Shape()[0], b.Shape()[1])
		return toyResult(ir.Value{}, t, func(i int) float64 { return toyProduct(0, a, b, i/t.Shape[1], i%t.Shape[1]) }), nil
	})
}

func toyGemm() *ops.Op {
	return toyOp("gemm", 3, func(t []ir.Type) (ir.Type, error) {
		return ir.NumberType(t[1].DType, t[1].Shape[0], t[2].Shape[1]), nil
	}, func(args []ir.Value) (ir.Value, error) {
		a, b := args[1], args[2]
		t := ir.NumberType(a.DType(), a.Shape()[0], b.Shape()[1])
		return toyResult(ir.Value{}, t, func(i int) float64 {
			return toyProduct(toyAt(args[0], t.Shape, i), a, b, i/t.Shape[1], i%t.Shape[1])
		}), nil
	})
}

func toyTranspose() *ops.Op {
	op := toyOp("transpose", 2, func(t []ir.Type) (ir.Type, error) {
		return ir.NumberType(t[0].DType, t[0].Shape[1], t[0].Shape[0]), nil
	}, func(args []ir.Value) (ir.Value, error) {
		m, n := args[0].Shape()[0], args[0].Shape()[1]
		return toyResult(ir.Value{}, ir.NumberType(args[0].DType(), n, m), func(i int) float64 {
			return args[0].Tensor().At(i%m*n + i/m).Float64()
		}), nil
	})
	return op
}

// toyAdjoint is the adjoint of an operand of matmul.
func toyAdjoint(name string, operand int) *ops.Op {
	return toyOp(name, 3, func(t []ir.Type) (ir.Type, error) { return t[operand], nil },
		func(args []ir.Value) (ir.Value, error) {
			swapped := make([]ir.Value, 1)
			if err := toyTranspose().Eval(swapped, args[1-operand:2-operand]); err != nil {
				return ir.Value{}, err
			}
			a, b := args[2], swapped[0]
			if operand == 1 {
				a, b = b, a
			}
			t := args[operand].Type()
			return toyResult(ir.Value{}, t, func(i int) float64 { return toyProduct(0, a, b, i/t.Shape[1], i%t.Shape[1]) }), nil
		})
}

// toyReshape makes a matrix of a tensor's elements, with two rows.
func toyReshape() *ops.Op {
	return toyOp("reshape2", 1, func(t []ir.Type) (ir.Type, error) {
		return ir.NumberType(t[0].DType, 2, elements(t[0])/2), nil
	}, func(args []ir.Value) (ir.Value, error) {
		return toyResult(ir.Value{}, ir.NumberType(args[0].DType(), 2, elements(args[0].Type())/2),
			func(i int) float64 { return args[0].Tensor().At(i).Float64() }), nil
	})
}

func toySum() *ops.Op {
	return toyOp("sum", 1, func(t []ir.Type) (ir.Type, error) { return ir.NumberType(t[0].DType), nil },
		func(args []ir.Value) (ir.Value, error) {
			sum := 0.0
			for i := range elements(args[0].Type()) {
				sum += toyAt(args[0], args[0].Shape(), i)
			}
			if args[0].DType() == ir.F32 {
				return ir.Float32(float32(sum)), nil
			}
			return ir.Float(sum), nil
		})
}

var errToy = errors.New("toy: this op fails")

func toyFail() *ops.Op {
	op := toyOp("fail", 1, func(t []ir.Type) (ir.Type, error) { return t[0], nil },
		func([]ir.Value) (ir.Value, error) { return ir.Value{}, errToy })
	op.CanFail = true
	return op
}

func toyPanic() *ops.Op {
	return toyOp("panic", 1, func(t []ir.Type) (ir.Type, error) { return t[0], nil },
		func([]ir.Value) (ir.Value, error) { panic("toy panic") })
}

// elements returns the number of elements of a number of type t.
func elements(t ir.Type) int {
	n := 1
	for _, extent := range t.Shape {
		n *= extent
	}
	return n
}
