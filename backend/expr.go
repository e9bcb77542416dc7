package backend

import (
	"fmt"

	"flowc.dev/flowc/ir"
	"flowc.dev/flowc/ops"
)

// expr is a linked operand. Every node of it owns the scratch it needs, so that
// evaluating it again allocates nothing.
type expr struct {
	kind   exprKind
	node   *ir.Node
	value  ir.Value   // of a literal
	slot   int        // of a register or local
	name   string     // of a register
	fields []string   // below a register, or of a record
	op     *ops.Op    // of a call
	pure   *pureCall  // of a call of a function
	args   []*expr    // operands
	vals   []ir.Value // their values during an evaluation
	out    []ir.Value // results of the call; storage for the next ones
}

type exprKind uint8

const (
	exprConst exprKind = iota
	exprReg
	exprLocal
	exprOp
	exprFunction
	exprKept
	exprList
	exprRecord
)

// eval returns the value of e. A tensor in it may be e's own scratch: it is
// valid until e is evaluated again, unless the caller retains it.
func (m *Machine) eval(e *expr, regs []ir.Value) (ir.Value, error) {
	switch e.kind {
	case exprConst:
		return e.value, nil
	case exprReg, exprLocal:
		if e.kind == exprLocal {
			regs = m.locals
		}
		v := regs[e.slot]
		if v.IsUnset() {
			return v, at(e.node, unsetError(e.name))
		}
		for _, field := range e.fields {
			var err error
			if v, err = v.Field(field); err != nil {
				return v, at(e.node, fmt.Errorf("register %q: %w", e.name, err))
			}
		}
		return v, nil
	case exprOp:
		if err := m.evalOp(e, regs); err != nil {
			return ir.Value{}, err
		}
		if len(e.out) == 1 {
			return e.out[0], nil
		}
		return ir.ListOf(append([]ir.Value(nil), e.out...)...), nil
	case exprFunction:
		return m.callPure(e, regs)
	case exprKept:
		return m.evalKept(e, regs)
	}
	if err := m.evalArgs(e, regs); err != nil {
		return ir.Value{}, err
	}
	values := append([]ir.Value(nil), e.vals...)
	if e.kind == exprRecord {
		return ir.RecordOf(e.fields, values), nil
	}
	return ir.ListOf(values...), nil
}

func (m *Machine) evalArgs(e *expr, regs []ir.Value) error {
	for i, arg := range e.args {
		switch { // the commonest kinds without a call
		case arg.kind == exprConst:
			e.vals[i] = arg.value
			continue
		case arg.kind == exprLocal && len(arg.fields) == 0 && !m.locals[arg.slot].IsUnset():
			e.vals[i] = m.locals[arg.slot]
			continue
		}
		v, err := m.eval(arg, regs)
		if err != nil {
			return err
		}
		e.vals[i] = v
	}
	return nil
}

// evalOp calls the op of e into e.out.
func (m *Machine) evalOp(e *expr, regs []ir.Value) error {
	if len(e.args) > 0 {
		if err := m.evalArgs(e, regs); err != nil {
			return err
		}
	}
	if err := e.op.Eval(e.out, e.vals); err != nil {
		return at(e.node, callError(&e.op.Signature, e.vals, err))
	}
	return nil
}

func unsetError(register string) error {
	return fmt.Errorf("register %q is read before anything set it", register)
}

// evalBool returns the value of the condition of the named element.
func (m *Machine) evalBool(e *expr, regs []ir.Value, element string) (bool, error) {
	v, err := m.eval(e, regs)
	if err != nil {
		return false, err
	}
	if !v.IsScalar() || v.DType() != ir.Bool {
		return false, at(e.node, fmt.Errorf("the condition of %s is %s: want a bool of rank 0", element, v.Type()))
	}
	return v.Truth(), nil
}

// evalCount returns the number of iterations of the named element.
func (m *Machine) evalCount(e *expr, regs []ir.Value, element string) (int64, error) {
	v, err := m.eval(e, regs)
	if err != nil {
		return 0, err
	}
	if v.IsScalar() && v.DType() == ir.I64 && v.Int64() >= 0 {
		return v.Int64(), nil
	}
	what := "the count of " + element
	n, err := v.Count(what)
	if err == nil && n < 0 {
		err = fmt.Errorf("%s is %d: want at least 0", what, n)
	}
	if err != nil {
		return 0, at(e.node, err)
	}
	return n, nil
}
