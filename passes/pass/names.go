package pass

import (
	"strings"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops"
)

// Names resolves the names in the calls of a program.
type Names struct {
	Registry  *ops.Registry
	functions map[string]*ir.Function
	objects   map[string]*ops.Class
}

// NewNames returns the names of p.
func NewNames(p *ir.Program, registry *ops.Registry) *Names {
	names := &Names{Registry: registry, functions: map[string]*ir.Function{}, objects: map[string]*ops.Class{}}
	for _, f := range p.Functions {
		names.functions[f.Name] = f
	}
	for i := range p.Objects {
		names.objects[p.Objects[i].Name] = registry.Class(p.Objects[i].Class)
	}
	return names
}

// Op returns the op that a call of name calls, or nil. No function has the name
// of an op.
func (names *Names) Op(name string) *ops.Op { return names.Registry.Lookup(name) }

// Function returns the named function, or nil.
func (names *Names) Function(name string) *ir.Function { return names.functions[name] }

// Method returns the method that object.method names, or nil.
func (names *Names) Method(name string) *ops.Method {
	object, method, _ := strings.Cut(name, ".")
	if class := names.objects[object]; class != nil {
		return class.Method(method)
	}
	return nil
}

// unknown says that there is no op of a name, and which there are.
func (names *Names) unknown(name string) string {
	s := name + ", which is no op"
	if near := names.Registry.Library().Suggest(name); len(near) > 0 {
		s += "; did you mean " + strings.Join(near, ", ") + "?"
	}
	return s
}
