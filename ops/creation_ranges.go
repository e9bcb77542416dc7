package ops

import (
	"fmt"
	"math"

	"flowc.dev/flowc/ir"
)

// eyeOp declares the identity matrix.
func eyeOp() *Op {
	const name = "eye"
	return &Op{
		Signature: ir.Signature{Name: name, Results: 1, Params: []ir.Param{
			static("n", "number of rows and columns"),
			optional("dtype", ir.String("f32"), "element type"),
		}},
		Doc:      "The identity matrix of n rows.",
		Gradient: noGradient(2),
		Infer: func(args []Arg) ([]ir.Type, error) {
			n, err := literal(name, "n", args[0])
			if err != nil {
				return nil, err
			}
			shape, err := eyeShape(new(extents), n)
			if err != nil {
				return nil, err
			}
			dtype, err := dtypeArg(name, "dtype", args[1])
			return inferred(name, ElementType{DType: dtype}, shape, err)
		},
		Eval: func(dst, args []ir.Value) error {
			var buf extents
			shape, err := eyeShape(&buf, args[0])
			if err != nil {
				return err
			}
			dtype, err := dtypeParam(name, "dtype", args[1])
			if err != nil {
				return err
			}
			out, err := output(&dst[0], dtype, shape)
			if err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			setDiagonal(out)
			finish(&dst[0], out, false)
			return nil
		},
	}
}

func eyeShape(buf *extents, v ir.Value) ([]int, error) {
	n, err := intParam("eye", "n", v)
	if err != nil {
		return nil, err
	}
	if n < 0 {
		return nil, fmt.Errorf("eye: n is %d: want at least 0", n)
	}
	buf[0], buf[1] = n, n
	return buf[:2], nil
}

func setDiagonal(t *ir.Tensor) {
	n := t.Shape()[0]
	switch t.DType() {
	case ir.Bool:
		setDiagonalOf(ir.Data[bool](t), n, true)
	case ir.U8:
		setDiagonalOf(ir.Data[uint8](t), n, 1)
	case ir.I32:
		setDiagonalOf(ir.Data[int32](t), n, 1)
	case ir.I64:
		setDiagonalOf(ir.Data[int64](t), n, 1)
	case ir.F32:
		setDiagonalOf(ir.Data[float32](t), n, 1)
	case ir.F64:
		setDiagonalOf(ir.Data[float64](t), n, 1)
	}
}

func setDiagonalOf[T ir.Element](dst []T, n int, one T) {
	clear(dst)
	for i := 0; i < len(dst); i += n + 1 {
		dst[i] = one
	}
}

// arangeOp declares evenly spaced numbers.
func arangeOp() *Op {
	const name = "arange"
	return &Op{
		Signature: ir.Signature{Name: name, Results: 1, Params: []ir.Param{
			static("start", "first number; the end, with 0 as the first, if stop is null"),
			optional("stop", ir.Value{}, "end, which is left out"),
			optional("step", ir.WeakInt(1), "distance between numbers, not 0"),
			optional("dtype", ir.Value{}, "element type; null for i64, or f32 if a bound or the step is a float"),
		}},
		Doc:      "The numbers start, start + step, ... before stop.",
		Gradient: noGradient(4),
		Infer: func(args []Arg) ([]ir.Type, error) {
			var values [4]ir.Value
			for i, arg := range args {
				v, err := literal(name, arangeParams[i], arg)
				if err != nil {
					return nil, err
				}
				values[i] = v
			}
			r, err := readArange(values[:])
			return inferred(name, ElementType{DType: r.dtype}, []int{r.count}, err)
		},
		Eval: func(dst, args []ir.Value) error {
			r, err := readArange(args)
			if err != nil {
				return err
			}
			shape := extents{r.count}
			out, err := output(&dst[0], r.dtype, shape[:1])
			if err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			r.fill(out)
			finish(&dst[0], out, false)
			return nil
		},
	}
}

var arangeParams = []string{"start", "stop", "step", "dtype"}

// An arange is the meaning of arange's arguments.
type arange struct {
	dtype       ir.DType
	count       int
	whole       bool // start and step are integers
	start, step ir.Value
}

func readArange(args []ir.Value) (r arange, err error) {
	const name = "arange"
	start, stop, step := args[0], args[1], args[2]
	if stop.IsNull() {
		start, stop = ir.WeakInt(0), start
	}
	r = arange{dtype: ir.I64, whole: true, start: start, step: step}
	for i, v := range [...]ir.Value{start, stop, step} {
		if !v.IsScalar() || v.DType() == ir.Bool {
			return r, wantError(name, arangeParams[i], v, "a number of rank 0")
		}
		if v.DType().IsFloat() {
			r.whole, r.dtype = false, ir.F32
		}
	}
	if !args[3].IsNull() {
		if r.dtype, err = dtypeParam(name, "dtype", args[3]); err != nil {
			return r, err
		}
	}
	if step.Float64() == 0 {
		return r, fmt.Errorf("arange: step is 0: want a distance between the numbers")
	}
	count := math.Ceil((stop.Float64() - start.Float64()) / step.Float64())
	if r.whole {
		count = wholeCount(start.Int64(), stop.Int64(), step.Int64())
	}
	if !(count <= ir.MaxTensorBytes) {
		return r, fmt.Errorf("arange: %v to %v by %v are too many numbers",
			ir.FormatShort(start), ir.FormatShort(stop), ir.FormatShort(step))
	}
	r.count = int(max(count, 0))
	return r, nil
}

// wholeCount returns how many numbers there are from start to before stop. The
// difference of the bounds is taken without sign, so that it cannot overflow.
func wholeCount(start, stop, step int64) float64 {
	if stop == start || (step > 0) != (stop > start) {
		return 0
	}
	distance, stride := uint64(stop)-uint64(start), uint64(step)
	if step < 0 {
		distance, stride = -distance, -stride
	}
	return float64((distance-1)/stride + 1)
}

func (r *arange) fill(t *ir.Tensor) {
	for i := range r.count {
		var v ir.Value
		if r.whole {
			v = ir.Int(r.start.Int64() + int64(i)*r.step.Int64())
		} else {
			v = ir.Float(r.start.Float64() + float64(float64(i)*r.step.Float64()))
		}
		setElement(t, i, v)
	}
}

// setElement sets element i of t to the rank-0 number v, converted.
func setElement(t *ir.Tensor, i int, v ir.Value) {
	switch t.DType() {
	case ir.Bool:
		ir.Data[bool](t)[i] = scalarAs[bool](v)
	case ir.U8:
		ir.Data[uint8](t)[i] = scalarAs[uint8](v)
	case ir.I32:
		ir.Data[int32](t)[i] = scalarAs[int32](v)
	case ir.I64:
		ir.Data[int64](t)[i] = scalarAs[int64](v)
	case ir.F32:
		ir.Data[float32](t)[i] = scalarAs[float32](v)
	case ir.F64:
		ir.Data[float64](t)[i] = scalarAs[float64](v)
	}
}
