package star

import (
	"errors"
	"fmt"

	"go.starlark.net/starlark"

	"flowc.dev/flowc/frontend/star/bounded"
	"flowc.dev/flowc/ir"
)

// A callee is something of the program that can be called: an op, a method, a
// function of the program or of a library. Calling it makes a call.
type callee struct {
	*builder
	name   string  // of an op or function, or of the method
	object *object // of a method
	// shadows says that Starlark has a function of the same name, which is
	// meant by calls without expressions.
	shadows bool
}

func (f *callee) Name() string { return f.name }

func (f *callee) String() string {
	if f.object != nil {
		return "the method " + f.name
	}
	return f.name
}

func (f *callee) Type() string          { return "callable" }
func (f *callee) Freeze()               {}
func (f *callee) Truth() starlark.Bool  { return starlark.True }
func (f *callee) Hash() (uint32, error) { return 0, errors.New("unhashable: callable") }

// CallInternal makes the call.
func (f *callee) CallInternal(thread *starlark.Thread, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	if f.shadows && !hasTerm(args, kwargs) {
		if b := bounded.Builtin(thread, f.name); b != nil {
			return b.CallInternal(thread, args, kwargs)
		}
	}
	return f.invoke(thread, f.name, args, kwargs, func(c *call) (starlark.Value, error) {
		return c.call(f, c.args)
	})
}

// hasTerm reports whether an argument is a term or a list with one.
func hasTerm(args starlark.Tuple, kwargs []starlark.Tuple) bool {
	isTerm := func(v starlark.Value) bool {
		if list, ok := v.(*starlark.List); ok && list.Len() > 0 {
			v = list.Index(0)
		}
		_, ok := v.(*term)
		return ok
	}
	for _, arg := range args {
		if isTerm(arg) {
			return true
		}
	}
	for _, pair := range kwargs {
		if isTerm(pair[1]) {
			return true
		}
	}
	return false
}

// newCall makes CALL(what, *args, store_to=.., **kwargs).
func newCall(c *call) (starlark.Value, error) {
	if len(c.args) == 0 {
		return nil, fmt.Errorf("want what to call first: an op, a method or a function")
	}
	if t, ok := c.args[0].(*term); ok {
		return c.recall(t)
	}
	f, err := c.calleeOf(c.args[0])
	if err != nil {
		return nil, err
	}
	return c.call(f, c.args[1:])
}

// recall gives the call t stores, hooks and a doc.
func (c *call) recall(t *term) (*term, error) {
	if t.isBroken() {
		return nil, errBroken
	}
	if t.node.Op != "call" || !t.isExpression() || len(c.args) > 1 {
		return nil, fmt.Errorf("found %s: want an op, a method or a function, or one call of it", t)
	}
	again, err := c.element(ir.SchemaOf("call"), map[string]starlark.Value{"call": starlark.String(t.node.Text("call"))})
	if err != nil {
		return nil, err
	}
	if again.node.Args != nil || again.node.Kwargs != nil {
		return nil, fmt.Errorf("found arguments beside a call that has its own")
	}
	again.node.Args, again.node.Kwargs = t.node.Args, t.node.Kwargs
	again.size, again.depth = again.size+t.size, max(again.depth, t.depth)
	if object := c.methods[t.node]; object != nil {
		c.methods[again.node] = object
	}
	t.placed = true
	return again, nil
}

// calleeOf returns what a value calls.
func (c *call) calleeOf(v starlark.Value) (*callee, error) {
	switch v := v.(type) {
	case *callee:
		return v, nil
	case *function:
		return v.callee, nil
	case starlark.String:
		return &callee{builder: c.builder, name: string(v)}, nil
	case *starlark.Function:
		return nil, fmt.Errorf("found the def %s: a def runs while the program is constructed; make it a function of the program by FUNCTION(%s)", v.Name(), v.Name())
	}
	return nil, fmt.Errorf("found %s: want an op, a method or a function", describe(v))
}

// call makes a call of f. Keyword arguments that are no fields of a statement
// are arguments of f; args= and kwargs= give what cannot be written else.
func (c *call) call(f *callee, args starlark.Tuple) (*term, error) {
	s := ir.SchemaOf("call")
	values := map[string]starlark.Value{"call": starlark.String(f.name)}
	if len(args) > 0 {
		values["args"] = args
	}
	var named *starlark.Dict
	var common []starlark.Tuple
	for _, pair := range c.kwargs {
		name := string(pair[0].(starlark.String))
		if field := fieldNamed(s, name); field != nil && field.Name != "call" || name == docKey {
			common = append(common, pair)
			continue
		}
		if named == nil {
			named = starlark.NewDict(len(c.kwargs))
		}
		if err := named.SetKey(pair[0], pair[1]); err != nil {
			return nil, err
		}
	}
	if named != nil {
		for i, pair := range common {
			if pair[0] != starlark.String("kwargs") {
				continue
			}
			more, ok := pair[1].(*starlark.Dict)
			if !ok {
				return nil, fmt.Errorf("kwargs is %s: want a dict", describe(pair[1]))
			}
			named = named.Union(more)
			common = append(common[:i:i], common[i+1:]...)
			break
		}
		values["kwargs"] = named
	}
	c.kwargs = common
	t, err := c.element(s, values)
	if err != nil {
		return nil, err
	}
	if f.object != nil {
		c.methods[t.node] = f.object
		if t.isExpression() {
			c.builder.effects = append(c.builder.effects, t)
		}
	}
	return t, nil
}

// newGrad makes GRAD(function, *args, wrt=.., store_to=..).
func newGrad(c *call) (starlark.Value, error) {
	if len(c.args) == 0 {
		return nil, fmt.Errorf("want the function to differentiate first")
	}
	f, err := c.calleeOf(c.args[0])
	if err != nil {
		return nil, err
	}
	values := map[string]starlark.Value{"grad": starlark.String(f.name)}
	if len(c.args) > 1 {
		values["args"] = c.args[1:]
	}
	return c.element(ir.SchemaOf("grad"), values)
}

// newAssign makes ASSIGN(registers, value): the call that value is, or identity
// of it, with stores.
func newAssign(c *call) (starlark.Value, error) {
	if len(c.args) != 2 {
		return nil, fmt.Errorf("got %d arguments: want (register, value)", len(c.args))
	}
	c.kwargs = append(c.kwargs, starlark.Tuple{starlark.String(storeKey), c.args[0]})
	value := c.args[1]
	if t, ok := value.(*term); ok && !t.isBroken() && t.node.Op == "call" && t.isExpression() && t.node.Doc == "" {
		c.args = starlark.Tuple{value}
		return c.recall(t)
	}
	c.args = nil
	return c.call(&callee{builder: c.builder, name: "identity"}, starlark.Tuple{value})
}
