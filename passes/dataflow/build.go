package dataflow

import (
	"fmt"
	"slices"
	"strings"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/passes/pass"
)

// A Builder reads expressions, straight-line statements and graph leaves into a
// graph.
type Builder struct {
	Graph *Graph
	Names *pass.Names
	// Keep says that calls of functions in expressions stay as they are; Kept
	// then gives the expression that stands for one. Otherwise functions are
	// expanded in place.
	Keep bool
	Kept func(n *ir.Node) (*ir.Node, error)
	// Grad expands a grad statement to its results; nil refuses them.
	Grad func(b *Builder, f *Frame, n *ir.Node) ([]*Value, error)
	// MaxCalls bounds the calls in the graph; 0 is no bound.
	MaxCalls int

	depth, visited int
	locals         *Frame // of the last leaf, for the next one
}

// leafFrame returns a frame for the locals of a leaf that runs in f.
func (b *Builder) leafFrame(f *Frame) *Frame {
	local := b.locals
	if b.locals = nil; local == nil {
		local = &Frame{env: map[string]*Value{}}
	} else {
		local.Reset()
	}
	local.outer, local.open = f, f.open
	return local
}

// visit counts the nodes read, so that programs that call and repeat nothing
// very often are refused too.
func (b *Builder) visit(n *ir.Node) error {
	const nodesPerCall = 20
	if b.visited++; b.MaxCalls > 0 && b.visited > nodesPerCall*(b.MaxCalls+100) {
		return obstacle(n, "it unrolls to too much code for %d calls", b.MaxCalls)
	}
	return nil
}

// A Frame holds what the registers of a program or function call are known to
// hold.
type Frame struct {
	env map[string]*Value
	// outer has what env lacks, if it is set.
	outer *Frame
	// open says that a register without a known value is an input.
	open bool
}

// large is a number of names from which on a new map costs less than to empty the
// old one.
const large = 64

// NewFrame returns a frame whose registers hold what they hold at entry.
func NewFrame() *Frame { return &Frame{env: map[string]*Value{}, open: true} }

// Reset makes f a frame whose registers hold what they hold at entry.
func (f *Frame) Reset() {
	if len(f.env) > large {
		f.env = map[string]*Value{}
	} else {
		clear(f.env)
	}
}

// Get returns the known value of a register, or nil.
func (f *Frame) Get(register string) *Value {
	if v := f.env[register]; v != nil || f.outer == nil {
		return v
	}
	return f.outer.Get(register)
}

// Set makes v the value of the register.
func (f *Frame) Set(register string, v *Value) {
	if register != ir.Discard {
		f.env[register] = v
	}
}

// Save returns a function that gives the registers the values they have now.
func (f *Frame) Save(registers []string) (restore func()) {
	saved := make([]*Value, len(registers))
	for i, name := range registers {
		saved[i] = f.env[name]
	}
	return func() {
		for i, name := range registers {
			if delete(f.env, name); saved[i] != nil {
				f.env[name] = saved[i]
			}
		}
	}
}

// An Obstacle is a node that is not straight-line pure computation.
type Obstacle struct {
	Node   *ir.Node
	Reason string
}

// Error returns what is in the way.
func (o *Obstacle) Error() string { return o.Reason }

func obstacle(n *ir.Node, format string, args ...any) error {
	return &Obstacle{n, fmt.Sprintf(format, args...)}
}

// Expr returns the value of an expression.
func (b *Builder) Expr(f *Frame, n *ir.Node) (*Value, error) {
	if err := b.visit(n); err != nil {
		return nil, err
	}
	v, err := b.expr(f, n)
	if err != nil {
		return nil, err
	}
	if b.Keep && v.Exact == nil && v.Node == n {
		v.Exact = n
	}
	return v, nil
}

func (b *Builder) expr(f *Frame, n *ir.Node) (*Value, error) {
	g := b.Graph
	switch n.Op {
	case "const":
		return g.Const(n.Attr("value"), n), nil
	case "tensor":
		return g.Fill(n), nil
	case "reg":
		return b.read(f, n)
	case "call":
		return b.call(f, n, false)
	}
	args, err := b.exprs(f, n.Args)
	if err != nil {
		return nil, err
	}
	switch n.Op {
	case "index":
		return g.Bind("getitem", n, args, nil)
	case "slice":
		return g.Slice(n, args...), nil
	case "list":
		return g.List(n, args...), nil
	case "record":
		names, fields := make([]string, len(n.Kwargs)), make([]*Value, len(n.Kwargs))
		for i, k := range n.Kwargs {
			names[i] = k.Name
			if fields[i], err = b.Expr(f, k.Node); err != nil {
				return nil, err
			}
		}
		return g.Record(n, names, fields), nil
	}
	return nil, obstacle(n, "%s is not pure computation", n.Op)
}

func (b *Builder) exprs(f *Frame, nodes []*ir.Node) ([]*Value, error) {
	values := b.Graph.storage.list(len(nodes))
	for i, n := range nodes {
		v, err := b.Expr(f, n)
		if err != nil {
			return nil, err
		}
		values[i] = v
	}
	return values, nil
}

func (b *Builder) read(f *Frame, n *ir.Node) (*Value, error) {
	name := n.Text("reg")
	if v := f.Get(name); v != nil && !strings.Contains(name, ".") {
		return v, nil
	}
	path := strings.Split(name, ".")
	v := f.Get(path[0])
	if v == nil {
		if !f.open || ir.IsLocal(path[0]) && !ir.IsHidden(path[0]) {
			return nil, obstacle(n, "register %q is read before anything sets it", path[0])
		}
		return b.Graph.Input(n, path...), nil
	}
	for _, field := range path[1:] {
		v = b.Graph.Field(v, field, n)
	}
	return v, nil
}

// call returns the value of a call: of several results, their list.
func (b *Builder) call(f *Frame, n *ir.Node, statement bool) (*Value, error) {
	name := n.Text("call")
	fn, op := b.Names.Function(name), b.Names.Op(name)
	switch {
	case fn != nil && b.Keep && !statement:
		kept, err := b.Kept(n)
		if err != nil {
			return nil, err
		}
		return b.Graph.Opaque(kept), nil
	case fn == nil && op == nil:
		return nil, obstacle(n, "it calls %s, which has effects", name)
	}
	args, err := b.exprs(f, n.Args)
	if err != nil {
		return nil, err
	}
	var kwargs map[string]*Value
	if len(n.Kwargs) > 0 {
		kwargs = make(map[string]*Value, len(n.Kwargs))
	}
	for _, k := range n.Kwargs {
		if kwargs[k.Name], err = b.Expr(f, k.Node); err != nil {
			return nil, err
		}
	}
	if fn != nil {
		params, err := bindFunction(fn, n, args, kwargs)
		if err != nil {
			return nil, err
		}
		results, _, err := b.Apply(fn, params)
		if err != nil {
			return nil, err
		}
		if len(results) == 1 {
			return results[0], nil
		}
		return b.Graph.List(n, results...), nil
	}
	if b.MaxCalls > 0 && b.Graph.Calls() >= b.MaxCalls {
		return nil, obstacle(n, "it unrolls to more than %d calls", b.MaxCalls)
	}
	v, err := b.Graph.Bind(name, n, args, kwargs)
	if err != nil {
		return nil, obstacle(n, "%s", err)
	}
	return v, nil
}

// bindFunction orders the arguments of a call of a function.
func bindFunction(f *ir.Function, n *ir.Node, args []*Value, kwargs map[string]*Value) ([]*Value, error) {
	bound, problems := f.Signature().Bind(n.Args, n.Kwargs)
	if len(problems) > 0 {
		return nil, obstacle(n, "%s", strings.Join(problems, "; "))
	}
	values := make([]*Value, len(bound))
	for i, arg := range bound {
		if at := slices.Index(n.Args, arg); at >= 0 {
			values[i] = args[at]
			continue
		}
		for _, k := range n.Kwargs {
			if k.Node == arg {
				values[i] = kwargs[k.Name]
			}
		}
	}
	return values, nil
}

// Apply expands a call of a function. It returns the results and how many steps
// the call takes as a statement.
func (b *Builder) Apply(fn *ir.Function, args []*Value) (results []*Value, steps int64, err error) {
	if b.depth++; b.depth > ir.MaxNesting {
		return nil, 0, fmt.Errorf("function calls nest deeper than %d", ir.MaxNesting)
	}
	defer func() { b.depth-- }()
	f := &Frame{env: map[string]*Value{}}
	for i := range fn.Registers {
		r := &fn.Registers[i]
		if r.Fixed {
			return nil, 0, &Obstacle{r.Init, fmt.Sprintf("register %q of function %s has a declared type, which only a run checks", r.Name, fn.Name)}
		}
		if r.Init != nil {
			if f.env[r.Name], err = b.Expr(f, r.Init); err != nil {
				return nil, 0, err
			}
		}
	}
	for i, name := range fn.Params {
		f.Set(name, args[i])
	}
	if _, steps, err = b.Body(f, fn.Body); err != nil {
		return nil, 0, err
	}
	results = make([]*Value, len(fn.Returns))
	for i, name := range fn.Returns {
		if results[i] = f.env[name]; results[i] == nil {
			return nil, 0, fmt.Errorf("function %s ends without setting its result %q", fn.Name, name)
		}
	}
	return results, max(steps, 1), nil
}
