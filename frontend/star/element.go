package star

import (
	"errors"
	"fmt"
	"strings"

	"go.starlark.net/starlark"

	"flowc.dev/flowc/ir"
)

// Names of parameters that every statement has.
const docKey = "doc"

// spellings are further names of fields, those that Starlark can spell among
// them.
var spellings = map[string]string{
	"store_to": storeKey, "_set": storeKey,
	"as_": "as", "counter": "as", "in_": "in", "yield_": "yield", "while_": "while",
	"src": "body", "element": "body", "storage": storeKey,
	"which": "switch", "options": "cases", "otherwise": "default",
	"elements": "weave", "n_required": "require",
}

// fieldNamed returns the field that a keyword names, or nil.
func fieldNamed(s *ir.Schema, name string) *ir.Field {
	if f := s.Field(name); f != nil {
		return f
	}
	if f := s.Field(spellings[name]); f != nil && f.Name != "" {
		return f
	}
	return nil
}

// positional lists the fields that arguments without names are for: the
// element's key, its bodies, then the others.
func positional(s *ir.Schema) []*ir.Field {
	order := func(i int) int {
		switch f := &s.Fields[i]; {
		case i == 0:
			return 0
		case f.Kind == ir.RegionField || f.Kind == ir.RegionsField || f.Kind == ir.CasesField:
			return 1
		}
		return 2
	}
	var fields []*ir.Field
	for rank := range 3 {
		for i := range s.Fields {
			f := &s.Fields[i]
			if order(i) == rank && f.Kind != ir.NoField && f.Name != storeKey && f.Kind != ir.StatementField {
				fields = append(fields, f)
			}
		}
	}
	return fields
}

// takesRest reports whether all arguments without names belong to the key: the
// operands of a print, the statements of a seq.
func takesRest(s *ir.Schema) bool {
	key := s.Key()
	return key.Kind == ir.OperandsField || key.Kind == ir.RegionField && len(positional(s)) == 1
}

// element returns the constructor of the statements that s describes.
func element(s *ir.Schema) callable {
	return func(c *call) (starlark.Value, error) {
		values := map[string]starlark.Value{}
		args := c.args
		if s.Op == "weave" && len(args) >= 2 {
			args = weaveArgs(args)
		}
		switch fields := positional(s); {
		case len(args) == 0:
		case takesRest(s):
			values[s.Key().Name] = rest(s, args)
		case len(args) > len(fields):
			return nil, fmt.Errorf("got %d arguments: want at most %s", len(args), fieldList(fields))
		default:
			for i, arg := range args {
				values[fields[i].Name] = arg
			}
		}
		return c.element(s, values)
	}
}

// rest returns the arguments as the value of the key; a list alone is the key
// itself where the operands of a process or statements are meant.
func rest(s *ir.Schema, args starlark.Tuple) starlark.Value {
	_, list := items(args[0])
	if len(args) == 1 && s.Op != "print" && (list || s.Key().Kind == ir.RegionField) {
		return args[0]
	}
	return args
}

// weaveArgs puts the arguments of the draft's WEAVE(n_required, elements), where
// -1 asks for all, in the order of the schema.
func weaveArgs(args starlark.Tuple) starlark.Tuple {
	switch n := args[0].(type) {
	case starlark.Int:
		swapped := append(starlark.Tuple{args[1], args[0]}, args[2:]...)
		if i, ok := n.Int64(); ok && i == -1 {
			swapped[1] = starlark.None
		}
		return swapped
	case starlark.NoneType:
		return append(starlark.Tuple{args[1], args[0]}, args[2:]...)
	}
	return args
}

func fieldList(fields []*ir.Field) string {
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = f.Name
	}
	return fmt.Sprintf("%d, (%s)", len(fields), strings.Join(names, ", "))
}

// element makes a node from the values of its fields and the keyword arguments.
func (c *call) element(s *ir.Schema, values map[string]starlark.Value) (*term, error) {
	var p parts
	for _, pair := range c.kwargs {
		name, value := string(pair[0].(starlark.String)), pair[1]
		if name == docKey {
			doc, ok := value.(starlark.String)
			if !ok {
				return nil, fmt.Errorf("doc is %s: want a text", describe(value))
			}
			p.doc = string(doc)
			continue
		}
		f := fieldNamed(s, name)
		if f == nil || f.Kind == ir.NoField {
			return nil, fmt.Errorf("no parameter %q: want one of %s", name, strings.Join(keywordNames(s), ", "))
		}
		if _, again := values[f.Name]; again {
			return nil, fmt.Errorf("%s is given twice", f.Name)
		}
		values[f.Name] = value
	}
	for i := range s.Fields {
		f := &s.Fields[i]
		v, given := values[f.Name]
		if given && v == starlark.None && f.Optional {
			given = false
		}
		if !given {
			if !f.Optional && f.Kind != ir.NoField && (f.Kind != ir.OperandsField || f.Min > 0) && !(takesRest(s) && i == 0) {
				return nil, fmt.Errorf("%s is missing: want %s", f.Name, f.Doc)
			}
			if takesRest(s) && i == 0 && f.Kind == ir.RegionField {
				p.regions = append(p.regions, regionParts{field: f.Name})
			}
			continue
		}
		if err := c.field(&p, f, v); err != nil {
			return nil, err
		}
	}
	t, err := c.newTerm(s.Op, p)
	if err == nil && t.isStatement() && !t.isExpression() {
		c.builder.effects = append(c.builder.effects, t)
	}
	return t, err
}

// keywordNames lists how the parameters of an element are spelt.
func keywordNames(s *ir.Schema) []string {
	var names []string
	for i := range s.Fields {
		if f := &s.Fields[i]; f.Kind != ir.NoField {
			names = append(names, spelling(f.Name))
		}
	}
	return append(names, docKey)
}

// spelling returns how a keyword argument for a field is written.
func spelling(field string) string {
	switch field {
	case storeKey:
		return "store_to"
	case "as":
		return "counter"
	case "in", "yield", "while":
		return field + "_"
	}
	return field
}

// field adds the value of one field to the parts of a node.
func (c *call) field(p *parts, f *ir.Field, v starlark.Value) error {
	var err error
	switch f.Kind {
	case ir.AttrField:
		var value ir.Value
		if value, err = c.attr(f, v); err == nil && !value.IsNull() {
			p.attrs = append(p.attrs, ir.Attr{Name: f.Name, Value: value})
		}
	case ir.OperandField:
		var t *term
		if t, err = c.operand(v); err == nil {
			p.args = []*term{t}
		}
	case ir.OperandsField:
		p.args, err = c.operands(v, 0)
	case ir.NamedField:
		var t *term
		if t, err = c.operand(v); err == nil {
			p.kwargs = append(p.kwargs, namedTerm{f.Name, t})
		}
	case ir.KeywordsField:
		var fields []namedTerm
		fields, err = c.keywords(v, 0)
		p.kwargs = append(p.kwargs, fields...)
	case ir.RegionField:
		var body []*term
		if body, err = c.body(v); err == nil {
			p.regions = append(p.regions, regionParts{field: f.Name, body: body})
		}
	case ir.StatementField:
		var hooks []*term
		if hooks, err = c.hooks(v); err == nil {
			p.regions = append(p.regions, regionParts{field: f.Name, body: hooks})
		}
	case ir.RegionsField, ir.CasesField:
		var regions []regionParts
		if f.Kind == ir.RegionsField {
			regions, err = c.strands(f.Name, v)
		} else {
			regions, err = c.cases(v)
		}
		p.regions = append(p.regions, regions...)
	}
	if err != nil && !errors.Is(err, errBroken) && f.Kind != ir.AttrField {
		var end fatal
		if !errors.As(err, &end) {
			return fmt.Errorf("%s: %w", f.Name, err)
		}
	}
	return err
}

// newIf makes IF(condition, then, otherwise), a switch on true and false.
func newIf(c *call) (starlark.Value, error) {
	var condition, then, otherwise starlark.Value = nil, nil, starlark.None
	var own, common []starlark.Tuple
	for _, pair := range c.kwargs {
		switch string(pair[0].(starlark.String)) {
		case "condition", "then", "otherwise", "else_":
			own = append(own, pair)
		default:
			common = append(common, pair)
		}
	}
	if err := starlark.UnpackArgs(c.name, c.args, own, "condition", &condition, "then", &then, "otherwise?", &otherwise, "else_?", &otherwise); err != nil {
		return nil, unpackError(err)
	}
	cases := make([]starlark.Value, 2)
	for i, body := range []starlark.Value{then, otherwise} {
		region, err := c.branch(starlark.Bool(i == 0), body)
		if err != nil {
			return nil, err
		}
		cases[i] = &branch{starlark.None, region}
	}
	c.kwargs = common
	return c.element(ir.SchemaOf("switch"), map[string]starlark.Value{"switch": condition, "cases": starlark.NewList(cases)})
}

// unpackError takes the name of the function out of an error of UnpackArgs:
// what is reported begins with it.
func unpackError(err error) error {
	if _, message, ok := strings.Cut(err.Error(), ": "); ok {
		return errors.New(message)
	}
	return err
}
