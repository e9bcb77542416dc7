package star

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.starlark.net/starlark"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops"
)

// An object is an object of the program.
type object struct {
	*builder
	name  string // "" until the end when it has the name of a variable
	class string
	args  []*term
	names []string // of args
	pos   ir.Pos
	doc   string
}

func (o *object) String() string       { return "object of class " + o.class }
func (o *object) Type() string         { return "object" }
func (o *object) Freeze()              {}
func (o *object) Truth() starlark.Bool { return starlark.True }
func (o *object) Hash() (uint32, error) {
	return 0, errors.New("unhashable: object")
}

// Attr returns a method. Those of an unknown class are for the verifier.
func (o *object) Attr(name string) (starlark.Value, error) {
	if class := o.Registry.Class(o.class); class != nil && class.Method(name) == nil {
		return nil, nil
	}
	return &callee{builder: o.builder, name: name, object: o}, nil
}

// AttrNames lists the methods.
func (o *object) AttrNames() []string {
	class := o.Registry.Class(o.class)
	if class == nil {
		return nil
	}
	var names []string
	for _, m := range class.Methods {
		names = append(names, m.Name)
	}
	slices.Sort(names)
	return names
}

// constructorOf returns the constructor of a class: class(args.., name="", doc="").
func (b *builder) constructorOf(class *ops.Class) starlark.Value {
	return b.constructor(class.Name, func(c *call) (starlark.Value, error) {
		o := &object{builder: c.builder, class: class.Name, pos: c.pos}
		if len(c.args) > len(class.Params) {
			return nil, fmt.Errorf("got %d arguments: want at most %d", len(c.args), len(class.Params))
		}
		for i, arg := range c.args {
			if err := c.objectArg(o, class.Params[i].Name, arg); err != nil {
				return nil, err
			}
		}
		return o, c.objectArgs(o)
	})
}

// newObject makes OBJECT(name, class, args.., doc=""), for names and classes
// that cannot be written else; args= gives arguments as a dict.
func newObject(c *call) (starlark.Value, error) {
	if len(c.args) != 2 {
		return nil, fmt.Errorf("got %d arguments: want (name, class) and then named ones", len(c.args))
	}
	name, ok1 := c.args[0].(starlark.String)
	class, ok2 := c.args[1].(starlark.String)
	if !ok1 || !ok2 {
		return nil, fmt.Errorf("found %s and %s: want a name and a class, as strings", describe(c.args[0]), describe(c.args[1]))
	}
	o := &object{builder: c.builder, name: string(name), class: string(class), pos: c.pos}
	for i, pair := range c.kwargs {
		if pair[0] != starlark.String("args") {
			continue
		}
		dict, ok := pair[1].(*starlark.Dict)
		if !ok {
			return nil, fmt.Errorf("args is %s: want a dict", describe(pair[1]))
		}
		for key, value := range dict.Entries() {
			name, ok := key.(starlark.String)
			if !ok {
				return nil, fmt.Errorf("found the key %s: want a name, as a string", describe(key))
			}
			if err := c.objectArg(o, string(name), value); err != nil {
				return nil, err
			}
		}
		c.kwargs = append(c.kwargs[:i:i], c.kwargs[i+1:]...)
		break
	}
	return o, c.objectArgs(o)
}

// objectArgs takes the keyword arguments of a constructor and declares the
// object.
func (c *call) objectArgs(o *object) error {
	for _, pair := range c.kwargs {
		name, value := string(pair[0].(starlark.String)), pair[1]
		if name != "name" && name != docKey {
			if err := c.objectArg(o, name, value); err != nil {
				return err
			}
			continue
		}
		text, ok := value.(starlark.String)
		if !ok {
			return fmt.Errorf("%s is %s: want a string", name, describe(value))
		}
		if name == "name" {
			o.name = string(text)
		} else {
			o.doc = string(text)
		}
	}
	c.builder.objects = append(c.builder.objects, o)
	return nil
}

func (c *call) objectArg(o *object, name string, v starlark.Value) error {
	if slices.Contains(o.names, name) {
		return fmt.Errorf("%s is given twice", name)
	}
	t, err := c.constantOperand(name, v)
	if err != nil {
		return err
	}
	o.names, o.args = append(o.names, name), append(o.args, t)
	return nil
}

// A namespace is a set of names that are written behind a dot: data.normal.
type namespace struct {
	name    string
	members starlark.StringDict
}

func (n *namespace) String() string        { return n.name }
func (n *namespace) Type() string          { return "namespace" }
func (n *namespace) Freeze()               {}
func (n *namespace) Truth() starlark.Bool  { return starlark.True }
func (n *namespace) Hash() (uint32, error) { return 0, errors.New("unhashable: namespace") }

func (n *namespace) Attr(name string) (starlark.Value, error) {
	if v, ok := n.members[name]; ok {
		return v, nil
	}
	return nil, nil
}

func (n *namespace) AttrNames() []string { return n.members.Keys() }

// addClasses adds the constructors of all classes to the names of a file.
func (b *builder) addClasses(names starlark.StringDict) {
	for _, class := range b.Registry.Classes() {
		path := strings.Split(class.Name, ".")
		members := names
		for i, part := range path[:len(path)-1] {
			space, ok := members[part].(*namespace)
			if !ok {
				space = &namespace{strings.Join(path[:i+1], "."), starlark.StringDict{}}
				members[part] = space
			}
			members = space.members
		}
		members[path[len(path)-1]] = b.constructorOf(class)
	}
}

// nameObjects gives a name to the objects that have none: that of the first
// global variable with the object, else one made from the class.
func (b *builder) nameObjects(globals starlark.StringDict, order []string) {
	taken := map[string]bool{}
	for _, o := range b.objects {
		taken[o.name] = true
	}
	for _, f := range b.functions {
		taken[f.f.Name] = true
	}
	for _, r := range b.registers {
		taken[r.Name] = true
	}
	for _, name := range order {
		if o, ok := globals[name].(*object); ok && o.name == "" && !taken[name] {
			o.name = name
			taken[name] = true
		}
	}
	for _, o := range b.objects {
		class := o.class[strings.LastIndexByte(o.class, '.')+1:]
		for i := 1; o.name == ""; i++ {
			if name := fmt.Sprintf("%s%d", class, i); !taken[name] {
				o.name = name
				taken[name] = true
			}
		}
	}
}
