package vectorize

import (
	"fmt"
	"slices"
	"strings"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/passes/pass"
)

// kind says how a value depends on the iteration.
type kind uint8

const (
	same    kind = iota // the same in all
	stacked             // a number for each, known for all at once
	each                // known one after the other
)

// A builder makes the block of an iteration.
type builder struct {
	c        *pass.Context
	names    *pass.Names
	counter  string
	counts   bool                 // the counter is read
	stored   map[string]bool      // registers that the iteration stores to
	fixed    map[string]bool      // registers with declared types
	objects  map[string]bool      // those used so far
	draws    map[string]*repeated // from sources that an iteration draws from several times
	rows     []*ir.Node           // calls for all rows
	rowAfter []*ir.Node           // calls for each
	kinds    map[string]kind      // of locals
	now      map[string]*ir.Node  // operands that read what registers hold, once stored to
	order    []string             // registers in the order of their first stores
	carry    []string
	checks   []string // registers that have to be set
	wide     bool     // rows come in stacks, whose work in each iteration leaves do better
	locals   int
	steps    int64
	buffered bool       // the iterations of a buffer, which have values
	last     []*ir.Node // what makes up the value of the statement before
	fields   []string   // of the value, if it is a record
}

func newBuilder(c *pass.Context, s *pass.Scope, body []*ir.Node) *builder {
	b := &builder{c: c, names: c.Names(s.Program), counter: s.Parent.Text("as"), stored: ir.StoresIn(body),
		fixed: map[string]bool{}, objects: map[string]bool{}, kinds: map[string]kind{}, now: map[string]*ir.Node{}, draws: map[string]*repeated{}}
	registers := s.Program.Registers
	if s.Function != nil {
		registers = s.Function.Registers
	}
	for i := range registers {
		b.fixed[registers[i].Name] = registers[i].Fixed
	}
	return b
}

// maxCalls bounds the calls of a block.
const maxCalls = 10_000

// statements adds the statements of the iteration and returns why it cannot, ""
// if it can.
func (b *builder) statements(body []*ir.Node) string {
	b.countDraws(body)
	for i, n := range body {
		if pass.Hooked(n) {
			return fmt.Sprintf("hooks run between its iterations, at %s", n.Pos)
		}
		var reason string
		switch {
		case n.Op == "graph":
			reason = b.graph(n)
		case n.Op == "next_n":
			reason = b.next(n)
		case n.Op != "call":
			reason = "it contains " + n.Op
		case strings.Contains(n.Text("call"), "."):
			reason = b.method(n)
		default:
			reason = b.op(n, b.buffered && i == len(body)-1)
		}
		if reason != "" {
			return reason
		}
		if b.locals > maxCalls {
			return "it makes too many calls"
		}
	}
	if b.wide && len(b.rowAfter) > 0 {
		return "it draws several rows at once, and computes with them what iterations hand on"
	}
	if !b.buffered {
		return ""
	}
	if len(b.last) == 0 {
		return "its body has no value"
	}
	for _, v := range b.last {
		if v.Op != "reg" || strings.Contains(v.Text("reg"), ".") {
			return "the value of its body is known before"
		}
	}
	return ""
}

// block returns the block in the place of the body.
func (b *builder) block(body []*ir.Node) *ir.Node {
	n := &ir.Node{Op: "block", ID: b.c.NewID(), Pos: body[0].Pos}
	for _, s := range body {
		n.Origins = append(n.Origins, s.ID)
	}
	var yields, stores []string
	for _, name := range b.order {
		stores = append(stores, name)
		yields = append(yields, b.now[name].Text("reg"))
	}
	for _, name := range b.checks {
		if b.now[name] == nil {
			stores = append(stores, ir.Discard)
			yields = append(yields, name)
		}
	}
	if len(b.carry) > 0 {
		n.Attrs = append(n.Attrs, ir.Attr{Name: "carry", Value: ir.Strings(b.carry...)})
	}
	if b.counts {
		n.Attrs = append(n.Attrs, ir.Attr{Name: "counter", Value: ir.String(b.counter)})
	}
	if b.fields != nil {
		n.Attrs = append(n.Attrs, ir.Attr{Name: "fields", Value: ir.Strings(b.fields...)})
	}
	n.Attrs = append(n.Attrs, ir.Attr{Name: "steps", Value: ir.Int(b.steps)})
	if len(stores) > 0 {
		n.Attrs = append(n.Attrs, ir.Attr{Name: "store", Value: ir.Strings(stores...)})
	}
	if b.buffered {
		var parts []string
		for _, v := range b.last {
			parts = append(parts, v.Text("reg"))
		}
		n.Attrs = append(n.Attrs, ir.Attr{Name: "value", Value: ir.Strings(parts...)})
	}
	if len(stores) > 0 {
		n.Attrs = append(n.Attrs, ir.Attr{Name: "yield", Value: ir.Strings(yields...)})
	}
	n.Regions = []ir.Region{{Field: "block", Body: b.rows}}
	if len(b.rowAfter) > 0 {
		n.Regions = append(n.Regions, ir.Region{Field: "each", Body: b.rowAfter})
	}
	n.Regions = append(n.Regions, ir.Region{Field: "source", Body: body})
	return n
}

// method adds a draw or a call of a method that takes rows in.
func (b *builder) method(n *ir.Node) string {
	name := n.Text("call")
	object, _, _ := strings.Cut(name, ".")
	method := b.names.Method(name)
	switch {
	case method == nil:
		return "it calls " + name
	case b.draws[name] != nil && (b.draws[name].done > 0 || !b.objects[object]):
		b.objects[object] = true
		return b.drawAgain(n, name, method)
	case b.objects[object]:
		return "it uses the object " + object + " more than once"
	}
	b.objects[object] = true
	bound, problems := method.Bind(n.Args, n.Kwargs)
	if len(problems) > 0 {
		return problems[0]
	}
	args := make([]*ir.Node, len(bound))
	kinds := make([]kind, len(bound))
	for i, arg := range bound {
		var reason string
		if args[i], kinds[i], reason = b.operand(arg, nil); reason != "" {
			return reason
		}
	}
	b.steps++
	switch {
	case method.Source != nil:
		if slices.ContainsFunc(kinds, func(k kind) bool { return k != same }) {
			return fmt.Sprintf("the arguments of %s differ from row to row", name)
		}
		stores := n.Stores()
		if len(stores) != method.Results && len(stores) > 0 {
			return fmt.Sprintf("the results of %s are stored as one list", name)
		}
		locals := b.results(method.Results, stacked)
		b.rows = append(b.rows, b.call(n, name, args, locals))
		b.last = b.reads(n, locals)
		return b.store(stores, b.last)
	case method.PrepareRows != nil && method.Results == 0:
		if slices.ContainsFunc(kinds, func(k kind) bool { return k != stacked }) {
			return fmt.Sprintf("the arguments of %s are not the results of batched calls", name)
		}
		b.rows = append(b.rows, b.call(n, name, args, nil))
		b.last = nil
		return b.store(n.Stores(), nil)
	}
	return name + " cannot be called for many rows at once"
}

// op adds a call of an op, which may be the value of a buffer's iteration.
func (b *builder) op(n *ir.Node, value bool) string {
	if value && len(n.Stores()) == 0 && n.Text("call") == "identity" && len(n.Args) == 1 && len(n.Kwargs) == 0 {
		if done, reason := b.gathered(n.Args[0]); done || reason != "" {
			return reason
		}
	}
	results, reason := b.value(n, nil)
	if reason != "" {
		return reason
	}
	b.steps++
	b.last = results
	stores := n.Stores()
	if len(stores) > 0 && len(stores) != len(results) {
		return fmt.Sprintf("the results of %s are stored as one list", n.Text("call"))
	}
	return b.store(stores, results)
}

// graph adds the calls of a graph leaf.
func (b *builder) graph(n *ir.Node) string {
	locals := map[string]*ir.Node{}
	for _, call := range n.Body("graph") {
		results, reason := b.value(call, locals)
		if reason != "" {
			return reason
		}
		for i, name := range call.Stores() {
			if name != ir.Discard {
				locals[name] = results[i]
			}
		}
	}
	b.steps += n.Attr("steps").Int64()
	names := n.Names("yield")
	yields := make([]*ir.Node, len(names))
	for i, name := range names {
		var reason string
		read := &ir.Node{Op: "reg", Pos: n.Pos, Attrs: []ir.Attr{{Name: "reg", Value: ir.String(name)}}}
		if yields[i], _, reason = b.operand(read, locals); reason != "" {
			return reason
		}
	}
	values := 1
	if v := n.Attr("values"); !v.IsNull() {
		values = int(v.Int64())
	}
	b.last = yields[max(0, len(yields)-values):]
	return b.store(n.Stores(), yields)
}

// gathered makes the list or record n of values the value of an iteration. It
// reports whether n is one of several registers and locals.
func (b *builder) gathered(n *ir.Node) (bool, string) {
	children, fields := n.Args, []string(nil)
	switch {
	case n.Op == "list" && len(n.Args) > 1:
	case n.Op == "record" && len(n.Kwargs) > 0:
		for _, kw := range n.Kwargs {
			children, fields = append(children, kw.Node), append(fields, kw.Name)
		}
	default:
		return false, ""
	}
	for _, child := range children {
		if child.Op != "reg" && child.Op != "call" && child.Op != "index" || strings.Contains(child.Text("reg"), ".") {
			return false, ""
		}
	}
	b.last, b.fields = nil, fields
	for _, child := range children {
		operand, _, reason := b.operand(child, nil)
		if reason != "" {
			return false, reason
		}
		b.last = append(b.last, operand)
	}
	b.steps++
	return true, ""
}

// store gives registers new values.
func (b *builder) store(names []string, values []*ir.Node) string {
	for i, name := range names {
		if name == ir.Discard {
			if read := values[i].Text("reg"); read != "" && !ir.IsLocal(read) {
				b.checks = append(b.checks, read)
			}
			continue
		}
		switch {
		case i >= len(values):
			return "it stores what has no value"
		case b.now[name] != nil && b.fixed[name]:
			return "it stores twice to " + name
		case b.now[name] == nil:
			b.order = append(b.order, name)
		}
		b.now[name] = values[i]
	}
	return ""
}

// value adds a call of an op and returns operands that read its results.
func (b *builder) value(n *ir.Node, locals map[string]*ir.Node) ([]*ir.Node, string) {
	name, given, kwargs := n.Text("call"), n.Args, n.Kwargs
	if n.Op == "index" {
		name = "getitem"
	}
	op := b.names.Op(name)
	if op == nil {
		return nil, "it calls " + name
	}
	bound, problems := op.Bind(given, kwargs)
	if len(problems) > 0 {
		return nil, problems[0]
	}
	for last := len(bound) - 1; last >= 0 && last < len(op.Params); last-- {
		param := &op.Params[last]
		if param.Default == nil || param.Variadic || bound[last].Op != "const" || !ir.SameValue(*param.Default, bound[last].Attr("value")) {
			break
		}
		bound = bound[:last]
	}
	args := make([]*ir.Node, len(bound))
	whole, batched := same, op.Batched() != nil
	for i, arg := range bound {
		operand, k, reason := b.operand(arg, locals)
		if reason != "" {
			return nil, reason
		}
		args[i] = operand
		whole = max(whole, k)
		batched = batched && (k == same || operand.Op == "reg")
	}
	if name == "identity" && args[0].Op == "reg" && !strings.Contains(args[0].Text("reg"), ".") {
		return args, ""
	}
	if whole == stacked && !batched {
		whole = each
	}
	results := b.results(op.Results, whole)
	call := b.call(n, name, args, results)
	if whole == each {
		b.rowAfter = append(b.rowAfter, call)
	} else {
		b.rows = append(b.rows, call)
	}
	return b.reads(n, results), ""
}

// results makes locals for the results of a call.
func (b *builder) results(count int, k kind) []string {
	names := make([]string, count)
	for i := range names {
		b.locals++
		names[i] = fmt.Sprintf("%%%d", b.locals)
		b.kinds[names[i]] = k
	}
	return names
}

func (b *builder) call(n *ir.Node, name string, args []*ir.Node, results []string) *ir.Node {
	call := b.node(n, "call")
	call.Args = args
	call.Attrs = []ir.Attr{{Name: "call", Value: ir.String(name)}}
	if len(results) > 0 {
		call.Attrs = append(call.Attrs, ir.Attr{Name: "store", Value: ir.Strings(results...)})
	}
	return call
}

func (b *builder) node(n *ir.Node, op string) *ir.Node {
	c := &ir.Node{Op: op, ID: b.c.NewID(), Pos: n.Pos}
	if n.ID != 0 {
		c.Origins = []ir.ID{n.ID}
	}
	return c
}

func (b *builder) reads(n *ir.Node, locals []string) []*ir.Node {
	reads := make([]*ir.Node, len(locals))
	for i, name := range locals {
		reads[i] = b.read(n, name)
	}
	return reads
}

func (b *builder) read(n *ir.Node, name string) *ir.Node {
	c := b.node(n, "reg")
	c.Attrs = []ir.Attr{{Name: "reg", Value: ir.String(name)}}
	return c
}

// operand returns a copy of an operand in which locals stand for calls.
func (b *builder) operand(n *ir.Node, locals map[string]*ir.Node) (*ir.Node, kind, string) {
	switch n.Op {
	case "const", "tensor":
		c := b.node(n, n.Op)
		if n.Op == "tensor" || !n.Attr("value").IsNull() {
			c.Attrs = n.Attrs
		}
		return c, same, ""
	case "reg":
		return b.register(n, locals)
	case "call", "index":
		results, reason := b.value(n, locals)
		if reason != "" {
			return nil, 0, reason
		}
		if len(results) != 1 {
			return nil, 0, fmt.Sprintf("it reads the results of %s as a list", n.Text("call"))
		}
		return results[0], b.kindOf(results[0]), ""
	case "list", "record", "slice":
		c := b.node(n, n.Op)
		c.Attrs = n.Attrs
		whole := same
		for _, arg := range n.Args {
			child, k, reason := b.operand(arg, locals)
			if reason != "" {
				return nil, 0, reason
			}
			c.Args = append(c.Args, child)
			whole = max(whole, k)
		}
		for _, kw := range n.Kwargs {
			child, k, reason := b.operand(kw.Node, locals)
			if reason != "" {
				return nil, 0, reason
			}
			c.Kwargs = append(c.Kwargs, ir.Kwarg{Name: kw.Name, Node: child})
			whole = max(whole, k)
		}
		return c, whole, ""
	}
	return nil, 0, "it contains " + n.Op
}

// kindOf returns the kind of what a reg operand of the block reads.
func (b *builder) kindOf(read *ir.Node) kind {
	name, _, _ := strings.Cut(read.Text("reg"), ".")
	return b.kinds[name] // that of a register is same
}

// register returns an operand for what a register, or a local of a graph, holds.
func (b *builder) register(n *ir.Node, locals map[string]*ir.Node) (*ir.Node, kind, string) {
	name, fields, hasFields := strings.Cut(n.Text("reg"), ".")
	now := b.now[name]
	if ir.IsLocal(name) {
		now = locals[name]
	}
	switch {
	case now != nil && hasFields:
		return nil, 0, fmt.Sprintf("it reads %s after it has stored to %s", n.Text("reg"), name)
	case now != nil:
		return b.read(n, now.Text("reg")), b.kindOf(now), ""
	case name == b.counter:
		if hasFields {
			return nil, 0, "it reads a field of its counter"
		}
		b.counts = true
		b.kinds[ir.Carried(name)] = stacked
		return b.read(n, ir.Carried(name)), stacked, ""
	case !b.stored[name]:
		c := b.node(n, "reg")
		c.Attrs = n.Attrs
		return c, same, ""
	}
	local := ir.Carried(name)
	if !slices.Contains(b.carry, name) {
		b.carry = append(b.carry, name)
		b.kinds[local] = each
	}
	if hasFields {
		return nil, 0, fmt.Sprintf("it reads %s of the iteration before", name+"."+fields)
	}
	return b.read(n, local), each, ""
}
