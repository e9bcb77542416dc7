package irtest

import (
	"fmt"

	"flowc.dev/flowc/ir"
)

// An object is a declared object with what its methods give.
type object struct {
	name, class string
	row         ir.Type // of a source
	components  int
}

func (g *generator) makeObjects() {
	for _, class := range []string{"rng", "data.normal", "data.normal", "learn.pca", "data.digits"} {
		if class == "data.digits" && !(g.o.Digits && g.chance(0.3)) || class != "data.digits" && !g.chance(0.6) {
			continue
		}
		o := &object{name: fmt.Sprintf("o%d", len(g.objects)), class: class}
		n := &ir.Node{Op: "record"}
		seed := func() {
			if g.chance(0.8) {
				n = with(n, "seed", integer(g.between(0, 9)))
			}
		}
		switch class {
		case "rng":
			seed()
		case "data.normal":
			seed()
			cols := pick(g, g.extents...)
			d := g.floatType()
			o.row = number(d, []int{cols})
			rows, wrap := g.between(2, 9), true
			if g.failing && g.chance(0.4) {
				wrap = false
			} else if g.chance(0.3) {
				rows, wrap = 1_000_000, false
			}
			n = with(with(with(n, "rows", integer(rows)), "cols", integer(cols)), "dtype", text(d.String()))
			if wrap {
				n = with(n, "wrap", truth(true))
			}
		case "learn.pca":
			o.components = 1
			o.row = number(g.floatType(), []int{g.extents[g.between(0, 2)]})
			if k := o.row.Shape[0]; k > 1 && g.chance(0.5) {
				o.components = 2
			}
			n = with(n, "components", integer(o.components))
		case "data.digits":
			seed()
			o.row = number(ir.F32, []int{64})
		}
		g.objects = append(g.objects, o)
		g.p.Objects = append(g.p.Objects, ir.Object{Name: o.name, Class: class, Args: n.Kwargs})
	}
}

// draw returns a call of a source's next method and the type of its value, nil
// if there is no source.
func (g *generator) draw(b *block) (*ir.Node, ir.Type) {
	for _, i := range g.r.Perm(len(g.objects)) {
		switch o := g.objects[i]; o.class {
		case "data.normal":
			return ir.Call(o.name + ".next"), o.row
		case "data.digits":
			return ir.Call(o.name + ".next"), ir.Type{Kind: ir.ListKind, Parts: []ir.Type{o.row, number(ir.I64, nil)}}
		}
	}
	return nil, ir.Type{}
}

// method returns a statement that calls a method, nil if there is no object.
func (g *generator) method(b *block) (*ir.Node, value) {
	if len(g.objects) == 0 || b.scope.pure {
		return nil, value{}
	}
	o := pick(g, g.objects...)
	if b.spawned && o.class == "rng" && !b.draws {
		return nil, value{}
	}
	n, results := g.methodCall(b, o)
	if n == nil {
		return nil, value{}
	}
	return g.storeResults(b, n, results)
}

// storeResults stores the results of a call: to no register, to one, or to one
// for each.
func (g *generator) storeResults(b *block, n *ir.Node, results []ir.Type) (*ir.Node, value) {
	values := make([]value, len(results))
	for i, t := range results {
		values[i] = typed(t)
	}
	v := listOf(values)
	switch len(results) {
	case 0:
		return n, value{}
	case 1:
		v = values[0]
	}
	if g.chance(0.1) {
		return n, v
	}
	if len(results) > 1 && g.chance(0.8) {
		var names []string
		for _, u := range values {
			name := ir.Discard
			if g.chance(0.85) {
				name = g.storeBeside(b, u, names)
			}
			names = append(names, name)
		}
		return n.StoringTo(names...), v
	}
	return n.StoringTo(g.store(b, v)), v
}

// storeBeside is store to a register that is not among the names.
func (g *generator) storeBeside(b *block, v value, names []string) string {
	before := b.env.clone()
	name := g.store(b, v)
	for _, other := range names {
		if other == name {
			*b.env = *before
			return ir.Discard
		}
	}
	return name
}

func (g *generator) methodCall(b *block, o *object) (*ir.Node, []ir.Type) {
	call := func(name string, args ...*ir.Node) *ir.Node { return ir.Call(o.name+"."+name, args...) }
	i64 := number(ir.I64, nil)
	switch o.class {
	case "rng":
		shape := g.shape()
		d := g.floatType()
		switch g.weighted(4, 3, 1, 2, 1) {
		case 0:
			return with(call("normal", integers(shape)), "dtype", text(d.String())), []ir.Type{number(d, shape)}
		case 1:
			n := with(with(call("uniform", integers(shape)), "dtype", text(d.String())), "high", g.whole(b, 3))
			return n, []ir.Type{number(d, shape)}
		case 2:
			return call("bernoulli", real(0.5), integers(shape)), []ir.Type{number(ir.Bool, shape)}
		case 3:
			return call("integers", integer(g.between(-2, 0)), integer(g.between(1, 9)), integers(shape)), []ir.Type{number(ir.I64, shape)}
		}
		k := g.extent()
		return call("permutation", integer(k)), []ir.Type{number(ir.I64, []int{k})}
	case "data.normal":
		switch g.weighted(6, 2, 1) {
		case 0:
			return call("next"), []ir.Type{o.row}
		case 1:
			return call("position"), []ir.Type{i64}
		}
		return call("rewind"), nil
	case "data.digits":
		switch g.weighted(2, 2, 1) {
		case 0:
			return call("next"), []ir.Type{o.row, i64}
		case 1:
			return call("next_batch", integer(2)), []ir.Type{number(ir.F32, []int{2, 64}), number(ir.I64, []int{2})}
		}
		return call("epoch"), []ir.Type{i64}
	}
	return g.learn(b, o, call)
}

// learn returns a call of a method of a learner.
func (g *generator) learn(b *block, o *object, call func(string, ...*ir.Node) *ir.Node) (*ir.Node, []ir.Type) {
	cols := o.row.Shape[0]
	rows := number(o.row.DType, []int{g.between(2, 3), cols})
	f64 := func(shape ...int) []ir.Type { return []ir.Type{number(ir.F64, shape)} }
	finite := func() *ir.Node {
		x := g.expr(b, rows, 1)
		return ir.Call("clip", ir.Call("where", ir.Call("isfinite", x), x, real(0.5)), real(-9), real(9))
	}
	if !b.env.fed || g.chance(0.4) {
		if !b.env.fed && g.chance(0.3) {
			return call("count"), []ir.Type{number(ir.I64, nil)}
		}
		n := call("analyze", finite())
		b.env.fed = true
		return n, nil
	}
	switch g.weighted(2, 2, 1, 1, 1) {
	case 0:
		return call("components"), f64(o.components, cols)
	case 1:
		return call("variances"), f64(o.components)
	case 2:
		return call("mean"), f64(cols)
	case 3:
		return call("covariance"), f64(cols, cols)
	}
	return call("transform", finite()), f64(rows.Shape[0], o.components)
}
