package star

import (
	"fmt"
	"slices"

	"go.starlark.net/starlark"

	"flowc.dev/flowc/frontend/star/bounded"
	"flowc.dev/flowc/ir"
)

// A programSpec is what program(...) says.
type programSpec struct {
	pos  ir.Pos
	name string
	doc  string
	body []*term
}

// newProgram makes program(name=.., doc=.., imports=.., registers=.., inputs=..,
// functions=.., outputs=.., body=..).
func newProgram(c *call) (starlark.Value, error) {
	var imports, registers, inputs, functions, outputs, body starlark.Value = starlark.None, starlark.None, starlark.None, starlark.None, starlark.None, starlark.None
	spec := &programSpec{pos: c.pos}
	if err := starlark.UnpackArgs(c.name, c.args, c.kwargs, "body?", &body, "name?", &spec.name, "doc?", &spec.doc, "imports?", &imports,
		"registers?", &registers, "inputs?", &inputs, "functions?", &functions, "outputs?", &outputs); err != nil {
		return nil, unpackError(err)
	}
	if c.spec != nil {
		return nil, fmt.Errorf("the file has a program already, at %s: want one", c.spec.pos)
	}
	if len(c.runs) > 0 {
		return nil, fmt.Errorf("the file runs a statement too: want either program(...) or .run()")
	}
	for _, list := range []struct {
		what   string
		value  starlark.Value
		target *[]string
	}{{"imports", imports, &c.builder.imports}, {"inputs", inputs, &c.builder.inputs}, {"outputs", outputs, &c.builder.outputs}} {
		if list.value == starlark.None {
			continue
		}
		names, err := c.names(list.value)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", list.what, err)
		}
		for _, name := range names {
			if list.what != "imports" || !slices.Contains(*list.target, name) {
				*list.target = append(*list.target, name)
			}
		}
	}
	if registers != starlark.None {
		declared, err := c.registerDict(registers)
		if err != nil {
			return nil, err
		}
		c.builder.registers = append(c.builder.registers, declared...)
	}
	if list, ok := items(functions); functions != starlark.None && !ok {
		return nil, fmt.Errorf("functions is %s: want a list of what FUNCTION makes", describe(functions))
	} else {
		for _, f := range list {
			if _, ok := f.(*function); !ok {
				return nil, fmt.Errorf("functions has %s in it: want what FUNCTION makes", describe(f))
			}
		}
	}
	statements, err := c.body(body)
	if err != nil {
		return nil, fmt.Errorf("body: %w", err)
	}
	spec.body = statements
	c.builder.spec = spec
	return starlark.None, nil
}

// run puts a statement into the program, as run() of the draft ran it.
func (c *call) run(t *term) (starlark.Value, error) {
	if len(c.args)+len(c.kwargs) > 0 {
		return nil, fmt.Errorf("the file only constructs the program: limit its steps by flowc --max-steps=n")
	}
	if c.spec != nil {
		return nil, fmt.Errorf("the file has a program already, at %s: want either program(...) or .run()", c.spec.pos)
	}
	statement, err := c.statement(t)
	if err != nil {
		return nil, err
	}
	c.builder.runs = append(c.builder.runs, statement)
	return starlark.None, nil
}

// program returns what the file has made.
func (b *builder) program(m *bounded.Module) *ir.Program {
	p := &ir.Program{File: b.file}
	body := b.runs
	switch {
	case b.spec != nil:
		p.Name, p.Doc = b.spec.name, b.spec.doc
		body = b.spec.body
	case len(b.runs) == 0:
		b.report(ir.Pos{}, "the file makes no program: end it with program(body=[...]), or with .run() of a statement")
		return nil
	case len(b.runs) == 1:
		for _, name := range m.Names {
			if m.Globals[name] == starlark.Value(b.runs[0]) {
				p.Name = name
				break
			}
		}
	}
	b.nameObjects(m.Globals, m.Names)
	x := &expander{builder: b}
	for _, o := range b.objects {
		declared := ir.Object{Name: o.name, Class: o.class, Pos: o.pos, Doc: o.doc}
		for i, arg := range o.args {
			declared.Args = append(declared.Args, ir.Kwarg{Name: o.names[i], Node: x.node(arg.node)})
		}
		slices.SortFunc(declared.Args, func(a, b ir.Kwarg) int { return compareText(a.Name, b.Name) })
		p.Objects = append(p.Objects, declared)
	}
	p.Imports, p.Inputs, p.Outputs = b.imports, b.inputs, b.outputs
	p.Registers = x.registers(b.registers)
	for _, f := range b.functions {
		f.f.Registers = x.registers(f.f.Registers)
		f.f.Body = x.body(f.f.Body)
		p.Functions = append(p.Functions, f.f)
	}
	for _, t := range body {
		t.placed = true
		if b.spec == nil && t.node.Op == "seq" && len(t.node.Attrs) == 0 && len(t.node.Regions) == 1 && t.node.Doc == "" {
			p.Body = append(p.Body, x.body(t.node.Body("seq"))...)
			continue
		}
		p.Body = append(p.Body, x.node(t.node))
	}
	if b.spec == nil && b.outputs == nil {
		p.Outputs = storedForSure(p.Body, nil)
	}
	if x.count > ir.MaxNodes {
		b.report(ir.Pos{}, "the program has more than %d nodes: split it, or use REPEAT", ir.MaxNodes)
		return nil
	}
	p.AssignIDs()
	return p
}

func compareText(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// An expander copies terms into the program: what is part of several statements
// becomes as many nodes.
type expander struct {
	*builder
	count int
}

func (x *expander) node(n *ir.Node) *ir.Node {
	if x.count++; x.count > ir.MaxNodes {
		return n
	}
	c := n.Copy()
	if object := x.methods[n]; object != nil {
		*c = *c.WithAttr("call", ir.String(object.name+"."+n.Text("call")))
	}
	for i, arg := range c.Args {
		c.Args[i] = x.node(arg)
	}
	for i, k := range c.Kwargs {
		c.Kwargs[i].Node = x.node(k.Node)
	}
	for i := range c.Regions {
		c.Regions[i].Body = x.body(c.Regions[i].Body)
	}
	return c
}

func (x *expander) body(body []*ir.Node) []*ir.Node {
	nodes := make([]*ir.Node, 0, len(body))
	for _, n := range body {
		if x.count > ir.MaxNodes {
			break
		}
		nodes = append(nodes, x.node(n))
	}
	return nodes
}

func (x *expander) registers(registers []ir.Register) []ir.Register {
	for i := range registers {
		if init := registers[i].Init; init != nil {
			registers[i].Init = x.node(init)
		}
	}
	return registers
}

// storedForSure lists the registers that the statements of a straight body
// store to, in order: what one sees of a program that was run without saying
// what its outputs are.
func storedForSure(body []*ir.Node, names []string) []string {
	for _, n := range body {
		switch n.Op {
		case "seq":
			names = storedForSure(n.Body("seq"), names)
		case "repeat":
			if count, err := ir.Literal(n.Args[0]); err == nil && count.IsScalar() && count.Float64() >= 1 && len(n.Body("body")) > 0 {
				names = storedForSure(n.Body("body"), names)
			}
		case "break", "continue":
			return names
		}
		for _, name := range n.Stores() {
			if name != ir.Discard && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names
}
