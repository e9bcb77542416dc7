package ir

import "maps"

// liveSpawns reports spawns of the scope that can be live together, launched
// and not joined, and give the same register. It follows which spawns' handles
// registers may hold; a handle that goes ways it cannot follow counts as joined,
// which the run then finds out.
func (v *verifier) liveSpawns(s *scope) {
	if v.spawns == 0 {
		return
	}
	a := &liveAnalysis{v: v, concerned: map[*Node]bool{}, pointers: map[*Node]*Path{}, reported: map[*Node]bool{}, budget: maxLiveWork}
	field := s.field
	if field == "" {
		field = "body"
	}
	for i, n := range s.body {
		a.mark(s.at.Item(field, i), n)
	}
	if len(a.pointers) > 0 {
		a.body(newLiveState(), s.body)
	}
}

// maxLiveWork bounds the analysis, which visits the body of a loop twice.
const maxLiveWork = 5_000_000

type liveAnalysis struct {
	v         *verifier
	concerned map[*Node]bool  // the spawns and joins, and what they stand in
	pointers  map[*Node]*Path // of the spawns
	reported  map[*Node]bool
	budget    int
	left      *liveState // what holds where the loop around is left or goes on
}

// A liveState is what may hold at a place of the program.
type liveState struct {
	live  map[*Node]bool            // spawns that have not been joined
	holds map[string]map[*Node]bool // spawns whose handle a register has
}

func newLiveState() *liveState {
	return &liveState{live: map[*Node]bool{}, holds: map[string]map[*Node]bool{}}
}

func (a *liveAnalysis) clone(s *liveState) *liveState {
	a.budget -= len(s.live) + len(s.holds)
	return &liveState{live: maps.Clone(s.live), holds: maps.Clone(s.holds)}
}

// join adds to s what may hold in other.
func (a *liveAnalysis) join(s, other *liveState) {
	a.budget -= len(other.live) + len(other.holds)
	maps.Copy(s.live, other.live)
	for name, spawns := range other.holds {
		if len(s.holds[name]) > 0 {
			spawns = maps.Clone(spawns)
			maps.Copy(spawns, s.holds[name])
		}
		s.holds[name] = spawns
	}
}

// mark notes the statements that matter to the analysis and reports whether n
// is one.
func (a *liveAnalysis) mark(at *Path, n *Node) bool {
	concerned := n.Op == "join"
	if n.Op == "spawn" {
		concerned, a.pointers[n] = true, at
	} else {
		Children(at, n, func(at *Path, f *Field, child *Node) {
			if !f.HoldsOperands() && a.mark(at, child) {
				concerned = true
			}
		})
	}
	if concerned {
		a.concerned[n] = true
	}
	return concerned
}

func (a *liveAnalysis) body(s *liveState, body []*Node) {
	for _, n := range body {
		a.statement(s, n)
	}
}

func (a *liveAnalysis) statement(s *liveState, n *Node) {
	if a.budget--; a.budget < 0 {
		return
	}
	switch {
	case n.Op == "break" || n.Op == "continue":
		if a.left != nil {
			a.join(a.left, s)
		}
	case !a.concerned[n]:
		a.move(s, n)
	case n.Op == "spawn":
		a.spawn(s, n)
	case n.Op == "join":
		for spawn := range s.handles(n) {
			delete(s.live, spawn)
		}
	case n.Op == "switch":
		a.choose(s, n)
	case n.Op == "weave":
		a.weave(s, n)
	case SchemaOf(n.Op).Loop || n.Op == "buffer":
		a.loop(s, n)
	default:
		a.regions(s, n)
	}
}

func (a *liveAnalysis) regions(s *liveState, n *Node) {
	for i := range n.Regions {
		a.body(s, n.Regions[i].Body)
	}
}

// handles returns the spawns whose handle may be in a register that n reads.
func (s *liveState) handles(n *Node) map[*Node]bool {
	spawns := map[*Node]bool{}
	VisitNode(n, func(n *Node) bool {
		if n.Op == "reg" {
			maps.Copy(spawns, s.holds[n.Text("reg")])
		}
		return true
	})
	return spawns
}

// move follows handles through a statement that neither spawns nor joins.
func (a *liveAnalysis) move(s *liveState, n *Node) {
	stores := n.Stores()
	if len(stores) == 0 {
		return
	}
	spawns := s.handles(n)
	for _, name := range stores {
		s.holds[name] = spawns
	}
}

func (a *liveAnalysis) spawn(s *liveState, n *Node) {
	outs := map[string]bool{}
	for _, name := range n.Names("out") {
		outs[name] = true
	}
	a.budget -= len(s.live)
	var rival *Node
	var shared string
	for other := range s.live {
		for _, name := range other.Names("out") {
			if outs[name] && (rival == nil || before(other.Pos, rival.Pos) || other == rival && name < shared) {
				rival, shared = other, name
			}
		}
	}
	if rival != nil && !a.reported[n] {
		a.reported[n] = true
		a.v.report(n.Pos, a.pointers[n], "register %q is given by this spawn and by the one at %s, which may still be running: "+
			"join that one first, or give another register", shared, rival.Pos)
	}
	s.live[n] = true
	for _, name := range n.Stores() {
		s.holds[name] = map[*Node]bool{n: true}
	}
}

func before(p, q Pos) bool {
	return p.Line < q.Line || p.Line == q.Line && p.Column < q.Column
}

func (a *liveAnalysis) choose(s *liveState, n *Node) {
	var after *liveState
	for i := range n.Regions {
		branch := a.clone(s)
		a.body(branch, n.Regions[i].Body)
		if after == nil {
			after = branch
		} else {
			a.join(after, branch)
		}
	}
	if after != nil {
		*s = *after
	}
}

// loop visits the body twice, the second time with what the first left.
func (a *liveAnalysis) loop(s *liveState, n *Node) {
	outer := a.left
	for range 2 {
		a.left = newLiveState()
		inner := a.clone(s)
		a.regions(inner, n)
		a.join(s, inner)
		a.join(s, a.left)
		if atMostOnce(n) {
			break
		}
	}
	a.left = outer
}

func atMostOnce(n *Node) bool {
	return n.Op == "repeat" && len(n.Args) == 1 && n.Args[0].Op == "const" && n.Args[0].Attr("value").IsScalar() &&
		n.Args[0].Attr("value").Float64() <= 1
}

// weave analyses strands, whose statements come between each other's: the
// spawns of the other strands are live all the time.
func (a *liveAnalysis) weave(s *liveState, n *Node) {
	outer := a.left
	a.left = nil
	own := make([]map[*Node]bool, len(n.Regions))
	for i := range n.Regions {
		own[i] = spawnsIn(n.Regions[i].Body)
	}
	start := a.clone(s)
	for i := range n.Regions {
		strand, others := a.clone(start), map[*Node]bool{}
		for j := range own {
			a.budget -= len(own[j])
			if i != j && a.budget > 0 {
				maps.Copy(others, own[j])
			}
		}
		maps.Copy(strand.live, others)
		a.body(strand, n.Regions[i].Body)
		for spawn := range others {
			if !start.live[spawn] {
				delete(strand.live, spawn)
			}
		}
		a.join(s, strand)
	}
	a.left = outer
}

func spawnsIn(body []*Node) map[*Node]bool {
	spawns := map[*Node]bool{}
	for _, n := range body {
		VisitNode(n, func(n *Node) bool {
			if n.Op == "spawn" {
				spawns[n] = true
			}
			return n.Op != "spawn"
		})
	}
	return spawns
}
