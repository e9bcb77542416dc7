package irtest

import (
	"fmt"
	"strings"

	"flowc.dev/flowc/ir"
)

// A function is a function of the program with what calls of it need to know.
type function struct {
	f       *ir.Function
	params  []ir.Type
	returns []ir.Type
	pure    bool
	smooth  bool
	loops   bool // has loops, so that a hook may not call it
	waits   bool // joins fragments
	draws   bool // draws from a generator
	steps   int  // at most
}

// makeFunctions makes some functions, each of which may call those before it.
func (g *generator) makeFunctions() {
	for range g.between(0, 4) {
		fn := &function{f: &ir.Function{Name: fmt.Sprintf("f%d", len(g.functions))}}
		switch g.weighted(4, 3, 4) {
		case 0:
			fn.pure = true
		case 1:
			fn.pure, fn.smooth = true, true
		}
		steps := g.steps
		g.size = g.between(1, 5)
		g.steps = min(steps, 60)
		g.makeFunction(fn)
		fn.steps = max(1, min(steps, 60)-g.steps)
		g.steps = steps
		g.functions = append(g.functions, fn)
		g.p.Functions = append(g.p.Functions, fn.f)
	}
}

func (g *generator) makeFunction(fn *function) {
	s := &scope{function: fn, pure: fn.pure, smooth: fn.smooth}
	b := &block{env: &env{}, scope: s, times: 1, depth: 1}
	least := 0
	if fn.smooth {
		least = 1
	}
	for i := range g.between(least, 3) {
		name := fmt.Sprintf("p%d", i)
		t := g.anyType(b)
		if fn.smooth && i == 0 && g.chance(0.5) {
			t = g.recordType(0)
		}
		fn.f.Params, fn.params = append(fn.f.Params, name), append(fn.params, t)
		b.env.set(entry{name: name, t: t})
	}
	if !fn.smooth && g.chance(0.2) {
		fn.f.Registers = g.declare(b, 2)
	}
	for g.size > 0 && g.steps > 0 {
		nodes, _ := g.statement(b)
		fn.f.Body = append(fn.f.Body, nodes...)
	}
	g.results(b, fn)
	for _, n := range fn.f.Body {
		ir.VisitNode(n, func(n *ir.Node) bool {
			if s := ir.SchemaOf(n.Op); s.Loop || n.Op == "weave" || n.Op == "buffer" || n.Op == "spawn" || n.Op == "hook" {
				fn.loops = true
			}
			for _, name := range []string{n.Text("call"), n.Text("grad")} {
				if callee := g.function(name); callee != nil {
					fn.loops, fn.waits, fn.draws = fn.loops || callee.loops, fn.waits || callee.waits, fn.draws || callee.draws
				}
				for _, o := range g.objects {
					fn.draws = fn.draws || o.class == "rng" && strings.HasPrefix(name, o.name+".")
				}
			}
			fn.waits = fn.waits || n.Op == "spawn"
			return true
		})
	}
}

// results makes the function return registers that are set at its end.
func (g *generator) results(b *block, fn *function) {
	if fn.smooth {
		// A loss: one scalar.
		t := number(g.floatType(), nil)
		n := ir.Call(pick(g, "sum", "mean"), g.expr(b, number(t.DType, g.shape()), 2))
		if g.chance(0.3) {
			n = asStatement(g.expr(b, t, 2))
		}
		name := g.ownName("l")
		fn.f.Body = append(fn.f.Body, n.StoringTo(name))
		fn.f.Returns, fn.returns = []string{name}, []ir.Type{t}
		g.steps--
		return
	}
	known := b.env.matching(func(*entry) bool { return true })
	count := 1
	if !fn.pure {
		count = g.between(0, 2)
	}
	for _, i := range g.r.Perm(len(known)) {
		if len(fn.returns) < count {
			fn.f.Returns, fn.returns = append(fn.f.Returns, known[i].name), append(fn.returns, known[i].t)
		}
	}
}

// function returns the named function, or nil.
func (g *generator) function(name string) *function {
	for _, fn := range g.functions {
		if fn.f.Name == name {
			return fn
		}
	}
	return nil
}

func (g *generator) arguments(b *block, fn *function, depth int) []*ir.Node {
	args := make([]*ir.Node, len(fn.params))
	for i, t := range fn.params {
		args[i] = g.expr(b, t, depth)
	}
	return args
}

// calledFunction returns a call of a pure function with a result of type t, or
// nil.
func (g *generator) calledFunction(b *block, t ir.Type, depth int) *ir.Node {
	var fits []*function
	for _, fn := range g.functions {
		if fn.pure && len(fn.returns) == 1 && fn.returns[0].Equal(t) && (fn.smooth || !b.scope.smooth && !b.straight) && !(b.hook && fn.loops) {
			fits = append(fits, fn)
		}
	}
	if len(fits) == 0 {
		return nil
	}
	fn := pick(g, fits...)
	return ir.Call(fn.f.Name, g.arguments(b, fn, depth-1)...)
}

// callStatement returns a statement that calls a function, nil if there is none
// to call.
func (g *generator) callStatement(b *block) (*ir.Node, value) {
	var fits []*function
	for _, fn := range g.functions {
		if fn.waits && (b.apart || b.spawned || b.times > maxSpawns) || b.spawned && fn.draws {
			continue
		}
		if (fn.pure || !b.scope.pure) && (fn.smooth || !b.scope.smooth) && !(b.hook && fn.loops) && fn.steps*b.times <= max(g.steps, 20) {
			fits = append(fits, fn)
		}
	}
	if len(fits) == 0 {
		return nil, value{}
	}
	fn := pick(g, fits...)
	g.steps -= fn.steps * b.times
	n := ir.Call(fn.f.Name, g.arguments(b, fn, 2)...)
	return g.storeResults(b, n, fn.returns)
}

// grad returns a statement that differentiates a function, nil if there is none
// to differentiate.
func (g *generator) grad(b *block) (*ir.Node, value) {
	if b.scope.smooth {
		return nil, value{}
	}
	var losses []*function
	for _, fn := range g.functions {
		if fn.smooth && !(b.hook && fn.loops) {
			losses = append(losses, fn)
		}
	}
	if len(losses) == 0 {
		return nil, value{}
	}
	fn := pick(g, losses...)
	results := []ir.Type{fn.returns[0]}
	var wrt []string
	for i, name := range fn.f.Params {
		if t := fn.params[i]; (isFloat(t) && !t.Weak || floatRecord(t)) && (len(wrt) == 0 || g.chance(0.5)) {
			wrt, results = append(wrt, name), append(results, t)
		}
	}
	at := b.inner()
	at.straight = true
	n := &ir.Node{Op: "grad", Args: g.arguments(at, fn, 1), Attrs: []ir.Attr{
		{Name: "grad", Value: ir.String(fn.f.Name)}, {Name: "wrt", Value: ir.Strings(wrt...)}}}
	return g.storeResults(b, n, results)
}
