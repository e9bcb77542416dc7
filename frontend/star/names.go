package star

import (
	"fmt"
	"slices"
	"strings"

	"go.starlark.net/starlark"

	"flowc.dev/flowc/frontend/library"
	"flowc.dev/flowc/ir"
)

// special are the elements whose constructors differ from what their schema
// gives.
var special = map[string]callable{
	"call": newCall, "grad": newGrad,
}

// aliases are further names of elements.
var aliases = map[string]string{"BUFFER_REPEAT": "buffer", "CHOOSE": "switch"}

// constructors are the names that make no element of their own.
var constructors = map[string]callable{
	"IF": newIf, "CASE": newCase, "ASSIGN": newAssign, "FUNCTION": newFunction, "OBJECT": newObject,
	"REGISTER": newRegister, "INPUT": newInput, "OUTPUT": newOutput, "IMPORT": newImport, "DOC": newDoc,
	"reg": newReg, "register": newDeclaration, "tensor": newTensor, "const": newConst, "expression": newExpression, "slice": newSlice, "program": newProgram,
	"Registers": newRegisters, "Dataset": newDataset, "PCA_Analysis": newAnalysis,
}

// predeclared returns all that a file can name beside Starlark's own functions.
func (b *builder) predeclared() starlark.StringDict {
	names := starlark.StringDict{}
	add := func(name string, f callable) {
		names[name] = b.constructor(name, f)
		if lower := strings.ToLower(name); name == strings.ToUpper(name) && !keywords[lower] && names[lower] == nil && constructors[lower] == nil {
			names[lower] = b.constructor(lower, f)
		}
	}
	for _, op := range b.Registry.Ops() {
		names[op.Name] = &callee{builder: b, name: op.Name, shadows: starlark.Universe[op.Name] != nil}
	}
	b.addClasses(names)
	for _, s := range ir.Schemas() {
		if s.Class&(ir.Statement|ir.HookClause) == 0 {
			continue
		}
		f := special[s.Op]
		if f == nil {
			f = element(s)
		}
		add(strings.ToUpper(s.Op), f)
	}
	for name, op := range aliases {
		add(name, element(ir.SchemaOf(op)))
	}
	for name, f := range constructors {
		add(name, f)
	}
	names["numpy"] = &namespace{"numpy", starlark.StringDict{"random": &namespace{"numpy.random", starlark.StringDict{
		"RandomState": b.constructor("RandomState", newRandomState)}}}}
	return names
}

// keywords are the words that Starlark reserves.
var keywords = map[string]bool{}

func init() {
	for _, word := range strings.Fields("and break continue def elif else for if in lambda load not or pass return while " +
		"as assert async await class del except finally from global import is nonlocal raise try with yield") {
		keywords[word] = true
	}
}

// newConst makes const(value), a literal; a list or dict in it is one value.
func newConst(c *call) (starlark.Value, error) {
	if len(c.args) != 1 || len(c.kwargs) > 0 {
		return nil, fmt.Errorf("want one value")
	}
	v, err := c.literal(c.args[0])
	if err != nil {
		return nil, err
	}
	return c.constant(v)
}

// newExpression makes expression(value), the expression that a list, dict or
// other value stands for.
func newExpression(c *call) (starlark.Value, error) {
	if len(c.args) != 1 || len(c.kwargs) > 0 {
		return nil, fmt.Errorf("want one value")
	}
	return c.operand(c.args[0])
}

// newDoc makes DOC(text, what), a copy of what with a doc.
func newDoc(c *call) (starlark.Value, error) {
	if len(c.args) != 2 || len(c.kwargs) > 0 {
		return nil, fmt.Errorf("want a text and what it is about")
	}
	doc, ok := c.args[0].(starlark.String)
	if !ok {
		return nil, fmt.Errorf("found %s: want a text", describe(c.args[0]))
	}
	t, isTerm := c.args[1].(*term)
	if !isTerm {
		var err error
		if t, err = c.operand(c.args[1]); err != nil {
			return nil, err
		}
	}
	if t.isBroken() {
		return nil, errBroken
	}
	n := t.node.Copy()
	n.Doc = string(doc)
	if object := c.methods[t.node]; object != nil {
		c.methods[n] = object
	}
	t.placed = true
	return &term{node: n, size: t.size, depth: t.depth}, nil
}

// newImport makes IMPORT(name), a library whose functions are behind a dot.
func newImport(c *call) (starlark.Value, error) {
	if len(c.args) != 1 || len(c.kwargs) > 0 {
		return nil, fmt.Errorf("want the name of one library")
	}
	name, ok := c.args[0].(starlark.String)
	if !ok {
		return nil, fmt.Errorf("found %s: want the name of a library, as a string", describe(c.args[0]))
	}
	functions, _, err := library.Functions(string(name))
	if err != nil {
		return nil, err
	}
	l := &imported{c.builder, string(name), nil}
	for _, f := range functions {
		l.functions = append(l.functions, f.Name)
	}
	if !slices.Contains(c.builder.imports, l.name) {
		c.builder.imports = append(c.builder.imports, l.name)
	}
	return l, nil
}

// An imported library has its functions as attributes.
type imported struct {
	*builder
	name      string
	functions []string
}

func (l *imported) String() string        { return "library " + l.name }
func (l *imported) Type() string          { return "library" }
func (l *imported) Freeze()               {}
func (l *imported) Truth() starlark.Bool  { return starlark.True }
func (l *imported) Hash() (uint32, error) { return 0, fmt.Errorf("unhashable: library") }

// Attr returns a function of the library.
func (l *imported) Attr(name string) (starlark.Value, error) {
	if !slices.Contains(l.functions, name) {
		return nil, nil
	}
	return &callee{builder: l.builder, name: name}, nil
}

// AttrNames lists the functions.
func (l *imported) AttrNames() []string { return l.functions }
