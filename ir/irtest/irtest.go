// Package irtest makes random programs for tests, and makes failing ones small.
//
// The programs use every element of the language but popen. They are typed as
// they are made, so that nearly all of them run without an error unless errors
// are asked for, they end after a bounded number of steps or run on in a plain
// endless loop, and their tensors are small. They are biased so that every pass
// of the compiler finds something to do.
package irtest

import (
	"math/rand/v2"
	"slices"
	"strings"

	"flowc.dev/flowc/ir"
)

// Options say what random programs have in them. The zero value asks for
// programs of medium size without hooks and spawned fragments that run without
// an error.
type Options struct {
	// Size is about the number of statements; 0 is 30.
	Size int
	// Steps bounds the steps of a run, but for endless loops; 0 is 400.
	Steps int
	// Hooks attaches hooks to some statements.
	Hooks bool
	// Spawn lets programs spawn fragments and join them.
	Spawn bool
	// Failures is the share of programs, 0 to 1, that have statements which may
	// fail at run time.
	Failures float64
	// Digits lets programs read the handwritten digits, whose rows are large.
	Digits bool
	// Rows makes most control elements loops over the rows of a source.
	Rows bool
	// Patterns are statements that programs have, in groups: one of a group is as
	// likely as one of another, however many there are in it.
	Patterns [][]Pattern
	// Tame programs have little but patterns, on numbers from 0.25 to 1.75 that no
	// pattern has computed, and no control that depends on them: what rounding
	// changes stays small.
	Tame bool
}

// Program returns the random program of the seed, with IDs. Equal seeds and
// options give equal programs.
func Program(seed uint64, o Options) *ir.Program {
	if o.Size == 0 {
		o.Size = 30
	}
	if o.Steps == 0 {
		o.Steps = 400
	}
	g := &generator{r: rand.New(rand.NewPCG(seed, 0x666c6f7763)), o: o, p: &ir.Program{Name: "random"}}
	g.program()
	g.p.AssignIDs()
	return g.p
}

// A generator makes one program.
type generator struct {
	r         *rand.Rand
	o         Options
	p         *ir.Program
	functions []*function
	objects   []*object
	extents   []int     // what most shapes are made of
	types     []ir.Type // that most numbers have
	patterns  []Pattern // that the program has
	size      int       // statements left to make
	steps     int       // steps left to spend
	names     int       // names made that nobody else has
	counters  []string  // of repeats
	failing   bool      // the program is to have statements that may fail
}

// chance is true with probability p.
func (g *generator) chance(p float64) bool { return g.r.Float64() < p }

// pick returns one of the choices.
func pick[T any](g *generator, choices ...T) T { return choices[g.r.IntN(len(choices))] }

// between returns a number of low to high, both included.
func (g *generator) between(low, high int) int { return low + g.r.IntN(high-low+1) }

// weighted returns an index, each as likely as its weight says.
func (g *generator) weighted(weights ...int) int {
	sum := 0
	for _, w := range weights {
		sum += w
	}
	k := g.r.IntN(sum)
	for i, w := range weights {
		if k < w {
			return i
		}
		k -= w
	}
	panic("bug: weights")
}

// program fills g.p.
func (g *generator) program() {
	g.extents = []int{g.between(1, 4), g.between(2, 3), g.between(2, 5)}
	for range g.between(2, 5) {
		g.types = append(g.types, g.newNumberType())
	}
	g.size, g.steps = g.o.Size, g.o.Steps
	if g.o.Tame {
		g.tame()
		return
	}
	g.failing = g.chance(g.o.Failures)
	if g.chance(0.2) {
		g.p.Doc = "A random program."
	}
	g.makeObjects()
	main := &scope{}
	b := &block{env: &env{}, scope: main, times: 1}
	g.p.Registers = g.declare(b, g.between(2, 6))
	for i := range g.p.Registers {
		if r := &g.p.Registers[i]; r.Init != nil && g.chance(0.15) {
			g.p.Inputs = append(g.p.Inputs, r.Name)
		}
	}
	if len(g.o.Patterns) > 0 {
		g.choosePatterns(b)
	}
	g.makeFunctions()
	g.size = g.o.Size
	for g.size > 0 && g.steps > 0 {
		nodes, _ := g.statement(b)
		g.p.Body = append(g.p.Body, nodes...)
	}
	if g.chance(0.03) {
		g.p.Body = append(g.p.Body, g.endless(b)...)
	}
	for _, e := range b.env.entries {
		if g.chance(0.5) {
			g.p.Outputs = append(g.p.Outputs, e.name)
		}
	}
}

// declare makes the declarations of up to n registers of b's scope and sets
// those that have a first value.
func (g *generator) declare(b *block, n int) []ir.Register {
	var registers []ir.Register
	for i := range n {
		name := pick(g, "a", "b", "c", "d", "e", "x", "y", "z") + string(rune('0'+i))
		r := ir.Register{Name: name}
		switch g.weighted(6, 2, 2, 1) {
		case 0:
			t := g.anyType(b)
			r.Init = g.literal(t)
			b.env.set(entry{name: name, t: t})
		case 1: // a number to count with, which nothing stores to
			k := g.between(0, 4)
			r.Init = ir.Const(ir.WeakInt(int64(k)))
			b.env.set(entry{name: name, t: weakInt(), locked: true, small: k + 1})
		case 2:
			r.Fixed, r.Type = true, g.numberType()
			r.Type.Weak = false
			b.scope.fixed = append(b.scope.fixed, fixedRegister{name, r.Type})
			if g.chance(0.5) {
				r.Init = g.literal(r.Type)
				b.env.set(entry{name: name, t: r.Type, fixed: true})
			}
		}
		registers = append(registers, r)
	}
	slices.SortFunc(registers, func(a, b ir.Register) int { return strings.Compare(a.Name, b.Name) })
	return registers
}

// endless returns a loop that nothing leaves.
func (g *generator) endless(b *block) []*ir.Node {
	inner := b.loop(50)
	body, _ := g.body(inner, 3)
	body = append(body, g.assign(inner))
	return []*ir.Node{region("loop", "loop", body)}
}
