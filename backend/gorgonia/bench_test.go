package gorgonia

import (
	"fmt"
	"testing"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops"
)

// trainingStep is one step of a classifier with one hidden layer: softmax
// cross-entropy, its gradients, and momentum.
func trainingStep(b *builder, batch, in, hidden, classes int) {
	labels, err := ir.NewTensor(ir.I64, batch)
	if err != nil {
		b.t.Fatal(err)
	}
	for i := range ir.Data[int64](labels) {
		ir.Data[int64](labels)[i] = int64(i % classes)
	}
	x, y := b.input("x", matrix[float32](1, batch, in)), b.input("y", ir.TensorValue(labels))
	w1, b1 := b.input("w1", matrix[float32](2, in, hidden)), b.input("b1", vector[float32](3, hidden))
	w2, b2 := b.input("w2", matrix[float32](4, hidden, classes)), b.input("b2", vector[float32](5, classes))
	var velocities []int
	for i, w := range []int{w1, b1, w2, b2} {
		v := b.graph.Types[w].Shape
		switch len(v) {
		case 1:
			velocities = append(velocities, b.input(fmt.Sprintf("v%d", i), vector[float32](6, v[0])))
		case 2:
			velocities = append(velocities, b.input(fmt.Sprintf("v%d", i), matrix[float32](7, v[0], v[1])))
		}
	}
	lr, mu, zero := b.constant(ir.WeakFloat(0.01)), b.constant(ir.WeakFloat(0.9)), b.constant(ir.WeakFloat(0))
	one := b.constant(ir.Float32(1))

	z1 := b.call("gemm", []int{b1, x, w1})
	h := b.call("relu", []int{z1})
	z2 := b.call("gemm", []int{b2, h, w2})
	loss := b.call("cross_entropy", []int{z2, y})
	dz2 := b.call("cross_entropy_adjoint", []int{z2, y, one})
	dw2 := b.call("matmul_adjoint_x2", []int{h, w2, dz2})
	db2 := b.call("sum_to_like", []int{dz2, b2})
	dh := b.call("matmul_adjoint_x1", []int{h, w2, dz2})
	dz1 := b.call("where", []int{b.call("greater", []int{z1, zero}), dh, zero})
	dw1 := b.call("matmul_adjoint_x2", []int{x, w1, dz1})
	db1 := b.call("sum_to_like", []int{dz1, b1})
	b.yield(loss)
	for i, w := range []int{w1, b1, w2, b2} {
		gradient := []int{dw1, db1, dw2, db2}[i]
		v := b.call("add", []int{b.call("multiply", []int{mu, velocities[i]}), gradient})
		b.yield(v, b.call("subtract", []int{w, b.call("multiply", []int{lr, v})}))
	}
}

// BenchmarkTrainingStep compares a graph with the evaluation of its ops one
// after the other in storage that is kept.
func BenchmarkTrainingStep(b *testing.B) {
	for _, s := range [][4]int{{8, 16, 16, 4}, {64, 64, 64, 10}, {64, 64, 128, 10}, {128, 64, 256, 10}} {
		g := newBuilder(b, ops.Standard())
		trainingStep(g, s[0], s[1], s[2], s[3])
		b.Run(fmt.Sprintf("gorgonia/%v", s), func(b *testing.B) {
			c, dst, inputs := g.code(), make([]ir.Value, len(g.graph.Outputs)), g.inputs()
			b.ReportAllocs()
			for b.Loop() {
				if err := c.Exec(dst, inputs); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(fmt.Sprintf("reference/%v", s), func(b *testing.B) {
			values := make([]ir.Value, len(g.graph.Types))
			b.ReportAllocs()
			for b.Loop() {
				g.evaluate(values)
			}
		})
	}
}
