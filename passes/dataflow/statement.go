package dataflow

import (
	"strings"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/passes/pass"
)

// Body runs straight-line statements in the frame. It returns the value of the
// last one, nil for null, and how many steps they take.
func (b *Builder) Body(f *Frame, body []*ir.Node) (value *Value, steps int64, err error) {
	for _, n := range body {
		if pass.Hooked(n) {
			return nil, 0, obstacle(n, "hooks are attached to it")
		}
		results, k, err := b.Statement(f, n)
		if err != nil {
			return nil, 0, err
		}
		steps += k
		switch len(results) {
		case 0:
			value = nil
		case 1:
			value = results[0]
		default:
			value = b.Graph.List(n, results...)
		}
	}
	return value, steps, nil
}

// Statement runs a straight-line statement in the frame. It returns its results,
// of which the statement's value is made, and how many steps it takes. Hooks of
// the statement itself are the caller's. An error
// leaves the frame as it was, unless the statement is a control element.
func (b *Builder) Statement(f *Frame, n *ir.Node) (results []*Value, steps int64, err error) {
	if err := b.visit(n); err != nil {
		return nil, 0, err
	}
	steps = 1
	switch n.Op {
	case "call":
		results, steps, err = b.callStatement(f, n)
	case "grad":
		if b.Grad == nil {
			return nil, 0, obstacle(n, "it contains grad")
		}
		results, err = b.Grad(b, f, n)
	case "graph":
		steps = n.Attr("steps").Int64()
		results, err = b.leaf(f, n)
	case "seq":
		var value *Value
		value, steps, err = b.Body(f, n.Body("seq"))
		results = single(value)
	case "repeat":
		var value *Value
		value, steps, err = b.repeat(f, n)
		results = single(value)
	default:
		return nil, 0, obstacle(n, "it contains %s", n.Op)
	}
	if err != nil || n.Op == "graph" {
		return results, steps, err
	}
	return results, steps, b.store(f, n, results)
}

func single(v *Value) []*Value {
	if v == nil {
		return nil
	}
	return []*Value{v}
}

func (b *Builder) callStatement(f *Frame, n *ir.Node) ([]*Value, int64, error) {
	if fn := b.Names.Function(n.Text("call")); fn != nil {
		args, err := b.exprs(f, n.Args)
		if err != nil {
			return nil, 0, err
		}
		kwargs := make(map[string]*Value, len(n.Kwargs))
		for _, k := range n.Kwargs {
			if kwargs[k.Name], err = b.Expr(f, k.Node); err != nil {
				return nil, 0, err
			}
		}
		params, err := bindFunction(fn, n, args, kwargs)
		if err != nil {
			return nil, 0, err
		}
		return b.Apply(fn, params)
	}
	v, err := b.call(f, n, true)
	if err != nil {
		return nil, 0, err
	}
	if v.Kind != Call {
		return []*Value{v}, 1, nil
	}
	k := b.Graph.results(v)
	if n.Text("call") != v.Op || k == 1 || len(n.Stores()) == 1 {
		return []*Value{v}, 1, nil
	}
	results := make([]*Value, k)
	for i := range results {
		results[i] = b.Graph.Result(v, i)
	}
	return results, 1, nil
}

// store puts results into the statement's registers: each its own, or all of
// them as a list into a single one.
func (b *Builder) store(f *Frame, n *ir.Node, results []*Value) error {
	stores := n.Stores()
	switch {
	case len(stores) == 0:
	case len(stores) == len(results):
		for i, name := range stores {
			f.Set(name, results[i])
		}
	case len(stores) == 1 && len(results) > 1:
		f.Set(stores[0], b.Graph.List(n, results...))
	case len(results) == 1 && results[0].Kind == List && len(results[0].Args) == len(stores):
		for i, name := range stores {
			f.Set(name, results[0].Args[i])
		}
	default:
		return obstacle(n, "%d registers take %d results", len(stores), len(results))
	}
	return nil
}

func (b *Builder) repeat(f *Frame, n *ir.Node) (value *Value, steps int64, err error) {
	if n.Args[0].Op != "const" {
		return nil, 0, obstacle(n, "it contains a repeat without a literal count")
	}
	count, err := n.Args[0].Attr("value").Count("the count of repeat")
	if err != nil || count < 0 {
		return nil, 0, obstacle(n, "the count of a repeat is %s", ir.FormatShort(n.Args[0].Attr("value")))
	}
	if b.MaxCalls > 0 && count > int64(b.MaxCalls) {
		return nil, 0, obstacle(n, "it contains a repeat of %d, more than %d calls", count, b.MaxCalls)
	}
	counter := n.Text("as")
	for i := int64(0); ; i++ {
		if counter != "" {
			f.Set(counter, b.Graph.Const(ir.Int(i), nil))
		}
		if i == count {
			return value, steps, nil
		}
		var k int64
		if value, k, err = b.Body(f, n.Body("body")); err != nil {
			return nil, 0, err
		}
		if steps += max(k, 1); b.MaxCalls > 0 && steps > int64(b.MaxCalls) {
			return nil, 0, obstacle(n, "it unrolls to more than %d steps", b.MaxCalls)
		}
	}
}

// leaf runs a graph leaf. The results are those that make up its value.
func (b *Builder) leaf(f *Frame, n *ir.Node) ([]*Value, error) {
	yields, err := b.yields(f, n)
	if err != nil {
		return nil, err
	}
	for i, name := range n.EachStore() {
		f.Set(name, yields[i])
	}
	return yields[len(yields)-LeafValues(n):], nil
}

// LeafValues returns how many of the last yields of a graph leaf make up its
// value.
func LeafValues(n *ir.Node) int {
	if k := n.Attr("values"); !k.IsNull() {
		return int(k.Int64())
	}
	return 1
}

// ReadLeaf reads a graph leaf by itself. It returns the yields, and the calls
// whose results nothing uses.
func (b *Builder) ReadLeaf(n *ir.Node) (yields, dead []*Value, err error) {
	yields, err = b.yields(NewFrame(), n)
	if err != nil {
		return nil, nil, err
	}
	return yields, b.Graph.Dead(yields...), nil
}

func (b *Builder) yields(f *Frame, n *ir.Node) ([]*Value, error) {
	local := b.leafFrame(f)
	for _, c := range n.Body("graph") {
		v, err := b.call(local, c, false)
		if err != nil {
			return nil, err
		}
		list := c.Attr("store").List()
		single := list != nil && len(list.Items) == 1
		for i, name := range c.EachStore() {
			if single {
				local.Set(name, v)
			} else {
				local.Set(name, b.Graph.Result(v, i))
			}
		}
	}
	names := n.Names("yield")
	yields := make([]*Value, len(names))
	for i, name := range names {
		if v := local.Get(name); v != nil && !strings.Contains(name, ".") {
			yields[i] = v
			continue
		}
		path := strings.Split(name, ".")
		v := local.Get(path[0])
		switch {
		case v == nil && ir.IsLocal(path[0]) && !ir.IsHidden(path[0]):
			return nil, obstacle(n, "it yields %s, which nothing sets", name)
		case v == nil && !f.open:
			return nil, obstacle(n, "register %q is read before anything sets it", path[0])
		case v == nil:
			v = b.Graph.Input(n, path...)
		default:
			for _, field := range path[1:] {
				v = b.Graph.Field(v, field, n)
			}
		}
		yields[i] = v
	}
	b.locals = local
	return yields, nil
}
