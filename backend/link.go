package backend

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops"
)

// linker turns verified nodes into linked code.
type linker struct {
	m         *Machine
	p         *ir.Program
	cfg       Config
	objects   map[string]*instance
	declared  map[string]*ir.Function
	functions map[string]*scopeCode // linked ones
}

func newLinker(m *Machine, p *ir.Program, cfg Config) *linker {
	l := &linker{m: m, p: p, cfg: cfg, objects: map[string]*instance{}, declared: map[string]*ir.Function{}, functions: map[string]*scopeCode{}}
	for _, o := range m.objects {
		l.objects[o.name] = o
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
	for _, name := range slices.Sorted(maps.Keys(ir.StoresIn(body))) {
		c.slot(name)
	}
	for _, name := range params {
		c.params = append(c.params, *c.sink(name))
	}
	for _, name := range outputs {
		c.outputs = append(c.outputs, c.slots[name])
	}
	var err error
	c.body, err = l.block(c, body, false)
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
	for _, name := range n.Stores() {
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
	case "print":
		args := &expr{kind: exprList, node: n}
		err = l.operands(c, args, n.Args, nil)
		st.exec = &printLeaf{args: args}
	default:
		var ok bool
		if st.kind, ok = controlKinds[n.Op]; !ok {
			return nil, l.problem(n, "%s cannot be run: compile the program first", n.Op)
		}
		err = l.control(c, st)
	}
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
	if len(n.Args) == 1 {
		if st.operand, err = l.operand(c, n.Args[0], nil); err != nil {
			return err
		}
	}
	if counter := n.Text("as"); counter != "" {
		st.counter = c.slot(counter)
	}
	valueUsed := st.want || len(st.stores) > 0 || st.kind == kindBuffer
	for i := range n.Regions {
		region := &n.Regions[i]
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

// callStatement links a call as a leaf or, of a function, as an element that is
// entered.
func (l *linker) callStatement(c *scopeCode, st *stmt) error {
	n := st.node
	name := n.Text("call")
	if strings.Contains(name, ".") {
		leaf, err := l.method(c, n, name, n.Args)
		st.exec = leaf
		return err
	}
	if l.declared[name] == nil {
		root, err := l.operand(c, n, nil)
		if err == nil && root.kind == exprOp && root.op.Name == identity {
			root = root.args[0]
		}
		st.exec = &opLeaf{root: root}
		return err
	}
	callee, err := l.function(name)
	if err != nil {
		return err
	}
	bound, problems := l.declared[name].Signature().Bind(n.Args, n.Kwargs)
	if len(problems) > 0 {
		return l.problem(n, "%s", problems[0])
	}
	args := &expr{kind: exprList, node: n}
	if err := l.operands(c, args, bound, nil); err != nil {
		return err
	}
	st.kind, st.call = kindCall, &callCode{callee: callee, args: args.args}
	return nil
}

// identity names the op whose result may be its operand itself: registers that
// hold the same value share its storage.
const identity = "identity"

func (l *linker) method(c *scopeCode, n *ir.Node, name string, args []*ir.Node) (*methodLeaf, error) {
	object, method, _ := strings.Cut(name, ".")
	self := l.objects[object]
	if self == nil {
		return nil, l.problem(n, "there is no object %q", object)
	}
	decl := self.class.Method(method)
	if decl == nil {
		return nil, l.problem(n, "%s has no method %q", self.class.Name, method)
	}
	bound, problems := decl.Bind(args, n.Kwargs)
	if len(problems) > 0 {
		return nil, l.problem(n, "%s", problems[0])
	}
	leaf := &methodLeaf{self: self, method: decl, args: &expr{kind: exprList, node: n}, out: make([]ir.Value, decl.Results)}
	if decl.Commit != nil {
		leaf.commit = func() { decl.Commit(self.object) }
	}
	return leaf, l.operands(c, leaf.args, bound, nil)
}

func (l *linker) nextN(c *scopeCode, st *stmt) error {
	n := st.node
	method, err := l.method(c, n, n.Text("next_n"), n.Args[1:])
	if err != nil {
		return err
	}
	if method.method.Source == nil {
		return l.problem(n, "%s is no bufferable source", n.Text("next_n"))
	}
	leaf := &nextLeaf{methodLeaf: *method}
	leaf.commit = func() { leaf.method.Source.Advance(leaf.self.object, int(leaf.taken)) }
	if leaf.count, err = l.operand(c, n.Args[0], nil); err != nil {
		return err
	}
	st.kind, st.exec = kindFused, leaf
	st.source, err = l.block(c, n.Body("source"), st.want)
	return err
}

// graph links a graph leaf. One that is the lowered form of a statement is a
// plain leaf: nothing can stop inside it.
func (l *linker) graph(c *scopeCode, st *stmt) error {
	n := st.node
	count, values := n.Attr("steps").Int64(), 1
	if v := n.Attr("values"); !v.IsNull() {
		values = int(v.Int64())
	}
	var err error
	if l.cfg.Graphs != nil {
		err = l.compiledGraph(c, st, count, values)
	} else {
		err = l.referenceGraph(c, st, count, values)
	}
	if err != nil || lowered(n) {
		return err
	}
	st.kind = kindFused
	st.source, err = l.block(c, n.Body("source"), st.want)
	return err
}

// lowered reports whether the graph is the form in which its one statement
// runs, rather than a faster form of statements that can run themselves.
func lowered(n *ir.Node) bool {
	source := n.Body("source")
	return len(source) == 0 || len(source) == 1 && source[0].ID == n.ID
}

func (l *linker) compiledGraph(c *scopeCode, st *stmt, count int64, values int) error {
	code, err := l.cfg.Graphs.Compile(st.node)
	if err != nil {
		return l.problem(st.node, "%s", err)
	}
	leaf := &compiledLeaf{code: code, names: code.Inputs(), count: count, values: values, out: make([]ir.Value, len(st.node.Names("yield")))}
	leaf.inputs = make([]ir.Value, len(leaf.names))
	for _, name := range leaf.names {
		leaf.slots = append(leaf.slots, c.slot(name))
	}
	st.exec = leaf
	return nil
}

func (l *linker) referenceGraph(c *scopeCode, st *stmt, count int64, values int) error {
	leaf := &graphLeaf{count: count, values: values}
	locals := map[string]yield{}
	for _, n := range st.node.Body("graph") {
		call, err := l.operand(c, n, locals)
		if err != nil {
			return err
		}
		leaf.calls = append(leaf.calls, call)
		leaf.locals = append(leaf.locals, len(leaf.space))
		for i, name := range n.Stores() {
			from := &expr{kind: exprLocal, node: n, slot: len(leaf.space) + i, name: name}
			locals[name] = yield{from: from, call: call, result: i}
		}
		leaf.space = append(leaf.space, make([]ir.Value, len(call.out))...)
	}
	for _, name := range st.node.Names("yield") {
		y, ok := locals[name]
		if !ok {
			if ir.IsLocal(name) {
				return l.problem(st.node, "the graph yields %s, which no call in it stores to", name)
			}
			y.from = &expr{kind: exprReg, node: st.node, slot: c.slot(name), name: name}
		}
		leaf.yields = append(leaf.yields, y)
	}
	if len(leaf.yields) < leaf.values {
		return l.problem(st.node, "the graph yields %d values, its value takes %d", len(leaf.yields), leaf.values)
	}
	leaf.out = make([]ir.Value, len(leaf.yields))
	st.exec = leaf
	return nil
}

func (l *linker) operands(c *scopeCode, e *expr, args []*ir.Node, locals map[string]yield) error {
	for _, arg := range args {
		linked, err := l.operand(c, arg, locals)
		if err != nil {
			return err
		}
		e.args = append(e.args, linked)
	}
	e.vals = make([]ir.Value, len(e.args))
	return nil
}

// operand links an expression.
func (l *linker) operand(c *scopeCode, n *ir.Node, locals map[string]yield) (*expr, error) {
	e := &expr{node: n}
	switch n.Op {
	case "const", "tensor":
		v, err := ir.Literal(n)
		if err != nil {
			return nil, l.problem(n, "%s", err)
		}
		v.Freeze()
		e.value = v
		return e, nil
	case "reg":
		return l.register(c, n, locals)
	case "list":
		e.kind = exprList
		return e, l.operands(c, e, n.Args, locals)
	case "record":
		e.kind = exprRecord
		var args []*ir.Node
		for _, k := range n.Kwargs {
			e.names = append(e.names, k.Name)
			args = append(args, k.Node)
		}
		return e, l.operands(c, e, args, locals)
	case "slice":
		e.kind = exprList
		return e, l.operands(c, e, sliceBounds(n.Args), locals)
	case "index":
		return e, l.call(c, e, l.cfg.Registry.Lookup("getitem"), n.Args, nil, locals)
	case "call":
		name := n.Text("call")
		if l.declared[name] != nil {
			return e, l.pureCall(c, e, name)
		}
		op := l.cfg.Registry.Lookup(name)
		if op == nil {
			return nil, l.problem(n, "unknown op %q", name)
		}
		return e, l.call(c, e, op, n.Args, n.Kwargs, locals)
	}
	return nil, l.problem(n, "%s is no operand", n.Op)
}

// sliceBounds returns start, stop and step; one bound alone is the stop.
func sliceBounds(args []*ir.Node) []*ir.Node {
	null := ir.Const(ir.Value{})
	switch len(args) {
	case 1:
		return []*ir.Node{null, args[0], null}
	case 2:
		return []*ir.Node{args[0], args[1], null}
	}
	return args
}

func (l *linker) register(c *scopeCode, n *ir.Node, locals map[string]yield) (*expr, error) {
	name, rest, hasFields := strings.Cut(n.Text("reg"), ".")
	e := &expr{kind: exprReg, node: n, name: name}
	if hasFields {
		e.fields = strings.Split(rest, ".")
	}
	if ir.IsLocal(name) {
		y, ok := locals[name]
		if !ok {
			return nil, l.problem(n, "%s is read before a call in the graph stores to it", name)
		}
		e.kind, e.slot = exprLocal, y.from.slot
		return e, nil
	}
	e.slot = c.slot(name)
	return e, nil
}

func (l *linker) call(c *scopeCode, e *expr, op *ops.Op, args []*ir.Node, kwargs []ir.Kwarg, locals map[string]yield) error {
	bound, problems := op.Bind(args, kwargs)
	if len(problems) > 0 {
		return l.problem(e.node, "%s", problems[0])
	}
	e.kind, e.op = exprOp, op
	e.out = make([]ir.Value, op.Results)
	return l.operands(c, e, bound, locals)
}

func (l *linker) pureCall(c *scopeCode, e *expr, name string) error {
	callee, err := l.function(name)
	if err != nil {
		return err
	}
	bound, problems := l.declared[name].Signature().Bind(e.node.Args, e.node.Kwargs)
	if len(problems) > 0 {
		return l.problem(e.node, "%s", problems[0])
	}
	e.kind, e.pure = exprFunction, &pureCall{callee: callee}
	return l.operands(c, e, bound, nil)
}
