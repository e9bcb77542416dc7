package passes

import (
	"slices"

	"flowc.dev/flowc/ir"
)

// An operand is what a specializer knows of a value: a literal, a value of the
// graph, or a list or record of such. One that is none of them is a value that
// no typed dataflow has, such as a string in a register.
type operand struct {
	typ   ir.Type
	lit   *ir.Value
	slot  *slot
	parts []operand
	slice bool // a range of an index
}

func literalOperand(v ir.Value) operand {
	o := operand{typ: v.Type(), lit: &v}
	switch v.Kind() {
	case ir.ListKind:
		for _, item := range v.List().Items {
			o.parts = append(o.parts, literalOperand(item))
		}
	case ir.RecordKind:
		for _, field := range v.Record().Values {
			o.parts = append(o.parts, literalOperand(field))
		}
	}
	return o
}

// listOf returns a list, which is a literal if its items are.
func listOf(items []operand) operand {
	o := operand{typ: ir.Type{Kind: ir.ListKind}, parts: items}
	values := make([]ir.Value, len(items))
	literal := true
	for i := range items {
		o.typ.Parts = append(o.typ.Parts, items[i].typ)
		if literal = literal && items[i].lit != nil; literal {
			values[i] = *items[i].lit
		}
	}
	if literal {
		v := ir.ListOf(values...)
		o.lit = &v
	}
	return o
}

func recordOf(names []string, fields []operand) operand {
	o := operand{typ: ir.Type{Kind: ir.RecordKind, Names: names}, parts: fields}
	values := make([]ir.Value, len(fields))
	literal := true
	for i := range fields {
		o.typ.Parts = append(o.typ.Parts, fields[i].typ)
		if literal = literal && fields[i].lit != nil; literal {
			values[i] = *fields[i].lit
		}
	}
	if literal {
		v := ir.RecordOf(names, values)
		o.lit = &v
	}
	return o
}

// field returns a field of a record.
func (o *operand) field(name string) (operand, bool) {
	i := slices.Index(o.typ.Names, name)
	if o.typ.Kind != ir.RecordKind || i < 0 || i >= len(o.parts) {
		return operand{}, false
	}
	return o.parts[i], true
}

// output returns the numbered form of an output.
func (o *operand) output() ir.GraphOutput {
	out := ir.GraphOutput{Value: -1, Kind: o.typ.Kind, Names: o.typ.Names}
	if o.typ.Kind == ir.Number {
		out.Value = o.slot.number
		return out
	}
	for i := range o.parts {
		out.Parts = append(out.Parts, o.parts[i].output())
	}
	return out
}

// operand returns what an operand of a call in a leaf is.
func (s *specializer) operand(n *ir.Node) (operand, error) {
	switch n.Op {
	case "const", "tensor":
		v, err := ir.Literal(n)
		return literalOperand(v), err
	case "reg":
		return s.read(n, n.Text("reg"))
	}
	var parts []operand
	for _, arg := range n.Args {
		o, err := s.operand(arg)
		if err != nil {
			return o, err
		}
		parts = append(parts, o)
	}
	switch n.Op {
	case "list":
		return listOf(parts), nil
	case "slice":
		null := literalOperand(ir.Value{})
		if len(parts) == 1 {
			parts = []operand{null, parts[0]}
		}
		for len(parts) < 3 {
			parts = append(parts, null)
		}
		o := listOf(parts)
		o.slice = true
		return o, nil
	case "record":
		var names []string
		for _, k := range n.Kwargs {
			o, err := s.operand(k.Node)
			if err != nil {
				return o, err
			}
			names = append(names, k.Name)
			parts = append(parts, o)
		}
		return recordOf(names, parts), nil
	}
	return operand{}, &ir.DynamicError{Node: n, Reason: n.Op + " is no operand of a graph"}
}
