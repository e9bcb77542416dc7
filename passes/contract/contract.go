// Package contract joins a sum with the product that it adds into one
// accumulating op.
package contract

import (
	"flowc.dev/flowc/passes/dataflow"
	"flowc.dev/flowc/passes/pass"
)

// Pass is the required lowering to accumulating products.
var Pass = &pass.Pass{
	Name:     "contract",
	Doc:      "Makes c + matmul(a, b) one gemm and s + outer(x, y) one ger, within one statement, where nothing else uses the product.",
	Exact:    true,
	Required: true,
	Rewrites: dataflow.Rewrites(Rules),
	Run:      dataflow.RewriteStatements(Rules),
}

// Rules are the contractions. They define the rounding of the source forms:
// they apply at every level.
var Rules = []dataflow.Rule{
	{Name: "c + matmul(a, b) -> gemm(c, a, b)", Op: "add", Needs: "matmul",
		Doc:   "The sum starts from c instead of 0.",
		Match: accumulate("matmul", "gemm")},
	{Name: "s + outer(x, y) -> ger(s, x, y)", Op: "add", Needs: "outer",
		Doc:   "The products are added to s as they are made.",
		Match: accumulate("outer", "ger")},
}

// accumulate matches a sum with a product that is used nowhere else. Of two
// products, the second one is added to the first.
func accumulate(product, into string) func(m *dataflow.Matcher, v *dataflow.Value) *dataflow.Value {
	return func(m *dataflow.Matcher, v *dataflow.Value) *dataflow.Value {
		for _, i := range []int{1, 0} {
			if p := v.Args[i]; p.IsCall(product) && m.Alone(p) {
				return m.Graph.Call(into, v.Node, v.Args[1-i], p.Args[0], p.Args[1])
			}
		}
		return nil
	}
}
