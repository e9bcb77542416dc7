package opstest_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops"
	"flowc.dev/flowc/ops/opstest"
)

// hypotSquared is x*x + y*y of two numbers of rank 0.
func hypotSquared() *ops.Op {
	check := func(x, y ir.Type) error {
		for _, t := range []ir.Type{x, y} {
			if t.Kind != ir.Number || t.DType != ir.F64 || t.Weak || len(t.Shape) > 0 {
				return fmt.Errorf("hypot_squared: %s: want f64", t)
			}
		}
		return nil
	}
	return &ops.Op{
		Signature: ir.Signature{Name: "hypot_squared", Params: []ir.Param{{Name: "x"}, {Name: "y"}}, Results: 1},
		Doc:       "x*x + y*y.",
		Infer: func(args []ops.Arg) ([]ir.Type, error) {
			if err := check(args[0].Type, args[1].Type); err != nil {
				return nil, err
			}
			return []ir.Type{ir.NumberType(ir.F64)}, nil
		},
		Eval: func(dst, args []ir.Value) error {
			if err := check(args[0].Type(), args[1].Type()); err != nil {
				return err
			}
			x, y := args[0].Float64(), args[1].Float64()
			dst[0] = ir.Float(float64(x*x) + float64(y*y))
			return nil
		},
		Gradient: func(t ops.Tape, args []*ir.Node, _, dout *ir.Node) []*ir.Node {
			twice := func(x *ir.Node) *ir.Node { return t.Call("multiply", dout, t.Call("add", x, x)) }
			return []*ir.Node{twice(args[0]), twice(args[1])}
		},
	}
}

var calls = []opstest.Example{opstest.Call(ir.Float(3), ir.Float(4)), opstest.Call(ir.Float(0.5), ir.Float(-2))}

func TestRun(t *testing.T) { opstest.Run(t, nil, hypotSquared(), calls...) }

// Each law finds what is wrong.
func TestWrongOpsAreFound(t *testing.T) {
	var count float64
	var scratch []float64
	for _, c := range []struct {
		name  string
		wrong func(op *ops.Op)
		calls []opstest.Example
		want  string // the beginning of a problem
	}{
		{"right", func(*ops.Op) {}, calls, ""},
		{"no examples", func(*ops.Op) {}, nil, "op hypot_squared: there are no examples"},
		{"a short example", func(*ops.Op) {}, []opstest.Example{opstest.Call(ir.Float(3))}, "law types: hypot_squared(f64 3.0): the example has 1 arguments"},
		{"an example that fails", func(*ops.Op) {}, []opstest.Example{opstest.Call(ir.Int(3), ir.Float(3))}, "law types: hypot_squared(i64 3, f64 3.0): hypot_squared: i64: want f64"},
		{"a weak result", func(op *ops.Op) {
			eval := op.Eval
			op.Eval = func(dst, args []ir.Value) error {
				err := eval(dst, args)
				dst[0] = dst[0].AsWeak(true)
				return err
			}
		}, calls, "law types: hypot_squared(f64 3.0, f64 4.0): result 0 has the type weak f64, Infer says f64"},
		{"no result", func(op *ops.Op) { op.Eval = func(dst, args []ir.Value) error { return nil } }, calls,
			"law types: hypot_squared(f64 3.0, f64 4.0): result 0 has the type null"},
		{"no types", func(op *ops.Op) { op.Infer = func([]ops.Arg) ([]ir.Type, error) { return nil, nil } }, calls,
			"law types: hypot_squared(f64 3.0, f64 4.0): Infer gives 0 types, want 1"},
		{"an unchecked type", func(op *ops.Op) {
			op.Infer = func([]ops.Arg) ([]ir.Type, error) { return []ir.Type{ir.NumberType(ir.F64)}, nil }
		}, calls, "law errors: hypot_squared(null null, f64 4.0): Eval fails, Infer does not"},
		{"another error", func(op *ops.Op) {
			infer := op.Infer
			op.Infer = func(args []ops.Arg) ([]ir.Type, error) {
				types, err := infer(args)
				if err != nil {
					err = errors.New("no")
				}
				return types, err
			}
		}, calls, `law errors: hypot_squared(null null, f64 4.0): Infer says "no", Eval "hypot_squared: `},
		{"a panic", func(op *ops.Op) {
			eval := op.Eval
			op.Eval = func(dst, args []ir.Value) error {
				if !args[0].IsNumber() {
					panic("oh")
				}
				return eval(dst, args)
			}
		}, calls, "law errors: hypot_squared(null null, f64 4.0): bug: Eval of op hypot_squared has panicked: oh\n  in opstest_test."},
		{"a static parameter that is not asked for", func(op *ops.Op) { op.Params[0].Static = true }, calls,
			"law types: hypot_squared(f64 3.0, f64 4.0): Infer gives a type without the value of x, which is static"},
		{"state", func(op *ops.Op) {
			eval := op.Eval
			op.Eval = func(dst, args []ir.Value) error {
				count++
				err := eval(dst, args)
				dst[0] = ir.Float(count)
				return err
			}
		}, calls, "law destination: hypot_squared(f64 3.0, f64 4.0): the result depends on dst"},
		{"a failure for special values", func(op *ops.Op) {
			eval := op.Eval
			op.Eval = func(dst, args []ir.Value) error {
				if x := args[0].Float64(); x != x {
					return errors.New("hypot_squared: x is NaN")
				}
				return eval(dst, args)
			}
		}, calls, "law specials: hypot_squared("},
		{"a wrong gradient", func(op *ops.Op) {
			op.Gradient = func(t ops.Tape, args []*ir.Node, _, dout *ir.Node) []*ir.Node {
				return []*ir.Node{t.Call("multiply", dout, args[0]), nil}
			}
		}, calls, "law gradient: hypot_squared(f64 3.0, f64 4.0): adjoint of x at element 0 is "},
		{"a gradient of an unknown op", func(op *ops.Op) {
			op.Gradient = func(t ops.Tape, args []*ir.Node, _, dout *ir.Node) []*ir.Node {
				return []*ir.Node{t.Call("multipy", dout, args[0]), nil}
			}
		}, calls, `law gradient: hypot_squared(f64 3.0, f64 4.0): a gradient calls the unknown op "multipy"`},
		{"a shared operand", func(op *ops.Op) { identity(op, func(x ir.Value) ir.Value { return x }) },
			[]opstest.Example{opstest.Call(vector(1, 2), ir.Float(1))}, "law operands: hypot_squared(f64[2], f64 1.0): a result shares storage with an operand"},
		{"a modified operand", func(op *ops.Op) {
			identity(op, func(x ir.Value) ir.Value {
				if t := x.Tensor(); t != nil {
					t.SetAt(0, ir.Float(9))
				}
				return ir.Float(0)
			})
		}, []opstest.Example{opstest.Call(vector(1, 2), ir.Float(1))}, "law operands: hypot_squared(f64[2], f64 1.0): an operand was modified"},
		{"shared scratch", func(op *ops.Op) {
			identity(op, func(x ir.Value) ir.Value {
				scratch = append(scratch, 1)
				return vector(float64(len(scratch)))
			})
		}, []opstest.Example{opstest.Call(vector(1), ir.Float(1))}, "law destination: "},
		{"not elementwise", func(op *ops.Op) {
			identity(op, func(x ir.Value) ir.Value {
				t := x.Boxed().Clone()
				for i := range t.Size() {
					t.SetAt(i, t.At(0))
				}
				return ir.TensorValue(t)
			})
			op.Elementwise = true
		}, []opstest.Example{opstest.Call(vector(1, 2), ir.Float(1))}, "law elements: hypot_squared(f64[2], f64 1.0): element 1 is 1.0, but "},
		{"a wrong batch", func(op *ops.Op) { op.Batch = func(r *ops.Rows) error { return nil } }, calls, "law batch: "},
	} {
		t.Run(c.name, func(t *testing.T) {
			op := hypotSquared()
			c.wrong(op)
			problems := opstest.Check(nil, op, c.calls...)
			if c.want == "" && len(problems) > 0 {
				t.Errorf("it has the problems %v", problems)
			}
			for _, p := range problems {
				if strings.HasPrefix(p.Error(), c.want) {
					return
				}
			}
			if c.want != "" {
				t.Errorf("the problems are %v, want %q", problems, c.want)
			}
		})
	}
}

func vector(data ...float64) ir.Value { return ir.TensorValue(ir.MustTensor(data, len(data))) }

// identity makes op one of any first argument.
func identity(op *ops.Op, eval func(x ir.Value) ir.Value) {
	op.Infer = func(args []ops.Arg) ([]ir.Type, error) { return []ir.Type{args[0].Type}, nil }
	op.Eval = func(dst, args []ir.Value) error {
		dst[0] = eval(args[0])
		return nil
	}
	op.Gradient = nil
}
