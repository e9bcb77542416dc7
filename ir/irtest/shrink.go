package irtest

import "flowc.dev/flowc/ir"

// Shrink returns a small program for which fails still reports true, as it must
// for p: no program that one of its simplifications gives from the result fails.
// fails is given programs that may be invalid, and must not report true for
// those that do not matter. The number of its calls is bounded.
func Shrink(p *ir.Program, fails func(*ir.Program) bool) *ir.Program {
	s := &shrinker{fails: fails, calls: maxShrinkCalls}
	for s.calls > 0 {
		smaller := s.step(p)
		if smaller == nil {
			return p
		}
		p = smaller
	}
	return p
}

// maxShrinkCalls bounds the programs that Shrink tries.
const maxShrinkCalls = 4000

type shrinker struct {
	fails func(*ir.Program) bool
	calls int
}

func (s *shrinker) try(p *ir.Program) bool {
	s.calls--
	return s.calls >= 0 && s.fails(p)
}

// step returns a smaller program that fails, nil if there is none.
func (s *shrinker) step(p *ir.Program) *ir.Program {
	if q := s.declarations(p); q != nil {
		return q
	}
	if body := s.body(p.Body, func(body []*ir.Node) *ir.Program {
		q := p.Copy()
		q.Body = body
		return q
	}); body != nil {
		q := p.Copy()
		q.Body = body
		return q
	}
	for i, f := range p.Functions {
		with := func(body []*ir.Node) *ir.Program {
			q, g := p.Copy(), *f
			g.Body = body
			q.Functions = replaced(p.Functions, i, &g)
			return q
		}
		if body := s.body(f.Body, with); body != nil {
			return with(body)
		}
	}
	return nil
}

// declarations tries to leave out declarations, nil if none can be.
func (s *shrinker) declarations(p *ir.Program) *ir.Program {
	smaller := p
	try := func(leaveOut func(q *ir.Program)) {
		q := smaller.Copy()
		if leaveOut(q); s.try(q) {
			smaller = q
		}
	}
	for i := len(p.Functions) - 1; i >= 0; i-- {
		try(func(q *ir.Program) { q.Functions = without(q.Functions, i, i+1) })
	}
	for i := len(p.Objects) - 1; i >= 0; i-- {
		try(func(q *ir.Program) { q.Objects = without(q.Objects, i, i+1) })
	}
	for i := len(p.Registers) - 1; i >= 0; i-- {
		try(func(q *ir.Program) { q.Registers = without(q.Registers, i, i+1) })
	}
	if len(p.Outputs)+len(p.Inputs)+len(p.Doc) > 0 {
		try(func(q *ir.Program) { q.Outputs, q.Inputs, q.Doc = nil, nil, "" })
	}
	if smaller == p {
		return nil
	}
	return smaller
}

func without[T any](items []T, from, to int) []T {
	return append(append([]T(nil), items[:from]...), items[to:]...)
}

func replaced[T any](items []T, i int, by ...T) []T {
	return append(append(append([]T(nil), items[:i]...), by...), items[i+1:]...)
}

// body returns statements, fewer or simpler than the given ones, with which the
// program that with makes fails; nil if there are none.
func (s *shrinker) body(body []*ir.Node, with func([]*ir.Node) *ir.Program) []*ir.Node {
	fewer := body
	for size := len(body); size > 0; size /= 2 {
		for from := 0; from+size <= len(fewer); {
			if less := without(fewer, from, from+size); s.try(with(less)) {
				fewer = less
			} else {
				from += size
			}
		}
	}
	if len(fewer) < len(body) {
		return fewer
	}
	for i, n := range body {
		for _, simpler := range simplerStatements(n) {
			if smaller := replaced(body, i, simpler...); s.try(with(smaller)) {
				return smaller
			}
		}
		if n := s.inside(n, func(n *ir.Node) *ir.Program { return with(replaced(body, i, n)) }); n != nil {
			return replaced(body, i, n)
		}
	}
	return nil
}

// inside returns n with something smaller in it, nil if nothing fails so.
func (s *shrinker) inside(n *ir.Node, with func(*ir.Node) *ir.Program) *ir.Node {
	for i := range n.Regions {
		in := func(body []*ir.Node) *ir.Node {
			c := n.Copy()
			c.Regions[i].Body = body
			return c
		}
		if body := s.body(n.Regions[i].Body, func(body []*ir.Node) *ir.Program { return with(in(body)) }); body != nil {
			return in(body)
		}
	}
	for i := range n.Args {
		in := func(arg *ir.Node) *ir.Node {
			c := n.Copy()
			c.Args[i] = arg
			return c
		}
		if arg := s.operand(n.Args[i], func(arg *ir.Node) *ir.Program { return with(in(arg)) }); arg != nil {
			return in(arg)
		}
	}
	for i := range n.Kwargs {
		in := func(arg *ir.Node) *ir.Node {
			c := n.Copy()
			c.Kwargs[i].Node = arg
			return c
		}
		if arg := s.operand(n.Kwargs[i].Node, func(arg *ir.Node) *ir.Program { return with(in(arg)) }); arg != nil {
			return in(arg)
		}
	}
	return nil
}

// operand returns an operand simpler than n, nil if none fails.
func (s *shrinker) operand(n *ir.Node, with func(*ir.Node) *ir.Program) *ir.Node {
	for _, simpler := range simplerOperands(n) {
		if s.try(with(simpler)) {
			return simpler
		}
	}
	return s.inside(n, with)
}
