package passes_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"flowc.dev/flowc/backend"
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops"
	"flowc.dev/flowc/passes"
)

// specializing runs graph leaves by their typed dataflow, with the reference
// evaluation of each op, and checks each inferred type.
type specializing struct{ registry *ops.Registry }

func (s *specializing) Family() string { return "step" }

func (s *specializing) ByReference(string, []int) bool { return true }

func (s *specializing) Compile(leaf *ir.Node) (backend.GraphCode, error) {
	c := &specialized{registry: s.registry, leaf: leaf}
	read := func(name string) {
		name, _, _ = strings.Cut(name, ".")
		if (!ir.IsLocal(name) || ir.IsHidden(name)) && !slices.Contains(c.inputs, name) {
			c.inputs = append(c.inputs, name)
		}
	}
	for _, call := range leaf.Body("graph") {
		ir.WalkNode(nil, call, func(_ *ir.Path, n *ir.Node) bool {
			if n.Op == "reg" {
				read(n.Text("reg"))
			}
			return true
		})
	}
	for _, name := range leaf.Names("yield") {
		read(name)
	}
	return c, nil
}

type specialized struct {
	registry *ops.Registry
	leaf     *ir.Node
	inputs   []string
}

func (c *specialized) Inputs() []string { return c.inputs }

func (c *specialized) Exec(dst, inputs []ir.Value) error {
	g, err := passes.Specialize(c.leaf, func(name string) (ir.Type, error) {
		return inputs[slices.Index(c.inputs, name)].Type(), nil
	}, c.registry)
	var dynamic *ir.DynamicError
	if errors.As(err, &dynamic) && c.leaf.Attr("steps").Int64() == 1 {
		return c.reference(dst, inputs)
	}
	if err != nil {
		return err
	}
	values := make([]ir.Value, len(g.Types))
	for i, in := range g.Inputs {
		if in.Const != nil {
			values[i] = *in.Const
			continue
		}
		v := inputs[slices.Index(c.inputs, in.Register)]
		for _, field := range in.Fields {
			if v, err = v.Field(field); err != nil {
				return err
			}
		}
		values[i] = v
	}
	for _, step := range g.Steps {
		args := make([]ir.Value, len(step.Args))
		for i, v := range step.Args {
			if args[i] = step.Static[i]; v >= 0 {
				args[i] = values[v]
			}
		}
		results := make([]ir.Value, step.Results)
		if err := c.registry.Lookup(step.Op).Eval(results, args); err != nil {
			return err
		}
		copy(values[step.First:], results)
	}
	for i, v := range values {
		if !v.HasType(g.Types[i]) {
			return fmt.Errorf("value %d has the type %s, inferred is %s", i, v.Type(), g.Types[i])
		}
	}
	for i := range g.Outputs {
		dst[i] = outputValue(&g.Outputs[i], values)
	}
	return nil
}

func outputValue(o *ir.GraphOutput, values []ir.Value) ir.Value {
	if o.Kind == ir.Number {
		return values[o.Value]
	}
	parts := make([]ir.Value, len(o.Parts))
	for i := range parts {
		parts[i] = outputValue(&o.Parts[i], values)
	}
	if o.Kind == ir.ListKind {
		return ir.ListOf(parts...)
	}
	return ir.RecordOf(o.Names, parts)
}

// reference evaluates the leaf as it is written.
func (c *specialized) reference(dst, inputs []ir.Value) error {
	locals := map[string]ir.Value{}
	for i, name := range c.inputs {
		locals[name] = inputs[i]
	}
	var eval func(n *ir.Node) (ir.Value, error)
	eval = func(n *ir.Node) (ir.Value, error) {
		switch n.Op {
		case "reg":
			path := strings.Split(n.Text("reg"), ".")
			v := locals[path[0]]
			for _, field := range path[1:] {
				var err error
				if v, err = v.Field(field); err != nil {
					return v, err
				}
			}
			return v, nil
		case "list", "slice":
			var items []ir.Value
			for _, arg := range n.Args {
				v, err := eval(arg)
				if err != nil {
					return v, err
				}
				items = append(items, v)
			}
			return ir.ListOf(items...), nil
		}
		return ir.Literal(n)
	}
	for _, n := range c.leaf.Body("graph") {
		op := c.registry.Lookup(n.Text("call"))
		bound, _ := op.Bind(n.Args, n.Kwargs)
		args := make([]ir.Value, len(bound))
		for i, arg := range bound {
			v, err := eval(arg)
			if err != nil {
				return err
			}
			args[i] = v
		}
		results := make([]ir.Value, op.Results)
		if err := op.Eval(results, args); err != nil {
			return err
		}
		for i, name := range n.Stores() {
			locals[name] = results[i]
		}
	}
	for i, name := range c.leaf.Names("yield") {
		v, err := eval(ir.Reg(name))
		if err != nil {
			return err
		}
		dst[i] = v
	}
	return nil
}
