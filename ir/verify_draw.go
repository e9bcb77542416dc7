package ir

import (
	"maps"
	"slices"
	"strings"
)

// splitMethod is the name of the method with the effect [Splits] that makes an
// object a generator.
const splitMethod = "split"

// draws reports draws from generators in the fragment of the spawn n that are
// not preceded by a split. The fragment has copies of the generators: without a
// split it would draw what the rest of the program draws, and each copy what
// the others draw.
func (v *verifier) draws(n *Node, at *Path) {
	a := &drawAnalysis{v: v, functions: map[string]*drawSummary{}, budget: maxDrawWork}
	split := &nameSet{in: map[string]bool{}}
	for i, child := range n.Body("spawn") {
		a.statement(child, split, func(c *Node, draw, object string) {
			v.report(c.Pos, at.Item("spawn", i), "%s draws from the spawn's copy of %s, and so what is drawn elsewhere too: call %s.%s first, with a number that no other copy has",
				draw, object, object, splitMethod)
		})
	}
}

// maxDrawWork bounds the analysis of one spawn.
const maxDrawWork = 5_000_000

type drawAnalysis struct {
	v         *verifier
	functions map[string]*drawSummary
	budget    int
}

// A drawSummary says what a call of a function does to generators: those that
// it draws from before it splits them, by the method that draws, and those that
// it has surely split.
type drawSummary struct {
	draws  map[string]string
	splits nameSet
}

type drawReport func(n *Node, draw, object string)

// method returns the signature of a method if its object is a generator, or
// nil.
func (a *drawAnalysis) method(object, method string) *Signature {
	o := a.v.objects[object]
	if o == nil {
		return nil
	}
	if sig := a.v.lib.Method(o.Class, splitMethod); sig == nil || sig.Effects&Splits == 0 {
		return nil
	}
	return a.v.lib.Method(o.Class, method)
}

func (a *drawAnalysis) body(body []*Node, split *nameSet, report drawReport) {
	for _, n := range body {
		a.statement(n, split, report)
	}
}

func (a *drawAnalysis) statement(n *Node, split *nameSet, report drawReport) {
	if a.budget--; a.budget < 0 {
		return
	}
	switch n.Op {
	case "call":
		a.call(n, split, report)
	case "seq":
		a.body(n.Body("seq"), split, report)
	case "spawn":
		// Its fragment has copies of its own.
	default:
		a.perhaps(n, split, report)
	}
	for _, h := range n.Body("hooks") {
		a.perhaps(h, split, report)
	}
}

// perhaps analyses regions that may not run: what they split does not count
// afterwards.
func (a *drawAnalysis) perhaps(n *Node, split *nameSet, report drawReport) {
	for i := range n.Regions {
		if n.Regions[i].Field != "hooks" {
			mark := len(split.added)
			a.body(n.Regions[i].Body, split, report)
			split.removeSince(mark)
		}
	}
}

func (a *drawAnalysis) call(n *Node, split *nameSet, report drawReport) {
	name := n.Text("call")
	if object, method, isMethod := strings.Cut(name, "."); isMethod {
		switch sig := a.method(object, method); {
		case sig == nil:
		case sig.Effects&Splits != 0:
			split.add(object)
		case sig.Effects&Random != 0 && !split.in[object]:
			report(n, name, object)
		}
		return
	}
	f := a.v.functions[name]
	if f == nil {
		return
	}
	summary := a.function(f)
	a.budget -= len(summary.draws) + len(summary.splits.added)
	for _, object := range slices.Sorted(maps.Keys(summary.draws)) {
		if !split.in[object] {
			report(n, name+" calls "+summary.draws[object]+", which", object)
		}
	}
	for _, object := range summary.splits.added {
		split.add(object)
	}
}

func (a *drawAnalysis) function(f *Function) *drawSummary {
	if s := a.functions[f.Name]; s != nil {
		return s
	}
	s := &drawSummary{draws: map[string]string{}, splits: nameSet{in: map[string]bool{}}}
	a.functions[f.Name] = s // ends the search in a program with recursion
	a.body(f.Body, &s.splits, func(n *Node, draw, object string) {
		if inner := a.functions[n.Text("call")]; inner != nil {
			draw = inner.draws[object]
		}
		s.draws[object] = draw
	})
	return s
}
