package backend

import (
	"errors"
	"fmt"
	"slices"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ir/state"
)

// spawnLeaf launches the copies of a fragment. Its value is their handle.
type spawnLeaf struct {
	node    *ir.Node    // in the source program
	program *ir.Program // the fragment
	scope   *scopeCode
	ins     []sink // only their slots and names are used
	outs    []sink
	count   *expr // of copies, nil for one that is not stacked
	index   string
	objects []*instance
}

// maxCopies bounds the copies that one spawn makes.
const maxCopies = 1 << 16

// A spawnSource is where a spawn statement stands in the source program.
type spawnSource struct {
	node     *ir.Node
	function *ir.Function
}

func (l *linker) spawn(c *scopeCode, st *stmt) error {
	source, err := l.spawnSource(st.node)
	if err != nil {
		return err
	}
	n := source.node
	leaf := &spawnLeaf{node: n, program: ir.Fragment(l.m.source(), source.function, n), scope: c, index: n.Text("as")}
	if on := n.Text("on"); on != "" && on != "local" {
		return l.problem(n, "there is no place %q to spawn on: want local", on)
	}
	for _, child := range leaf.program.Body {
		if child.ID == 0 {
			return l.problem(n, "the statements of a spawn need IDs: number the program with AssignIDs")
		}
	}
	for _, name := range n.Names("in") {
		leaf.ins = append(leaf.ins, *c.sink(name))
	}
	for _, name := range n.Names("out") {
		leaf.outs = append(leaf.outs, *c.sink(name))
	}
	for i := range leaf.program.Objects {
		leaf.objects = append(leaf.objects, l.objects[leaf.program.Objects[i].Name])
	}
	if count := st.node.Kwarg("n"); count != nil {
		if leaf.count, err = l.operand(c, count, nil); err != nil {
			return err
		}
	}
	st.exec = leaf
	c.ended = l.m.callEnded
	l.m.outside.spawns[leaf] = true
	return nil
}

// spawnSource finds a spawn statement in the source program: its body is not
// optimized as a part of this program, but by itself where it runs.
func (l *linker) spawnSource(n *ir.Node) (spawnSource, error) {
	o := &l.m.outside
	key := func(n *ir.Node) any {
		if l.m.source() == l.p {
			return n
		}
		return n.ID
	}
	if o.sources == nil {
		o.sources = map[any]spawnSource{}
		note := func(f *ir.Function, body []*ir.Node) {
			for _, n := range body {
				ir.VisitNode(n, func(n *ir.Node) bool {
					if n.Op == "spawn" {
						o.sources[key(n)] = spawnSource{n, f}
					}
					return n.Op != "spawn"
				})
			}
		}
		note(nil, l.m.source().Body)
		for _, f := range l.m.source().Functions {
			note(f, f.Body)
		}
	}
	source, ok := o.sources[key(n)]
	if !ok {
		return source, l.problem(n, "bug: the spawn is not in the source program")
	}
	return source, nil
}

var errNoFragments = errors.New("nothing runs spawned fragments: a Go program sets Fragments")

func (l *spawnLeaf) exec(m *Machine, s *strand, f *frame, st *stmt) error {
	if m.cfg.Fragments == nil {
		return errNoFragments
	}
	count := int64(1)
	if l.count != nil {
		var err error
		if count, err = m.evalCount(l.count, f.regs, "spawn"); err != nil {
			return err
		}
		if count > maxCopies {
			return fmt.Errorf("spawn of %d copies: the limit is %d; let each copy do more", count, maxCopies)
		}
	}
	if err := m.checkOuts(l, f.regs); err != nil {
		return err
	}
	start, err := l.start(m, f.regs)
	if err != nil {
		return err
	}
	handle := max(m.outside.next, 1)
	for i := range st.stores {
		if _, err := st.stores[i].convert(ir.Int(handle)); err != nil {
			return err
		}
	}
	c := &child{handle: handle, leaf: l, regs: f.regs, stacked: l.count != nil}
	for i := range count {
		if err := c.launch(m, FragmentState{Snapshot: l.startOf(start, i)}); err != nil {
			closeAll(c)
			return err
		}
	}
	m.outside.next = handle + 1
	m.outside.children = append(m.outside.children, c)
	return st.finish(f, []ir.Value{ir.Int(handle)}, 0, nil)
}

// checkOuts reports a register that a fragment which has not been joined is to
// give too. Most such programs are refused when they are loaded.
func (m *Machine) checkOuts(l *spawnLeaf, regs []ir.Value) error {
	for _, other := range m.outside.children {
		if !other.gives(regs) {
			continue
		}
		for _, out := range l.outs {
			if slices.ContainsFunc(other.leaf.outs, func(k sink) bool { return k.slot == out.slot }) {
				return fmt.Errorf("register %q is given by the fragment with handle %d, spawned at %s, which has not been joined: join it first or give another register",
					out.name, other.handle, other.leaf.node.Pos)
			}
		}
	}
	return nil
}

// start returns the state that the fragment begins in, but for the index of a
// copy.
func (l *spawnLeaf) start(m *Machine, regs []ir.Value) (*state.Snapshot, error) {
	s := &state.Snapshot{Program: l.program, Family: m.family(), Seed: m.cfg.Seed}
	s.Run.Registers = map[string]ir.Value{}
	for _, in := range l.ins {
		v := regs[in.slot]
		if v.IsUnset() {
			return nil, unsetError(in.name)
		}
		s.Run.Registers[in.name] = frozen(v)
	}
	s.Run.Objects = map[string]ir.Value{}
	for _, o := range l.objects {
		s.Run.Objects[o.name] = frozen(o.object.State())
	}
	body := state.Frame{}
	if len(l.program.Body) > 0 {
		body.At = l.program.Body[0].ID
	}
	s.Run.Main = state.Strand{Next: state.Enter, Frames: []state.Frame{body}}
	return s, nil
}

// startOf returns the state that copy i begins in.
func (l *spawnLeaf) startOf(start *state.Snapshot, i int64) *state.Snapshot {
	if l.index == "" {
		return start
	}
	s := *start
	s.Run.Registers = map[string]ir.Value{}
	for name, v := range start.Run.Registers {
		s.Run.Registers[name] = v
	}
	s.Run.Registers[l.index] = ir.Int(i)
	return &s
}
