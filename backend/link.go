package backend

import (
	"fmt"
	"slices"

	"flowc.dev/flowc/ir"
)

// linker turns verified nodes into linked code.
type linker struct {
	m         *Machine
	p         *ir.Program
	cfg       Config
	objects   map[string]*instance
	declared  map[string]*ir.Function
	functions map[string]*scopeCode // linked ones
	loops     []*stmt               // around what is being linked, outermost first, within its scope
	slabs     slabs
}

func newLinker(m *Machine, p *ir.Program, cfg Config) *linker {
	l := &linker{m: m, p: p, cfg: cfg}
	if len(m.objects) > 0 {
		l.objects = make(map[string]*instance, len(m.objects))
	}
	for _, o := range m.objects {
		l.objects[o.name] = o
	}
	if len(p.Functions) > 0 {
		l.declared = make(map[string]*ir.Function, len(p.Functions))
		l.functions = map[string]*scopeCode{}
	}
	for _, f := range p.Functions {
		l.declared[f.Name] = f
	}
	return l
}

func (l *linker) program() (*scopeCode, error) {
	return l.scope("program", l.p.Registers, l.p.Inputs, nil, l.p.Outputs, l.p.Body)
}

// function links a function once.
func (l *linker) function(name string) (*scopeCode, error) {
	if code := l.functions[name]; code != nil {
		return code, nil
	}
	f := l.declared[name]
	if f == nil {
		return nil, fmt.Errorf("unknown function %q", name)
	}
	code, err := l.scope(name, f.Registers, nil, f.Params, f.Returns, f.Body)
	if err == nil {
		l.functions[name] = code
	}
	return code, err
}

func (l *linker) scope(name string, registers []ir.Register, inputs, params, outputs []string, body []*ir.Node) (*scopeCode, error) {
	c := &scopeCode{name: name, slots: map[string]int{}}
	for i := range registers {
		r := &registers[i]
		slot := c.slot(r.Name)
		if r.Fixed {
			c.fixed[slot] = &r.Type
		}
		if r.Init == nil {
			continue
		}
		v, err := ir.Literal(r.Init)
		if err == nil {
			v, err = c.sink(r.Name).convert(v)
		}
		if err != nil {
			return nil, ir.Problem{File: l.p.File, Pos: r.Pos, Message: fmt.Sprintf("register %q: %v", r.Name, err)}
		}
		v.Freeze()
		c.initial[slot] = v
	}
	for _, names := range [][]string{inputs, params, outputs} {
		for _, name := range names {
			c.slot(name)
		}
	}
	var others []string
	for name := range ir.StoresIn(body) {
		if _, known := c.slots[name]; !known {
			others = append(others, name)
		}
	}
	slices.Sort(others)
	for _, name := range others {
		c.slot(name)
	}
	for _, name := range params {
		c.params = append(c.params, *c.sink(name))
	}
	for _, name := range outputs {
		c.outputs = append(c.outputs, c.slots[name])
	}
	var err error
	around := l.loops
	l.loops = nil
	c.body, err = l.block(c, body, false)
	l.loops = around
	return c, err
}

// slot returns the slot of a register, making one if there is none.
func (c *scopeCode) slot(name string) int {
	slot, ok := c.slots[name]
	if !ok {
		slot = len(c.initial)
		c.slots[name] = slot
		c.initial = append(c.initial, ir.Unset())
		c.fixed = append(c.fixed, nil)
	}
	return slot
}

func (c *scopeCode) sink(name string) *sink {
	if name == ir.Discard {
		return &sink{slot: -1, name: name}
	}
	slot := c.slot(name)
	return &sink{slot: slot, name: name, fixed: c.fixed[slot]}
}

// block links statements; with want, the last one's value is used.
func (l *linker) block(c *scopeCode, body []*ir.Node, want bool) ([]*stmt, error) {
	code := make([]*stmt, len(body))
	for i, n := range body {
		st, err := l.statement(c, n, want && i == len(body)-1)
		if err != nil {
			return nil, err
		}
		code[i] = st
	}
	return code, nil
}

func (l *linker) statement(c *scopeCode, n *ir.Node, want bool) (*stmt, error) {
	st := &stmt{node: n, want: want, counter: -1}
	for _, name := range n.EachStore() {
		st.stores = append(st.stores, *c.sink(name))
	}
	var err error
	switch n.Op {
	case "call":
		err = l.callStatement(c, st)
	case "graph":
		err = l.graph(c, st)
	case "next_n":
		err = l.nextN(c, st)
	case "block":
		err = l.blockLeaf(c, st)
	case "print":
		args := &expr{kind: exprList, node: n}
		err = l.operands(c, args, n.Args, nil)
		st.exec = &printLeaf{args: args}
	case "popen":
		err = l.popen(c, st)
	case "spawn":
		err = l.spawn(c, st)
	case "join":
		err = l.join(c, st)
	default:
		var ok bool
		if st.kind, ok = controlKinds[n.Op]; !ok {
			return nil, l.problem(n, "%s cannot be run: compile the program first", n.Op)
		}
		err = l.control(c, st)
	}
	if err == nil {
		err = l.hooks(c, st)
	}
	st.special = st.kind == kindFused || st.hooks != nil
	if l.cfg.Profile && st.exec != nil {
		st.profile = &profileCounter{st: st}
		l.m.profile = append(l.m.profile, st.profile)
	}
	return st, err
}

func (l *linker) problem(n *ir.Node, format string, args ...any) error {
	return ir.Problem{File: l.p.File, Pos: n.Pos, Message: fmt.Sprintf(format, args...)}
}

func (l *linker) control(c *scopeCode, st *stmt) error {
	n := st.node
	var err error
	if st.kind == kindWhile || st.kind == kindUntil { // evaluated inside
		l.loops = append(l.loops, st)
		defer func() { l.loops = l.loops[:len(l.loops)-1] }()
	}
	if len(n.Args) == 1 {
		if st.operand, err = l.operand(c, n.Args[0], nil); err != nil {
			return err
		}
	}
	if counter := n.Text("as"); counter != "" {
		st.counter = c.slot(counter)
	}
	if st.kind == kindRepeat || st.kind == kindLoop || st.kind == kindBuffer {
		l.loops = append(l.loops, st)
		defer func() { l.loops = l.loops[:len(l.loops)-1] }()
	}
	valueUsed := st.want || len(st.stores) > 0 || st.kind == kindBuffer
	for i := range n.Regions {
		region := &n.Regions[i]
		if region.Field == "hooks" {
			continue
		}
		body, err := l.block(c, region.Body, valueUsed)
		if err != nil {
			return err
		}
		switch region.Field {
		case "cases":
			st.cases = append(st.cases, branch{region.When, body})
		case "weave":
			st.strands = append(st.strands, body)
		default:
			st.body = body
		}
	}
	st.decided = st.kind.isLoop() && hasDecided(st.body)
	if st.kind == kindWeave {
		st.require = int64(len(st.strands))
		if require := n.Attr("require"); !require.IsNull() {
			st.require = require.Int64()
		}
		for _, w := range ir.Ints(n.Attr("weights")) {
			st.weights = append(st.weights, int64(w))
		}
		st.byStmt = n.Text("turn") == "statement"
	}
	return nil
}
