package star

import (
	"fmt"

	"go.starlark.net/starlark"

	"flowc.dev/flowc/ir"
)

// A function is a function of the program; it is called like an op.
type function struct {
	*callee
	f *ir.Function
}

func (f *function) Type() string { return "function of the program" }

// newFunction makes FUNCTION(name, params, returns, body, registers={}, doc=""),
// or FUNCTION(def, name=.., returns=..) by tracing.
func newFunction(c *call) (starlark.Value, error) {
	var what, params, returns, body, registers, name starlark.Value = nil, starlark.None, starlark.None, starlark.None, starlark.None, starlark.None
	var doc string
	if err := starlark.UnpackArgs(c.name, c.args, c.kwargs, "what", &what, "params?", &params, "returns?", &returns,
		"body?", &body, "registers?", &registers, "name?", &name, "doc?", &doc); err != nil {
		return nil, unpackError(err)
	}
	f := &ir.Function{Pos: c.pos, Doc: doc}
	var err error
	if def, ok := what.(*starlark.Function); ok {
		if params != starlark.None || body != starlark.None {
			return nil, fmt.Errorf("found params or body beside a def: the def gives them")
		}
		err = c.trace(f, def, name, returns)
	} else {
		err = c.declareFunction(f, what, params, returns, body)
	}
	if err == nil && registers != starlark.None {
		f.Registers, err = c.registerDict(registers)
	}
	if err != nil {
		return nil, err
	}
	made := &function{&callee{builder: c.builder, name: f.Name}, f}
	c.builder.functions = append(c.builder.functions, made)
	return made, nil
}

func (c *call) declareFunction(f *ir.Function, name, params, returns, body starlark.Value) error {
	text, ok := name.(starlark.String)
	if !ok {
		return fmt.Errorf("found %s: want a name, as a string, or a def", describe(name))
	}
	f.Name = string(text)
	var err error
	if params != starlark.None {
		if f.Params, err = c.names(params); err != nil {
			return fmt.Errorf("params: %w", err)
		}
	}
	if returns != starlark.None {
		if f.Returns, err = c.names(returns); err != nil {
			return fmt.Errorf("returns: %w", err)
		}
	}
	statements, err := c.body(body)
	if err != nil {
		return err
	}
	f.Body = c.place(statements)
	return nil
}

// place returns the nodes of the statements of a body.
func (c *call) place(statements []*term) []*ir.Node {
	nodes := make([]*ir.Node, len(statements))
	for i, t := range statements {
		t.placed = true
		nodes[i] = t.node
	}
	return nodes
}

// trace calls a def with its parameters as registers. What it returns, an
// expression, a list or tuple of them or a dict from names to them, is what the
// function returns. An expression that is used more than once is computed once.
func (c *call) trace(f *ir.Function, def *starlark.Function, name, returns starlark.Value) error {
	f.Name = def.Name()
	if text, ok := name.(starlark.String); ok {
		f.Name = string(text)
	} else if name != starlark.None {
		return fmt.Errorf("name is %s: want a string", describe(name))
	}
	if f.Name == "lambda" && name == starlark.None {
		return fmt.Errorf("a lambda has no name: give one by name=")
	}
	if f.Doc == "" {
		f.Doc = def.Doc()
	}
	if def.HasVarargs() || def.HasKwargs() || def.NumKwonlyParams() > 0 {
		return fmt.Errorf("the def %s has other than plain parameters: a function of the program has a fixed list of them", f.Name)
	}
	args := make(starlark.Tuple, def.NumParams())
	for i := range args {
		param, _ := def.Param(i)
		if def.ParamDefault(i) != nil {
			return fmt.Errorf("the parameter %s of the def %s has a default: a function of the program has none", param, f.Name)
		}
		f.Params = append(f.Params, param)
		t, err := c.newTerm("reg", parts{attrs: []ir.Attr{{Name: "reg", Value: ir.String(param)}}})
		if err != nil {
			return err
		}
		args[i] = t
	}
	v, err := starlark.Call(c.thread, def, args, nil)
	if err != nil {
		return fatal{err}
	}
	var results []*term
	if dict, ok := v.(*starlark.Dict); ok {
		fields, err := c.keywords(v, 0)
		if err != nil {
			return fmt.Errorf("the results of the def %s: %w", f.Name, err)
		}
		if returns != starlark.None {
			return fmt.Errorf("the def %s names its results, and returns= names them too: want one", f.Name)
		}
		for i, key := range dict.Keys() {
			f.Returns = append(f.Returns, string(key.(starlark.String)))
			results = append(results, fields[i].term)
		}
	} else {
		if _, several := items(v); !several {
			v = starlark.Tuple{v}
		}
		if results, err = c.operands(v, 0); err != nil {
			return fmt.Errorf("the results of the def %s: %w", f.Name, err)
		}
		if f.Returns, err = c.resultNames(f, returns, len(results)); err != nil {
			return err
		}
	}
	f.Body = c.share(f, results)
	return nil
}

// resultNames returns the names of n results.
func (c *call) resultNames(f *ir.Function, returns starlark.Value, n int) ([]string, error) {
	if returns != starlark.None {
		names, err := c.names(returns)
		if err == nil && len(names) != n {
			err = fmt.Errorf("the def %s gives %d results, and returns= names %d", f.Name, n, len(names))
		}
		return names, err
	}
	names := make([]string, n)
	for i := range names {
		names[i] = fresh(f, "result", i, n > 1)
	}
	return names, nil
}

// fresh returns a name that no parameter has.
func fresh(f *ir.Function, stem string, i int, numbered bool) string {
	name := stem
	if numbered {
		name = fmt.Sprintf("%s%d", stem, i+1)
	}
	for _, param := range f.Params {
		if param == name {
			return fresh(f, stem+"_", i, numbered)
		}
	}
	return name
}
