package star

import (
	"fmt"
	"strings"

	"go.starlark.net/starlark"
	"go.starlark.net/syntax"

	"flowc.dev/flowc/frontend/star/bounded"
	"flowc.dev/flowc/ir"
)

// operators are the ops that operators on expressions stand for.
var operators = map[syntax.Token]string{
	syntax.PLUS: "add", syntax.MINUS: "subtract", syntax.STAR: "multiply", syntax.SLASH: "divide",
	syntax.SLASHSLASH: "floor_divide", syntax.PERCENT: "remainder",
	syntax.AMP: "logical_and", syntax.PIPE: "logical_or",
	syntax.EQL: "equal", syntax.NEQ: "not_equal", syntax.LT: "less", syntax.LE: "less_equal",
	syntax.GT: "greater", syntax.GE: "greater_equal",
}

var unaryOperators = map[syntax.Token]string{syntax.MINUS: "negative", syntax.TILDE: "logical_not"}

// binary makes x op y when one of them is an expression.
func (b *builder) binary(thread *starlark.Thread, op syntax.Token, x, y starlark.Value) (starlark.Value, bool, error) {
	_, left := x.(*term)
	_, right := y.(*term)
	name := operators[op]
	if !left && !right || x == starlark.None || y == starlark.None {
		return nil, false, nil
	}
	if _, format := x.(starlark.String); format && op == syntax.PERCENT {
		return nil, false, nil
	}
	if name == "" {
		if op == syntax.IN || op == syntax.NOT_IN {
			if !right {
				return nil, false, nil // looks for the expression itself
			}
		}
		return nil, true, fmt.Errorf("expressions have no operator %s", op)
	}
	v, err := b.invoke(thread, op.String(), starlark.Tuple{x, y}, nil, func(c *call) (starlark.Value, error) {
		args, err := c.operands(c.args, 0)
		if err != nil {
			return nil, err
		}
		return c.newTerm("call", parts{args: args, attrs: []ir.Attr{{Name: "call", Value: ir.String(name)}}})
	})
	return v, true, err
}

// unary makes op x when x is an expression.
func (b *builder) unary(thread *starlark.Thread, op syntax.Token, x starlark.Value) (starlark.Value, bool, error) {
	if _, ok := x.(*term); !ok {
		return nil, false, nil
	}
	name := unaryOperators[op]
	if name == "" {
		return x, true, nil
	}
	v, err := b.invoke(thread, op.String(), starlark.Tuple{x}, nil, func(c *call) (starlark.Value, error) {
		return c.call(&callee{builder: b, name: name}, c.args)
	})
	return v, true, err
}

// attribute makes a field of an expression: reg("p").W.
func (b *builder) attribute(thread *starlark.Thread, x starlark.Value, name string) (starlark.Value, bool, error) {
	t, ok := x.(*term)
	if !ok {
		return nil, false, nil
	}
	if t.isBroken() {
		return broken, true, nil
	}
	if !t.isExpression() || name == "run" {
		if name != "run" {
			return nil, true, fmt.Errorf("%s has no .%s: a statement has .run() only", t, name)
		}
		return b.constructor("run", func(c *call) (starlark.Value, error) { return c.run(t) }), true, nil
	}
	v, err := b.invoke(thread, "."+name, nil, nil, func(c *call) (starlark.Value, error) {
		if t.node.Op == "reg" {
			t.placed = true
			if err := bounded.Charge(thread, uint64(len(t.node.Text("reg")))); err != nil {
				return nil, fatal{err}
			}
			return c.newTerm("reg", parts{attrs: []ir.Attr{{Name: "reg", Value: ir.String(t.node.Text("reg") + "." + name)}}})
		}
		if t.node.Op == "call" && strings.HasPrefix(name, "_") {
			return nil, fmt.Errorf("%s has no field %s", t, name)
		}
		key, err := c.constant(ir.String(name))
		if err != nil {
			return nil, err
		}
		return c.newTerm("index", parts{args: []*term{t, key}})
	})
	return v, true, err
}

// index makes x[key], with a tuple for several axes.
func (b *builder) index(thread *starlark.Thread, x, key starlark.Value) (starlark.Value, bool, error) {
	t, ok := x.(*term)
	if !ok {
		return nil, false, nil
	}
	v, err := b.invoke(thread, "index", nil, nil, func(c *call) (starlark.Value, error) {
		keys := starlark.Tuple{key}
		if tuple, ok := key.(starlark.Tuple); ok {
			keys = tuple
		}
		if len(keys) == 0 {
			return nil, fmt.Errorf("want at least one index")
		}
		args, err := c.operands(append(starlark.Tuple{t}, keys...), 0)
		if err != nil {
			return nil, err
		}
		return c.newTerm("index", parts{args: args})
	})
	return v, true, err
}

// slice makes x[low:high:step].
func (b *builder) slice(thread *starlark.Thread, x, low, high, step starlark.Value) (starlark.Value, bool, error) {
	t, ok := x.(*term)
	if !ok {
		return nil, false, nil
	}
	v, err := b.invoke(thread, "slice", nil, nil, func(c *call) (starlark.Value, error) {
		bounds := starlark.Tuple{low, high}
		if step != starlark.None {
			bounds = append(bounds, step)
		}
		args, err := c.operands(bounds, 0)
		if err != nil {
			return nil, err
		}
		s, err := c.newTerm("slice", parts{args: args})
		if err != nil {
			return nil, err
		}
		whole, err := c.operand(t)
		if err != nil {
			return nil, err
		}
		return c.newTerm("index", parts{args: []*term{whole, s}})
	})
	return v, true, err
}

// newSlice makes slice(stop), slice(start, stop) or slice(start, stop, step),
// a range among several indices.
func newSlice(c *call) (starlark.Value, error) {
	args, err := c.operands(c.args, 0)
	if err != nil {
		return nil, err
	}
	if len(args) < 1 || len(args) > 3 || len(c.kwargs) > 0 {
		return nil, fmt.Errorf("want a stop, or a start, a stop and a step")
	}
	return c.newTerm("slice", parts{args: args})
}
