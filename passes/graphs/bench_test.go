package graphs_test

import (
	"fmt"
	"testing"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/passes/graphs"
)

// BenchmarkRewrite rewrites chains of products, sums and signs, in which a fifth
// of the steps goes. The time for a step does not depend on their number.
func BenchmarkRewrite(b *testing.B) {
	for _, n := range []int{100, 1_000, 10_000, 100_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			one := ir.WeakInt(1)
			t := ir.NumberType(ir.F32, 64, 64)
			g := &ir.Graph{Inputs: []ir.GraphInput{{Register: "x"}, {Register: "y"}, {Const: &one}}, Types: []ir.Type{t, t, one.Type()}}
			for i := range n {
				v := len(g.Types)
				last := v - 1
				if i == 0 {
					last = 0
				}
				s := [...]ir.GraphStep{
					{Op: "multiply", Args: []int{last, 1}}, {Op: "add", Args: []int{last, 1}}, {Op: "multiply", Args: []int{last, 2}},
					{Op: "tanh", Args: []int{last}}, {Op: "subtract", Args: []int{last, 0}},
				}[i%5]
				s.Static, s.First, s.Results = make([]ir.Value, len(s.Args)), v, 1
				g.Steps = append(g.Steps, s)
				g.Types = append(g.Types, t)
			}
			g.Outputs = []ir.GraphOutput{{Kind: ir.Number, Value: len(g.Types) - 1}}
			for b.Loop() {
				if h := graphs.Rewrite(g, graphs.Options{Level: graphs.Exact, Registry: registry}); len(h.Steps) != n-n/5 {
					b.Fatalf("%d steps are left of %d", len(h.Steps), n)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/step")
		})
	}
}
