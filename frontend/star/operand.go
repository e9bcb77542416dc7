package star

import (
	"errors"
	"fmt"

	"go.starlark.net/starlark"

	"flowc.dev/flowc/frontend/star/bounded"
	"flowc.dev/flowc/ir"
)

// errBroken is the error of using a broken term, whose problem is known.
var errBroken = errors.New("a part is faulty")

// maxValueDepth bounds lists and dicts within each other.
const maxValueDepth = 200

// operand returns the expression that a value of Starlark stands for.
func (c *call) operand(v starlark.Value) (*term, error) { return c.operandAt(v, 0) }

func (c *call) operandAt(v starlark.Value, depth int) (*term, error) {
	if depth > maxValueDepth {
		return nil, fmt.Errorf("lists are nested more than %d deep", maxValueDepth)
	}
	switch v := v.(type) {
	case *term:
		if v.isBroken() {
			return nil, errBroken
		}
		if !v.isExpression() {
			return nil, fmt.Errorf("found %s: want an expression, such as reg(\"x\") or a call of an op", v)
		}
		return v, nil
	case starlark.NoneType, starlark.Bool, starlark.Int, starlark.Float, starlark.String:
		value, err := c.literal(v)
		if err != nil {
			return nil, err
		}
		return c.constant(value)
	case *starlark.List, starlark.Tuple:
		items, err := c.operands(v, depth+1)
		if err != nil {
			return nil, err
		}
		return c.newTerm("list", parts{args: items})
	case *starlark.Dict:
		fields, err := c.keywords(v, depth+1)
		if err != nil {
			return nil, err
		}
		return c.newTerm("record", parts{kwargs: fields})
	case *draws:
		return nil, fmt.Errorf("the draws of randn are made when the program runs: give them to Dataset, or draw by rng(seed=..).normal(shape)")
	case *starlark.Function:
		return nil, fmt.Errorf("found the def %s: a def runs while the program is constructed; make it a function of the program by FUNCTION(%s)", v.Name(), v.Name())
	case *object:
		return nil, fmt.Errorf("found an object: want a value; the methods of objects are called by statements")
	}
	return nil, fmt.Errorf("found %s: want a number, string, list, dict or expression", describe(v))
}

// describe names a value in messages.
func describe(v starlark.Value) string {
	switch v := v.(type) {
	case *term:
		return v.String()
	case starlark.String:
		return "the string " + ir.FormatShort(ir.String(string(v)))
	case starlark.Int, starlark.Float, starlark.Bool:
		return bounded.Shorten(v.String())
	case starlark.NoneType:
		return "None"
	case *starlark.Builtin:
		return v.Name()
	}
	return "a value of type " + v.Type()
}

// constant returns the literal v.
func (c *call) constant(v ir.Value) (*term, error) {
	var attrs []ir.Attr
	if !v.IsNull() {
		attrs = []ir.Attr{{Name: "value", Value: v}}
	}
	return c.newTerm("const", parts{attrs: attrs})
}

// items returns the elements of a list or tuple.
func items(v starlark.Value) ([]starlark.Value, bool) {
	switch v := v.(type) {
	case starlark.Tuple:
		return v, true
	case *starlark.List:
		all := make([]starlark.Value, v.Len())
		for i := range all {
			all[i] = v.Index(i)
		}
		return all, true
	}
	return nil, false
}

// operands returns the expressions in a list.
func (c *call) operands(v starlark.Value, depth int) ([]*term, error) {
	values, ok := items(v)
	if !ok {
		return nil, fmt.Errorf("found %s: want a list of expressions", describe(v))
	}
	terms := make([]*term, len(values))
	for i, value := range values {
		t, err := c.operandAt(value, depth)
		if err != nil {
			return nil, err
		}
		terms[i] = t
	}
	return terms, nil
}

// keywords returns the named expressions in a dict.
func (c *call) keywords(v starlark.Value, depth int) ([]namedTerm, error) {
	dict, ok := v.(*starlark.Dict)
	if !ok {
		return nil, fmt.Errorf("found %s: want a dict of expressions", describe(v))
	}
	var fields []namedTerm
	for key, value := range dict.Entries() {
		name, ok := key.(starlark.String)
		if !ok {
			return nil, fmt.Errorf("found the key %s: want a name, as a string", describe(key))
		}
		t, err := c.operandAt(value, depth)
		if err != nil {
			return nil, err
		}
		fields = append(fields, namedTerm{string(name), t})
	}
	return fields, nil
}

// literal returns a value that needs no evaluation.
func (c *call) literal(v starlark.Value) (ir.Value, error) { return c.literalAt(v, 0) }

func (c *call) literalAt(v starlark.Value, depth int) (ir.Value, error) {
	if depth > maxValueDepth {
		return ir.Value{}, fmt.Errorf("lists are nested more than %d deep", maxValueDepth)
	}
	cost := uint64(2)
	if starlark.Len(v) >= 0 {
		cost = 12
	}
	if err := bounded.Charge(c.thread, cost); err != nil {
		return ir.Value{}, fatal{err}
	}
	switch v := v.(type) {
	case starlark.NoneType:
		return ir.Value{}, nil
	case starlark.Bool:
		return ir.BoolValue(bool(v)), nil
	case starlark.Int:
		i, ok := v.Int64()
		if !ok {
			return ir.Value{}, fmt.Errorf("the whole number %s does not fit 64 bits: want -9223372036854775808 to 9223372036854775807, or a float", describe(v))
		}
		return ir.WeakInt(i), nil
	case starlark.Float:
		return ir.WeakFloat(float64(v)), nil
	case starlark.String:
		return ir.String(string(v)), nil
	case *term:
		if v.isBroken() {
			return ir.Value{}, errBroken
		}
		if v.node.Op == "const" {
			return v.node.Attr("value"), nil
		}
	case *starlark.Dict:
		var names []string
		var values []ir.Value
		for key, value := range v.Entries() {
			name, ok := key.(starlark.String)
			if !ok {
				return ir.Value{}, fmt.Errorf("found the key %s: want a name, as a string", describe(key))
			}
			field, err := c.literalAt(value, depth+1)
			if err != nil {
				return ir.Value{}, err
			}
			names, values = append(names, string(name)), append(values, field)
		}
		return ir.RecordOf(names, values), nil
	default:
		if list, ok := items(v); ok {
			values := make([]ir.Value, len(list))
			for i, item := range list {
				value, err := c.literalAt(item, depth+1)
				if err != nil {
					return ir.Value{}, err
				}
				values[i] = value
			}
			return ir.ListOf(values...), nil
		}
	}
	return ir.Value{}, fmt.Errorf("found %s: want a literal", describe(v))
}

// isConstant reports whether n needs no evaluation: what registers may start
// with and objects may be made with.
func isConstant(n *ir.Node) bool {
	switch n.Op {
	case "const", "tensor":
		return true
	case "list", "record":
		for _, arg := range n.Args {
			if !isConstant(arg) {
				return false
			}
		}
		for _, k := range n.Kwargs {
			if !isConstant(k.Node) {
				return false
			}
		}
		return true
	}
	return false
}

// constantOperand returns the constant that a value stands for.
func (c *call) constantOperand(what string, v starlark.Value) (*term, error) {
	t, err := c.operand(v)
	if err != nil {
		return nil, err
	}
	if t.size > ir.MaxNodes/10 || !isConstant(t.node) {
		return nil, fmt.Errorf("%s is %s: want a literal, or a tensor, list or dict of literals", what, t)
	}
	return t, nil
}
