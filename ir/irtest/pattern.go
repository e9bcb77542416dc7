package irtest

import (
	"maps"
	"math"
	"slices"
	"strings"

	"flowc.dev/flowc/ir"
)

// A Pattern is statements that a compiler is known to rewrite when their
// registers have given types.
type Pattern struct {
	// Registers are those that it reads before it stores to them, with Name and
	// Type only. They are numbers.
	Registers []ir.Register
	// Body is calls of pure ops.
	Body []*ir.Node
	// Results has the types of the registers that Body stores to, at its end.
	Results map[string]ir.Type
	// CanFail says that it fails for some values of its registers.
	CanFail bool
}

// patternShare is how often a statement of a program with patterns is a run of
// them.
const patternShare = 0.75

// Bounds on what a program has of patterns.
const (
	maxPatterns   = 16
	maxPatternRun = 6 // in consecutive statements
)

// choosePatterns takes some patterns for the program, and declares registers of
// the types that they read.
func (g *generator) choosePatterns(b *block) {
	for range g.between(maxPatterns/2, maxPatterns) {
		p := pick(g, pick(g, g.o.Patterns...)...)
		if p.CanFail && !g.failing {
			continue
		}
		g.patterns = append(g.patterns, p)
		for _, r := range p.Registers {
			t := r.Type
			if t.Weak {
				t.Shape = nil
			}
			if g.holding(b, t) != nil && g.chance(0.6) {
				continue
			}
			name := g.ownName("k")
			g.p.Registers = append(g.p.Registers, ir.Register{Name: name, Init: g.special(t)})
			b.env.set(entry{name: name, t: t, stable: true, locked: g.o.Tame})
		}
	}
	slices.SortFunc(g.p.Registers, func(a, b ir.Register) int { return strings.Compare(a.Name, b.Name) })
}

// patterned returns a run of statements that are patterns, nil if there are none
// for b.
func (g *generator) patterned(b *block) []*ir.Node {
	if len(g.patterns) == 0 || b.hook || b.scope.smooth {
		return nil
	}
	var nodes []*ir.Node
	for range g.between(1, maxPatternRun) {
		nodes = append(nodes, g.instance(b, pick(g, g.patterns...))...)
	}
	g.steps -= len(nodes) * b.times
	return nodes
}

// instance returns the statements of a pattern on registers of b, nil if these do
// not fit.
func (g *generator) instance(b *block, p Pattern) []*ir.Node {
	operands := map[string]*ir.Node{}
	for _, r := range p.Registers {
		if operands[r.Name] = g.operand(b, r.Type); operands[r.Name] == nil {
			return nil
		}
	}
	names := map[string]string{} // of the registers that it stores to
	var nodes []*ir.Node
	for _, n := range p.Body {
		n = substituted(n, operands)
		stores := slices.Clone(n.Stores())
		for i, name := range stores {
			if name == ir.Discard {
				continue
			}
			if names[name] == "" {
				names[name] = g.result(b, p, name)
			}
			stores[i], operands[name] = names[name], ir.Reg(names[name])
		}
		if len(stores) > 0 {
			n = n.StoringTo(stores...)
		}
		nodes = append(nodes, n)
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		old := b.env.find(names[name])
		b.env.set(entry{name: names[name], t: p.Results[name], fixed: old != nil && old.fixed})
	}
	return nodes
}

// operand returns an operand of type t, mostly a register, nil if none is known.
func (g *generator) operand(b *block, t ir.Type) *ir.Node {
	if !t.Weak && !g.o.Tame && g.chance(0.05) {
		return g.expr(b, t, 1)
	}
	if n := g.holding(b, t); n != nil {
		return ir.Reg(n.name)
	}
	if n := g.holding(b, shaped(t, nil)); n != nil && t.Weak {
		return ir.Call("broadcast_to", ir.Reg(n.name), integers(t.Shape))
	}
	return nil
}

// holding returns what is known of a register that holds a value of type t, nil
// if there is none.
func (g *generator) holding(b *block, t ir.Type) *entry {
	held := b.env.matching(func(n *entry) bool { return n.t.Equal(t) && (n.locked || !g.o.Tame) })
	if len(held) == 0 {
		return nil
	}
	return pick(g, held...)
}

// result returns a register for what the pattern stores to the named one. Others
// see it at any time, so that its type may not change on the way.
func (g *generator) result(b *block, p Pattern, name string) string {
	times := 0
	for _, n := range p.Body {
		for _, store := range n.Stores() {
			if store == name {
				times++
			}
		}
	}
	if n := g.holding(b, p.Results[name]); n != nil && !n.locked && times == 1 && g.chance(0.4) {
		return n.name
	}
	return g.ownName("q")
}

// substituted returns n with operands in the place of registers, as a front end
// would make it.
func substituted(n *ir.Node, operands map[string]*ir.Node) *ir.Node {
	if operand := operands[n.Text("reg")]; n.Op == "reg" && operand != nil {
		return copied(operand)
	}
	c := copied(n)
	for i, arg := range c.Args {
		c.Args[i] = substituted(arg, operands)
	}
	for i, k := range c.Kwargs {
		c.Kwargs[i].Node = substituted(k.Node, operands)
	}
	return c
}

// copied returns a copy of n that has operands, but neither an ID nor a position,
// of its own.
func copied(n *ir.Node) *ir.Node {
	c := n.Copy()
	c.ID, c.Pos = 0, ir.Pos{}
	for i, arg := range c.Args {
		c.Args[i] = copied(arg)
	}
	for i, k := range c.Kwargs {
		c.Kwargs[i].Node = copied(k.Node)
	}
	return c
}

// Specials are the numbers on which inexact rules show.
var Specials = []float64{0, math.Copysign(0, -1), 1, -1, 2, -2, 0.5, 3, -0.75, 1e-3, math.Inf(1), math.Inf(-1), math.NaN(),
	math.SmallestNonzeroFloat64, -math.SmallestNonzeroFloat64, math.SmallestNonzeroFloat32, -3 * math.SmallestNonzeroFloat32,
	math.MaxFloat64, -math.MaxFloat64, math.MaxFloat32, -math.MaxFloat32, 0x1p-126, 0x1p-1022, 1.0000001, 1e30, 88.7, -103.9, 255, 128,
	math.MaxInt32, math.MinInt32, math.MaxInt64, math.MinInt64, 16777217}

// special returns a literal of type t, which is a number, some of whose elements
// are special.
func (g *generator) special(t ir.Type) *ir.Node {
	share := pick(g, 0, 0.2, 0.8) // a NaN would hide the others in a sum
	element := func() ir.Value {
		if g.o.Tame {
			return ir.Float(0.25 + 1.5*g.r.Float64()).Convert(t.DType)
		}
		if g.chance(share) {
			return ir.Float(pick(g, Specials...)).Convert(t.DType)
		}
		return g.scalar(t.DType)
	}
	if len(t.Shape) == 0 {
		return ir.Const(element().AsWeak(t.Weak))
	}
	tensor, err := ir.NewTensor(t.DType, t.Shape...)
	if err != nil {
		panic("bug: " + err.Error())
	}
	for i := range tensor.Size() {
		tensor.SetAt(i, element())
	}
	return ir.Const(ir.TensorValue(tensor))
}
