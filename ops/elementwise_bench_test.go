package ops

import (
	"testing"

	"flowc.dev/flowc/ir"
)

// BenchmarkElementwise reports the time per element of ops on f32 operands of
// 8192 elements, and the time of a call on scalars.
func BenchmarkElementwise(b *testing.B) {
	const n = 8192
	ops := Standard()
	x, y := inDType(uniform(1, -2, 2, 64, 128), ir.F32), inDType(uniform(2, 0.5, 2, 64, 128), ir.F32)
	row, column := inDType(uniform(3, 0.5, 2, 128), ir.F32), inDType(uniform(4, 0.5, 2, 64, 1), ir.F32)
	mask, err := eval(ops.Lookup("greater"), []ir.Value{x, ir.WeakInt(0)})
	if err != nil {
		b.Fatal(err)
	}
	for _, c := range []struct {
		name string
		op   string
		args []ir.Value
	}{
		{"add", "add", []ir.Value{x, y}}, {"add-weak", "add", []ir.Value{x, ir.WeakFloat(0.1)}},
		{"add-row", "add", []ir.Value{x, row}}, {"add-column", "add", []ir.Value{x, column}},
		{"add-f64", "add", []ir.Value{inDType(x, ir.F64), inDType(y, ir.F64)}},
		{"add-mixed", "add", []ir.Value{x, mask[0]}},
		{"multiply", "multiply", []ir.Value{x, y}}, {"divide", "divide", []ir.Value{x, y}}, {"maximum", "maximum", []ir.Value{x, y}},
		{"power", "power", []ir.Value{y, x}}, {"greater", "greater", []ir.Value{x, ir.WeakInt(0)}},
		{"where", "where", []ir.Value{mask[0], x, ir.WeakFloat(0)}}, {"relu", "relu", []ir.Value{x}}, {"square", "square", []ir.Value{x}},
		{"sqrt", "sqrt", []ir.Value{y}}, {"sign", "sign", []ir.Value{x}},
		{"exp", "exp", []ir.Value{x}}, {"log", "log", []ir.Value{y}}, {"tanh", "tanh", []ir.Value{x}}, {"sigmoid", "sigmoid", []ir.Value{x}},
		{"softplus", "softplus", []ir.Value{x}}, {"exp-f64", "exp", []ir.Value{inDType(x, ir.F64)}},
		{"clip", "clip", []ir.Value{x, ir.WeakInt(-1), ir.WeakInt(1)}}, {"cast", "cast", []ir.Value{x, ir.String("f64")}},
	} {
		b.Run(c.name, func(b *testing.B) {
			op, dst := ops.Lookup(c.op), make([]ir.Value, 1)
			b.ReportAllocs()
			for b.Loop() {
				if err := op.Eval(dst, c.args); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/element")
		})
	}
	b.Run("scalar-add", func(b *testing.B) {
		op, dst, args := ops.Lookup("add"), make([]ir.Value, 1), []ir.Value{ir.Float32(1), ir.WeakInt(1)}
		b.ReportAllocs()
		for b.Loop() {
			if err := op.Eval(dst, args); err != nil {
				b.Fatal(err)
			}
		}
	})
}
