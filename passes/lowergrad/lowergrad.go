// Package lowergrad replaces grad statements by graph leaves that compute the
// function and its gradients.
package lowergrad

import (
	"errors"
	"fmt"
	"slices"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/passes/dataflow"
	"flowc.dev/flowc/passes/pass"
	"flowc.dev/flowc/passes/stabilize"
)

// MaxCalls bounds the calls of ops that a function has once it is unrolled.
const MaxCalls = 100_000

// Pass is the required lowering of grad.
var Pass = &pass.Pass{
	Name: "lower-grad",
	Doc: "Replaces each grad statement by one graph leaf: the function is expanded, stabilized and " +
		"differentiated in reverse mode by the gradient rules of its ops.",
	Exact:    true,
	Required: true,
	Rewrites: []pass.Rewrite{
		{Name: "grads lowered", Doc: "loss, g = grad f(w, x) wrt w -> a graph leaf that computes f and its gradient"},
	},
	Run: run,
}

func run(c *pass.Context, p *ir.Program) (*ir.Program, pass.Stats, error) {
	var stats pass.Stats
	if !pass.Get(c, pass.CensusOf, p).Has("grad") {
		return p, stats, nil
	}
	result, err := pass.LowerStatements(p, func(_ *pass.Scope, n *ir.Node) (*ir.Node, error) {
		if n.Op != "grad" {
			return n, nil
		}
		leaf, err := lower(c, p, n)
		if err != nil {
			return nil, &pass.NodeError{Node: n, Err: err}
		}
		c.Fire("grads lowered", n)
		stats.Add("calls made", len(leaf.Body("graph")))
		return leaf, nil
	})
	return result, stats, err
}

func lower(c *pass.Context, p *ir.Program, n *ir.Node) (*ir.Node, error) {
	g := dataflow.NewGraph(c.Registry, true)
	b := &dataflow.Builder{Graph: g, Names: c.Names(p), Grad: Expand, MaxCalls: 2 * MaxCalls}
	results, err := Expand(b, dataflow.NewFrame(), n)
	if err != nil {
		return nil, err
	}
	leaf := g.Leaf(g.Single(n, results), c.NewID)
	if !c.Fits(leaf) {
		return nil, fmt.Errorf("grad of %s: function and gradients are %d calls, too large for a program of at most %d nodes; differentiate a smaller part of it",
			n.Text("grad"), len(leaf.Body("graph")), ir.MaxNodes)
	}
	return leaf, nil
}

// Expand returns the loss and the gradients that a grad statement computes.
func Expand(b *dataflow.Builder, f *dataflow.Frame, n *ir.Node) ([]*dataflow.Value, error) {
	name := n.Text("grad")
	fn := b.Names.Function(name)
	if fn == nil {
		return nil, fmt.Errorf("there is no function %q to differentiate", name)
	}
	if k := countCalls(b.Names, fn); k > MaxCalls {
		return nil, fmt.Errorf("grad of %s: the function unrolls to %s, the limit is %d; differentiate a smaller part of it", name, k, MaxCalls)
	}
	args := make([]*dataflow.Value, len(fn.Params))
	if len(n.Args) != len(args) {
		return nil, fmt.Errorf("grad of %s: the function has %d parameters, got %d arguments", name, len(args), len(n.Args))
	}
	for i, arg := range n.Args {
		var err error
		if args[i], err = b.Expr(f, arg); err != nil {
			return nil, explain(name, err)
		}
	}
	results, err := gradients(b, fn, n)
	if err != nil {
		return nil, explain(name, err)
	}
	subst := map[*dataflow.Value]*dataflow.Value{}
	for i, param := range results.params {
		subst[param] = args[i]
	}
	return b.Graph.Substitute(subst, results.values...), nil
}

type gradient struct{ params, values []*dataflow.Value }

// gradients returns the loss and its gradients in terms of fresh parameters.
func gradients(b *dataflow.Builder, fn *ir.Function, n *ir.Node) (*gradient, error) {
	g := b.Graph
	r := &gradient{params: make([]*dataflow.Value, len(fn.Params))}
	for i := range r.params {
		r.params[i] = g.Param(i)
	}
	outs, _, err := b.Apply(fn, r.params)
	if err != nil {
		return nil, err
	}
	if len(outs) == 0 {
		return nil, errors.New("the function gives no result: the first one is the loss")
	}
	roots, _ := g.Rewrite(stabilize.Rules, outs[0])
	loss, err := g.Bind("scalar_loss", n, roots[:1], nil)
	if err != nil {
		return nil, err
	}
	var wrt []*dataflow.Value
	for _, name := range n.Names("wrt") {
		i := slices.Index(fn.Params, name)
		if i < 0 {
			return nil, fmt.Errorf("there is no parameter %q", name)
		}
		wrt = append(wrt, r.params[i])
	}
	grads, err := differentiate(g, b, loss, wrt)
	if err != nil {
		return nil, err
	}
	r.values = append(r.values, loss)
	for i, d := range grads {
		if d == nil {
			d = g.Call("zeros_like", n, wrt[i])
		}
		r.values = append(r.values, d)
	}
	return r, nil
}

// explain says what the failure is about.
func explain(function string, err error) error {
	var o *dataflow.Obstacle
	if errors.As(err, &o) {
		place := ""
		if o.Node != nil && o.Node.Pos.Known() {
			place = " at " + o.Node.Pos.String()
		}
		return fmt.Errorf("grad of %s: only straight-line pure computation can be differentiated, and %s%s", function, o.Reason, place)
	}
	return fmt.Errorf("grad of %s: %w", function, err)
}
