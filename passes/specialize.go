package passes

import (
	"fmt"
	"strings"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops"
	"flowc.dev/flowc/passes/graphs"
	"flowc.dev/flowc/passes/pass"
)

// GraphRules returns the rewrites of typed graphs, each with the level from
// which it applies. They are made on what Specialize returns, by
// [graphs.Rewrite].
func GraphRules() []graphs.Rule { return graphs.Rules() }

// Specialize returns the dataflow of a graph leaf for registers of the given
// types. The types of all values are inferred by the ops' type rules; records
// are taken apart into their fields and ops on records into ops on each; calls
// that nothing uses and that cannot fail are left out. inputType gives the type
// that a register holds. The error is that of the type rule, with the call that
// it is about, or an [ir.DynamicError] when there is no typed dataflow.
func Specialize(leaf *ir.Node, inputType func(register string) (ir.Type, error), registry *ops.Registry) (*ir.Graph, error) {
	s := &specializer{
		registry:  registry,
		inputType: inputType,
		locals:    map[string]operand{},
		registers: map[string]operand{},
		consts:    map[string]*slot{},
	}
	for _, n := range leaf.Body("graph") {
		if err := s.statement(n); err != nil {
			return nil, err
		}
	}
	var outputs []operand
	for _, name := range leaf.Names("yield") {
		o, err := s.read(leaf, name)
		if err != nil {
			return nil, err
		}
		outputs = append(outputs, o)
	}
	return s.finish(leaf, outputs)
}

type specializer struct {
	registry  *ops.Registry
	inputType func(register string) (ir.Type, error)
	locals    map[string]operand
	registers map[string]operand
	consts    map[string]*slot
	inputs    []*slot
	steps     []*step
}

// A slot is a value of the graph before it has a number.
type slot struct {
	typ    ir.Type
	input  *ir.GraphInput // of an input
	step   *step          // of a result
	number int
	listed bool // among the inputs
}

// A step is a call before its values have numbers.
type step struct {
	call    ir.GraphStep
	args    []*slot // nil for static arguments
	results []*slot
	canFail bool
	used    bool
}

// statement specializes a call of the leaf and binds its locals.
func (s *specializer) statement(n *ir.Node) error {
	op := s.registry.Lookup(n.Text("call"))
	if op == nil {
		return &pass.NodeError{Node: n, Err: fmt.Errorf("unknown op %q", n.Text("call"))}
	}
	bound, problems := op.Bind(n.Args, n.Kwargs)
	if len(problems) > 0 {
		return &pass.NodeError{Node: n, Err: fmt.Errorf("%s", strings.Join(problems, "; "))}
	}
	args := make([]operand, len(bound))
	for i, arg := range bound {
		var err error
		if args[i], err = s.operand(arg); err != nil {
			return err
		}
	}
	results, err := s.call(n, op, args)
	if err != nil {
		return err
	}
	stores := n.Stores()
	if len(stores) == 1 && len(results) > 1 {
		results = []operand{listOf(results)}
	}
	for i, name := range stores {
		if name != ir.Discard {
			s.locals[name] = results[i]
		}
	}
	return nil
}

// read returns the value of a name: a local, a register, or a field of one.
func (s *specializer) read(n *ir.Node, name string) (operand, error) {
	path := strings.Split(name, ".")
	o, ok := s.locals[path[0]]
	if !ok && ir.IsLocal(path[0]) && !ir.IsHidden(path[0]) {
		return o, &pass.NodeError{Node: n, Err: fmt.Errorf("bug: %s is read before it is set", name)}
	}
	if !ok {
		if o, ok = s.registers[path[0]]; !ok {
			t, err := s.inputType(path[0])
			if err != nil {
				return o, &pass.NodeError{Node: n, Err: err}
			}
			o = s.register(t, path[0], nil)
			s.registers[path[0]] = o
		}
	}
	for i, field := range path[1:] {
		inner, ok := o.field(field)
		if !ok {
			err := fmt.Errorf("register %q has no field %q; it is %s", strings.Join(path[:i+1], "."), field, o.typ)
			return o, &pass.NodeError{Node: n, Err: err}
		}
		o = inner
	}
	return o, nil
}

// register returns what a register of type t, or a field of one, is.
func (s *specializer) register(t ir.Type, name string, fields []string) operand {
	o := operand{typ: t}
	switch t.Kind {
	case ir.Number:
		o.slot = &slot{typ: t, input: &ir.GraphInput{Register: name, Fields: fields}}
	case ir.RecordKind:
		for i, field := range t.Names {
			path := append(fields[:len(fields):len(fields)], field)
			o.parts = append(o.parts, s.register(t.Parts[i], name, path))
		}
	}
	return o
}

// finish numbers the values and leaves out what nothing uses.
func (s *specializer) finish(leaf *ir.Node, outputs []operand) (*ir.Graph, error) {
	g := &ir.Graph{}
	for i := range outputs {
		if err := s.uses(leaf, &outputs[i]); err != nil {
			return nil, err
		}
	}
	for i := len(s.steps) - 1; i >= 0; i-- {
		st := s.steps[i]
		if st.used = st.used || st.canFail; st.used {
			for _, arg := range st.args {
				if arg != nil && arg.step != nil {
					arg.step.used = true
				}
			}
		}
	}
	for _, st := range s.steps {
		for i := 0; st.used && i < len(st.args); i++ {
			s.input(st.args[i])
		}
	}
	for i := range outputs {
		s.outputInputs(&outputs[i])
	}
	for _, in := range s.inputs {
		in.number = len(g.Types)
		g.Types = append(g.Types, in.typ)
		g.Inputs = append(g.Inputs, *in.input)
	}
	for _, st := range s.steps {
		if !st.used {
			continue
		}
		st.call.First, st.call.Results = len(g.Types), len(st.results)
		for _, r := range st.results {
			r.number = len(g.Types)
			g.Types = append(g.Types, r.typ)
		}
		st.call.Args = make([]int, len(st.args))
		for i, arg := range st.args {
			if st.call.Args[i] = -1; arg != nil {
				st.call.Args[i] = arg.number
			}
		}
		g.Steps = append(g.Steps, st.call)
	}
	for i := range outputs {
		g.Outputs = append(g.Outputs, outputs[i].output())
	}
	return g, nil
}

// input lists v if it is an input that is not listed yet.
func (s *specializer) input(v *slot) {
	if v != nil && v.input != nil && !v.listed {
		v.listed = true
		s.inputs = append(s.inputs, v)
	}
}

func (s *specializer) outputInputs(o *operand) {
	s.input(o.slot)
	if o.typ.Kind != ir.Number {
		for i := range o.parts {
			s.outputInputs(&o.parts[i])
		}
	}
}

// uses marks what an output is made of. Its literals become inputs.
func (s *specializer) uses(leaf *ir.Node, o *operand) error {
	if len(o.parts) > 0 || o.typ.Kind == ir.ListKind && o.lit == nil || o.typ.Kind == ir.RecordKind {
		if len(o.parts) != len(o.typ.Parts) {
			return &ir.DynamicError{Node: leaf, Reason: "it yields a list from a register"}
		}
		for i := range o.parts {
			if err := s.uses(leaf, &o.parts[i]); err != nil {
				return err
			}
		}
		return nil
	}
	if o.slot == nil && o.lit != nil && o.lit.IsNumber() {
		o.slot = s.constant(*o.lit)
	}
	if o.slot == nil {
		return &ir.DynamicError{Node: leaf, Reason: fmt.Sprintf("it yields %s, which is no number", o.typ)}
	}
	if o.slot.step != nil {
		o.slot.step.used = true
	}
	return nil
}

// constant returns the input that is a literal number.
func (s *specializer) constant(v ir.Value) *slot {
	key := ir.ValueDigest(v)
	c := s.consts[key]
	if c == nil {
		c = &slot{typ: v.Type(), input: &ir.GraphInput{Const: &v}}
		s.consts[key] = c
	}
	return c
}
