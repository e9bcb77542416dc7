package ir

import (
	"slices"
	"time"
)

// spawn checks a spawn statement: the registers that go in and out, and its
// body, which is a scope of its own.
func (v *verifier) spawn(s *scope, n *Node, at *Path, in place, known map[string]bool) {
	ins, outs, body := n.Names("in"), n.Names("out"), n.Body("spawn")
	v.names("register", ins, n.Pos, at, "in")
	v.names("register", outs, n.Pos, at, "out")
	inside := StoresIn(body)
	for i, name := range ins {
		if !known[name] && !v.optimized {
			v.report(n.Pos, at.Item("in", i), "nothing sets register %q in the %s", name, s.what)
		}
	}
	for i, name := range outs {
		switch {
		case !inside[name]:
			v.report(n.Pos, at.Item("out", i), "the body of the spawn does not store to %q, which it is to give", name)
		case s.function == nil && v.objects[name] != nil:
			v.report(n.Pos, at.Item("out", i), "%q is an object, not a register", name)
		}
	}
	index := n.Text("as")
	switch {
	case index == "":
	case !IsStacked(n):
		v.report(n.Pos, at.Child("as"), "register %q counts the copies, and there is one: give n, the number of copies", index)
	case !IsName(index) || index == Discard || slices.Contains(ins, index):
		v.report(n.Pos, at.Child("as"), "%q is not a register to count the copies in, or is listed under in", index)
	}
	if count := n.Kwarg("n"); count != nil {
		v.operand(s, count, at.Child("n"), in, known)
		v.countOf(count, at.Child("n"), n.Op)
	}
	v.oneStore(n, at, 1)
	v.hooks(s, n, at, in, known)
	v.fragment(s, n, at)
	v.draws(n, at)
}

// fragment checks the body of the spawn n. It sees the registers that go in and
// those that it stores to.
func (v *verifier) fragment(s *scope, n *Node, at *Path) {
	inner := &scope{function: s.function, registers: fragmentRegisters(s.registers, n), inputs: spawnInputs(n), body: n.Body("spawn"),
		what: `spawn, which sees only the registers that it lists under "in"`, at: at, field: "spawn"}
	known := StoresIn(inner.body)
	for _, name := range inner.inputs {
		known[name] = true
	}
	var counters []string
	if index := n.Text("as"); index != "" {
		counters = []string{index}
	}
	v.note(known)
	for i, child := range inner.body {
		v.statement(inner, child, at.Item("spawn", i), place{counters: counters}, known)
	}
	if !v.optimized {
		v.unsetReads(inner, known)
	}
	v.liveSpawns(inner)
}

// join checks that what the spawns of the scope give does not change a counter
// of the loops around the join.
func (v *verifier) join(s *scope, n *Node, at *Path, in place) {
	if len(in.counters) == 0 {
		return
	}
	for name := range s.outsOfSpawns() {
		if slices.Contains(in.counters, name) {
			v.report(n.Pos, at, "register %q, which a spawn gives, counts an enclosing repeat: the body may not store to it", name)
		}
	}
}

// outsOfSpawns returns the registers that the spawns of the scope give.
func (s *scope) outsOfSpawns() map[string]bool {
	if s.outs == nil {
		s.outs = map[string]bool{}
		for _, n := range s.body {
			VisitNode(n, func(n *Node) bool {
				if n.Op != "spawn" {
					return true
				}
				for _, name := range n.Names("out") {
					s.outs[name] = true
				}
				return false
			})
		}
	}
	return s.outs
}

func (v *verifier) popen(n *Node, at *Path) {
	if text := n.Text("timeout"); text != "" {
		if d, err := time.ParseDuration(text); err != nil || d <= 0 {
			v.report(n.Pos, at.Child("timeout"), "the timeout %q is no positive duration such as \"10s\"", text)
		}
	}
	v.oneStore(n, at, 2)
}

// oneStore checks that not too many registers take the results of n.
func (v *verifier) oneStore(n *Node, at *Path, results int) {
	if stores := len(n.Stores()); stores > results {
		v.report(n.Pos, at.Child("store"), "%s gives %d results, and %d registers are to take them", n.Op, results, stores)
	}
}
