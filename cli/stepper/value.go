package stepper

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"flowc.dev/flowc"
	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ir/state"
	"flowc.dev/flowc/ir/text"
)

// scope returns the registers that the position sees, and the function whose
// they are.
func (s *Stepper) scope() (values map[string]ir.Value, function string, err error) {
	snapshot, err := s.machine.Snapshot()
	if err != nil {
		return nil, "", err
	}
	values = snapshot.Run.Registers
	for _, f := range path(&snapshot.Run.Main) {
		if n := s.listing.statements[f.Node]; n != nil && n.Op == "call" {
			values, function = f.Registers, n.Text("call")
		}
	}
	return values, function, nil
}

func (s *Stepper) printValue(ctx context.Context, args string) error {
	if args == "" {
		return errors.New("want an expression, such as mean(x)")
	}
	v, err := s.evaluate(ctx, args)
	if err != nil {
		return err
	}
	if v.IsNumber() && !v.IsScalar() {
		fmt.Fprintln(s.out, v.Type())
	}
	fmt.Fprintln(s.out, ir.Format(v))
	return nil
}

// evaluate returns the value of an expression of the registers.
func (s *Stepper) evaluate(ctx context.Context, src string) (ir.Value, error) {
	n, err := text.ParseExpression([]byte(src), "")
	if err != nil {
		return ir.Value{}, err
	}
	values, function, err := s.scope()
	if err != nil {
		return ir.Value{}, err
	}
	if v, ok := values[n.Text("reg")]; ok && n.Op == "reg" {
		return v, nil
	}
	if v, err := ir.Literal(n); err == nil {
		return v, nil
	}
	p, inputs, err := s.question(n, values)
	if err != nil {
		if function != "" {
			err = fmt.Errorf("%w, in function %s", err, function)
		}
		return ir.Value{}, err
	}
	c, err := flowc.Compile(p, flowc.Options{Backend: flowc.Step, Registry: s.cfg.Registry})
	if err != nil {
		return ir.Value{}, err
	}
	m, err := c.Start(inputs)
	if err == nil {
		_, err = m.Run(ctx, flowc.Budget{Steps: 1})
	}
	if err != nil {
		var failed *flowc.RunError
		if errors.As(err, &failed) {
			err = failed.Err
		}
		return ir.Value{}, err
	}
	return m.Register(answer)
}

// answer is the register of the value of an expression, which may read one of
// that name too.
const answer = "answer_of_the_stepper"

// question returns a program that evaluates n.
func (s *Stepper) question(n *ir.Node, values map[string]ir.Value) (*ir.Program, map[string]ir.Value, error) {
	p := &ir.Program{Body: []*ir.Node{ir.Call("identity", n).StoringTo(answer)}}
	for _, f := range s.cfg.Compiled.Source.Functions {
		if s.listing.calls(n)[f.Name] {
			p.Functions = append(p.Functions, f)
		}
	}
	inputs := map[string]ir.Value{}
	var unset error
	ir.VisitNode(n, func(n *ir.Node) bool {
		name, _, _ := strings.Cut(n.Text("reg"), ".")
		if v, ok := values[name]; ok {
			inputs[name] = v
		} else if n.Op == "reg" && unset == nil {
			unset = fmt.Errorf("register %q is unset here", name)
		}
		return true
	})
	p.Inputs = slices.Sorted(maps.Keys(inputs))
	p.AssignIDs()
	return p, inputs, unset
}

func (s *Stepper) set(ctx context.Context, args string) error {
	name, src, ok := strings.Cut(args, "=")
	name = strings.TrimSpace(name)
	if !ok || !ir.IsName(name) {
		return errors.New("want a register and an expression, such as set lr = lr / 2")
	}
	v, err := s.evaluate(ctx, strings.TrimSpace(src))
	if err != nil {
		return err
	}
	snapshot, err := s.machine.Snapshot()
	if err != nil {
		return err
	}
	if err := s.store(snapshot, name, v); err != nil {
		return err
	}
	snapshot.Edits = append(snapshot.Edits, state.Edit{
		Step: snapshot.Run.Steps, What: "set " + args, Before: ir.Digest(snapshot.Program)})
	if err := s.resume(snapshot); err != nil {
		return err
	}
	fmt.Fprintf(s.out, "%s = %s\n", name, ir.FormatShort(v))
	return s.remember(true)
}

// store sets a register that the position sees.
func (s *Stepper) store(snapshot *flowc.Snapshot, name string, v ir.Value) error {
	registers, body := &snapshot.Run.Registers, snapshot.Program.Body
	known := slices.ContainsFunc(snapshot.Program.Registers, func(r ir.Register) bool { return r.Name == name })
	for _, f := range path(&snapshot.Run.Main) {
		n := s.listing.statements[f.Node]
		if n == nil || n.Op != "call" {
			continue
		}
		function := snapshot.Program.Function(n.Text("call"))
		registers, body = &f.Registers, function.Body
		known = slices.Contains(function.Params, name) || slices.ContainsFunc(function.Registers, func(r ir.Register) bool { return r.Name == name })
	}
	if _, set := (*registers)[name]; !known && !set && !ir.StoresIn(body)[name] {
		return fmt.Errorf("there is no register %q here", name)
	}
	if *registers == nil {
		*registers = map[string]ir.Value{}
	}
	(*registers)[name] = v
	return nil
}
