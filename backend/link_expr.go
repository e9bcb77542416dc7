package backend

import (
	"strings"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops"
)

func (l *linker) operands(c *scopeCode, e *expr, args []*ir.Node, locals *locals) error {
	e.args = make([]*expr, len(args))
	for i, arg := range args {
		linked, err := l.operand(c, arg, locals)
		if err != nil {
			return err
		}
		e.args[i] = linked
	}
	e.vals = l.values(len(args))
	return nil
}

// operand links an expression.
func (l *linker) operand(c *scopeCode, n *ir.Node, locals *locals) (*expr, error) {
	if n.Op == "reg" {
		return l.register(c, n, locals)
	}
	e := l.expr()
	e.node = n
	switch n.Op {
	case "const", "tensor":
		v, err := ir.Literal(n)
		if err != nil {
			return nil, l.problem(n, "%s", err)
		}
		v.Freeze()
		e.value = v
		return e, nil
	case "list":
		e.kind = exprList
		return e, l.operands(c, e, n.Args, locals)
	case "record":
		e.kind = exprRecord
		var args []*ir.Node
		for _, k := range n.Kwargs {
			e.fields = append(e.fields, k.Name)
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
		if ir.IsHidden(name) {
			return e, l.kept(c, e, name, locals)
		}
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

func (l *linker) register(c *scopeCode, n *ir.Node, locals *locals) (*expr, error) {
	name, rest, hasFields := strings.Cut(n.Text("reg"), ".")
	var local *expr
	if ir.IsLocal(name) && !ir.IsHidden(name) {
		y, ok := locals.get(name)
		if !ok {
			return nil, l.problem(n, "%s is read before a call in the graph stores to it", name)
		}
		if local = y.from; !hasFields {
			return local, nil // it is always set, so that nobody asks where it is read
		}
	}
	e := l.expr()
	e.kind, e.node, e.name = exprReg, n, name
	if hasFields {
		e.fields = strings.Split(rest, ".")
	}
	if local != nil {
		e.kind, e.slot = exprLocal, local.slot
	} else {
		e.slot = c.slot(name)
	}
	return e, nil
}

func (l *linker) call(c *scopeCode, e *expr, op *ops.Op, args []*ir.Node, kwargs []ir.Kwarg, locals *locals) error {
	bound := args
	if len(kwargs) > 0 || len(args) != len(op.Params) {
		var problems []string
		if bound, problems = op.Bind(args, kwargs); len(problems) > 0 {
			return l.problem(e.node, "%s", problems[0])
		}
	}
	e.kind, e.op = exprOp, op
	e.out = l.values(op.Results)
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
