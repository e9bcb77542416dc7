package passes

import (
	"fmt"
	"slices"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops"
	"flowc.dev/flowc/passes/pass"
)

// call specializes one call of an op. Calls on records become calls on their
// fields (scalar replacement of aggregates).
func (s *specializer) call(n *ir.Node, op *ops.Op, args []operand) ([]operand, error) {
	for i := range args {
		p := op.ParamAt(i)
		if args[i].lit == nil && (p.Static || args[i].slice) {
			return nil, &ir.DynamicError{Node: n, Reason: fmt.Sprintf("the argument %s of %s decides a type and is not a literal", p.Name, op.Name)}
		}
	}
	if len(args) > 0 && args[0].lit == nil && args[0].typ.Kind == ir.ListKind && len(args[0].parts) > 0 {
		if spread := s.registry.Spread(op); spread != nil {
			op, args = spread, append(append([]operand(nil), args[1:]...), args[0].parts...)
		}
	}
	types, err := infer(op, args)
	if err != nil {
		return nil, &pass.NodeError{Node: n, Err: err}
	}
	switch op.Name {
	case "getitem":
		if part, ok := partOf(&args[0], args[1:]); ok {
			return []operand{part}, nil
		}
	case "getitem_adjoint":
		if args[0].typ.Kind != ir.Number {
			return s.partAdjoint(n, args)
		}
	case "record_like":
		o, err := s.recordLike(n, &args[0], &args[1])
		return []operand{o}, err
	case "scalar_loss", "identity":
		return args[:1], nil // the type rule has checked all that there is to check
	}
	if sameShaped[op.Name] && types[0].Equal(args[0].typ) {
		return args[:1], nil
	}
	aRecord := func(a operand) bool { return a.typ.Kind == ir.RecordKind }
	if len(types) == 1 && types[0].Kind == ir.RecordKind && slices.ContainsFunc(args, aRecord) {
		o, err := s.mapped(n, op, args, types[0].Names)
		return []operand{o}, err
	}
	return s.step(n, op, args, types)
}

// sameShaped are ops that do nothing when the result has the type of the first
// operand.
var sameShaped = map[string]bool{"sum_to_like": true, "broadcast_like": true, "reshape_like": true}

func infer(op *ops.Op, args []operand) ([]ir.Type, error) {
	known := make([]ops.Arg, len(args))
	for i := range args {
		known[i] = ops.Arg{Type: args[i].typ, Value: args[i].lit}
	}
	types, err := op.Infer(known)
	if err == nil && len(types) != op.Results {
		err = fmt.Errorf("bug: Infer of op %s gives %d types for %d results", op.Name, len(types), op.Results)
	}
	return types, err
}

// step appends a call whose results are numbers.
func (s *specializer) step(n *ir.Node, op *ops.Op, args []operand, types []ir.Type) ([]operand, error) {
	st := &step{canFail: op.CanFail, args: make([]*slot, len(args))}
	st.call = ir.GraphStep{Op: op.Name, Origin: n, Static: make([]ir.Value, len(args))}
	for i := range args {
		a := &args[i]
		p := op.ParamAt(i)
		switch {
		case a.lit != nil && (p.Static || !a.lit.IsNumber()):
			st.call.Static[i] = *a.lit
		case a.lit != nil:
			st.args[i] = s.constant(*a.lit)
		case a.slot != nil:
			st.args[i] = a.slot
		default:
			return nil, &ir.DynamicError{Node: n, Reason: fmt.Sprintf("the argument %s of %s is %s, which is no number", p.Name, op.Name, a.typ)}
		}
	}
	results := make([]operand, len(types))
	for i, t := range types {
		if t.Kind != ir.Number {
			return nil, &ir.DynamicError{Node: n, Reason: fmt.Sprintf("%s gives %s, which is no number", op.Name, t)}
		}
		r := &slot{typ: t, step: st}
		st.results = append(st.results, r)
		results[i] = operand{typ: t, slot: r}
	}
	s.steps = append(s.steps, st)
	return results, nil
}

// mapped specializes a call that works field by field.
func (s *specializer) mapped(n *ir.Node, op *ops.Op, args []operand, names []string) (operand, error) {
	fields := make([]operand, len(names))
	for i, name := range names {
		inner := make([]operand, len(args))
		for k := range args {
			inner[k] = args[k]
			if args[k].typ.Kind != ir.RecordKind {
				continue
			}
			field, ok := args[k].field(name)
			if !ok {
				return operand{}, &ir.DynamicError{Node: n, Reason: op.Name + " does not work field by field"}
			}
			inner[k] = field
		}
		results, err := s.call(n, op, inner)
		if err != nil {
			return operand{}, err
		}
		fields[i] = results[0]
	}
	return recordOf(names, fields), nil
}

// partOf returns the part of a list or record that a literal index names.
func partOf(aggregate *operand, index []operand) (operand, bool) {
	if len(index) != 1 || index[0].lit == nil || len(aggregate.parts) == 0 {
		return operand{}, false
	}
	switch i := index[0].lit; {
	case aggregate.typ.Kind == ir.RecordKind && i.Kind() == ir.Str:
		return aggregate.field(i.Text())
	case aggregate.typ.Kind == ir.ListKind && i.IsScalar() && i.DType().IsInteger():
		k := i.Int64()
		if k < 0 {
			k += int64(len(aggregate.parts))
		}
		if k >= 0 && k < int64(len(aggregate.parts)) {
			return aggregate.parts[k], true
		}
	}
	return operand{}, false
}

// zeros returns zeros of the type of o.
func (s *specializer) zeros(n *ir.Node, o *operand) (operand, error) {
	op := s.registry.Lookup("zeros_like")
	if op == nil {
		return operand{}, &ir.DynamicError{Node: n, Reason: "there is no op zeros_like"}
	}
	results, err := s.call(n, op, []operand{*o})
	if err != nil {
		return operand{}, err
	}
	return results[0], nil
}

// recordLike returns a record with the fields of like: those that fields has,
// and zeros for the others.
func (s *specializer) recordLike(n *ir.Node, like, fields *operand) (operand, error) {
	parts := make([]operand, len(like.parts))
	for i, name := range like.typ.Names {
		var err error
		part, ok := fields.field(name)
		if !ok {
			part, err = s.zeros(n, &like.parts[i])
		}
		if err != nil {
			return operand{}, err
		}
		parts[i] = part
	}
	return recordOf(like.typ.Names, parts), nil
}

// partAdjoint returns the adjoint of a list or record of which one part is
// read: that part's, and zeros for the others.
func (s *specializer) partAdjoint(n *ir.Node, args []operand) ([]operand, error) {
	aggregate := args[0]
	marked := aggregate
	marked.parts = make([]operand, len(aggregate.parts))
	for i := range marked.parts {
		marked.parts[i] = operand{typ: ir.Type{Kind: ir.Null}, slot: &slot{number: i}}
	}
	part, ok := partOf(&marked, args[2:])
	if !ok {
		return nil, &ir.DynamicError{Node: n, Reason: "an index into " + aggregate.typ.String() + " is not a literal"}
	}
	parts := make([]operand, len(aggregate.parts))
	for i := range parts {
		if i == part.slot.number {
			parts[i] = args[1]
			continue
		}
		var err error
		if parts[i], err = s.zeros(n, &aggregate.parts[i]); err != nil {
			return nil, err
		}
	}
	if aggregate.typ.Kind == ir.ListKind {
		return []operand{listOf(parts)}, nil
	}
	return []operand{recordOf(aggregate.typ.Names, parts)}, nil
}
