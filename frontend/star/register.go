package star

import (
	"errors"
	"fmt"

	"go.starlark.net/starlark"

	"flowc.dev/flowc/ir"
)

// A registerDecl is a declaration of a register without its name.
type registerDecl struct {
	register ir.Register
}

func (*registerDecl) String() string        { return "register" }
func (*registerDecl) Type() string          { return "declaration of a register" }
func (*registerDecl) Freeze()               {}
func (*registerDecl) Truth() starlark.Bool  { return starlark.True }
func (*registerDecl) Hash() (uint32, error) { return 0, errors.New("unhashable: register") }

// maxTypeText bounds a type's text: 16 extents of up to 19 digits fit.
const maxTypeText = 400

// declaration reads (init=None, type=None, doc="").
func (c *call) declaration(name string) (*registerDecl, error) {
	var init starlark.Value = starlark.None
	var typeText, doc string
	if err := starlark.UnpackArgs(c.name, c.args, c.kwargs, "init?", &init, "type??", &typeText, "doc?", &doc); err != nil {
		return nil, unpackError(err)
	}
	d := &registerDecl{ir.Register{Name: name, Pos: c.pos, Doc: doc}}
	if init != starlark.None {
		t, err := c.constantOperand("init", init)
		if err != nil {
			return nil, err
		}
		t.placed = true
		d.register.Init = t.node
	}
	if typeText != "" {
		if len(typeText) > maxTypeText {
			return nil, fmt.Errorf("type has %d characters: want one such as \"f32[64,10]\"", len(typeText))
		}
		var err error
		if d.register.Type, err = ir.ParseType(typeText); err != nil {
			return nil, err
		}
		d.register.Fixed = true
	}
	return d, nil
}

// newDeclaration makes register(init=None, type=None, doc="").
func newDeclaration(c *call) (starlark.Value, error) { return c.declaration("") }

// newRegister makes REGISTER(name, init=None, type=None, doc=""), which declares
// a register and returns it.
func newRegister(c *call) (starlark.Value, error) {
	if len(c.args) == 0 {
		return nil, fmt.Errorf("want the name of the register first")
	}
	name, ok := c.args[0].(starlark.String)
	if !ok {
		return nil, fmt.Errorf("found %s: want the name of the register, as a string", describe(c.args[0]))
	}
	c.args = c.args[1:]
	d, err := c.declaration(string(name))
	if err != nil {
		return nil, err
	}
	t, err := c.newTerm("reg", parts{attrs: []ir.Attr{{Name: "reg", Value: ir.String(string(name))}}})
	if err != nil {
		return nil, err
	}
	c.builder.registers = append(c.builder.registers, d.register)
	return t, nil
}

// newInput makes INPUT(name, init=None, type=None, doc=""), a register that is
// fed from outside.
func newInput(c *call) (starlark.Value, error) {
	v, err := newRegister(c)
	if err == nil {
		c.builder.inputs = append(c.builder.inputs, v.(*term).node.Text("reg"))
	}
	return v, err
}

// newOutput makes OUTPUT(register..), which lists outputs of the program.
func newOutput(c *call) (starlark.Value, error) {
	names, err := c.names(c.args)
	if err == nil && len(c.kwargs) > 0 {
		err = fmt.Errorf("want registers only")
	}
	c.builder.outputs = append(c.builder.outputs, names...)
	return starlark.None, err
}

// registerDict returns the declarations in a dict: None for an unset register,
// a constant, or register(..).
func (c *call) registerDict(v starlark.Value) ([]ir.Register, error) {
	dict, ok := v.(*starlark.Dict)
	if !ok {
		return nil, fmt.Errorf("registers is %s: want a dict from names to first values", describe(v))
	}
	var registers []ir.Register
	for key, value := range dict.Entries() {
		name, ok := key.(starlark.String)
		if !ok {
			return nil, fmt.Errorf("registers has the key %s: want a name, as a string", describe(key))
		}
		r := ir.Register{Name: string(name), Pos: c.pos}
		switch value := value.(type) {
		case starlark.NoneType:
		case *registerDecl:
			r = value.register
			r.Name = string(name)
		default:
			t, err := c.constantOperand("the register "+string(name), value)
			if err != nil {
				return nil, err
			}
			t.placed = true
			r.Init = t.node
		}
		registers = append(registers, r)
	}
	return registers, nil
}

// newReg makes reg(name).
func newReg(c *call) (starlark.Value, error) {
	if len(c.args) != 1 || len(c.kwargs) > 0 {
		return nil, fmt.Errorf("want the name of one register")
	}
	name, ok := c.args[0].(starlark.String)
	if !ok {
		return nil, fmt.Errorf("found %s: want the name of a register, as a string", describe(c.args[0]))
	}
	return c.newTerm("reg", parts{attrs: []ir.Attr{{Name: "reg", Value: ir.String(string(name))}}})
}
