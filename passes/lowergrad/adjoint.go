package lowergrad

import (
	"fmt"
	"slices"

	"flowc.dev/flowc/passes/dataflow"
)

// adjoints runs reverse-mode automatic differentiation (Griewank and Walther,
// Evaluating Derivatives, 2008, ch. 3) over one computation: values in reverse
// order of evaluation, each passing its adjoint on to its operands by the
// gradient rule of its op.
type adjoints struct {
	g       *dataflow.Graph
	depends map[*dataflow.Value]bool // on what is differentiated by
	total   map[*dataflow.Value]*dataflow.Value
	fields  map[*dataflow.Value]map[string]*dataflow.Value // of records, by field
	tape    *tape
}

// differentiate returns the adjoints of the values wrt of the scalar loss; nil
// for a value that does not influence it.
func differentiate(g *dataflow.Graph, b *dataflow.Builder, loss *dataflow.Value, wrt []*dataflow.Value) ([]*dataflow.Value, error) {
	a := &adjoints{
		g:       g,
		depends: map[*dataflow.Value]bool{},
		total:   map[*dataflow.Value]*dataflow.Value{},
		fields:  map[*dataflow.Value]map[string]*dataflow.Value{},
		tape:    newTape(g, b),
	}
	order := dataflow.Reachable(loss)
	for _, v := range order {
		a.depends[v] = slices.Contains(wrt, v) || slices.ContainsFunc(v.Args, func(arg *dataflow.Value) bool { return a.depends[arg] })
	}
	a.total[loss] = g.Call("ones_like", loss.Node, loss)
	for i := len(order) - 1; i >= 0; i-- {
		v := order[i]
		if !a.depends[v] {
			continue
		}
		if err := a.gatherFields(v); err != nil {
			return nil, err
		}
		if d := a.total[v]; d != nil {
			if err := a.pass(v, d); err != nil {
				return nil, err
			}
		}
	}
	result := make([]*dataflow.Value, len(wrt))
	for i, v := range wrt {
		result[i] = a.total[v]
	}
	return result, nil
}

// gatherFields adds what the reads of v's fields left to the adjoint of v.
func (a *adjoints) gatherFields(v *dataflow.Value) error {
	parts := a.fields[v]
	if parts == nil {
		return nil
	}
	var names []string
	for name := range parts {
		names = append(names, name)
	}
	slices.Sort(names)
	values := make([]*dataflow.Value, len(names))
	for i, name := range names {
		values[i] = parts[name]
	}
	whole, err := a.g.Bind("record_like", v.Node, []*dataflow.Value{v, a.g.Record(v.Node, names, values)}, nil)
	if err != nil {
		return err
	}
	a.add(v, whole)
	return nil
}

// pass hands the adjoint d of v on to v's operands.
func (a *adjoints) pass(v, d *dataflow.Value) error {
	switch v.Kind {
	case dataflow.Call:
		if name, ok := fieldRead(v); ok {
			a.addField(v.Args[0], name, d)
			return nil
		}
		return a.call(v, d)
	case dataflow.List:
		for i, item := range v.Args {
			a.add(item, a.g.Item(d, i, v.Node))
		}
	case dataflow.Record:
		for i, field := range v.Args {
			a.add(field, a.g.Field(d, v.Names[i], v.Node))
		}
	case dataflow.Result:
		return noGradient(v.Args[0], "has several results and no gradient")
	case dataflow.Slice:
		return noGradient(v, "is a range of an index and has no gradient")
	}
	return nil
}

// fieldRead reports whether v reads a field of a record, and which.
func fieldRead(v *dataflow.Value) (string, bool) {
	if !v.IsCall("getitem") || len(v.Args) != 2 {
		return "", false
	}
	return v.Args[1].IsString()
}

func (a *adjoints) call(v, d *dataflow.Value) error {
	op := a.g.Registry.Lookup(v.Op)
	if op.Results > 1 {
		return noGradient(v, "has several results and no gradient")
	}
	if op.Gradient == nil {
		return noGradient(v, "has no gradient")
	}
	parts := op.Gradient(a.tape, a.tape.nodes(v.Args), a.tape.node(v), a.tape.node(d))
	if a.tape.err != nil {
		return fmt.Errorf("the gradient rule of %s: %w", v.Op, a.tape.err)
	}
	for i, arg := range v.Args {
		if i >= len(parts) || parts[i] == nil || !a.depends[arg] {
			continue
		}
		part, err := a.tape.value(parts[i])
		if err != nil {
			return fmt.Errorf("the gradient rule of %s: %w", v.Op, err)
		}
		a.add(arg, part)
	}
	return nil
}

func noGradient(v *dataflow.Value, why string) error {
	name := v.Op
	if name == "" {
		name = "an operand"
	}
	place := ""
	if v.Node != nil && v.Node.Pos.Known() {
		place = " at " + v.Node.Pos.String()
	}
	return fmt.Errorf("%s%s %s, and the loss depends on a parameter through it", name, place, why)
}

// add adds d to the adjoint of v.
func (a *adjoints) add(v, d *dataflow.Value) {
	if a.depends[v] {
		a.total[v] = a.sum(a.total[v], d)
	}
}

func (a *adjoints) addField(v *dataflow.Value, name string, d *dataflow.Value) {
	if a.fields[v] == nil {
		a.fields[v] = map[string]*dataflow.Value{}
	}
	a.fields[v][name] = a.sum(a.fields[v][name], d)
}

// sum returns c + d; lists add item by item, records field by field.
func (a *adjoints) sum(c, d *dataflow.Value) *dataflow.Value {
	if c == nil {
		return d
	}
	same := c.Kind == d.Kind && len(c.Args) == len(d.Args) && slices.Equal(c.Names, d.Names)
	if !same || c.Kind != dataflow.List && c.Kind != dataflow.Record {
		return a.g.Call("add", d.Node, c, d)
	}
	parts := make([]*dataflow.Value, len(c.Args))
	for i := range parts {
		parts[i] = a.sum(c.Args[i], d.Args[i])
	}
	if c.Kind == dataflow.List {
		return a.g.List(c.Node, parts...)
	}
	return a.g.Record(c.Node, c.Names, parts)
}
