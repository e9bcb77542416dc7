package ir

import "strings"

// unsetReads reports reads of registers that are provably unset whenever
// control reaches them. It follows what may have been stored; a register that
// some path may set is no problem.
func (v *verifier) unsetReads(s *scope, known map[string]bool) {
	a := &unsetAnalysis{v: v, known: known, ever: nameSet{in: map[string]bool{}}, first: nameSet{in: map[string]bool{}}, certain: true}
	for i := range s.registers {
		if s.registers[i].Init != nil {
			a.store(s.registers[i].Name)
		}
	}
	for _, name := range s.inputs {
		a.store(name)
	}
	if a.setAtEntry() {
		return
	}
	field := s.field
	if field == "" {
		field = "body"
	}
	a.body(s.body, s.at, field)
}

// setAtEntry reports whether every register is set before the first statement.
func (a *unsetAnalysis) setAtEntry() bool {
	for name := range a.known {
		if !a.first.in[name] {
			return false
		}
	}
	return true
}

type unsetAnalysis struct {
	v     *verifier
	known map[string]bool
	// ever holds the registers that may be set whenever control comes here.
	ever nameSet
	// first holds those that may be set when control comes here first. It
	// counts while certain: control is sure to come here in the first
	// iteration of the loops around.
	first   nameSet
	certain bool
	// inLoop says that ever already holds every store of the loop or weave
	// around.
	inLoop   bool
	left     bool // a break or continue of the loop around has been passed
	branches int  // depth of switches around
}

// maxExactBranches bounds the nesting of switches in which one branch's stores
// are kept from the others'; it keeps the analysis linear.
const maxExactBranches = 16

// nameSet is a set that can be brought back to an earlier state.
type nameSet struct {
	in    map[string]bool
	added []string
}

func (s *nameSet) add(name string) {
	if !s.in[name] {
		s.in[name] = true
		s.added = append(s.added, name)
	}
}

// removeSince takes back and returns what was added after mark.
func (s *nameSet) removeSince(mark int) []string {
	removed := append([]string(nil), s.added[mark:]...)
	for _, name := range removed {
		delete(s.in, name)
	}
	s.added = s.added[:mark]
	return removed
}

func (a *unsetAnalysis) store(name string) {
	a.ever.add(name)
	a.first.add(name)
}

func (a *unsetAnalysis) body(body []*Node, at *Path, key string) {
	for i, n := range body {
		a.statement(n, at.Item(key, i))
	}
}

// operands reports the unset reads in the operands of n.
func (a *unsetAnalysis) operands(n *Node, at *Path) {
	Children(at, n, func(at *Path, f *Field, child *Node) {
		if f.HoldsOperands() {
			WalkNode(at, child, a.read)
		}
	})
}

func (a *unsetAnalysis) read(at *Path, n *Node) bool {
	if n.Op == "reg" {
		name, _, _ := strings.Cut(n.Text("reg"), ".")
		a.readName(n, at, name)
	}
	return true
}

// readName reports an unset read of a register by n.
func (a *unsetAnalysis) readName(n *Node, at *Path, name string) {
	if unset := !a.ever.in[name] || a.certain && !a.first.in[name]; unset && a.known[name] {
		a.v.report(n.Pos, at, "register %q is read before anything sets it", name)
	}
}

func (a *unsetAnalysis) statement(n *Node, at *Path) {
	a.hooks(n, at, "before")
	a.element(n, at)
	for _, name := range n.Stores() {
		a.store(name)
	}
	a.hooks(n, at, "after")
}

// hooks analyses what runs on one side of n. A hook that does not run each time
// is not sure to.
func (a *unsetAnalysis) hooks(n *Node, at *Path, side string) {
	certain := a.certain
	for i, h := range n.Body("hooks") {
		at := at.Item("hooks", i)
		a.certain = certain && h.Attr("every").IsNull()
		if len(h.Body(side)) > 0 {
			a.operands(h, at)
		}
		a.certain = a.certain && h.Kwarg("when") == nil
		a.body(h.Body(side), at, side)
	}
	a.certain = certain
}

func (a *unsetAnalysis) element(n *Node, at *Path) {
	switch n.Op {
	case "graph", "next_n", "block":
		a.body(n.Body("source"), at, "source")
	case "seq":
		a.body(n.Body("seq"), at, "seq")
	case "repeat", "buffer", "loop", "while", "until":
		a.loop(n, at)
	case "switch":
		a.operands(n, at)
		a.choose(n, at)
	case "weave":
		a.apart(n, func() { a.regions(n, at) })
	case "spawn":
		a.spawn(n, at)
	case "break", "continue":
		a.certain, a.left = false, true
	default:
		a.operands(n, at)
		a.regions(n, at)
	}
}

// spawn analyses what a spawn statement does to the registers around it. What
// it gives is set from here on at the earliest.
func (a *unsetAnalysis) spawn(n *Node, at *Path) {
	a.operands(n, at)
	for i, name := range n.Names("in") {
		a.readName(n, at.Item("in", i), name)
	}
	for _, name := range n.Names("out") {
		a.store(name)
	}
}

// regions analyses the regions of n one after the other.
func (a *unsetAnalysis) regions(n *Node, at *Path) {
	Children(at, n, func(at *Path, f *Field, child *Node) {
		if !f.HoldsOperands() && f.Name != "hooks" {
			a.statement(child, at)
		}
	})
}

// apart analyses a part of n that may run after any other part of n has run.
func (a *unsetAnalysis) apart(n *Node, analyse func()) {
	inLoop, certain := a.inLoop, a.certain
	if !inLoop {
		for i := range n.Regions {
			for name := range StoresIn(n.Regions[i].Body) {
				a.ever.add(name)
			}
		}
	}
	a.inLoop, a.certain = true, false
	analyse()
	a.inLoop, a.certain = inLoop, certain
}

func (a *unsetAnalysis) loop(n *Node, at *Path) {
	if n.Op != "until" {
		a.operands(n, at)
	}
	certain := a.certain && runsOnce(n)
	if counter := n.Text("as"); counter != "" {
		a.store(counter)
	}
	outer, left := a.certain, a.left
	a.apart(n, func() {
		a.certain = certain
		a.regions(n, at)
		if n.Op == "until" {
			a.operands(n, at)
		}
	})
	a.certain, a.left = outer, left
}

// runsOnce reports whether the body of a loop surely begins when it is reached.
func runsOnce(n *Node) bool {
	switch n.Op {
	case "loop", "until":
		return true
	case "repeat", "buffer":
		if len(n.Args) == 1 && n.Args[0].Op == "const" {
			count := n.Args[0].Attr("value")
			return count.IsScalar() && count.Float64() > 0
		}
	}
	return false
}

// choose analyses the branches of a switch, of which one runs.
func (a *unsetAnalysis) choose(n *Node, at *Path) {
	certain := a.certain
	a.branches++
	exact := a.branches <= maxExactBranches
	var ever, first []string
	index := 0
	for i := range n.Regions {
		region := &n.Regions[i]
		if region.Field == "hooks" {
			continue
		}
		inner := at.Child("default")
		if region.Field == "cases" {
			inner = at.Item("cases", index).Child("body")
			index++
		}
		everMark, firstMark := len(a.ever.added), len(a.first.added)
		a.certain = false
		a.body(region.Body, inner, "")
		if exact {
			ever = append(ever, a.ever.removeSince(everMark)...)
			first = append(first, a.first.removeSince(firstMark)...)
		}
	}
	for _, name := range ever {
		a.ever.add(name)
	}
	for _, name := range first {
		a.first.add(name)
	}
	a.branches--
	a.certain = certain && !a.left
}

// StoresIn returns the registers that the statements may store to. A fragment
// that they spawn has registers of its own, of which join stores those that it
// gives.
func StoresIn(body []*Node) map[string]bool {
	stores := map[string]bool{}
	storesIn(body, stores)
	return stores
}

func storesIn(body []*Node, stores map[string]bool) {
	for _, n := range body {
		for _, name := range n.EachStore() {
			if name != Discard && !IsLocal(name) {
				stores[name] = true
			}
		}
		if n.Op == "spawn" {
			for _, name := range n.Names("out") {
				stores[name] = true
			}
			storesIn(n.Body("hooks"), stores)
			continue
		}
		if counter := n.Text("as"); counter != "" {
			stores[counter] = true
		}
		for i := range n.Regions {
			storesIn(n.Regions[i].Body, stores)
		}
	}
}
