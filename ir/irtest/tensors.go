package irtest

import (
	"slices"

	"flowc.dev/flowc/ir"
)

// longer returns the shape with one more axis of at least one element, and
// where that is.
func (g *generator) longer(shape []int) ([]int, int) {
	axis := g.between(0, len(shape))
	return slices.Insert(slices.Clone(shape), axis, g.positive()), axis
}

// reduction returns a reduction with a result of type t, or nil.
func (g *generator) reduction(b *block, t ir.Type, depth int) *ir.Node {
	if len(t.Shape) > 2 {
		return nil
	}
	x, op := t, ""
	switch {
	case isBool(t):
		x, op = number(g.dtype(), nil), pick(g, "any", "all")
		if b.scope.smooth {
			return nil
		}
	case isFloat(t) && t.Weak:
		x, op = number(pick(g, ir.I32, ir.I64), nil), "mean"
	case isFloat(t):
		op = pick(g, "sum", "mean", "max", "min", "prod", "var", "logsumexp")
	case t.Weak:
		return nil
	case t.DType == ir.I64 && b.scope.smooth:
		op = "sum"
	case t.DType == ir.I64:
		switch g.weighted(3, 2, 1) {
		case 0:
			x, op = number(pick(g, ir.Bool, ir.U8, ir.I32, ir.I64), nil), pick(g, "sum", "prod")
		case 1:
			x, op = number(g.dtype(), nil), pick(g, "argmax", "argmin")
		case 2:
			if len(t.Shape) > 0 {
				return nil
			}
			return ir.Call("size", g.expr(b, number(g.dtype(), g.shape()), depth-1))
		}
	default:
		op = pick(g, "max", "min")
	}
	if len(t.Shape) == 0 && op != "logsumexp" && g.chance(0.5) {
		shape := []int{g.positive(), g.positive()}[:g.between(1, 2)]
		return ir.Call(op, g.expr(b, shaped(x, shape), depth-1))
	}
	longer, axis := g.longer(t.Shape)
	if g.chance(0.3) {
		axis -= len(longer)
	}
	return with(ir.Call(op, g.expr(b, shaped(x, longer), depth-1)), "axis", integer(axis))
}

// rearranged returns a call that moves elements about to give t, or nil.
func (g *generator) rearranged(b *block, t ir.Type, depth int) *ir.Node {
	rank := len(t.Shape)
	of := func(shape []int) *ir.Node { return g.expr(b, shaped(t, shape), depth-1) }
	switch g.weighted(3, 3, 2, 2, 2, 2, 1, 1) {
	case 0: // an index drops an axis
		if rank > 2 {
			return nil
		}
		longer := append([]int{g.positive()}, t.Shape...)
		at := integer(g.r.IntN(longer[0]))
		if g.chance(0.3) {
			at = ir.Call("remainder", g.expr(b, number(ir.I64, nil), 0), integer(longer[0]))
		}
		return index(of(longer), at)
	case 1: // a slice shortens one
		if rank == 0 {
			return nil
		}
		from, more := g.between(0, 1), g.between(0, 1)
		longer := slices.Clone(t.Shape)
		longer[0] += from + more
		if from == 0 && g.chance(0.5) {
			return index(of(longer), slice(integer(t.Shape[0])))
		}
		if more == 0 && from > 0 && g.chance(0.5) {
			return index(of(longer), slice(integer(from), null()))
		}
		return index(of(longer), slice(integer(from), integer(from+t.Shape[0])))
	case 2:
		if rank == 2 {
			return ir.Call("transpose", of([]int{t.Shape[1], t.Shape[0]}))
		}
		return nil
	case 3:
		if n := size(t.Shape); rank != 1 && n > 0 {
			return ir.Call("reshape", of([]int{n}), integers(t.Shape))
		}
		return nil
	case 4:
		return ir.Call("broadcast_to", of(g.spread(t.Shape)), integers(t.Shape))
	case 5:
		if rank == 0 {
			return nil
		}
		if first := t.Shape[0]; first > 1 && g.chance(0.5) {
			head := g.between(1, first-1)
			a, c := slices.Clone(t.Shape), slices.Clone(t.Shape)
			a[0], c[0] = head, first-head
			return ir.Call("concat", list(of(a), of(c)))
		}
		if t.Shape[0] < 1 || t.Shape[0] > 3 {
			return nil
		}
		items := make([]*ir.Node, t.Shape[0])
		for i := range items {
			items[i] = of(t.Shape[1:])
		}
		return ir.Call("stack", list(items...))
	case 6:
		if i := slices.Index(t.Shape, 1); i >= 0 {
			return ir.Call("expand_dims", of(slices.Delete(slices.Clone(t.Shape), i, i+1)), integer(i))
		}
		return nil
	}
	if rank == 0 || rank > 2 || t.Shape[0] == 0 {
		return nil
	}
	rows := g.positive()
	places := make([]*ir.Node, t.Shape[0])
	for i := range places {
		places[i] = integer(g.r.IntN(rows))
	}
	return ir.Call("take", of(append([]int{rows}, t.Shape[1:]...)), ir.Call("stack", list(places...)))
}

// product returns a matrix product with a result of type t, or nil. A sum with
// it is one that a compiler makes one op.
func (g *generator) product(b *block, t ir.Type, depth int) *ir.Node {
	if t.Weak || isBool(t) || len(t.Shape) > 2 {
		return nil
	}
	k := g.positive()
	of := func(shape ...int) *ir.Node { return g.expr(b, shaped(t, shape), depth-1) }
	var n *ir.Node
	switch len(t.Shape) {
	case 0:
		n = ir.Call("matmul", of(k), of(k))
	case 1:
		if g.chance(0.5) {
			n = ir.Call("matmul", of(k), of(k, t.Shape[0]))
		} else {
			n = ir.Call("matmul", of(t.Shape[0], k), of(k))
		}
	default:
		if g.chance(0.3) {
			n = ir.Call("outer", of(t.Shape[0]), of(t.Shape[1]))
		} else {
			n = ir.Call("matmul", of(t.Shape[0], k), of(k, t.Shape[1]))
		}
	}
	c := func() *ir.Node { return g.expr(b, shaped(t, g.spread(t.Shape)), depth-1) }
	switch g.weighted(2, 3, 2) {
	case 1:
		return ir.Call("add", n, c())
	case 2:
		return ir.Call("add", c(), n)
	}
	return n
}

// created returns a call that makes a tensor of type t from less, or nil.
func (g *generator) created(b *block, t ir.Type, depth int) *ir.Node {
	rank := len(t.Shape)
	switch g.weighted(2, 2, 1, 2, 2, 2) {
	case 0:
		if !t.Weak {
			return with(ir.Call(pick(g, "zeros", "ones"), integers(t.Shape)), "dtype", text(dtypeOf(t)))
		}
	case 1:
		if !t.Weak {
			return with(ir.Call("full", integers(t.Shape), g.expr(b, weakInt(), depth-1)), "dtype", text(dtypeOf(t)))
		}
	case 2:
		if rank == 2 && t.Shape[0] == t.Shape[1] && !t.Weak {
			return with(ir.Call("eye", integer(t.Shape[0])), "dtype", text(dtypeOf(t)))
		}
		if rank == 1 && !t.Weak && t.DType != ir.Bool {
			return with(ir.Call("arange", integer(t.Shape[0])), "dtype", text(dtypeOf(t)))
		}
	case 3:
		if isFloat(t) && rank > 0 && t.Shape[rank-1] > 0 {
			return ir.Call(pick(g, "softmax", "log_softmax"), g.expr(b, t, depth-1), integer(pick(g, -1, rank-1)))
		}
	case 4:
		if isFloat(t) && !t.Weak && rank == 0 {
			rows, classes := g.positive(), g.between(2, 3)
			labels := ir.Call("remainder", g.expr(b, number(ir.I64, []int{rows}), depth-1), integer(classes))
			return ir.Call("cross_entropy", g.expr(b, number(t.DType, []int{rows, classes}), depth-1), labels)
		}
	case 5:
		if isFloat(t) && !t.Weak && rank > 0 && t.Shape[rank-1] > 0 {
			return ir.Call("one_hot", g.expr(b, number(ir.I64, t.Shape[:rank-1]), depth-1), integer(t.Shape[rank-1]), text(dtypeOf(t)))
		}
	}
	return nil
}
