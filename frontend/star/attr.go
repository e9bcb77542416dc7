package star

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"go.starlark.net/starlark"

	"flowc.dev/flowc/ir"
)

// attr returns the value of an attribute.
func (c *call) attr(f *ir.Field, v starlark.Value) (ir.Value, error) {
	switch f.Attr {
	case ir.LiteralAttr:
		return c.literal(v)
	case ir.NameAttr:
		if name, err := c.registerName(v); err == nil {
			return ir.String(name), nil
		}
	case ir.TextAttr:
		if s, ok := v.(starlark.String); ok {
			return ir.String(string(s)), nil
		}
	case ir.NamesAttr:
		names, err := c.names(v)
		if err != nil {
			return ir.Value{}, fmt.Errorf("%s: %w", f.Name, err)
		}
		return ir.Strings(names...), nil
	case ir.IntAttr:
		if i, ok := integer(v); ok {
			return ir.Int(i), nil
		}
	case ir.IntsAttr:
		if list, ok := items(v); ok {
			values := make([]ir.Value, len(list))
			for i, item := range list {
				n, ok := integer(item)
				if !ok {
					return ir.Value{}, fmt.Errorf("%s has %s in it: want a whole number", f.Name, describe(item))
				}
				values[i] = ir.Int(n)
			}
			return ir.ListOf(values...), nil
		}
	case ir.BoolAttr:
		if x, ok := v.(starlark.Bool); ok {
			return ir.BoolValue(bool(x)), nil
		}
	case ir.EnumAttr:
		if s, ok := v.(starlark.String); ok && slices.Contains(f.Enum, string(s)) {
			return ir.String(string(s)), nil
		}
	case ir.DurationAttr:
		if s, ok := duration(v); ok {
			return ir.String(s), nil
		}
	case ir.EveryAttr:
		if s, ok := duration(v); ok {
			return ir.String(s), nil
		}
		if i, ok := integer(v); ok && i > 0 {
			return ir.Int(i), nil
		}
	}
	return ir.Value{}, fmt.Errorf("%s is %s: want %s", f.Name, describe(v), attrForm(f))
}

// attrForm says what the value of an attribute looks like.
func attrForm(f *ir.Field) string {
	switch f.Attr {
	case ir.NameAttr:
		return "a name, as a string or reg(..)"
	case ir.TextAttr:
		return "a string"
	case ir.IntAttr:
		return "a whole number"
	case ir.IntsAttr:
		return "a list of whole numbers"
	case ir.BoolAttr:
		return "True or False"
	case ir.EnumAttr:
		return "one of " + strings.Join(f.Enum, ", ")
	case ir.DurationAttr:
		return `a duration such as "10s"`
	case ir.EveryAttr:
		return `a positive whole number or a duration such as "10s"`
	}
	return "a literal"
}

func integer(v starlark.Value) (int64, bool) {
	i, ok := v.(starlark.Int)
	if !ok {
		return 0, false
	}
	return i.Int64()
}

func duration(v starlark.Value) (string, bool) {
	s, ok := v.(starlark.String)
	if !ok || len(s) > 100 {
		return "", false
	}
	t, err := time.ParseDuration(string(s))
	return string(s), err == nil && t > 0
}

// registerName returns the name that a string or reg(..) gives.
func (c *call) registerName(v starlark.Value) (string, error) {
	switch v := v.(type) {
	case starlark.String:
		return string(v), nil
	case *term:
		if v.isBroken() {
			return "", errBroken
		}
		if v.node.Op == "reg" {
			v.placed = true
			return v.node.Text("reg"), nil
		}
	case *object:
		return "", fmt.Errorf("found an object: want a register, as a string or reg(..)")
	}
	return "", fmt.Errorf("found %s: want a register, as a string or reg(..)", describe(v))
}

// names returns the names of one register or a list of them.
func (c *call) names(v starlark.Value) ([]string, error) {
	list, ok := items(v)
	if !ok {
		name, err := c.registerName(v)
		return []string{name}, err
	}
	names := make([]string, len(list))
	for i, item := range list {
		name, err := c.registerName(item)
		if err != nil {
			return nil, err
		}
		names[i] = name
	}
	return names, nil
}
