package passes_test

import (
	"fmt"

	"flowc.dev/flowc/ir"
	flow "flowc.dev/flowc/ir/text"
	"flowc.dev/flowc/ops"
	"flowc.dev/flowc/passes"
	"flowc.dev/flowc/passes/leaves"
	"flowc.dev/flowc/passes/pass"
)

// A pass made of rules: each says what it looks for and what comes in its place,
// in the syntax of programs. A guard leaves powers alone unless they are the
// literal 2. The pass is not exact: a square may round otherwise than a power.
func Example_rules() {
	simplify := &pass.Pass{
		Name: "simplify",
		Doc:  "Takes away calls that change nothing, and squares by square.",
		Rules: []pass.Rule{
			{Name: "abs(abs(x)) -> abs(x)", Doc: "it is positive already", Pattern: "abs(abs($x))", Replace: "abs($x)"},
			{Name: "x**2 -> square(x)", Doc: "a product instead of a power", Pattern: "$x ** $k", Replace: "square($x)",
				Guard: func(m *pass.Match) bool {
					k, ok := m.Literal("k")
					return ok && k.IsScalar() && k.DType() == ir.I64 && k.Int64() == 2
				}},
		},
	}
	table, err := passes.Standard().With(simplify, passes.After("canonicalize"))
	if err != nil {
		fmt.Println(err)
		return
	}
	p, err := flow.Parse([]byte("x = 3.0\ny = abs(abs(x)) ** 2\nprint y ** 3\n"), "prog.flow")
	if err != nil {
		fmt.Println(err)
		return
	}
	p, report, err := passes.Optimize(p, passes.Options{Registry: ops.Standard(), Table: table, Passes: "canonicalize,simplify"})
	if err != nil {
		fmt.Println(err)
		return
	}
	printed, err := flow.Print(p)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(string(printed), report.String())
	// Output:
	// x = 3.0
	// y = square(abs(x))
	// print y ** 3
	// simplify: abs(abs(x)) -> abs(x): 1, x**2 -> square(x): 1
}

// A pass with a Run function goes through the statements itself. This one makes
// the literals of prints shorter; its parameter says how long they stay. It asks
// before each rewrite, and says why it leaves others alone.
func Example_run() {
	shorten := &pass.Pass{
		Name:     "shorten-texts",
		Doc:      "Cuts the texts that are printed.",
		Params:   []pass.Param{{Name: "max", Doc: "the bytes of a text that stay", Default: int64(8)}},
		Rewrites: []pass.Rewrite{{Name: "texts cut", Doc: `print "a long text" -> print "a long"`}},
		Run: func(c *pass.Context, p *ir.Program) (*ir.Program, pass.Stats, error) {
			var stats pass.Stats
			p, err := pass.EditStatements(p, func(s *pass.Scope, n *ir.Node) (*ir.Node, error) {
				if n.Op != "print" || n.Args[0].Op != "const" || n.Args[0].Attr("value").Kind() != ir.Str {
					return n, nil
				}
				said := n.Args[0].Attr("value").Text()
				if int64(len(said)) <= c.Int("max") {
					stats.Note(n, "not cut: it has %d bytes", len(said))
					return n, nil
				}
				if !c.Fire("texts cut", n) {
					return n, nil
				}
				changed := n.Copy() // nodes are not modified
				changed.Args[0] = n.Args[0].WithAttr("value", ir.String(said[:c.Int("max")]))
				return changed, nil
			})
			return p, stats, err
		},
	}
	table, err := passes.Standard().With(shorten, passes.Before("collapse"))
	if err != nil {
		fmt.Println(err)
		return
	}
	p, err := flow.Parse([]byte("print \"begin\"\nprint \"the end of it\"\n"), "prog.flow")
	if err != nil {
		fmt.Println(err)
		return
	}
	p, report, err := passes.Optimize(p, passes.Options{Registry: ops.Standard(), Table: table, Passes: "shorten-texts{max=7}"})
	if err != nil {
		fmt.Println(err)
		return
	}
	printed, err := flow.Print(p)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(string(printed), report.String())
	fmt.Println(report.Passes[len(report.Passes)-1].Notes[0])
	// Output:
	// print "begin"
	// print "the end"
	// shorten-texts: texts cut: 1
	// 1:1: not cut: it has 5 bytes
}

// Statements that run as one are a graph leaf; the calls in it are no statements.
// Package leaves edits them, so that this pass finds squares in both.
func Example_leaves() {
	squared := func(c *pass.Context, n *ir.Node) *ir.Node {
		if n.Op != "call" || n.Text("call") != "square" || len(n.Args) != 1 || n.Args[0].Op != "reg" || !c.Fire("square(x) -> x * x", n) {
			return n
		}
		again := n.Args[0].Copy()
		again.ID = c.NewID() // no two nodes have the same
		n = n.WithAttr("call", ir.String("multiply"))
		n.Args = append(n.Args, again)
		return n
	}
	strength := &pass.Pass{
		Name:     "square-by-product",
		Doc:      "Multiplies instead of squaring.",
		Exact:    true,
		Rewrites: []pass.Rewrite{{Name: "square(x) -> x * x", Doc: "of registers and results of calls"}},
		Run: func(c *pass.Context, p *ir.Program) (*ir.Program, pass.Stats, error) {
			p, err := pass.EditStatements(p, func(_ *pass.Scope, n *ir.Node) (*ir.Node, error) { return squared(c, n), nil })
			if err != nil {
				return nil, pass.Stats{}, err
			}
			p, err = leaves.EditAll(p, func(_ *pass.Scope, leaf *ir.Node) *ir.Node {
				return leaves.Edit(leaf, func(_ *leaves.Leaf, call *ir.Node) *ir.Node { return squared(c, call) })
			})
			return p, pass.Stats{}, err
		},
	}
	table, err := passes.Standard().With(strength, passes.After("collapse"))
	if err != nil {
		fmt.Println(err)
		return
	}
	p, err := flow.Parse([]byte("x = f64[2]{1, 2}\ny = square(x)\nz = y + x\nprint z\nx = square(z)\n"), "prog.flow")
	if err != nil {
		fmt.Println(err)
		return
	}
	p, report, err := passes.Optimize(p, passes.Options{Registry: ops.Standard(), Table: table, Passes: "collapse,square-by-product"})
	if err != nil {
		fmt.Println(err)
		return
	}
	printed, err := flow.Print(p)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(string(printed), report.String())
	// Output:
	// x, y, z = graph yield %1, %2, %3 steps 3 {
	//     %1 = f64[2]{1, 2}
	//     %2 = %1 * %1
	//     %3 = %2 + %1
	// } source {
	//     x = f64[2]{1, 2}
	//     y = square(x)
	//     z = y + x
	// }
	// print z
	// x = z * z
	// collapse: graphs made: 1, statements collapsed: 3
	// square-by-product: square(x) -> x * x: 2
}
