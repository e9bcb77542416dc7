package collapse

import (
	"fmt"
	"slices"
	"strings"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops"
	"flowc.dev/flowc/passes/dataflow"
	"flowc.dev/flowc/passes/pass"
)

// A typer tells the types of values of a run from literals, from the declared
// types of registers and from the counter of the loop around.
type typer struct {
	registry *ops.Registry
	declared map[string]ir.Type
	known    map[*dataflow.Value]*valueType
}

// A valueType is what is known of a value's type: all of it, or a text that is
// equal for values of equal types.
type valueType struct {
	known ir.Type
	sure  bool
	key   string
}

// small reports whether the type is that of a number with few elements.
func (t *valueType) small() bool {
	const most = 64
	size := 1
	for _, n := range t.known.Shape {
		size *= min(n, most+1)
		if size > most {
			return false
		}
	}
	return t.sure && t.known.Kind == ir.Number
}

// truth reports whether the type is bool of rank 0.
func (t *valueType) truth() bool {
	return t.sure && t.known.Kind == ir.Number && t.known.DType == ir.Bool && len(t.known.Shape) == 0
}

// of returns the type of v, if the run gets that far.
func (t *typer) of(v *dataflow.Value) *valueType {
	if known := t.known[v]; known != nil {
		return known
	}
	typ := t.find(v)
	if typ.sure {
		typ.key = typ.known.String()
	}
	t.known[v] = typ
	return typ
}

func sure(t ir.Type) *valueType { return &valueType{known: t, sure: true} }

func (t *typer) find(v *dataflow.Value) *valueType {
	switch v.Kind {
	case dataflow.Const:
		return sure(v.Literal.Type())
	case dataflow.Fill:
		if dtype, err := ir.ParseDType(v.Node.Text("dtype")); err == nil {
			return sure(ir.NumberType(dtype, ir.Ints(v.Node.Attr("shape"))...))
		}
	case dataflow.Input:
		if declared, ok := t.declared[v.Names[0]]; ok && len(v.Names) == 1 {
			return sure(declared)
		}
		return &valueType{key: "register " + strings.Join(v.Names, ".")}
	case dataflow.Result:
		return &valueType{key: fmt.Sprintf("result %d of %s", v.Index, t.of(v.Args[0]).key)}
	case dataflow.Call:
		return t.call(v)
	}
	return &valueType{key: fmt.Sprintf("value %p", v)}
}

// call returns the type of a call with one result: by the op's type rule, or as
// a text of the op and the types of its arguments, on which alone it depends but
// for arguments that decide types.
func (t *typer) call(v *dataflow.Value) *valueType {
	op := t.registry.Lookup(v.Op)
	args, key, all := make([]ops.Arg, len(v.Args)), v.Op, op.Results == 1
	for i, arg := range v.Args {
		typ := t.of(arg)
		all = all && typ.sure
		args[i].Type = typ.known
		if arg.Kind == dataflow.Const {
			args[i].Value = &arg.Literal
		}
		if key += " (" + typ.key + ")"; op.ParamAt(i).Static && arg.Kind == dataflow.Const {
			key += ir.ValueDigest(arg.Literal)
		} else if op.ParamAt(i).Static {
			key += fmt.Sprintf("%p", arg)
		}
		if len(key) > 1000 {
			key = fmt.Sprintf("value %p", v)
		}
	}
	if all {
		if types, err := op.Infer(args); err == nil && len(types) == 1 {
			return sure(types[0])
		}
	}
	return &valueType{key: key}
}

// typesIn returns a typer for the statements of a list. The counter of the loop
// around is a whole number; in a weave another strand may store to it.
func (k *collapser) typesIn(s *pass.Scope) *typer {
	declared, parent := s.Program.Registers, s.Parent
	if s.Function != nil {
		declared = s.Function.Registers
	}
	t := &typer{registry: k.c.Registry, declared: map[string]ir.Type{}, known: map[*dataflow.Value]*valueType{}}
	for i := range declared {
		if declared[i].Fixed {
			t.declared[declared[i].Name] = declared[i].Type
		}
	}
	if parent != nil && parent.Op == "repeat" && !s.Strand {
		if counter := parent.Text("as"); counter != "" && !slices.ContainsFunc(declared, func(r ir.Register) bool { return r.Name == counter && r.Fixed }) {
			t.declared[counter] = ir.NumberType(ir.I64)
		}
	}
	return t
}
